"""Templates that want to mislead, slow down or deface the search for self-managed software."""

import io
import json
import time
from typing import Any

import pytest
from rich.console import Console

from assay.assessment.scope import Findings, find
from assay.governance.repository import read_catalogue
from assay.reports import scope
from assay.sources import cloudformation

CATALOGUE = read_catalogue()
REGISTER = CATALOGUE.register


def found(properties: Any, metadata: Any = None) -> Findings:
    host: dict[str, Any] = {"Type": "AWS::EC2::Instance", "Properties": properties}
    if metadata is not None:
        host["Metadata"] = metadata
    template = json.dumps({"Resources": {"Host": host}})
    inventory = cloudformation.read_text(template.encode(), "t.json", cloudformation.Context())
    return find(inventory, CATALOGUE.technologies.values(), REGISTER)


@pytest.mark.parametrize(
    "text",
    [
        "yum install -y " + " ".join(f"redis{i}-server" for i in range(3_000)),
        "docker run " + "-e A=b " * 10_000 + "postgres",
        "image: " + "a/" * 20_000 + "postgres",
        "\n".join("systemctl start postgresql" for _ in range(5_000)),
        '"' * 30_000 + "\nyum install -y jenkins",
        "postgresql-" + "1" * 50_000,
    ],
    ids=range(6),
)
def test_a_long_script_is_read_in_time(text: str) -> None:
    start = time.process_time()
    found({"UserData": {"Fn::Base64": text}})
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    "metadata",
    [
        {"AWS::CloudFormation::Init": "text"},
        {"AWS::CloudFormation::Init": []},
        {"AWS::CloudFormation::Init": {"config": {"packages": ["yum"], "services": "x", "commands": 3, "files": None}}},
        {"AWS::CloudFormation::Init": {"config": {"packages": {"yum": {"jenkins": {"deep": [[[]]]}}}}}},
        {"AWS::CloudFormation::Init": {"c": {"services": {"systemd": {"jenkins": ["x"]}}}}},
        {"AWS::CloudFormation::Init": {"c": {"commands": {"a": {"command": [{"Ref": "AWS::Region"}, 3]}}}}},
        "text",
        [],
    ],
    ids=range(8),
)
def test_malformed_metadata_raises_nothing(metadata: Any) -> None:
    assert len(found({}, metadata).hosts) == 1


@pytest.mark.parametrize(
    "properties",
    [
        {"UserData": 3, "ImageId": [], "SecurityGroupIds": {"a": 1}, "NetworkInterfaces": "x"},
        {"UserData": {"Fn::Base64": {"Fn::Nothing": 1}}},
        {"SecurityGroupIds": [{"Ref": "Host"}, {"Ref": "Nowhere"}, 7]},
        "text",
        [],
    ],
    ids=range(5),
)
def test_malformed_properties_raise_nothing(properties: Any) -> None:
    assert len(found(properties).candidates) == 0


def test_evidence_shows_the_name_alone_and_no_secret_beside_it() -> None:
    text = "docker run -e POSTGRES_PASSWORD=hunter2-but-longer postgres:16\nmysql_install_db --password=hunter2-too"
    findings = found({"UserData": {"Fn::Base64": text}})
    assert len(findings.candidates) == 2
    assert "hunter2" not in json.dumps(scope.document([("", findings)]))


def test_control_characters_and_markup_reach_no_terminal() -> None:
    text = "docker run 'evil\x1b[31m\x07[bold red]/postgres'"
    findings = found({"UserData": {"Fn::Base64": text}})
    assert [each.technology.id for each in findings.candidates] == ["postgresql"]
    console = Console(file=io.StringIO(), width=200, color_system=None)
    console.print(scope.render([("", findings)]))
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "[bold red]" in shown
