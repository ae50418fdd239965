"""moto's server, asked over HTTP as AWS is, with an organisation of several accounts in it."""

import json
import logging
import socket
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import boto3

from assay.sources.aws.sending import new_session

HOME = "123456789012"  # moto's own
ROLE = "assay-reader"
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{HOME}:root"}, "Action": "sts:AssumeRole"}
        ],
    }
)


@dataclass
class Emulated:
    """A running server. Nobody is denied anything until `enforcing`."""

    url: str
    _keys: dict[str, dict[str, str]] = field(default_factory=dict)
    _clients: dict[tuple[str, str, str], Any] = field(default_factory=dict)

    def client(self, service: str, account: str = HOME, region: str = "eu-west-1") -> Any:
        key = (service, account, region)
        if key not in self._clients:
            self._clients[key] = self.session.client(
                service, region_name=region, endpoint_url=self.url, **self.keys(account)
            )
        return self._clients[key]

    @cached_property
    def session(self) -> boto3.Session:
        return new_session()

    def keys(self, account: str) -> Mapping[str, str]:
        """Credentials that may do anything in an account, while nothing is enforced."""
        if account == HOME:
            return {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
        if account not in self._keys:
            sts = self.client("sts", HOME, "us-east-1")
            arn = f"arn:aws:iam::{account}:role/maker"
            made = sts.assume_role(RoleArn=arn, RoleSessionName="maker")["Credentials"]
            self._keys[account] = {
                "aws_access_key_id": made["AccessKeyId"],
                "aws_secret_access_key": made["SecretAccessKey"],
                "aws_session_token": made["SessionToken"],
            }
        return self._keys[account]

    def reset(self) -> None:
        self._keys.clear()
        self._clients.clear()
        self._post("reset", "")

    @contextmanager
    def enforcing(self) -> Iterator[None]:
        """From here on every request needs a policy that allows it."""
        self._post("reset-auth", "0")
        try:
            yield
        finally:
            self._post("reset-auth", "inf")

    def _post(self, path: str, body: str) -> None:
        plain = {"Content-Type": "text/plain"}
        request = urllib.request.Request(f"{self.url}/moto-api/{path}", body.encode(), plain, method="POST")
        urllib.request.urlopen(request, timeout=10).read()

    def reader(self, account: str, policies: Sequence[Mapping[str, Any]]) -> None:
        """Make the role that the collector assumes in an account, with these policies and no others."""
        iam = self.client("iam", account)
        if any(each["RoleName"] == ROLE for each in iam.list_roles()["Roles"]):
            for name in iam.list_role_policies(RoleName=ROLE)["PolicyNames"]:
                iam.delete_role_policy(RoleName=ROLE, PolicyName=name)
        else:
            iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=TRUST)
        for number, each in enumerate(policies):
            iam.put_role_policy(RoleName=ROLE, PolicyName=f"read-{number}", PolicyDocument=json.dumps(each))

    def collector(self, policies: Sequence[Mapping[str, Any]]) -> Mapping[str, str]:
        """Make the user of the home account that collects; its credentials, as the environment says them."""
        iam = self.client("iam")
        iam.create_user(UserName="collector")
        assume = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}
        for number, each in enumerate([*policies, {"Version": "2012-10-17", "Statement": [assume]}]):
            iam.put_user_policy(UserName="collector", PolicyName=f"read-{number}", PolicyDocument=json.dumps(each))
        key = iam.create_access_key(UserName="collector")["AccessKey"]
        return {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}


@contextmanager
def emulated() -> Iterator[Emulated]:
    """Run the server for as long as the block lasts."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    with _subdomains_of_localhost():
        yield Emulated(f"http://localhost:{port}")
    server.stop()


@contextmanager
def _subdomains_of_localhost() -> Iterator[None]:
    """Some requests go to a host of the account's own; not every resolver knows that such a one is this machine."""
    before: Callable[..., Any] = socket.getaddrinfo

    def resolve(host: Any, *rest: Any, **more: Any) -> Any:
        return before("127.0.0.1" if str(host).endswith("localhost") else host, *rest, **more)

    socket.getaddrinfo = resolve
    try:
        yield
    finally:
        socket.getaddrinfo = before
