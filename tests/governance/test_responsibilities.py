"""The register says whose duty is what; a wrong row stops the load with its line; reports count by the clock."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assay.errors import Fault, FaultyFiles
from assay.governance.model import ProviderReport
from assay.governance.repository import read_catalogue, read_repository
from assay.governance.responsibilities import lapse, shares

CATALOGUE = read_catalogue()
REGISTER = CATALOGUE.register
Write = Callable[..., Path]

DUTY = """\
id: patching
title: Patch it
statement: Fixes reach it.
objectives: [data-can-be-recovered]
"""
UPGRADES = """\
id: upgrades
title: Decide when
statement: Somebody decides.
objectives: [data-can-be-recovered]
always: customer
"""
CLASS = """\
id: stores
title: Stores
duties:
  patching: provider
  upgrades: customer
services:
  S3:
    title: Object store
    notes: {patching: All of it.}
  Queues:
    title: Queues
    types: [AWS::SQS::*]
    duties: {patching: shared}
"""
REPORT = """\
id: soc
title: Report
series: SOC 2
version: 3
period_start: 2026-01-01
period_end: 2026-12-31
services: [S3, Queues]
acceptance: passthrough
"""
TECHNOLOGY = """\
id: filebox
title: Filebox
kind: file share
managed: {S3: Object store}
images: [filebox]
ports: [4711]
"""
REGISTERED = {
    "duties/patching.yaml": DUTY,
    "duties/upgrades.yaml": UPGRADES,
    "responsibilities/stores.yaml": CLASS,
    "provider-reports/soc.yaml": REPORT,
    "technologies/filebox.yaml": TECHNOLOGY,
}
D, C, R, T = (
    "duties/patching.yaml",
    "responsibilities/stores.yaml",
    "provider-reports/soc.yaml",
    "technologies/filebox.yaml",
)


def test_every_type_that_a_control_judges_belongs_to_a_registered_service() -> None:
    judged = {each.control.resource for each in CATALOGUE.controls.values()}
    services, strangers = REGISTER.services_of(judged)
    assert strangers == ()
    assert len(services) >= 90


def test_what_is_never_anybody_elses_is_so_with_every_service() -> None:
    for service in REGISTER.services.values():
        parties = {row.duty: row.party for row in service.rows}
        assert parties["upgrade-timing"] == "customer", service.id
        assert parties["data-classification"] == "customer", service.id
        assert parties["access-management"] == "customer", service.id
        assert parties["control-plane"] == "provider", service.id
        assert len(parties) == len(service.rows), service.id


def test_each_row_is_in_exactly_one_of_provider_shared_and_customer() -> None:
    for service in REGISTER.services.values():
        assert len(service.of("provider")) + len(service.for_customer) == len(service.rows)


def test_less_is_left_to_the_customer_the_more_is_managed() -> None:
    def left(service: str) -> set[str]:
        return {row.duty for row in REGISTER.services[service].for_customer}

    assert "os-patching" in left("EC2") - left("RDS")
    assert len(left("EC2")) > len(left("RDS")) > len(left("DynamoDB")) > len(left("IAM"))


def test_every_duty_belongs_to_an_objective_and_some_service_has_it() -> None:
    arising = {row.duty for service in REGISTER.services.values() for row in service.rows}
    assert arising == set(REGISTER.duties)
    for duty in REGISTER.duties.values():
        assert duty.objectives, duty.id
        assert {*duty.objectives} <= {*CATALOGUE.objectives}, duty.id


@pytest.mark.parametrize(
    ("kind", "service"),
    [
        ("AWS::EC2::Instance", "EC2"),
        ("AWS::EC2::VPCEndpoint", "VPC"),
        ("AWS::EC2::SecurityGroup", "VPC"),
        ("AWS::EC2::Volume", "EBS"),
        ("AWS::RDS::DBInstance", "RDS"),
        ("Custom::Anything", "CloudFormation"),
        ("AWS::CDK::Metadata", "CloudFormation"),
    ],
)
def test_a_type_belongs_to_the_service_that_names_it_most_closely(kind: str, service: str) -> None:
    found = REGISTER.service_of(kind)
    assert found is not None
    assert found.id == service


@pytest.mark.parametrize("kind", ["AWS::Nowhere::Thing", "MongoDB::Atlas::Cluster", "AWS::", "AWS", "", "S3", "::S3::"])
def test_a_type_of_nobody_has_no_service(kind: str) -> None:
    assert REGISTER.service_of(kind) is None
    assert REGISTER.services_of([kind, "Assay::Workload"]) == ((), (kind,))


@pytest.fixture
def wrong(write: Write) -> Callable[[str, tuple[str, str]], tuple[Fault, ...]]:
    def read(file: str, edit: tuple[str, str]) -> tuple[Fault, ...]:
        assert edit[0] in REGISTERED[file]
        try:
            read_repository(write({**REGISTERED, file: REGISTERED[file].replace(*edit, 1)}), catalogue=False)
        except FaultyFiles as error:
            return error.faults
        return ()

    return read


WRONG: list[tuple[str, tuple[str, str], int, str]] = [
    (D, ("objectives: [data-can-be-recovered]", "objectives: []"), 4, "belongs to no objective"),
    (C, ("  patching: provider", "  patchng: provider"), 4, "did you mean patching?"),
    (C, ("  upgrades: customer", "  upgrades: provider"), 5, "is always the customer's"),
    (C, ("  upgrades: customer\n", ""), 3, "upgrades arises with every service"),
    (C, ("  patching: provider", "  patching: nobody"), 4, "one of provider, shared, customer"),
    (C, ("  S3:", "  S33:"), 7, "no resource type belongs to it"),
    (C, ("{patching: All", "{patch: All"), 9, "a duty that does not arise"),
    (C, ("duties: {patching: shared}", "without: [upgrades]"), 13, "cannot be without this duty"),
    (C, ("AWS::SQS::*", "AWS::SQSS::*"), 12, "there is no such resource type"),
    (R, ("period_end: 2026-12-31", "period_end: 2025-12-31"), 6, "ends before it begins"),
    (R, ("[S3, Queues]", "[]"), 7, "speaks for no service"),
    (R, ("[S3, Queues]", "[S3, Queus]"), 7, "did you mean Queues?"),
    (R, ("version: 3", 'version: "3"'), 4, "a whole number"),
    (R, ("passthrough", "maybe"), 8, "one of passthrough, explicit"),
    (T, ("images: [filebox]", 'images: ["*"]'), 5, "would match almost anything"),
    (T, ("ports: [4711]", "ports: [70000]"), 6, "not a port"),
    (T, ("{S3: Object store}", "{S4: Object store}"), 4, "no such service"),
    (T, ("{S3: Object store}", "{}"), 4, "no service would take its place"),
    (T, ("images: [filebox]\nports: [4711]\n", ""), 1, "nothing could show it"),
]


@pytest.mark.parametrize(("file", "edit", "line", "says"), WRONG, ids=[each[3] + each[1][0] for each in WRONG])
def test_one_wrong_row_is_one_fault_at_its_line(
    wrong: Callable[..., tuple[Fault, ...]], file: str, edit: tuple[str, str], line: int, says: str
) -> None:
    found = [each for each in wrong(file, edit) if each.file.endswith(file)]
    assert [each.line for each in found] == [line], found
    assert says in str(found[0])


def test_a_service_in_two_classes_is_a_fault(write: Write) -> None:
    other = CLASS.replace("id: stores", "id: others").replace("AWS::SQS::*", "AWS::SNS::*")
    with pytest.raises(FaultyFiles) as raised:
        read_repository(write({**REGISTERED, "responsibilities/others.yaml": other}), catalogue=False)
    assert "the service is in two classes" in str(raised.value)


def test_a_duty_whose_objective_is_gone_is_a_link_that_leads_nowhere(write: Write) -> None:
    changed = DUTY.replace("data-can-be-recovered", "data-can-be-recoverd")
    found = read_repository(write({**REGISTERED, D: changed}), catalogue=False)
    (link,) = found.dangling
    assert link.found == "data-can-be-recoverd"
    assert link.remedy == "did you mean data-can-be-recovered?"


def test_a_repository_may_state_its_own_class_and_technology(write: Write) -> None:
    found = read_repository(write(REGISTERED), catalogue=False)
    assert {row.duty: (row.party, row.note) for row in found.register.services["S3"].rows} == {
        "patching": ("provider", "All of it."),
        "upgrades": ("customer", ""),
    }
    assert found.register.services["Queues"].rows[0].party == "shared"
    assert list(found.technologies) == ["filebox"]


def _report(**changes: Any) -> ProviderReport:
    stated: dict[str, Any] = {
        "id": "soc",
        "title": "Report",
        "series": "SOC 2",
        "version": 3,
        "period_start": datetime.date(2026, 1, 1),
        "period_end": datetime.date(2026, 12, 31),
        "services": ("S3",),
        "acceptance": "passthrough",
    }
    return ProviderReport(**{**stated, **changes})


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2025-12-31", "its period begins on 2026-01-01"),
        ("2026-01-01", ""),
        ("2026-12-31", ""),
        ("2027-01-01", "its period ended on 2026-12-31"),
    ],
)
def test_a_report_counts_from_the_first_day_of_its_period_to_the_last(day: str, why: str) -> None:
    assert lapse(_report(), datetime.date.fromisoformat(day)) == why


def test_a_report_whose_terms_nobody_accepted_does_not_count() -> None:
    today = datetime.date(2026, 6, 1)
    assert lapse(_report(acceptance="explicit"), today) == "its terms have not been accepted"
    assert lapse(_report(acceptance="explicit", accepted_by="  "), today) == "its terms have not been accepted"
    assert lapse(_report(acceptance="explicit", accepted_by="security"), today) == ""


def test_a_report_backs_only_the_services_in_its_scope() -> None:
    services = [REGISTER.services["S3"], REGISTER.services["RDS"]]
    today = datetime.date(2026, 6, 1)
    found = shares(REGISTER, [_report()], "facilities-and-hardware-are-protected", services, today)
    assert {each.service: bool(each.in_force) for each in found} == {"S3": True, "RDS": False}
    assert "no report under provider-reports/ has it in its scope" in found[1].backing
