"""On which resource an event asked for its action: as listed in the event, else by its parameters, else not known.

The resource of a request may be a pattern: all that is known of it. An action that is about no kind of resource is
asked for on `*`. Sources: Service Authorization Reference, "Resource types" of each service.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from assay.permissions.recorded.catalogue import Action, action_named, shape, shaped
from assay.sources.cloudtrail import Event, Touched

ANYTHING: Final = "*"


class Asked(NamedTuple):
    """The resource of a request. `account`: its owner, "" when not recorded; `pattern`: `arn` stands for several."""

    arn: str
    account: str = ""
    pattern: bool = False


# Prefix of actions → kind of resource → parameters and what the ARN is, from the resource part on. `{}` is the value of
# the parameter; `*` and `?` what is not recorded: the path of a role, the six characters after the name of a secret.
_PARAMETERS: Final[Mapping[str, Mapping[str, tuple[tuple[str, str], ...]]]] = MappingProxyType(
    {
        "iam": {
            "role": (("roleName", "role/*{}"),),
            "user": (("userName", "user/*{}"),),
            "group": (("groupName", "group/*{}"),),
            "instance-profile": (("instanceProfileName", "instance-profile/*{}"),),
            "policy": (("policyName", "policy/*{}"),),
        },
        "dynamodb": {"table": (("tableName", "table/{}"),)},
        "lambda": {"function": (("functionName", "function:{}"),)},
        "kms": {"key": (("keyId", "key/{}"),)},
        "secretsmanager": {"secret": (("secretId", "secret:{}-??????"), ("name", "secret:{}-??????"))},
        "cloudtrail": {"trail": (("name", "trail/{}"), ("trailName", "trail/{}"))},
        "guardduty": {"detector": (("detectorId", "detector/{}"),)},
        "cloudformation": {"stack": (("stackName", "stack/{}/*"),)},
        "ecr": {"repository": (("repositoryName", "repository/{}"),)},
        "eks": {"cluster": (("name", "cluster/{}"), ("clusterName", "cluster/{}"))},
        "kinesis": {"stream": (("streamName", "stream/{}"),)},
        "logs": {"log-group": (("logGroupName", "log-group:{}*"),)},
        "sqs": {"queue": (("queueName", "{}"),)},
        "sns": {"topic": (("name", "{}"),)},
        "rds": {
            "db": (("dBInstanceIdentifier", "db:{}"),),
            "cluster": (("dBClusterIdentifier", "cluster:{}"),),
        },
        "events": {"rule-on-default-event-bus": (("name", "rule/{}"),)},
        "cloudwatch": {"alarm": (("alarmName", "alarm:{}"),)},
    }
)
_S3_KINDS: Final = {"object": "AWS::S3::Object", "bucket": "AWS::S3::Bucket"}
_PARTITIONS: Final = (("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"))


def partition_of(region: str) -> str:
    """Return the partition that a region is in."""
    return next((partition for beginning, partition in _PARTITIONS if region.startswith(beginning)), "aws")


def resource_of(event: Event, name: str) -> Asked:
    """Return the resource on which an event asked for the action."""
    action = action_named(name)
    if action is not None and not action.resources:
        return Asked(ANYTHING)
    if name.startswith("s3:") and action is not None:
        return _in_s3(event, action)
    listed = [each for each in event.touched if each.arn and _is_of(each.arn, action)]
    if len(listed) == 1:
        return Asked(listed[0].arn, listed[0].account)
    if action is None or listed:
        return Asked(ANYTHING, pattern=True)
    stated = [each for each in _arns(event.request) if _is_of(each, action)]
    if len(stated) == 1:
        return Asked(stated[0])
    return _by_parameters(event, action) or _by_shape(event, action)


def _in_s3(event: Event, action: Action) -> Asked:
    """A bucket and an object have ARNs of one form; the kinds of the action tell which of them is meant."""
    kind = next((each for each in _S3_KINDS if each in action.resources), "")
    buckets = [each for each in event.touched if each.type == _S3_KINDS["bucket"]]
    owner = next((each.account for each in buckets if each.account), "")
    listed: list[Touched] = [each for each in event.touched if each.arn and each.type == _S3_KINDS.get(kind)]
    if len(listed) == 1:
        return Asked(listed[0].arn, listed[0].account or owner)
    bucket, key = event.request.get("bucketName"), event.request.get("key")
    if not isinstance(bucket, str) or not bucket or kind not in _S3_KINDS:
        return Asked(ANYTHING, owner, pattern=True)
    arn = f"arn:{partition_of(event.region)}:s3:::{bucket}"
    if kind == "bucket":
        return Asked(arn, owner)
    if isinstance(key, str) and key:
        return Asked(f"{arn}/{key}", owner)
    return Asked(f"{arn}/*", owner, pattern=True) if _is_plain(bucket) else Asked(ANYTHING, owner, pattern=True)


def _is_of(arn: str, action: Action | None) -> bool:
    """Return whether an ARN may be of a kind that the action is about."""
    if not arn.startswith("arn:"):
        return False
    return action is None or any(shape(each).fullmatch(arn) for each in _formats(action))


def _formats(action: Action) -> Iterator[str]:
    for each in action.resources.values():
        yield from each


def _arns(request: Mapping[str, object]) -> list[str]:
    found = {each for each in request.values() if isinstance(each, str) and each.startswith("arn:")}
    return sorted(found)


def _by_parameters(event: Event, action: Action) -> Asked | None:
    prefix = action.name.partition(":")[0]
    for kind, rows in _PARAMETERS.get(prefix, {}).items():
        formats = action.resources.get(kind)
        for parameter, form in rows if formats and len(action.resources) == 1 else ():
            value = event.request.get(parameter)
            if formats and isinstance(value, str) and _is_plain(value):
                *head, _ = formats[0].split(":", 5)
                beginning = shaped(":".join(head), partition_of(event.region), event.region, event.account)
                arn = f"{beginning}:{form.format(value)}"
                return Asked(arn, event.account, pattern="*" in arn or "?" in arn)
    return None


def _by_shape(event: Event, action: Action) -> Asked:
    formats = tuple(_formats(action))
    if len(formats) != 1:
        return Asked(ANYTHING, pattern=True)
    return Asked(shaped(formats[0], partition_of(event.region), "", ""), pattern=True)


def _is_plain(value: str) -> bool:
    """Return whether a value is a name: no ARN or alias, and without characters that a pattern would read."""
    return bool(value) and not value.startswith("alias/") and not any(each in value for each in "*?${}:")
