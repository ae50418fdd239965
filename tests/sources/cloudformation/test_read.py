"""Files, folders and globs become one inventory; what is asked for and not there is an error."""

from collections.abc import Callable
from pathlib import Path

import pytest

from assay.errors import UsageError
from assay.inventory.resource import Inventory
from assay.inventory.values import Reference, Unknown
from assay.sources.cloudformation import find

Folder = Callable[..., Inventory]
EMPTY = "Resources: {R: {Type: Custom::T}}\n"


def _ids(inventory: Inventory) -> list[str]:
    return [each.id for each in inventory.resources]


def test_a_folder_is_searched_for_what_looks_like_a_template(folder: Folder) -> None:
    inventory = folder(
        {
            "a.yaml": EMPTY,
            "deep/er/b.yml": "AWSTemplateFormatVersion: 2010-09-09\n" + EMPTY,
            "c.json": '{"Resources":{"R":{"Type":"Custom::T"}}}',
            "d.template": EMPTY,
            "notes.txt": EMPTY,
            ".aws-sam/build/template.yaml": EMPTY,
            "node_modules/x/template.yaml": EMPTY,
            "serverless.yml": "service: x\nresources:\n  Resources: {R: {Type: Custom::T}}\n",
            "package.json": '{"name": "x", "config": {"Resources": {}}}',
            "policy.json": '{"Statement": []}',
        }
    )
    assert _ids(inventory) == ["f/a.yaml#R", "f/c.json#R", "f/d.template#R", "f/deep/er/b.yml#R"]
    assert inventory.complete


def test_a_file_that_is_named_is_read_whatever_it_looks_like(folder: Folder) -> None:
    inventory = folder({"notes.txt": EMPTY, "other.yaml": EMPTY}, "notes.txt", "notes.txt")
    assert _ids(inventory) == ["f/notes.txt#R"]
    assert "not a template" in str(folder({"x.yaml": "a: 1\n"}, "x.yaml").faults[0])


def test_a_malformed_template_does_not_keep_the_others_from_being_read(folder: Folder) -> None:
    inventory = folder({"bad.yaml": "Resources:\n  R: [\n", "good.yaml": EMPTY})
    assert _ids(inventory) == ["f/good.yaml#R"]
    (fault,) = inventory.faults
    assert (fault.file, fault.line) == ("f/bad.yaml", 3)


def test_what_is_not_there_is_an_error(folder: Folder) -> None:
    with pytest.raises(UsageError, match=r"f/none\.yaml does not exist"):
        folder({}, "none.yaml")
    with pytest.raises(UsageError, match="holds no template"):
        folder({"empty/readme.txt": "x"}, "empty")


def test_a_parameter_that_no_template_declares_is_an_error(folder: Folder) -> None:
    files = {"a.yaml": "Parameters: {Stage: {Type: String}}\n" + EMPTY, "b.yaml": EMPTY}
    assert folder(files, parameters={"Stage": "x"}).complete
    with pytest.raises(UsageError, match=r"declares a parameter 'Stagee'; did you mean Stage\?"):
        folder(files, parameters={"Stagee": "x"})
    assert folder({**files, "c.yaml": "Resources: ["}, parameters={"Other": "x"}).faults, (
        "the faulty one may declare it"
    )


def test_find_takes_files_folders_and_globs(folder: Folder, tmp_path: Path) -> None:
    folder({"a.yaml": EMPTY, "b/c.yaml": EMPTY, "b/d.json": "{}", "b/e.json": '{"Resources": {}}'})
    base = tmp_path / "f"

    def found(pattern: str, at: Path = base) -> list[str]:
        return [str(each.relative_to(base)) for each in find(at, pattern)]

    assert found("a.yaml") == ["a.yaml"]
    assert found(".") == ["a.yaml", "b/c.yaml", "b/e.json"]
    assert found("b") == ["b/c.yaml", "b/e.json"]
    assert found("../b", base / "b") == ["b/c.yaml", "b/e.json"]
    assert found("*.yaml") == ["a.yaml"]
    assert found("**/*.yaml") == ["a.yaml", "b/c.yaml"]
    assert found("*") == ["a.yaml", "b/c.yaml", "b/e.json"]
    for pattern in ("none.yaml", "*.toml", "nowhere/*.yaml"):
        with pytest.raises(UsageError):
            found(pattern)
    with pytest.raises(UsageError, match="leads back out"):
        found("*/../../*.yaml")


def test_links_that_lead_out_of_the_folder_are_not_followed(folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/x.yaml").write_text(EMPTY)
    (tmp_path / "f").mkdir()
    (tmp_path / "f/x.yaml").symlink_to(tmp_path / "outside/x.yaml")
    (tmp_path / "f/folder").symlink_to(tmp_path / "outside")
    (tmp_path / "f/loop.yaml").symlink_to(tmp_path / "f/loop.yaml")
    assert _ids(folder({"a.yaml": EMPTY})) == ["f/a.yaml#R"]
    assert [each.name for each in find(tmp_path / "f", "*.yaml")] == ["a.yaml"]


def test_one_file_by_two_names_is_one_stack(folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "f").mkdir()
    (tmp_path / "f/b.yaml").symlink_to(tmp_path / "f/a.yaml")
    assert _ids(folder({"a.yaml": EMPTY})) == ["f/a.yaml#R"]
    assert _ids(folder({}, "a.yaml", "../f/a.yaml", ".")) == ["f/a.yaml#R"]


def test_an_export_reaches_the_parameters_of_a_nested_stack(folder: Folder) -> None:
    files = {
        "a/main.yaml": """
            Resources:
              S:
                Type: AWS::CloudFormation::Stack
                Properties: {TemplateURL: child.yaml, Parameters: {Name: !ImportValue shared}}
            """,
        "a/child.yaml": """
            Parameters: {Name: {Type: String}}
            Resources: {Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: !Ref Name}}}
            Outputs: {Own: {Value: mine, Export: {Name: own}}}
            """,
        "z.yaml": """
            Resources: {R: {Type: Custom::T, Properties: {P: !ImportValue own}}}
            Outputs: {Shared: {Value: orders, Export: {Name: shared}}}
            """,
    }
    inventory = folder(files)
    assert inventory.by_id["f/a/main.yaml#S/Queue"].properties["QueueName"] == "orders"
    assert inventory.by_id["f/z.yaml#R"].properties["P"] == "mine"


def test_an_export_of_one_template_is_an_import_of_another(folder: Folder) -> None:
    network = """
        Resources: {Vpc: {Type: AWS::EC2::VPC}}
        Outputs:
          Vpc: {Value: !Ref Vpc, Export: {Name: !Sub 'net-${AWS::Region}'}}
          Twice: {Value: 1, Export: {Name: twice}}
          Again: {Value: 2, Export: {Name: twice}}
          Round: {Value: !ImportValue round, Export: {Name: round}}
        """
    service = """
        Resources:
          R:
            Type: Custom::T
            Properties: {A: !ImportValue net-eu-west-1, B: !ImportValue twice, C: !ImportValue other}
          S: {Type: Custom::T, Properties: {A: !ImportValue round}}
        """
    inventory = folder({"network.yaml": network, "service.yaml": service}, region="eu-west-1")
    properties = inventory.by_id["f/service.yaml#R"].properties
    found = properties["A"]
    assert isinstance(found, Unknown)
    assert found.reference == Reference("f/network.yaml#Vpc")
    for name in "BC":
        each = properties[name]
        assert isinstance(each, Unknown)
        assert each.reason.cause == "import"
    assert isinstance(inventory.by_id["f/service.yaml#S"].properties["A"], Unknown)
