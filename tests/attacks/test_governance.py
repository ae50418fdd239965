"""A hostile governance repository: every attempt ends in a clear fault or a safe answer, in bounded time and memory."""

import datetime
import itertools
import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import CONTROL, GOOD, Write

from assay.errors import Fault, FaultyFiles, UsageError
from assay.governance import files
from assay.governance.framework_import import import_into
from assay.governance.oscal import import_catalog
from assay.governance.repository import read_repository
from assay.operations.check import Selection, check
from assay.operations.examples import complaints, surviving_mutants
from assay.sources.cloudformation import Context

Faults = Callable[..., tuple[Fault, ...]]
BOUND = 20  # seconds: generous on a busy machine; what these attempts aim at are hours


@pytest.fixture(autouse=True)
def bounded() -> Iterator[None]:
    begin = time.monotonic()
    yield
    assert time.monotonic() - begin < BOUND


def _found(root: Path) -> tuple[Fault, ...]:
    try:
        read_repository(root, catalogue=False)
    except FaultyFiles as error:
        return error.faults
    return ()


def _require(expression: str) -> dict[str, str]:
    line = 'require: resource.VersioningConfiguration.Status == "Enabled"'
    return {"controls/s3/bucket-has-versions.yaml": CONTROL.replace(line, f"require: {json.dumps(expression)}")}


def test_a_bomb_of_aliases_is_refused(faults: Faults) -> None:
    levels = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    levels += [
        f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]" for before, name in itertools.pairwise("abcdefghi")
    ]
    (fault,) = faults({"workloads/shop.yaml": "\n".join(levels)})[-1:]
    assert "too many values, after aliases are expanded" in fault.message
    assert fault.line


def test_nesting_without_end_is_refused(faults: Faults) -> None:
    found = faults({"workloads/shop.yaml": "a: " + "[" * 100 + "]" * 100})
    assert any("nested too deeply" in each.message for each in found)
    (fault,) = faults({"workloads/shop.yaml": "[" * 1_000_000})
    assert fault.line == 1


def test_more_documents_than_can_be_read_are_one_fault(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST", 5)
    (fault,) = _found(write())
    assert fault.message == "more documents than can be read"
    assert (fault.found, fault.expected) == ("7 documents", "at most 5")


@pytest.mark.parametrize("name", ["../../../etc/cron.d/x", "..", ".", "a/b", "C:\\x", "bücket", "bucket-has-versiоns"])
def test_an_id_that_is_not_the_name_of_its_file_is_a_fault(faults: Faults, name: str) -> None:
    """Among them a homoglyph: the last one has a Cyrillic o. What has an id is what lies under that name."""
    changed = CONTROL.replace("id: bucket-has-versions", f"id: {json.dumps(name, ensure_ascii=False)}")
    found = faults({"controls/s3/bucket-has-versions.yaml": changed})
    assert any(each.message == "the id is not the file's name" for each in found)


@pytest.mark.parametrize("name", ["bucket-has-versiоns", "a b", "a\u202eb", "a#b", "[x](y)", "a\nb", "-x"])
def test_an_id_is_made_of_letters_that_cannot_be_mistaken(faults: Faults, name: str) -> None:
    changed = CONTROL.replace("id: bucket-has-versions", f"id: {json.dumps(name)}")
    found = faults({f"controls/s3/{name}.yaml": changed})
    assert any(each.message == "not an id" for each in found)


@pytest.mark.parametrize(
    "expression",
    [
        "true" + " && true" * 60_000,
        "(" * 20_000 + "true" + ")" * 20_000,
        "!" * 50_000 + "true",
        "resource.BucketName.matches('" + "(a+)+" * 2_000 + "b')",
        "[" * 5_000 + "]" * 5_000,
        'resource.BucketName == "' + "x" * 1_000_000 + '"',
        "\x00",
        "resource" + ".x" * 20_000,
    ],
    ids=["long", "parentheses", "negations", "regex", "lists", "text", "null", "path"],
)
def test_a_huge_expression_is_a_fault_or_is_read_and_never_a_crash(faults: Faults, expression: str) -> None:
    found = faults(_require(expression))
    assert all(each.file.endswith(".yaml") for each in found)


def test_a_slow_regular_expression_does_not_hang(write: Write) -> None:
    """Patterns are RE2's, which takes time linear in the text."""

    root = write(_require("resource.BucketName.matches('^(a+)+$') && resource.BucketName.matches('(x|x)*y')"))
    (root / "templates/shop/slow.yaml").write_text(
        f"Resources:\n  B:\n    Type: AWS::S3::Bucket\n    Properties: {{BucketName: {'a' * 5000 + '!'}}}\n"
    )
    selection = Selection(controls=("bucket-has-versions",), repository=root)
    result = check([root / "templates"], Context(), selection, now=datetime.datetime.now(datetime.UTC))
    assert [each.verdict.value for each in result.evaluations] == ["not_met"]


@pytest.mark.parametrize(
    "value", ['"many"', "1.5", "true", "[1, 2]", "{a: b}", "null", "99999999999999999999999999", '"\\0"']
)
def test_a_parameter_of_the_wrong_type_is_a_fault_at_its_line(faults: Faults, value: str) -> None:
    found = faults({"organisation.yaml": ("seconds: 172800", f"seconds: {value}")})
    assert found
    assert all(each.line == 12 for each in found), found


def test_a_glob_of_pathological_cost_does_not_hang(write: Write) -> None:

    glob = "*a" * 200 + "*b"
    changed = GOOD["exceptions/old-bucket.yaml"].replace("Old*", json.dumps(glob))
    root = write({"exceptions/old-bucket.yaml": changed})
    (root / "templates/shop/template.yaml").write_text("Resources:\n  " + "a" * 255 + ":\n    Type: AWS::S3::Bucket\n")
    selection = Selection(("bucket-has-versions",), repository=root, workload="shop", stage="prod")
    now = datetime.datetime(2026, 2, 1, tzinfo=datetime.UTC)
    result = check([root / "templates"], Context(), selection, now=now)
    assert [each.exception for each in result.evaluations] == [""]


def test_a_framework_with_a_hundred_thousand_requirements_is_read_or_refused_whole(write: Write) -> None:
    head = GOOD["frameworks/house.yaml"].split("requirements:")[0]
    many = "".join(f"  R{index}: {{title: x}}\n" for index in range(100_000))
    root = write({"frameworks/house.yaml": f"{head}requirements:\n{many}"})
    assert all("too many values" in each.message or "too large" in each.message for each in _found(root))


def test_links_and_pipes_are_not_followed(write: Write, tmp_path: Path) -> None:
    root = write()
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    outside.mkdir()
    (outside / "secret.yaml").write_text("password: hunter2\n")
    (root / "controls" / "loop").symlink_to(root)
    (root / "controls" / "self.yaml").symlink_to("self.yaml")
    (root / "controls" / "out.yaml").symlink_to(outside / "secret.yaml")
    (root / "duties").symlink_to(outside)
    os.mkfifo(root / "controls" / "pipe.yaml")
    (root / "controls" / "folder.yaml").mkdir()
    said = {Path(each.file).name: each.message for each in _found(root)}
    assert said == {
        "loop": "a link to a folder is not followed",
        "self.yaml": "cannot be read: a loop of links",
        "out.yaml": "a link that leads outside the repository",
        "duties": "a link to a folder is not followed",
        "pipe.yaml": "not a regular file",
        "folder.yaml": "a folder by the name of a document; rename it",
    }
    assert "hunter2" not in str(_found(root))


@pytest.mark.parametrize("instead", ["file", "pipe"])
def test_a_folder_that_is_none_is_not_read_as_empty(write: Write, instead: str) -> None:
    root = write({"exceptions/old-bucket.yaml": None})
    if instead == "file":
        (root / "exceptions").write_text("nothing here")
    else:
        os.mkfifo(root / "exceptions")
    (fault,) = _found(root)
    assert (fault.found, fault.expected) == ("no folder", "a folder of exceptions")


def test_a_folder_that_cannot_be_read_is_not_an_empty_one(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Denied is not empty. The tests may run as a user to whom nothing is denied, so the system call says it."""
    root, scan = write(), os.scandir

    def denying(path: Any = ".") -> Any:
        if str(path).endswith("exceptions"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", denying)
    (fault,) = _found(root)
    assert fault.file == str(root / "exceptions")
    assert fault.message == "cannot be read: Permission denied"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"id: a\0b\n", "control character"),
        ("id: shop\n".encode("utf-16"), "not UTF-8"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"id: \x1b[31mred\n", "control character"),
        (b"", "empty"),
        (b"!!python/object/apply:os.system ['true']", "tags are not understood"),
        (b"<<: *x\n", "not"),
        (b"id: shop\n---\nid: shop\n", "second document"),
    ],
)
def test_content_that_is_no_document_is_one_clear_fault(faults: Faults, content: bytes, message: str) -> None:
    found = faults({"workloads/shop.yaml": content})
    assert any(message in each.message for each in found), found
    assert all(each.file.endswith("shop.yaml") for each in found), "a faulty workload makes no fault of its exception"


def test_a_faulty_document_makes_no_faults_of_what_refers_to_it(faults: Faults) -> None:
    broken = "id: [\n"
    for name in (
        "workloads/shop.yaml",
        "controls/s3/bucket-has-versions.yaml",
        "controls/sqs/queue-keeps-messages.yaml",
    ):
        found = faults({name: broken})
        assert {Path(each.file).name for each in found} == {Path(name).name}, found


@pytest.mark.parametrize(
    "example",
    [
        "{Tags: {'Fn::Sub': '${' }}",
        "{Ref: This}",
        "{properties: {}, with: {This: {Type: AWS::S3::Bucket}}}",
        "{properties: {}, with: {X: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: /etc/passwd}}}}",
        "{properties: 1, with: []}",
        "{BucketName: {'Fn::Transform': {Name: 'AWS::Include', Parameters: {Location: /etc/passwd}}}}",
        "{BucketName: {Ref: x}, VersioningConfiguration: [[[[[[1]]]]]]}",
    ],
)
def test_a_hostile_example_is_judged_or_complained_about(write: Write, example: str) -> None:

    root = write({"controls/s3/bucket-has-versions.yaml": CONTROL.replace("not_met: [{}]", f"not_met: [{example}]")})
    try:
        control = read_repository(root, catalogue=False).controls["bucket-has-versions"]
    except FaultyFiles as error:
        assert all(each.line for each in error.faults)
        return
    said = [*complaints(control), *surviving_mutants(control)]
    assert "root:" not in "".join(said)


def _oscal(tmp_path: Path, document: Any) -> Path:
    path = tmp_path / "hostile.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return path


def _catalogue(*controls: Any) -> dict[str, Any]:
    return {"catalog": {"uuid": "x", "metadata": {"oscal-version": "1.1.2"}, "controls": list(controls)}}


@pytest.mark.parametrize(
    "document",
    [
        "[" * 200_000,
        '{"catalog": ' * 50_000,
        '{"catalog": {"metadata": {"oscal-version": "1.1.2"}, "controls": ' + "9" * 10_000 + "}}",
        "",
        "null",
        {"catalog": []},
        {"catalog": {}, "profile": {}},
        _catalogue(1, None, "x", []),
        _catalogue({"id": "a", "title": {"x": 1}}),
        _catalogue({"id": "a", "title": "A"}, {"id": "a", "title": "A"}),
        {"profile": {"metadata": {"oscal-version": "1.1.2"}, "imports": [{"href": "../../../etc/passwd"}]}},
        {"profile": {"metadata": {"oscal-version": "1.1.2"}, "imports": [{"href": "hostile.json"}]}},
        {"profile": {"metadata": {"oscal-version": "1.1.2"}, "imports": [{"href": "http://192.0.2.1/x.json"}]}},
    ],
)
def test_hostile_oscal_is_a_fault_or_harmless(tmp_path: Path, document: Any) -> None:
    path = _oscal(tmp_path, document)
    try:
        controls = import_catalog(path)
    except (FaultyFiles, UsageError) as error:
        assert str(path) in str(error)
    else:
        assert not any(each.text.text for each in controls.values())


def test_texts_of_oscal_cannot_break_out_of_the_document_that_they_are_written_to(write: Write, tmp_path: Path) -> None:
    hostile = 'x"\nrequirements: {}\n--- \u2028 \u0085 {{ 7*7 }} \\x00 # <script>'
    path = _oscal(tmp_path, _catalogue({"id": "h-1", "title": hostile, "props": [{"name": "label", "value": hostile}]}))
    root = write()
    import_into(path, "foreign", root)
    read = read_repository(root, catalogue=False)
    (requirement,) = read.frameworks["foreign"].requirements.values()
    assert " ".join(requirement.title.split()) == " ".join(hostile.split())


@pytest.mark.parametrize("name", ["../x", "x/../../y", "", ".", "/etc/x", "a\0b", "x.yaml/..", "Ä"])
def test_an_import_writes_only_into_its_folder(write: Write, tmp_path: Path, name: str) -> None:
    path = _oscal(tmp_path, _catalogue({"id": "h-1", "title": "x"}))
    with pytest.raises(UsageError, match="expected the id of a framework"):
        import_into(path, name, write())
