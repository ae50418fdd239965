"""A request that shows something, told in names that people know: real roles, the resources that an action takes.

Every change is confirmed by the evaluator; what is not confirmed stays as the search found it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from assay.permissions.request import Caller, CallerKind, Request
from assay.permissions.solve import Answer, Query, confirm

# Organizations makes this role in every account that it creates (user guide, "Accessing a member account").
EVERYWHERE: Final = "OrganizationAccountAccessRole"

_IAM: Final = (
    (r"policyversion|createpolicy|deletepolicy$", "policy/example"),
    (r"provider", "oidc-provider/example.com"),
    (r"group", "group/example"),
    (r"instanceprofile", "instance-profile/example"),
    (r"role|passrole", "role/example"),
    (r"user|accesskey|loginprofile|credential", "user/example"),
)
_RESOURCES: Final[Mapping[str, str]] = {
    "sts": "arn:aws:iam::{account}:role/example",
    "kms": "arn:aws:kms:{region}:{account}:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    "sqs": "arn:aws:sqs:{region}:{account}:example",
    "sns": "arn:aws:sns:{region}:{account}:example",
    "secretsmanager": "arn:aws:secretsmanager:{region}:{account}:secret:example-AbCdEf",
    "lambda": "arn:aws:lambda:{region}:{account}:function:example",
    "cloudtrail": "arn:aws:cloudtrail:{region}:{account}:trail/example",
    "guardduty": "arn:aws:guardduty:{region}:{account}:detector/12abc34d567e8fa901bc2d34e56789f0",
    "securityhub": "arn:aws:securityhub:{region}:{account}:hub/default",
    "access-analyzer": "arn:aws:access-analyzer:{region}:{account}:analyzer/example",
    "backup": "arn:aws:backup:{region}:{account}:backup-vault:example",
    "rds": "arn:aws:rds:{region}:{account}:snapshot:example",
    "ram": "arn:aws:ram:{region}:{account}:resource-share/example",
    "cloudformation": "arn:aws:cloudformation:{region}:{account}:stack/example/example",
    "ssm": "arn:aws:ec2:{region}:{account}:instance/i-1234567890abcdef0",
    "ecr": "arn:aws:ecr:{region}:{account}:repository/example",
}
_EC2: Final = (
    (r"snapshot", "arn:aws:ec2:{region}::snapshot/snap-1234567890abcdef0"),
    (r"image", "arn:aws:ec2:{region}::image/ami-1234567890abcdef0"),
    (r"flowlog", "arn:aws:ec2:{region}:{account}:vpc-flow-log/fl-1234567890abcdef0"),
    (r"instance", "arn:aws:ec2:{region}:{account}:instance/i-1234567890abcdef0"),
)


def readable(query: Query, answer: Answer, roles: Sequence[str] | None = None, region: str = "eu-west-1") -> Answer:
    """Return the answer with its request in plain names. roles: ARNs of roles that there are; None: who calls stays."""
    request = answer.request
    if request is None:
        return answer
    callers = iter(()) if roles is None else _with_caller(request, roles)
    for change in (_with_resource(request, region), callers):
        for changes in change:
            candidate = replace(request, **changes)  # type: ignore[arg-type]  # fields of a request
            if not confirm(query, candidate):
                request = candidate
                break
    return replace(answer, request=request)


def _with_resource(request: Request, region: str) -> Iterator[dict[str, object]]:
    account = request.caller.account or request.owner
    service, _, name = request.action.lower().partition(":")
    for form in _forms(service, name):
        yield {"resource": form.format(account=account or "111122223333", region=region)}


def _forms(service: str, name: str) -> Iterator[str]:
    if service == "iam":
        yield from (f"arn:aws:iam::{{account}}:{form}" for words, form in _IAM if re.search(words, name))
    elif service == "ec2":
        yield from (form for words, form in _EC2 if re.search(words, name))
        yield "*"
    elif service == "s3":
        of_bucket = "bucket" in name or "configuration" in name
        yield "*" if "account" in name else f"arn:aws:s3:::example-bucket{'' if of_bucket else '/example'}"
    else:
        yield _RESOURCES.get(service, "*")
        yield "*"


def _with_caller(request: Request, roles: Sequence[str]) -> Iterator[dict[str, object]]:
    account, kind = request.caller.account, request.caller.kind
    if kind not in (CallerKind.ROLE, CallerKind.USER) or not account:
        return
    mine = [each for each in roles if f"::{account}:role/" in each]
    for arn in (*mine, f"arn:aws:iam::{account}:role/{EVERYWHERE}"):
        session = f"arn:aws:sts::{account}:assumed-role/{arn.rpartition('/')[2]}/session"
        caller = Caller(CallerKind.ROLE, account, arn, session)
        moved = replace(request, caller=caller)
        yield {
            "caller": caller,
            "context": {key: each for key, each in request.context.items() if key not in moved.known},
        }
