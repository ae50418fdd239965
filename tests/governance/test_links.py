"""Every wrong reference is a fault at its own line, with the nearest right name."""

from collections.abc import Callable

import pytest

from assay.errors import Fault

Faults = Callable[..., tuple[Fault, ...]]

ORGANISATION = "organisation.yaml"
SHOP = "workloads/shop.yaml"
EXCEPTION = "exceptions/old-bucket.yaml"
OBJECTIVE = "objectives/data-can-be-recovered.yaml"

WRONG = [
    (ORGANISATION, ("id: o-exampleorg1", "id: example"), 1, "not the id of an organisation"),
    (ORGANISATION, ('management_account: "111111111111"', 'management_account: "111111111112"'), 3, "no such account"),
    (ORGANISATION, ("ou: Workloads/Prod", "ou: Workloads/Prd"), 7, "did you mean Workloads/Prod?"),
    (ORGANISATION, ("stage: prod", "stage: prd"), 7, "did you mean prod?"),
    (ORGANISATION, ('id: "222222222222"', 'id: "22222222222"'), 7, "twelve digits"),
    (ORGANISATION, ('id: "222222222222"', 'id: "111111111111"'), 7, "given twice"),
    (ORGANISATION, ("stages: [test, prod]", "stages: [prod, prod]"), 8, "given twice"),
    (ORGANISATION, ("regions: [eu-west-1]", "regions: []"), 9, "'regions' is empty"),
    (ORGANISATION, ("regions: [eu-west-1]", "regions: [eu-west-1, Ireland]"), 9, "not the name of a region"),
    (ORGANISATION, ("frameworks: [house]", "frameworks: [hose]"), 10, "did you mean house?"),
    (ORGANISATION, ("queue-keeps-messages:", "queue-keep-messages:"), 12, "did you mean queue-keeps-messages?"),
    (ORGANISATION, ("{seconds:", "{second:"), 12, "did you mean seconds?"),
    (ORGANISATION, ("172800", '"172800"'), 12, "of another type"),
    (ORGANISATION, ("172800", "true"), 12, "of another type"),
    (ORGANISATION, ("{seconds: 172800}", "{names: [1]}"), 12, "of another type"),
    (SHOP, ("accounts: {prod:", "accounts: {prd:"), 6, "did you mean prod?"),
    (SHOP, ('"222222222222"', '"222222222223"'), 6, "there is no such account"),
    (SHOP, ("parameters: {prod:", "parameters: {live:"), 8, "one of test, prod"),
    (SHOP, ("region: eu-west-1", "region: eu-west-2"), 8, "no such region in use"),
    (SHOP, ("../templates/shop", "/etc"), 8, "must be relative"),
    (SHOP, ("../templates/shop", "../../elsewhere"), 8, "leads outside the repository"),
    (SHOP, ("../templates/shop", "../templates/*/../../../etc"), 8, "step up after a wildcard"),
    (OBJECTIVE, ("stages: [prod]", "stages: [production]"), 8, "no such stage"),
    (OBJECTIVE, ("workload.exposure", "workload.exposre"), 7, "did you mean exposure?"),
    (EXCEPTION, ("workload: shop", "workload: shp"), 2, "did you mean shop?"),
    (EXCEPTION, ("control: bucket-has-versions", "control: bucket-versions"), 2, "did you mean bucket-has-versions?"),
    (EXCEPTION, ("resource: Old*", "objective: nothing"), 2, "no such objective"),
    (EXCEPTION, ("stage: prod}", "stage: life}"), 2, "no such stage"),
    (EXCEPTION, ("approver: security", "approver: ' Team-Shop'"), 6, "cannot approve their own"),
    (EXCEPTION, ("expires: 2026-07-01", "expires: 2026-01-01"), 8, "expires before it begins"),
]


@pytest.mark.parametrize(("file", "edit", "line", "says"), WRONG, ids=[f"{each[0]}: {each[1][1]}" for each in WRONG])
def test_one_wrong_reference_is_one_fault_at_its_line(
    faults: Faults, file: str, edit: tuple[str, str], line: int, says: str
) -> None:
    (fault,) = [fault for fault in faults({file: edit}) if fault.file.endswith(file)]
    assert fault.line == line
    assert says in str(fault)


def test_an_exception_for_nothing_in_particular_is_a_fault(faults: Faults) -> None:
    scope = "scope: {workload: shop, control: bucket-has-versions, resource: Old*, stage: prod}"
    (fault,) = faults({EXCEPTION: (scope, "scope: {stage: prod}")})
    assert "would cover everything" in fault.message


def test_an_organisational_unit_that_only_holds_others_is_known(faults: Faults) -> None:
    assert faults({ORGANISATION: ("ou: Workloads/Prod", "ou: Workloads")}) == ()


def test_an_id_is_the_name_of_its_file(faults: Faults) -> None:
    (fault,) = faults({"workloads/web.yaml": "id: wb\ntitle: Web\nowner: me\n"})
    assert (fault.line, fault.found, fault.expected) == (1, "wb", "web")


def test_an_id_is_given_once(faults: Faults) -> None:
    (fault,) = faults({"workloads/more/shop.yaml": "id: shop\ntitle: Shop\nowner: me\n"})
    assert "given twice" in fault.message
    assert "workloads/" in fault.remedy


def test_all_faults_of_all_files_come_at_once(faults: Faults) -> None:
    changes = {file: edit for file, edit, _, _ in WRONG}
    found = faults(changes)
    assert {fault.file.rsplit("/", 1)[-1] for fault in found} == {file.rsplit("/", 1)[-1] for file in changes}


def test_a_faulty_control_does_not_make_its_references_faulty(faults: Faults) -> None:
    (fault,) = faults({"controls/s3/bucket-has-versions.yaml": ('Status == "Enabled"', 'Status == "Enabled" &&')})
    assert fault.file.endswith("bucket-has-versions.yaml")
