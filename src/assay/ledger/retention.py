"""Object lock: a bucket in which nothing can be deleted or changed for a time, by nobody.

It is the bucket's default retention in compliance mode, so that whatever any writer puts there has it. Replacing an
object keeps the version before, and deleting one hides it.
"""

import os
import re
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from assay.errors import UsageError

LONGEST = 36_500  # days; S3 takes a hundred years at most


def retain(address: str, days: int, client: Any = None) -> int:
    """Make the bucket at an address keep everything for so many days; return for how many it does.

    A longer retention in compliance mode stays. Raises UsageError when it is no bucket, has no object lock, or we may
    not tell or set it.
    """
    name = bucket_of(address)
    if not 0 < days <= LONGEST:
        raise UsageError(f"--retain-days {days}: expected 1 to {LONGEST}")
    client = client or _client()
    lock = _lock(client, name)
    default = lock.get("Rule", {}).get("DefaultRetention", {})
    kept = int(default.get("Days", 0)) + 365 * int(default.get("Years", 0))
    if default.get("Mode") == "COMPLIANCE" and kept >= days:
        return kept
    rule = {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": max(days, kept)}}
    try:
        client.put_object_lock_configuration(
            Bucket=name, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": rule}
        )
    except (ClientError, BotoCoreError) as error:
        raise UsageError(f"the retention of the bucket {name} could not be set: {error}") from None
    return max(days, kept)


def bucket_of(address: str) -> str:
    """Return the name of the bucket at an address. Raises UsageError when there is none."""
    bucket = re.fullmatch(r"s3a?://([^/]+)(/.*)?", address)
    if not bucket:
        raise UsageError(f"only a bucket can retain what is written; {address} is none, expected s3://bucket/prefix")
    return bucket[1]


def _client() -> Any:
    import boto3

    try:  # obstore goes by AWS_REGION, the SDK by AWS_DEFAULT_REGION
        return boto3.session.Session(region_name=os.environ.get("AWS_REGION")).client("s3")
    except BotoCoreError as error:
        raise UsageError(f"cannot ask S3: {error}") from None


def _lock(client: Any, name: str) -> dict[str, Any]:
    """Return the bucket's object lock. Raises UsageError when it has none, or we may not tell."""
    without = f"the bucket {name} has no object lock; switch it on (with versioning), or choose another bucket"
    try:
        lock: dict[str, Any] = client.get_object_lock_configuration(Bucket=name)["ObjectLockConfiguration"]
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") == "ObjectLockConfigurationNotFoundError":
            raise UsageError(without) from None
        raise UsageError(f"whether the bucket {name} has object lock could not be read: {error}") from None
    except BotoCoreError as error:
        raise UsageError(f"whether the bucket {name} has object lock could not be read: {error}") from None
    if lock.get("ObjectLockEnabled") != "Enabled":
        raise UsageError(without)
    return lock
