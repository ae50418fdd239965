"""Whose credentials sign the requests of an account: our own, or those of a role in it that we assume."""

import datetime
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore import exceptions
from botocore.credentials import Credentials

from assay.sources.aws.calls import Kind, Refused
from assay.sources.aws.refusals import refusal

_MARGIN = datetime.timedelta(minutes=5)
_SESSION = "assay-collect"
_API = "sts:AssumeRole"


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


@dataclass(frozen=True, slots=True)
class Role:
    """The role that is assumed in every member account."""

    name: str
    external_id: str = ""


@dataclass(slots=True)
class Identities:
    """The credentials of each account, renewed before they expire.

    home  The account that the session's own credentials are of.
    role  None: no other account can be read.
    """

    session: boto3.Session
    home: str
    role: Role | None = None
    partition: str = "aws"
    endpoint: str = ""
    region: str = "us-east-1"
    clock: Callable[[], datetime.datetime] = _now
    _held: dict[str, tuple[Credentials, datetime.datetime]] = field(default_factory=dict)
    _locks: dict[str, threading.Lock] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _sts: Any = None

    def credentials(self, account: str) -> Any:
        """Return the credentials of an account. Raises Refused when its role cannot be assumed."""
        if account == self.home:
            return self.session.get_credentials()
        with self._lock:
            lock = self._locks.setdefault(account, threading.Lock())
        with lock:
            held = self._held.get(account)
            if held is None or held[1] - self.clock() < _MARGIN:
                held = self._held[account] = self._assumed(account)
            return held[0]

    def forget(self, account: str) -> bool:
        """Drop the credentials of an account, which AWS calls expired; False when there are no others to be had."""
        with self._lock:
            return self._held.pop(account, None) is not None

    def arn(self, account: str) -> str:
        """Return the role that is assumed in an account."""
        return f"arn:{self.partition}:iam::{account}:role/{self.role.name if self.role else ''}"

    def _assumed(self, account: str) -> tuple[Credentials, datetime.datetime]:
        if self.role is None:
            raise Refused(Kind.DENIED, "", f"no role was named to assume in account {account}; add --role", _API)
        external = {"ExternalId": self.role.external_id} if self.role.external_id else {}
        try:
            answer = self._client().assume_role(RoleArn=self.arn(account), RoleSessionName=_SESSION, **external)
        except (exceptions.BotoCoreError, exceptions.ClientError) as error:
            refused = refusal(error)
            said = f"{self.arn(account)} cannot be assumed: {refused}"
            raise Refused(refused.kind, refused.code, said, _API) from error
        stated = answer["Credentials"]
        made = Credentials(stated["AccessKeyId"], stated["SecretAccessKey"], stated["SessionToken"])
        return made, stated["Expiration"]

    def _client(self) -> Any:
        with self._lock:
            if self._sts is None:
                self._sts = self.session.client("sts", region_name=self.region, endpoint_url=self.endpoint or None)
            return self._sts
