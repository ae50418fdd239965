"""Findings into an emulated Security Hub: all taken, those that are no more archived, failures told one by one."""

import dataclasses
import json
import urllib.request
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from moto.server import ThreadedMotoServer
from tests.reports.conftest import ACME, NOW

from assay.errors import UsageError
from assay.operations import send
from assay.operations.assess import assess_repository
from assay.operations.send import Ours, Sent, send_findings
from assay.reports import asff, context
from assay.reports.context import ReportContext

ACCOUNT = "123456789012"  # moto's
HUB = asff.Hub(ACCOUNT, "eu-central-1", "aws", ())


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    yield f"http://127.0.0.1:{port}"
    server.stop()


@pytest.fixture(scope="module")
def acme() -> ReportContext:
    repository, assessment = assess_repository(ACME, now=NOW)
    return context.from_assessment(assessment, repository)


@pytest.fixture(scope="module")
def session() -> Any:
    return boto3.session.Session(aws_access_key_id="none", aws_secret_access_key="none")


@pytest.fixture
def client(endpoint: str, session: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    urllib.request.urlopen(urllib.request.Request(f"{endpoint}/moto-api/reset", method="POST")).close()
    made, account = send.open_hub("eu-central-1", session)
    assert account == ACCOUNT
    made.enable_security_hub()
    return made


@pytest.fixture
def some(acme: ReportContext) -> list[dict[str, Any]]:
    return list(asff.findings(acme, HUB, "/"))[:250]


def ours(acme: ReportContext, at: str = "2026-11-25T09:30:00.000Z", **more: Any) -> Ours:
    return dataclasses.replace(Ours(HUB.product, asff.prefix(acme), lambda name: True, at), **more)


def held(client: Any) -> dict[str, Any]:
    pages = client.get_paginator("get_findings").paginate()
    return {each["Id"]: each for page in pages for each in page["Findings"]}


def test_all_are_taken_a_hundred_a_call(client: Any, acme: ReportContext, some: list[Any]) -> None:
    sizes: list[int] = []
    client.meta.events.register(
        "provide-client-params.securityhub.BatchImportFindings",
        lambda params, **_: sizes.append(len(params["Findings"])),
    )
    seen: list[tuple[int, int]] = []
    assert send_findings(client, some, ours(acme), lambda *at: seen.append(at)) == Sent(250, 0, ())
    assert sizes == [100, 100, 50]
    assert seen == [(100, 250), (200, 250), (250, 250)]
    assert set(held(client)) == {each["Id"] for each in some}


def test_what_is_no_more_is_archived_and_what_stays_keeps_its_beginning(
    client: Any,
    acme: ReportContext,
    some: list[Any],
) -> None:
    send_findings(client, some, ours(acme))
    later = [each | {"CreatedAt": "2026-11-26T09:30:00.000Z", "UpdatedAt": "2026-11-26T09:30:00.000Z"} for each in some]
    again = send_findings(client, later[10:], ours(acme, at="2026-11-26T09:30:00.000Z"))
    assert again == Sent(250, 10, ())
    now = held(client)
    for number, each in enumerate(some):
        assert now[each["Id"]]["RecordState"] == ("ARCHIVED" if number < 10 else "ACTIVE")
        assert now[each["Id"]]["UpdatedAt"] == "2026-11-26T09:30:00.000Z"
        assert now[each["Id"]]["CreatedAt"] == "2026-11-25T09:30:00.000Z"
    assert send_findings(client, later[10:], ours(acme)) == Sent(240, 0, ()), "what is archived is left alone"


def test_when_nothing_is_found_any_more_all_are_archived(
    client: Any,
    acme: ReportContext,
    some: list[Any],
) -> None:
    send_findings(client, some[:5], ours(acme))
    assert send_findings(client, [], ours(acme)) == Sent(5, 5, ())


def test_what_was_not_looked_at_and_what_is_not_ours_is_left_alone(
    client: Any,
    acme: ReportContext,
    some: list[Any],
) -> None:
    other = some[0] | {"Id": "somebody-elses"}
    client.batch_import_findings(Findings=[other, *some[:5]])
    assert send_findings(client, some[5:6], ours(acme, covered=lambda name: False)) == Sent(1, 0, ())
    assert send_findings(client, some[5:6], ours(acme)).archived == 5
    assert held(client)["somebody-elses"]["RecordState"] == "ACTIVE"


def answering(status: int, body: bytes, times: int) -> Any:
    left = [times]

    def instead(request: Any, **_: Any) -> Any:
        if not left[0]:
            return None
        left[0] -= 1
        response = AWSResponse(request.url, status, {"content-type": "application/json"}, None)
        response._content = body
        return response

    return instead


def test_findings_that_are_not_taken_are_told_one_by_one(
    client: Any,
    acme: ReportContext,
    some: list[Any],
) -> None:
    refused = {"Id": some[3]["Id"], "ErrorCode": "InvalidInput", "ErrorMessage": "no"}
    body = json.dumps({"FailedCount": 1, "SuccessCount": 99, "FailedFindings": [refused]}).encode()
    client.meta.events.register("before-send.securityhub.BatchImportFindings", answering(200, body, 1))
    sent = send_findings(client, some, ours(acme))
    assert sent.taken == 249
    assert [(each.id, each.code, each.message) for each in sent.failed] == [(some[3]["Id"], "InvalidInput", "no")]


@pytest.mark.parametrize(
    ("status", "code"), [(429, "TooManyRequestsException"), (400, "ThrottlingException"), (500, "InternalException")]
)
def test_a_busy_hub_is_asked_again(
    client: Any,
    acme: ReportContext,
    some: list[Any],
    status: int,
    code: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    body = b'{"__type": "%s", "message": "slow down"}' % code.encode()
    client.meta.events.register("before-send.securityhub.BatchImportFindings", answering(status, body, 3))
    assert send_findings(client, some[:5], ours(acme)) == Sent(5, 0, ())


def test_a_refusal_says_how_far_it_came(client: Any, acme: ReportContext, some: list[Any]) -> None:
    body = b'{"__type": "AccessDeniedException", "message": "no"}'

    def second(request: Any, **_: Any) -> Any:
        calls.append(1)
        return answering(403, body, 1)(request) if len(calls) == 2 else None

    calls: list[int] = []
    client.meta.events.register("before-send.securityhub.BatchImportFindings", second)
    with pytest.raises(UsageError, match=r"100 of 250 findings were sent, and then: .*AccessDenied"):
        send_findings(client, some, ours(acme))


def test_when_it_cannot_be_told_what_is_there_nothing_is_sent(
    client: Any,
    acme: ReportContext,
    some: list[Any],
) -> None:
    body = b'{"__type": "AccessDeniedException", "message": "no"}'
    client.meta.events.register("before-send.securityhub.GetFindings", answering(403, body, 1))
    with pytest.raises(UsageError, match="what Security Hub has could not be read"):
        send_findings(client, some, ours(acme))
    assert not held(client)


def test_a_finding_larger_than_the_hub_takes_is_refused_before_anything_is_sent(
    client: Any,
    acme: ReportContext,
    some: list[Any],
) -> None:
    some[7]["Description"] = "ä" * 120_000
    with pytest.raises(UsageError, match="has more than 240000 bytes; nothing was sent"):
        send_findings(client, some, ours(acme))
    assert not held(client)
