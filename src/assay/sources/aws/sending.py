"""Requests over HTTP: one boto3 session for the process, one client for each service and region.

Clients are shared by all accounts: whose credentials sign a request is decided when it is signed. A client costs some
ten milliseconds and a megabyte, and a large organisation would need a hundred thousand of them. Units come service by
service, so that those of the last few services are enough to keep.
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3
import botocore.session
from botocore import exceptions, parsers, xform_name
from botocore.config import Config

from assay.sources.aws import samples
from assay.sources.aws.calls import NOT_OFFERED, Kind, Refused, Request
from assay.sources.aws.identities import Identities
from assay.sources.aws.paths import plain
from assay.sources.aws.refusals import is_nowhere, refusal

_KEPT = 128


def new_session() -> boto3.Session:
    """Return the session of a collection. It reads the models of services where they have been read already."""
    core = botocore.session.Session()
    core.register_component("data_loader", samples.session().get_component("data_loader"))
    return boto3.Session(botocore_session=core)


@dataclass(slots=True)
class Sender:
    """Sends requests by botocore. `connections` bounds how many may be open for one service and region."""

    session: boto3.Session
    identities: Identities
    endpoint: str = ""
    connections: int = 32
    _clients: OrderedDict[tuple[str, str], Any] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _signing: threading.local = field(default_factory=threading.local)

    def __call__(self, request: Request) -> Mapping[str, Any]:
        """Send a request once, and once more when the account's credentials have expired meanwhile. Raises Refused."""
        try:
            return self._send(request)
        except Refused as refused:
            if refused.kind is not Kind.EXPIRED or not self.identities.forget(request.account):
                raise
        return self._send(request)

    def _send(self, request: Request) -> Mapping[str, Any]:
        client = self._client(request.service, request.region)
        try:
            self._signing.credentials = self.identities.credentials(request.account)
            answer = getattr(client, xform_name(request.operation))(**request.arguments)
        except Refused:
            raise
        except (exceptions.BotoCoreError, exceptions.ClientError, parsers.ResponseParserError) as error:
            raise self._refused(error, request) from error
        found: Mapping[str, Any] = plain(answer)
        return found

    def _refused(self, error: Exception, request: Request) -> Refused:
        if is_nowhere(error) and not self._is_offered(request.service, request.region):
            return Refused(Kind.REFUSED, NOT_OFFERED, f"{request.service} has no endpoint in {request.region}")
        return refusal(error)

    def _is_offered(self, service: str, region: str) -> bool:
        """Whether botocore knows the service to be in the region, or of no region at all."""
        known = self.session.get_available_regions(service, partition_name=self.identities.partition)
        return not known or region in known

    def _client(self, service: str, region: str) -> Any:
        with self._lock:
            if (service, region) not in self._clients:
                client = self.session.client(
                    service,
                    region_name=region,
                    endpoint_url=self.endpoint or None,
                    config=Config(
                        retries={"total_max_attempts": 1, "mode": "standard"},
                        connect_timeout=10,
                        read_timeout=60,
                        max_pool_connections=self.connections,
                        account_id_endpoint_mode="disabled",
                        inject_host_prefix=False if self.endpoint else None,
                        user_agent_appid="assay",
                    ),
                )
                client.meta.events.register("before-sign", self._sign)
                self._clients[service, region] = client
                if len(self._clients) > _KEPT:
                    self._clients.popitem(last=False)  # who is using it has it still
            self._clients.move_to_end((service, region))
            return self._clients[service, region]

    def _sign(self, request: Any, **_: Any) -> None:
        request.context.setdefault("signing", {})["request_credentials"] = self._signing.credentials
