"""What a governance repository offers once it is read."""

from collections.abc import Callable
from pathlib import Path

import pytest

from assay.errors import FaultyFiles, UsageError
from assay.governance import repository as under_test
from assay.governance.compiled import CompiledControl
from assay.governance.repository import Catalogue, read_repository

Write = Callable[..., Path]


def test_a_right_repository_offers_everything_by_id(write: Write) -> None:
    found = read_repository(write(), catalogue=False)
    assert found.organisation.name == "Example"
    assert list(found.workloads) == ["shop"]
    assert list(found.objectives) == ["data-can-be-recovered"]
    assert list(found.controls) == ["bucket-has-versions", "queue-keeps-messages"]
    assert list(found.frameworks) == ["house"]
    assert list(found.exceptions) == ["old-bucket"]
    assert found.dangling == ()
    assert found.profiles["shop"]["data_classes"] == ["personal"]
    assert found.objectives["data-can-be-recovered"].applies is not None
    assert found.controls["queue-keeps-messages"].unless is not None
    assert found.controls["bucket-has-versions"].require.reads >= {("VersioningConfiguration", "Status")}


def test_every_document_and_example_knows_its_place(write: Write) -> None:
    found = read_repository(write(), catalogue=False)
    control = found.controls["bucket-has-versions"].control
    assert Path(control.position.file).name == "bucket-has-versions.yaml"
    assert (control.position.line, control.position.column) == (1, 1)
    assert control.examples.positions["not_met"][0].line == 12
    assert Path(found.workloads["shop"].position.file).parent.joinpath("../templates/shop").is_dir()


def test_a_missing_link_of_the_chain_is_named_and_stops_nothing(write: Write) -> None:
    folder = write({"objectives/data-can-be-recovered.yaml": None})
    found = read_repository(folder, catalogue=False)
    assert sorted((fault.found, Path(fault.file).name, fault.line) for fault in found.dangling) == [
        ("data-can-be-recovered", "bucket-has-versions.yaml", 3),
        ("data-can-be-recovered", "house.yaml", 7),
        ("data-can-be-recovered", "queue-keeps-messages.yaml", 3),
    ]
    assert "house H1 points to the objective data-can-be-recovered" in " ".join(map(str, found.dangling))


def test_a_control_that_a_requirement_names_and_nobody_has_is_named(write: Write) -> None:
    found = read_repository(write({"frameworks/house.yaml": ("[bucket-has-versions]", "[bucket-has-version]")}), False)
    (link,) = found.dangling
    assert link.found == "bucket-has-version"
    assert link.remedy == "did you mean bucket-has-versions?"


def test_the_repository_replaces_what_the_catalogue_has_under_the_same_id(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    below = read_repository(write(), catalogue=False)
    catalogue = Catalogue(below.objectives, below.controls, below.frameworks)
    monkeypatch.setattr(under_test, "read_catalogue", lambda: catalogue)
    folder = write({"controls/s3/bucket-has-versions.yaml": ("severity: medium", "severity: high")})
    (folder / "controls/sqs/queue-keeps-messages.yaml").unlink()
    (folder / "frameworks/house.yaml").unlink()
    (folder / "objectives/data-can-be-recovered.yaml").unlink()
    found = read_repository(folder)
    assert found.controls["bucket-has-versions"].control.severity == "high"
    assert found.replaced == {("control", "bucket-has-versions")} == found.own
    assert "queue-keeps-messages" in found.controls
    assert "house" in found.frameworks


def test_a_repository_mends_a_link_that_dangles_in_the_catalogue(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write()
    whole = read_repository(folder, catalogue=False)
    (folder / "objectives/data-can-be-recovered.yaml").rename(folder / "kept")
    broken = read_repository(folder, catalogue=False)
    monkeypatch.setattr(
        under_test, "read_catalogue", lambda: Catalogue({}, whole.controls, whole.frameworks, broken.dangling)
    )
    assert read_repository(folder).dangling
    (folder / "kept").rename(folder / "objectives/data-can-be-recovered.yaml")
    assert read_repository(folder).dangling == ()


def _digest(folder: Path) -> str:
    control: CompiledControl = read_repository(folder, catalogue=False).controls["queue-keeps-messages"]
    return control.digest


@pytest.mark.parametrize(
    ("edit", "changes"),
    [
        (("title: Queues keep", "title: Queues hold"), False),
        (("severity: low", "severity: high"), False),
        ((">= params.seconds", "> params.seconds"), True),
        (("unless: resource.FifoQueue", "unless: '!resource.FifoQueue'"), True),
        (("default: 86400", "default: 86401"), True),
    ],
)
def test_the_digest_of_a_control_changes_with_its_meaning_only(
    write: Write, edit: tuple[str, str], changes: bool
) -> None:
    before = _digest(write())
    assert (_digest(write({"controls/sqs/queue-keeps-messages.yaml": edit})) != before) is changes


def test_a_folder_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="assay init"):
        read_repository(tmp_path / "nowhere")


def test_a_folder_without_organisation_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(FaultyFiles, match=r"organisation\.yaml: the file is missing"):
        read_repository(tmp_path, catalogue=False)


def test_the_built_in_catalogue_is_right_and_has_no_link_that_leads_nowhere() -> None:
    catalogue = under_test.read_catalogue()
    assert catalogue.dangling == ()
    for name, control in catalogue.controls.items():
        assert control.control.id == name
        assert name not in catalogue.params or set(catalogue.params[name]) == set(control.control.params)


def test_imported_texts_add_the_requirements_that_nothing_answers_yet(write: Write) -> None:
    texts = """\
id: house
source: publisher
requirements:
  H1: {title: Survival, text: Data must survive.}
  H3: {title: Quiet}
  H4: {title: Gone, withdrawn: true}
"""
    found = read_repository(write({"frameworks/house.texts.yaml": texts}), catalogue=False)
    assert list(found.frameworks["house"].requirements) == ["H1", "H2", "H3"]
    assert found.frameworks["house"].requirements["H3"].objectives == ()
    assert found.texts["house"].requirements["H1"].text == "Data must survive."
