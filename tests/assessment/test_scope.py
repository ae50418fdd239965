"""Self-managed software is found by evidence; a managed service never is; duties neither vanish nor double."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from assay.assessment.scope import Candidate, Findings, Strength, find, shift
from assay.governance.repository import read_catalogue
from assay.inventory.normalise import normalise
from assay.inventory.resource import Origin, Position, Resource
from assay.sources import cloudformation

CATALOGUE = read_catalogue()
REGISTER = CATALOGUE.register
SERVICES = sorted(REGISTER.services)


def found(resources: Mapping[str, Any], parameters: Mapping[str, Any] | None = None) -> Findings:
    import json

    template = json.dumps({"Parameters": parameters or {}, "Resources": resources})
    inventory = cloudformation.read_text(template.encode(), "t.json", cloudformation.Context())
    assert not inventory.faults
    return find(inventory, CATALOGUE.technologies.values(), REGISTER)


def technologies(findings: Findings) -> dict[str, str]:
    return {each.technology.id: each.strength for each in findings.candidates}


def instance(**properties: Any) -> dict[str, Any]:
    return {"Host": {"Type": "AWS::EC2::Instance", "Properties": properties}}


def script(text: Any) -> dict[str, Any]:
    return instance(UserData={"Fn::Base64": text})


SCRIPTS = [
    ("#!/bin/bash\nyum install -y postgresql15-server\n", "postgresql"),
    ("#!/bin/bash\napt-get install -y postgresql\n", "postgresql"),
    ("#!/bin/bash\nyum -y install mariadb105-server\n", "mysql"),
    ("#!/bin/bash\nyum -y install mysql-community-server-8.0.36\n", "mysql"),
    ("dnf install -y postgresql15-server.x86_64", "postgresql"),
    ("yum install -y https://repo.example/mongodb-org-server-7.0.14-1.el9.x86_64.rpm", "mongodb"),
    ("curl -sfL https://get.k3s.io | sh -s - server", "kubernetes"),
    ("docker run -d mongo:6", "mongodb"),
    ("docker run -d ghcr.io/team/redis@sha256:abc", "redis"),
    ("systemctl enable --now rabbitmq-server", "rabbitmq"),
    ("yum install -y jenkins", "jenkins"),
    ("EXTERNAL_URL=http://x yum install -y gitlab-ee", "gitlab"),
    ("kubeadm init --pod-network-cidr=10.244.0.0/16", "kubernetes"),
    (
        "<powershell>\nInstall-WindowsFeature -Name AD-Domain-Services -IncludeManagementTools\n</powershell>",
        "active-directory",
    ),
    ("apt-get install -y slapd ldap-utils", "ldap"),
    ("dnf install -y elasticsearch", "elasticsearch"),
    ("yum install -y postfix", "mail-server"),
    ("apt-get install -y nfs-kernel-server", "nfs-server"),
    ("yum install -y samba", "smb-server"),
    ("/opt/kafka/bin/kafka-server-start.sh config/server.properties", "kafka"),
]


@pytest.mark.parametrize(("text", "technology"), SCRIPTS)
def test_a_start_script_shows_what_it_installs(text: str, technology: str) -> None:
    assert technologies(found(script(text))) == {technology: Strength.STRONG}


CLIENTS = [
    "yum install -y postgresql15",  # on Red Hat's family the client
    "apt-get install -y postgresql-client-15 mysql-client redis-tools ldap-utils nfs-common samba-client",
    "yum install -y mysql nfs-utils cifs-utils samba-client openldap-clients",
    "Install-WindowsFeature -Name RSAT-AD-Tools,RSAT-DNS-Server",
    "docker run -d prom/postgres-exporter:1 --db postgres",
    "docker run -d oliver006/redis_exporter",
    "psql -h $HOST -c 'create database x'",
    "echo 'install jenkins by hand'",
    "# yum install -y jenkins",
    "apk add --no-cache postgresql16-client redis-cli-tools",
    "yum install -y mysql-8.0.36",  # on Red Hat's family the client
    "docker run -d acme/registry:2",
    "systemctl stop postfix; yum remove -y postfix",
]


@pytest.mark.parametrize("text", CLIENTS)
def test_a_client_or_a_mention_is_no_candidate(text: str) -> None:
    assert technologies(found(script(text))) == {}


def test_a_script_is_read_in_whatever_form_it_is_written() -> None:
    import base64

    encoded = base64.b64encode(b"#!/bin/bash\nyum install -y jenkins\n").decode()
    assert technologies(found(instance(UserData=encoded))) == {"jenkins": "strong"}
    sub = {"Fn::Sub": "#!/bin/bash\n/opt/prepare ${AWS::StackName}\nyum install -y jenkins\n"}
    assert technologies(found(script(sub))) == {"jenkins": "strong"}
    join = {"Fn::Join": ["", ["#!/bin/bash\n", "prepare ", {"Ref": "AWS::Region"}, "\nyum install -y ", "jenkins\n"]]}
    assert technologies(found(script(join))) == {"jenkins": "strong"}


def test_a_script_with_a_hole_is_found_by_what_is_known_of_it() -> None:
    hole = {"Fn::Sub": "yum install -y postgresql${Version}-server\nmount ${Version}"}
    assert technologies(found(script(hole), {"Version": {"Type": "String"}})) == {"postgresql": "strong"}


def test_a_script_that_cannot_be_read_is_said() -> None:
    findings = found(script({"Ref": "Script"}), {"Script": {"Type": "String"}})
    assert findings.candidates == ()
    ((resource, unseen),) = findings.unseen
    assert (resource.name, unseen.subject) == ("Host", "a script")


@pytest.mark.parametrize("kind", ["AWS::EC2::LaunchTemplate", "AWS::AutoScaling::LaunchConfiguration"])
def test_templates_of_machines_are_looked_into(kind: str) -> None:
    data = {"UserData": {"Fn::Base64": "yum install -y jenkins"}}
    properties = {"LaunchTemplateData": data} if kind.endswith("Template") else data
    assert technologies(found({"T": {"Type": kind, "Properties": properties}})) == {"jenkins": "strong"}


def test_a_script_in_base64_of_a_source_that_does_not_decode_it_is_read() -> None:
    import base64

    encoded = base64.b64encode(b"#!/bin/bash\nyum install -y jenkins\n").decode()
    origin = Origin("aws", Position("snapshot"))
    host = Resource("i-1", "AWS::EC2::Instance", "i-1", {"UserData": encoded}, origin)
    findings = find(normalise([host]), CATALOGUE.technologies.values(), REGISTER)
    assert technologies(findings) == {"jenkins": "strong"}


def test_what_an_image_or_a_document_installs_is_found() -> None:
    build = {"name": "build", "steps": [{"inputs": {"commands": ["sudo yum install -y jenkins"]}}]}
    data = yaml.safe_dump({"schemaVersion": 1.0, "phases": [build]})
    component = {"Type": "AWS::ImageBuilder::Component", "Properties": {"Data": data}}
    steps = [{"action": "aws:runShellScript", "inputs": {"runCommand": ["#!/bin/sh", "yum install -y redis6"]}}]
    document = {"Type": "AWS::SSM::Document", "Properties": {"Content": {"schemaVersion": "2.2", "mainSteps": steps}}}
    assert technologies(found({"Component": component})) == {"jenkins": "strong"}
    assert technologies(found({"Document": document})) == {"redis": "strong"}


IMAGES = [
    ("postgres:16", "postgresql"),
    ("public.ecr.aws/docker/library/postgres:16", "postgresql"),
    ("docker.io/bitnami/mariadb", "mysql"),
    ("quay.io:443/opensearchproject/opensearch:2", "elasticsearch"),
    ("jenkins/jenkins:lts-jdk21", "jenkins"),
    ({"Fn::Sub": "${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/memcached:1"}, "memcached"),
    ({"Fn::Sub": "mysql:${Tag}"}, "mysql"),
]


@pytest.mark.parametrize(("image", "technology"), IMAGES)
def test_an_image_of_a_container_shows_what_it_holds(image: Any, technology: str) -> None:
    task = {"ContainerDefinitions": [{"Name": "c", "Image": image}]}
    resources = {"Task": {"Type": "AWS::ECS::TaskDefinition", "Properties": task}}
    findings = found(resources, {"Tag": {"Type": "String"}})
    assert technologies(findings) == {technology: "strong"}
    assert findings.candidates[0].host == "ECS"


@pytest.mark.parametrize(
    "image", ["shop:4", "team/postgres-backup:1", "mysql-tools", "amazon/cloudwatch-agent", "redis/", ""]
)
def test_an_image_of_another_name_is_no_candidate(image: str) -> None:
    task = {"ContainerDefinitions": [{"Name": "c", "Image": image}]}
    assert technologies(found({"Task": {"Type": "AWS::ECS::TaskDefinition", "Properties": task}})) == {}


def group(first: int, last: int, protocol: str = "tcp") -> dict[str, Any]:
    rule = {"IpProtocol": protocol, "FromPort": first, "ToPort": last, "CidrIp": "10.0.0.0/8"}
    properties = {"GroupDescription": "g", "SecurityGroupIngress": [rule]}
    return {"Group": {"Type": "AWS::EC2::SecurityGroup", "Properties": properties}}


def test_an_open_port_alone_is_weak_evidence() -> None:
    attached = instance(SecurityGroupIds=[{"Fn::GetAtt": ["Group", "GroupId"]}])
    findings = found({**attached, **group(5432, 5432)})
    assert technologies(findings) == {"postgresql": Strength.WEAK}
    assert [each.kind for each in findings.candidates[0].proofs] == ["port"]


def test_a_port_makes_strong_evidence_no_weaker() -> None:
    host = instance(SecurityGroupIds=[{"Ref": "Group"}], UserData={"Fn::Base64": "yum install -y postgresql15-server"})
    assert technologies(found({**host, **group(5432, 5432)})) == {"postgresql": Strength.STRONG}


@pytest.mark.parametrize(
    ("first", "last", "protocol"),
    [
        (0, 65535, "tcp"),
        (5000, 6000, "tcp"),
        (5432, 5433, "tcp"),
        (5000, 5432, "tcp"),
        (5432, 5432, "-1"),
        (443, 443, "tcp"),
    ],
)
def test_a_range_of_ports_says_nothing(first: int, last: int, protocol: str) -> None:
    attached = instance(SecurityGroupIds=[{"Ref": "Group"}])
    assert technologies(found({**attached, **group(first, last, protocol)})) == {}


def test_a_port_of_a_group_that_no_host_has_says_nothing() -> None:
    database = {"Db": {"Type": "AWS::RDS::DBInstance", "Properties": {"VPCSecurityGroups": [{"Ref": "Group"}]}}}
    assert technologies(found({**instance(), **database, **group(5432, 5432)})) == {}


def test_a_rule_that_is_declared_apart_counts_as_well() -> None:
    attached = instance(SecurityGroupIds=[{"Fn::GetAtt": ["Group", "GroupId"]}])
    bare = {"Group": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "g"}}}
    rule = {"GroupId": {"Fn::GetAtt": ["Group", "GroupId"]}, "IpProtocol": "tcp", "FromPort": "6379", "ToPort": 6379}
    apart = {"Rule": {"Type": "AWS::EC2::SecurityGroupIngress", "Properties": {**rule, "CidrIp": "10.0.0.0/8"}}}
    assert technologies(found({**attached, **bare, **apart})) == {"redis": "weak"}


def test_what_cfn_init_installs_and_starts_is_found() -> None:
    init = {
        "config": {
            "packages": {"yum": {"postgresql15-server": []}},
            "services": {
                "systemd": {
                    "rabbitmq-server": {"enabled": True, "ensureRunning": "true"},
                    "jenkins": {"enabled": False},
                }
            },
            "commands": {
                "a": {"command": "docker run -d mongo:6"},
                "b": {"command": ["yum", "install", "-y", "slapd"]},
            },
            "files": {
                "/opt/start.sh": {"content": "yum install -y memcached"},
                "/opt/readme": {"content": "yum install -y samba"},
            },
        }
    }
    host = instance()
    host["Host"]["Metadata"] = {"AWS::CloudFormation::Init": init}
    assert set(technologies(found(host))) == {"postgresql", "rabbitmq", "mongodb", "ldap", "memcached"}


def test_the_name_of_a_machine_image_is_evidence() -> None:
    named = instance(ImageId="{{resolve:ssm:/images/bitnami-postgresql-16/latest}}")
    assert technologies(found(named)) == {"postgresql": "strong"}
    assert technologies(found(instance(ImageId={"Ref": "JenkinsImage"}), {"JenkinsImage": {"Type": "String"}})) == {}


MANAGED = [
    ("AWS::RDS::DBInstance", {"Engine": "postgres", "DBInstanceClass": "db.t3.micro"}),
    ("AWS::RDS::DBCluster", {"Engine": "aurora-mysql"}),
    ("AWS::ElastiCache::ReplicationGroup", {"Engine": "redis", "ReplicationGroupDescription": "r"}),
    ("AWS::AmazonMQ::Broker", {"EngineType": "RABBITMQ", "BrokerName": "b"}),
    ("AWS::OpenSearchService::Domain", {"EngineVersion": "OpenSearch_2.11"}),
    ("AWS::DirectoryService::MicrosoftAD", {"Name": "corp.example"}),
    ("AWS::EKS::Cluster", {"Name": "kubernetes"}),
]


@pytest.mark.parametrize(("kind", "properties"), MANAGED)
def test_a_managed_service_is_never_flagged(kind: str, properties: Mapping[str, Any]) -> None:
    findings = found({"Postgres": {"Type": kind, "Properties": properties}, **group(5432, 5432)})
    assert findings.candidates == ()
    assert findings.hosts == ()


def _candidates() -> Iterator[Candidate]:
    for text, _ in SCRIPTS:
        yield from found(script(text)).candidates


def test_for_every_candidate_the_figures_are_the_rows_of_the_register() -> None:
    for candidate in _candidates():
        before = len(REGISTER.services[candidate.host].for_customer)
        assert candidate.options
        for option in candidate.options:
            it = option.shift
            assert before == len(it.removed) + len(it.remaining)
            assert len(REGISTER.services[option.service].for_customer) == len(it.remaining) + len(it.added)
            assert "upgrade-timing" in {each.duty for each in it.remaining}


@given(st.sampled_from(SERVICES), st.sampled_from(SERVICES))
def test_no_duty_vanishes_or_doubles_on_any_way(before: str, after: str) -> None:
    it = shift(REGISTER, before, after)
    kept = [each.duty for each in it.remaining]
    assert sorted([*it.removed, *kept]) == sorted(row.duty for row in REGISTER.services[before].for_customer)
    assert sorted([*kept, *it.added]) == sorted(row.duty for row in REGISTER.services[after].for_customer)
    assert not {*it.removed} & {*it.added}
    back = shift(REGISTER, after, before)
    assert (back.removed, back.added) == (it.added, it.removed) or {*back.removed} == {*it.added}


def test_moving_a_database_takes_the_patching_of_the_system_and_brings_windows() -> None:
    it = shift(REGISTER, "EC2", "RDS")
    assert {"os-patching", "os-hardening", "engine-operation"} <= {*it.removed}
    assert it.added == ("maintenance-windows",)
    assert {each.duty: each.after for each in it.remaining}["engine-patching"] == "shared"


def test_every_technology_names_a_service_and_can_be_found() -> None:
    for technology in CATALOGUE.technologies.values():
        assert {*technology.managed} <= {*REGISTER.services}, technology.id
        assert technology.images or technology.packages or technology.units or technology.commands, technology.id
    kinds = {each.kind for each in CATALOGUE.technologies.values()}
    wanted = {"database", "message broker", "cache", "search engine", "CI server", "directory service", "mail"}
    assert wanted | {"file share", "container orchestrator"} <= kinds
