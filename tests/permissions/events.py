"""Short ways to write recorded events."""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from assay.sources.cloudtrail import Event, event_of

ACCOUNT, OTHER = "111111111111", "222222222222"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/team/app"


def session(role: str = ROLE, name: str = "one", **more: Any) -> dict[str, Any]:
    """The identity of a session of a role."""
    account = role.split(":")[4]
    short = role.rpartition("/")[2]
    return {
        "type": "AssumedRole",
        "principalId": f"AROAEXAMPLE:{name}",
        "arn": f"arn:aws:sts::{account}:assumed-role/{short}/{name}",
        "accountId": account,
        "sessionContext": {
            "sessionIssuer": {"type": "Role", "arn": role, "accountId": account, "userName": short},
            "attributes": {"creationDate": "2026-11-20T08:00:00Z", "mfaAuthenticated": "false"},
        },
        **more,
    }


def user(name: str = "ann", account: str = ACCOUNT, **more: Any) -> dict[str, Any]:
    """The identity of a user with a long-lived key."""
    arn = f"arn:aws:iam::{account}:user/{name}"
    return {"type": "IAMUser", "principalId": "AIDAEXAMPLE", "arn": arn, "accountId": account, "userName": name, **more}


def record(action: str = "iam:ListRoles", **more: Any) -> dict[str, Any]:
    """A record; what is not given is usual, what is None is left out."""
    service, _, name = action.partition(":")
    found = {
        "eventVersion": "1.11",
        "eventID": "e-1",
        "eventTime": "2026-11-20T09:00:00Z",
        "eventSource": f"{service}.amazonaws.com",
        "eventName": name,
        "awsRegion": "eu-west-1",
        "sourceIPAddress": "198.51.100.7",
        "userAgent": "aws-cli/2.15",
        "userIdentity": session(),
        "requestParameters": None,
        "recipientAccountId": ACCOUNT,
        "eventType": "AwsApiCall",
        "eventCategory": "Management",
        **more,
    }
    return {key: value for key, value in found.items() if value is not None}


def event(action: str = "iam:ListRoles", **more: Any) -> Event:
    found = event_of(record(action, **more))
    assert found is not None
    return found


def write(path: Path, records: Iterable[dict[str, Any]]) -> Path:
    """Write a file as CloudTrail delivers it."""
    content = json.dumps({"Records": list(records)}).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path
