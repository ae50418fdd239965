"""Asking AWS: what a request is, how it may be refused, and how long we insist.

Who sends requests is a `Port`: botocore (`sending.py`), or a stand-in of a test. Retrying is ours alone, so that one
place decides how hard each service is asked.
"""

import enum
import random
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from assay.errors import AssayError
from assay.inventory.values import Cause, Reason
from assay.sources.aws.pacing import Bucket


@dataclass(frozen=True, slots=True)
class Request:
    """One request to AWS. `account` is whose credentials sign it."""

    account: str
    region: str
    service: str
    operation: str
    arguments: Mapping[str, Any]


_REMEMBERED = 10_000  # buckets; what has not been asked for that long bears being asked afresh


class Kind(enum.Enum):
    """Why a request was not answered."""

    DENIED = Cause.DENIED
    THROTTLED = Cause.THROTTLED
    MALFORMED = Cause.MALFORMED  # the answer is not what the service's model says, or our question is not
    EXPIRED = "expired"  # the credentials are; nothing of the account can be read until there are new ones
    UNREACHABLE = "unreachable"  # no connection, no answer in time, an error of the service
    REFUSED = "refused"  # any other error


class Refused(AssayError):
    """A request was not answered.

    code, message  As the service says them; "" where it says none.
    api            What was refused, where that is not the request itself: "sts:AssumeRole", to be able to sign it.
    """

    def __init__(self, kind: Kind, code: str, message: str, api: str = "") -> None:
        self.kind = kind
        self.code = code
        self.message = message
        self.api = api
        super().__init__(f"{code}: {message}" if code else message)

    def is_one_of(self, codes: Mapping[str, Any] | tuple[str, ...]) -> str | None:
        """Return which of some codes of an entry this is; a code may go on with the beginning of the message."""
        for each in codes:
            code, _, beginning = each.partition(": ")
            if code == self.code and self.message.startswith(beginning):
                return each
        return None


NOT_OFFERED = "NotOffered"
"""Code of a refusal: the service has no endpoint in the region, so that nothing of it can be there."""


class Port(Protocol):
    """Sends a request once and returns the answer as plain JSON. Raises Refused."""

    def __call__(self, request: Request, /) -> Mapping[str, Any]:
        """Send a request."""


_SENTENCES = {
    Kind.DENIED: "is denied to the collector",
    Kind.THROTTLED: "was throttled until the collector gave up",
    Kind.MALFORMED: "was answered in a form that is not understood",
    Kind.EXPIRED: "could not be asked: the credentials have expired",
    Kind.UNREACHABLE: "could not be reached",
    Kind.REFUSED: "was refused",
}
_CAUSES = {Kind.DENIED: Cause.DENIED, Kind.THROTTLED: Cause.THROTTLED, Kind.MALFORMED: Cause.MALFORMED}


def reason(refused: Refused, request: Request) -> Reason:
    """Return why something is unknown: which API, of which account and region, and what it said."""
    api = refused.api or f"{request.service}:{request.operation}"
    where = f"account {request.account}, {request.region}"
    said = " ".join(str(refused).partition(" Encoded authorization failure message:")[0].split())[:200]
    detail = f"{api} {_SENTENCES[refused.kind]} ({where}): {said}"
    return Reason(_CAUSES.get(refused.kind, Cause.NOT_COLLECTED), api, detail)


@dataclass(frozen=True, slots=True)
class Insistence:
    """How often a request is sent again, and how long we wait between: `first` seconds, doubling up to `longest`.

    throttled    How often after a service said that it is asked too much.
    unreachable  How often after no answer, or an error of the service itself.
    """

    throttled: int = 8
    unreachable: int = 3
    first: float = 0.5
    longest: float = 20.0


@dataclass(slots=True)
class Patient:
    """A port that asks each service of each account and region no faster than it bears, and again when it must.

    requests  How many requests were sent, by service and operation.
    """

    port: Port
    insistence: Insistence = field(default_factory=Insistence)
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random
    requests: dict[tuple[str, str], int] = field(default_factory=dict)
    _buckets: OrderedDict[tuple[str, str, str], Bucket] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, request: Request) -> Mapping[str, Any]:
        """Send a request until it is answered, or refused for good. Raises Refused."""
        bucket = self._bucket(request)
        failures = {Kind.THROTTLED: 0, Kind.UNREACHABLE: 0}
        while True:
            if wait := bucket.reserve():
                self.sleep(wait)
            self._count(request)
            try:
                answer = self.port(request)
            except Refused as refused:
                if refused.kind not in failures or failures[refused.kind] >= self._limit(refused.kind):
                    raise
                if refused.kind is Kind.THROTTLED:
                    bucket.shrink()
                self.sleep(self._pause(failures[refused.kind]))
                failures[refused.kind] += 1
            else:
                bucket.recover()
                return answer

    def _limit(self, kind: Kind) -> int:
        return self.insistence.throttled if kind is Kind.THROTTLED else self.insistence.unreachable

    def _pause(self, failures: int) -> float:
        longest: float = min(self.insistence.longest, self.insistence.first * 2.0**failures)
        return longest * (0.5 + self.chance() / 2)  # not all at once again

    def _bucket(self, request: Request) -> Bucket:
        key = (request.account, request.region, request.service)
        with self._lock:
            if key not in self._buckets:
                self._buckets[key] = Bucket(self.clock)
                if len(self._buckets) > _REMEMBERED:
                    self._buckets.popitem(last=False)
            self._buckets.move_to_end(key)
            return self._buckets[key]

    def _count(self, request: Request) -> None:
        with self._lock:
            key = (request.service, request.operation)
            self.requests[key] = self.requests.get(key, 0) + 1
