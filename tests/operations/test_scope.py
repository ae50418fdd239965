"""Candidates of templates and of a repository, each with the very line that proves it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from assay.errors import UsageError
from assay.operations.scope import scope_of_files, scope_of_repository
from assay.sources.cloudformation import Context

BLOCK = """\
Parameters: {Package: {Type: String, Default: jenkins}}
Resources:
  Host:
    Type: AWS::EC2::Instance
    Properties:
      UserData:
        Fn::Base64: !Sub |
          #!/bin/bash
          # yum install -y postgresql15-server, one day
          echo ${AWS::StackName}
          yum install -y \\
            postgresql15-server
          yum install -y ${Package}
          systemctl start postgresql
  Other:
    Type: AWS::EC2::Instance
    Properties:
      Tags: [{Key: Name, Value: jenkins}]
"""
JOINED = """\
{"Resources": {"Host": {"Type": "AWS::EC2::Instance", "Properties": {
  "UserData": {"Fn::Base64": {"Fn::Join": ["\\n", [
    "#!/bin/bash",
    "yum update -y",
    "yum install -y rabbitmq-server"
  ]]}}}}}}
"""


def _lines(path: Path) -> dict[str, dict[str, int]]:
    findings = scope_of_files([path], Context(), None).findings
    return {
        each.technology.id: {f"{proof.kind} {proof.text}": proof.position.line for proof in each.proofs}
        for each in findings.candidates
    }


def test_each_proof_stands_at_its_line(tmp_path: Path) -> None:
    (tmp_path / "block.yaml").write_text(BLOCK)
    found = _lines(tmp_path / "block.yaml")
    assert found["postgresql"] == {"package postgresql15-server": 12, "unit postgresql": 14}


def test_what_a_parameter_fills_in_keeps_the_place_of_the_script_and_strays_to_no_other_resource(
    tmp_path: Path,
) -> None:
    (tmp_path / "block.yaml").write_text(BLOCK)
    assert _lines(tmp_path / "block.yaml")["jenkins"] == {"package jenkins": 7}


def test_a_script_in_pieces_is_proved_by_its_piece(tmp_path: Path) -> None:
    (tmp_path / "joined.json").write_text(JOINED)
    assert _lines(tmp_path / "joined.json") == {"rabbitmq": {"package rabbitmq-server": 5}}


def test_a_folder_is_looked_at_as_a_whole(tmp_path: Path) -> None:
    (tmp_path / "block.yaml").write_text(BLOCK)
    (tmp_path / "joined.json").write_text(JOINED)
    findings = scope_of_files([tmp_path], Context(), None).findings
    assert [each.technology.id for each in findings.candidates] == ["jenkins", "postgresql", "rabbitmq"]
    assert len(findings.hosts) == 3


def test_a_repository_is_asked_workload_by_workload(write: Callable[..., Path]) -> None:
    template = "Parameters: {Stage: {Type: String}}\n" + BLOCK.split("\n", 1)[1].replace("${Package}", "jenkins")
    directory = write({"templates/shop/template.yaml": template})
    (section,) = scope_of_repository(directory, ["shop"], "")
    assert section.workload == "shop"
    assert {each.technology.id for each in section.findings.candidates} == {"postgresql", "jenkins"}
    with pytest.raises(UsageError, match="no workload 'shp'"):
        scope_of_repository(directory, ["shp"], "")


def test_a_technology_of_the_repository_is_looked_for_as_well(write: Callable[..., Path], tmp_path: Path) -> None:
    own = "id: ledgerd\ntitle: Ledger\nkind: database\nmanaged: {DynamoDB: Amazon DynamoDB}\nunits: [postgresql]\n"
    directory = write({"technologies/ledgerd.yaml": own})
    (tmp_path / "block.yaml").write_text(BLOCK)
    findings = scope_of_files([tmp_path / "block.yaml"], Context(), directory).findings
    assert "ledgerd" in {each.technology.id for each in findings.candidates}


def test_software_is_found_in_a_plan_too(tmp_path: Path) -> None:
    script = "#!/bin/bash\napt-get install -y postgresql\n"
    values = {"ami": "ami-0abc", "instance_type": "t3.small", "user_data": script}
    change = {"actions": ["create"], "after": values, "after_unknown": {}}
    resource = {
        "address": "aws_instance.db",
        "mode": "managed",
        "type": "aws_instance",
        "name": "db",
        "provider_name": "registry.terraform.io/hashicorp/aws",
        "change": change,
    }
    plan = {"format_version": "1.2", "terraform_version": "1.9.0", "resource_changes": [resource]}
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    (candidate,) = scope_of_files([tmp_path], Context(), None).findings.candidates
    assert candidate.technology.id == "postgresql"
