"""Templates that mean harm may cost a moment and a fault; never the process, a file elsewhere or a wrong answer."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assay.inventory.resource import Inventory
from assay.inventory.values import Choice, Unknown
from assay.sources.cloudformation import Context, read, read_text

_SECONDS = 20.0  # on a slow, shared machine; each takes a fraction of one


def _read(text: str | bytes) -> Inventory:
    return read_text(text if isinstance(text, bytes) else text.encode(), "t.yaml", Context())


@pytest.fixture(autouse=True)
def _in_time() -> Iterator[None]:
    begin = time.process_time()
    yield
    assert time.process_time() - begin < _SECONDS


def _resource(value: str, sections: str = "") -> str:
    return f"{sections}Resources:\n  R:\n    Type: Custom::T\n    Properties:\n      P: {value}\n"


def test_a_bomb_of_aliases_is_a_fault() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 9)]
    assert "too many values" in str(_read("\n".join([*lines, "Resources: {R: *a8}"])).faults[0])


def test_a_bomb_of_loops_is_a_fault() -> None:
    items = "[" + ", ".join(f"i{number}" for number in range(100)) + "]"
    body = "{'R${A}${B}${C}${D}': {Type: Custom::T}}"
    for name in "DCBA":
        body = f"{{Fn::ForEach::L{name}: [{name}, {items}, {body}]}}"
    inventory = _read(f"Resources: {body}\n")
    assert "loops make the template too large" in str(inventory.faults[0])
    assert not inventory.resources


def test_a_bomb_of_substitutions_is_a_fault() -> None:
    item = "x" * 1000
    body = "{'R${A}': {Type: Custom::T, Properties: {P: '" + "${A}" * 20_000 + "'}}}"
    inventory = _read(f"Resources: {{Fn::ForEach::L: [A, [{', '.join(f'{item}{n}' for n in range(50))}], {body}]}}\n")
    assert "loops make the template too large" in str(inventory.faults[0])


def test_bombs_of_joins_lookups_and_long_defaults_are_faults() -> None:
    long = "Parameters: {P: {Type: String, Default: " + "x" * 5000 + "}}\n"
    assert "too long" in str(_read(_resource("!Ref P", long)).faults[0])
    long = long.replace("x" * 5000, "x" * 4000)
    assert "takes more than any template should" in str(
        _read(_resource("!Sub '" + "${P}" * 20_000 + "'", long)).faults[0]
    )
    big = "Mappings: {M: {A: {B: [" + ", ".join(["x"] * 100_000) + "]}}}\n"
    many = "[" + ", ".join(["!Length {Fn::FindInMap: [M, A, B]}"] * 500) + "]"
    assert "takes more than any template should" in str(_read(_resource(many, big)).faults[0])


@pytest.mark.parametrize("depth", [50, 155, 1000, 100_000])
def test_depth_is_a_fault(depth: int) -> None:
    for opening, closing in (("[", "]"), ("{A: ", "}"), ("{'Fn::Base64': ", "}"), ("{'Fn::If': [C, ", ", 1]}")):
        inventory = _read(_resource(opening * depth + "x" + closing * depth, "Conditions: {C: !Equals [1, 1]}\n"))
        assert inventory.faults or inventory.resources
    text = _resource("!Base64 " * depth + "x")
    assert _read(text).faults or depth < 60


def test_conditions_in_a_long_chain_are_not_followed_for_ever() -> None:
    chain = "".join(f"  C{i}: !Not [!Condition C{i + 1}]\n" for i in range(5000))
    inventory = _read(
        f"Conditions:\n{chain}  C5000: !Equals [1, 1]\nResources: {{R: {{Type: Custom::T, Condition: C0}}}}\n"
    )
    assert "nested too deeply" in str(inventory.faults)
    assert isinstance(inventory.by_id["t.yaml#R"].condition, Choice)


def test_conditions_that_double_at_each_step_end() -> None:
    chain = "".join(f"  C{i}: !And [!Condition C{i + 1}, !Condition C{i + 1}]\n" for i in range(40))
    sections = f"Parameters: {{P: {{Type: String}}}}\nConditions:\n{chain}  C40: !Equals [!Ref P, a]\n"
    inventory = _read(sections + "Resources: {R: {Type: Custom::T, Condition: C0}}\n")
    assert "t.yaml#R" in inventory.by_id
    sections = sections.replace("!Equals [!Ref P, a]", "!Equals [a, a]")
    assert "t.yaml#R" in _read(sections + "Resources: {R: {Type: Custom::T, Condition: C0}}\n").by_id


def test_more_worlds_than_atoms_end() -> None:
    names = [f"P{number}" for number in range(200)]
    declared = "".join(f"  {name}: {{Type: String, AllowedValues: [{', '.join('abcdefgh')}]}}\n" for name in names)
    joined = "[" + ", ".join(f"!Ref {name}" for name in names) + "]"
    found = _read(_resource(f"!Join ['', {joined}]", f"Parameters:\n{declared}")).by_id["t.yaml#R"].properties["P"]
    assert isinstance(found, Unknown)


def test_a_file_that_is_too_large_is_a_fault() -> None:
    assert "too large" in str(_read(b"Resources: {}\n" + b"#" * 9_000_000).faults[0])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "latin-1"])
def test_another_encoding_is_a_fault_that_says_so(encoding: str, tmp_path: Path) -> None:
    content = "Resources: {R: {Type: Custom::T, Metadata: é}}\n".encode(encoding)
    inventory = _read(content)
    assert "UTF-8" in str(inventory.faults[0]) or "not valid YAML" in str(inventory.faults[0])
    assert not inventory.resources
    if encoding == "utf-16":
        (tmp_path / "t.yaml").write_bytes(content)
        assert "UTF-8" in str(read([tmp_path], Context()).faults[0]), "found in a folder all the same"


@pytest.mark.parametrize(
    "url",
    [
        "../secret.yaml",
        "../../../../../../../../etc/passwd",
        "/etc/passwd",
        "link.yaml",
        "folder/secret.yaml",
        "'a\\0b'",
        "x" * 5000,
    ],
)
@pytest.mark.parametrize("kind", ["nested", "included"])
def test_nothing_outside_of_the_folder_is_read(tmp_path: Path, url: str, kind: str) -> None:
    (tmp_path / "secret.yaml").write_text("Resources: {Stolen: {Type: Custom::T}}\n")
    inside = tmp_path / "in"
    inside.mkdir()
    (inside / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    (inside / "folder").symlink_to(tmp_path)
    nested = f"  S: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: {url}}}}}\n"
    included = f"  Fn::Transform: {{Name: AWS::Include, Parameters: {{Location: {url}}}}}\n"
    (inside / "t.yaml").write_text("Resources:\n" + (nested if kind == "nested" else included))
    inventory = read([inside], Context())
    assert len(inventory.gaps) == 1
    assert not any(each.name == "Stolen" for each in inventory.resources)
    assert "root:" not in repr(inventory)


def test_stacks_that_multiply_end(tmp_path: Path) -> None:
    for level in range(6):
        stacks = "".join(
            f"  S{i}: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: l{level + 1}.yaml}}}}\n"
            for i in range(12)
        )
        (tmp_path / f"l{level}.yaml").write_text("Resources:\n" + stacks)
    (tmp_path / "l6.yaml").write_text("Resources: {R: {Type: Custom::T}}\n")
    inventory = read([tmp_path / "l0.yaml"], Context())
    assert any("too many stacks are nested" in str(gap.reason) for gap in inventory.gaps)


def test_outputs_deep_within_outputs_are_a_fault(tmp_path: Path) -> None:
    for level in range(5):
        value = "[" * 150 + f"!GetAtt S.Outputs.O{level + 1}" + "]" * 150
        (tmp_path / f"l{level}.yaml").write_text(
            f"Resources:\n  S: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: l{level + 1}.yaml}}}}\n"
            f"  R: {{Type: Custom::T, Properties: {{P: !GetAtt S.Outputs.O{level + 1}}}}}\n"
            f"Outputs:\n  O{level}:\n    Value: {value}\n"
        )
    (tmp_path / "l5.yaml").write_text("Resources: {}\nOutputs: {O5: {Value: x}}\n")
    (tmp_path / "z.yaml").write_text("Resources: {Z: {Type: Custom::T}}\n")
    inventory = read([tmp_path], Context())
    assert "nested too deeply" in str(inventory.faults)
    assert any(each.name == "Z" for each in inventory.resources)


def test_imports_in_a_long_chain_end(tmp_path: Path) -> None:
    for number in range(300):
        (tmp_path / f"t{number}.yaml").write_text(
            "Resources: {R: {Type: Custom::T}}\n"
            f"Outputs: {{O: {{Value: !ImportValue e{number + 1}, Export: {{Name: e{number}}}}}}}\n"
        )
    (tmp_path / "user.yaml").write_text("Resources: {R: {Type: Custom::T, Properties: {P: !ImportValue e0}}}\n")
    inventory = read([tmp_path], Context())
    assert len(inventory.resources) == 301
    assert inventory.faults


def test_a_name_cannot_pose_as_a_resource_of_another_stack(tmp_path: Path) -> None:
    (tmp_path / "child.yaml").write_text("Resources: {R: {Type: Custom::T}}\n")
    (tmp_path / "t.yaml").write_text(
        "Resources:\n"
        "  S: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: child.yaml}}\n"
        "  S/R: {Type: AWS::SQS::Queue}\n"
        "  'S~AWS::S3::Bucket': {Type: AWS::SQS::Queue}\n"
    )
    inventory = read([tmp_path], Context())
    assert [each.name for each in inventory.resources] == ["S", "R"]
    assert len(inventory.faults) == 2


def test_what_is_no_file_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "t.yaml").write_text("Resources: {R: {Type: Custom::T}}\n")
    assert len(read([tmp_path], Context()).resources) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Transform: AWS::Serverless-2016-10-31\nResources: {}\n",
        "Transform: AWS::Serverless-2016-10-31\nResources: {R: text}\n",
        "Transform: AWS::Serverless-2016-10-31\nResources: {R: {Type: AWS::Serverless::Function, Properties: [1]}}\n",
        "Transform: AWS::Serverless-2016-10-31\nGlobals: {Function: 1}\n"
        "Resources: {R: {Type: AWS::Serverless::Function}}\n",
        "Transform: AWS::Serverless-2016-10-31\n"
        "Resources: {R: {Type: AWS::Serverless::Api, Properties: {Events: {Ref: R}}}}\n",
        "Transform: AWS::Serverless-2016-10-31\nResources: {R: {Type: AWS::Serverless::Nothing, Connectors: 3}}\n",
        "Transform: AWS::Serverless-2016-10-31\nParameters: {P: 1}\nResources: {R: {Type: [AWS::Serverless::Api]}}\n",
        "Transform: [{Name: [1]}, 2, null, {}]\nResources: {}\n",
        "Transform: {Name: AWS::Include}\nResources: {}\n",
        "Transform: {Name: AWS::Include, Parameters: 1}\nResources: {}\n",
        "Resources: {Fn::Transform: 1, Fn::ForEach::X: 1, Fn::GetAtt: 1}\n",
        "Resources: {R: {Type: Custom::T, Condition: {Ref: X}, Properties: {Fn::If: 1}}}\n",
        "Rules: {R: 1, S: {Assertions: [1, {Assert: 1}, {}]}}\nResources: {}\n",
        "Outputs: {O: 1, P: {Export: 1}, Q: {Value: 1, Export: {Name: {Ref: Q}}}}\n"
        "Resources: {R: {Type: Custom::T, Properties: {P: !ImportValue x}}}\n",
        "Parameters: {P: {Type: String, AllowedValues: 1, AllowedPattern: '((a+)+)+$', MinLength: x}}\nResources: {}\n",
        "Mappings: {M: 1, N: {a: 1}}\n"
        "Resources: {R: {Type: Custom::T, Properties: {P: !FindInMap [M, a, b], Q: !FindInMap [N, a, b]}}}\n",
    ],
)
def test_whatever_is_malformed_the_reader_does_not_fall(text: str) -> None:
    inventory = _read(text)
    assert isinstance(inventory, Inventory)
    assert not any(each.type.startswith("AWS::Serverless") for each in inventory.resources if inventory.complete)
