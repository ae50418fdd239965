"""What botocore raises is told apart: denied, throttled, expired, unreachable, malformed, and the rest."""

import datetime
import socket
from typing import Any

import boto3
import pytest
from botocore import exceptions, parsers
from botocore.stub import Stubber

from assay.errors import UsageError
from assay.sources.aws import sending
from assay.sources.aws.calls import NOT_OFFERED, Kind, Refused, Request
from assay.sources.aws.identities import Identities, Role
from assay.sources.aws.refusals import refusal
from assay.sources.aws.sending import Sender, new_session

REQUEST = Request("111122223333", "eu-west-1", "kms", "ListKeys", {})


def _error(code: str, status: int = 400) -> exceptions.ClientError:
    response: Any = {"Error": {"Code": code, "Message": "m"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return exceptions.ClientError(response, "ListKeys")


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (_error("AccessDenied", 403), Kind.DENIED),
        (_error("AccessDeniedException"), Kind.DENIED),
        (_error("UnauthorizedOperation", 403), Kind.DENIED),
        (_error("ThrottlingException"), Kind.THROTTLED),
        (_error("RequestLimitExceeded", 503), Kind.THROTTLED),
        (_error("SlowDown", 503), Kind.THROTTLED),
        (_error("Busy", 429), Kind.THROTTLED),
        (_error("ExpiredToken", 403), Kind.EXPIRED),
        (_error("ExpiredTokenException"), Kind.EXPIRED),
        (_error("InternalError", 500), Kind.UNREACHABLE),
        (_error("NoSuchBucket", 404), Kind.REFUSED),
        # Of a region that is disabled; it says nothing about the credentials.
        (_error("UnrecognizedClientException"), Kind.REFUSED),
        (exceptions.EndpointConnectionError(endpoint_url="x"), Kind.UNREACHABLE),
        (exceptions.ReadTimeoutError(endpoint_url="x"), Kind.UNREACHABLE),
        (exceptions.ParamValidationError(report="r"), Kind.MALFORMED),
        (parsers.ResponseParserError("x"), Kind.MALFORMED),
        (exceptions.UnauthorizedSSOTokenError(), Kind.EXPIRED),
        (exceptions.UnsupportedSignatureVersionError(signature_version="v1"), Kind.REFUSED),
    ],
)
def test_an_error_is_of_one_kind(error: Exception, kind: Kind) -> None:
    assert refusal(error).kind is kind


def test_without_credentials_nothing_can_be_asked() -> None:
    with pytest.raises(UsageError, match="there are no credentials for AWS"):
        refusal(exceptions.NoCredentialsError())


@pytest.mark.parametrize(
    ("service", "region", "number", "code", "kind"),
    [
        ("apprunner", "af-south-1", socket.EAI_NONAME, NOT_OFFERED, Kind.REFUSED),
        ("apprunner", "af-south-1", socket.EAI_AGAIN, "", Kind.UNREACHABLE),  # an outage says nothing
        ("apprunner", "eu-west-1", socket.EAI_NONAME, "", Kind.UNREACHABLE),  # it should be there
    ],
)
def test_a_service_without_an_endpoint_is_told_from_one_that_cannot_be_reached(
    monkeypatch: pytest.MonkeyPatch, service: str, region: str, number: int, code: str, kind: Kind
) -> None:
    def resolve(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(number, "no")

    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    session = new_session()
    sender = Sender(session, Identities(session, "999999999999"))
    with pytest.raises(Refused) as refused:
        sender(Request("999999999999", region, service, "ListServices", {}))
    assert (refused.value.kind, refused.value.code) == (kind, code)


NOW = datetime.datetime(2026, 11, 25, 8, tzinfo=datetime.UTC)


def _identities(session: boto3.Session, clock: list[datetime.datetime]) -> tuple[Identities, Stubber]:
    identities = Identities(session, "999999999999", Role("reader", "secret-handshake"), clock=lambda: clock[0])
    identities._sts = session.client("sts", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
    return identities, Stubber(identities._sts)


def _assumed(stub: Stubber, key: str, expires: datetime.datetime) -> None:
    made = {"AccessKeyId": key, "SecretAccessKey": "s", "SessionToken": "t", "Expiration": expires}
    expected = {
        "RoleArn": "arn:aws:iam::111122223333:role/reader",
        "RoleSessionName": "assay-collect",
        "ExternalId": "secret-handshake",
    }
    stub.add_response("assume_role", {"Credentials": made}, expected)


def test_a_role_is_assumed_once_and_again_before_its_credentials_expire() -> None:
    clock = [NOW]
    identities, stub = _identities(new_session(), clock)
    _assumed(stub, "A" * 16, NOW + datetime.timedelta(hours=1))
    _assumed(stub, "B" * 16, NOW + datetime.timedelta(hours=2))
    with stub:
        assert identities.credentials("111122223333").access_key == "A" * 16
        assert identities.credentials("111122223333").access_key == "A" * 16
        clock[0] = NOW + datetime.timedelta(minutes=56)
        assert identities.credentials("111122223333").access_key == "B" * 16


def test_credentials_that_aws_calls_expired_are_made_anew_and_ours_cannot_be() -> None:
    identities, stub = _identities(new_session(), [NOW])
    _assumed(stub, "A" * 16, NOW + datetime.timedelta(hours=1))
    _assumed(stub, "B" * 16, NOW + datetime.timedelta(hours=1))
    with stub:
        identities.credentials("111122223333")
        assert identities.forget("111122223333")
        assert identities.credentials("111122223333").access_key == "B" * 16
    assert not identities.forget("999999999999")


def test_without_a_role_no_other_account_is_read() -> None:
    identities = Identities(new_session(), "999999999999")
    with pytest.raises(Refused, match="no role was named to assume in account 111122223333; add --role") as refused:
        identities.credentials("111122223333")
    assert refused.value.api == "sts:AssumeRole"


def test_the_clients_of_the_last_services_are_kept_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "_KEPT", 2)
    session = new_session()
    sender = Sender(session, Identities(session, "999999999999"))
    first = sender._client("sqs", "eu-west-1")
    sender._client("sqs", "us-east-1")
    assert sender._client("sqs", "eu-west-1") is first
    sender._client("sqs", "us-west-2")
    assert list(sender._clients) == [("sqs", "eu-west-1"), ("sqs", "us-west-2")]
