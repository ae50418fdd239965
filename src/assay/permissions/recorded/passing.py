"""The roles that an operation hands to a service, for which it asks for iam:PassRole beside its own action.

Sources, as of 2026-11: Service Authorization Reference, "Dependent actions" of each service; IAM user guide, "Grant a
user permissions to pass a role to an AWS service" and the key iam:PassedToService.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from assay.permissions.recorded.resources import Asked, partition_of
from assay.sources.cloudtrail import Event

PASS_ROLE: Final = "iam:PassRole"  # noqa: S105 - the name of an action

# Action → parameters that name a role, and the service that it is for. An operation without the parameter passes none.
_STACKS: Final = (("roleARN",), "cloudformation.amazonaws.com")
_PASSING: Final[Mapping[str, tuple[tuple[str, ...], str]]] = MappingProxyType(
    {
        "cloudformation:CreateChangeSet": _STACKS,
        "cloudformation:CreateStack": _STACKS,
        "cloudformation:UpdateStack": _STACKS,
        "ec2:RunInstances": (("iamInstanceProfile",), "ec2.amazonaws.com"),  # of which role is not recorded
        "ecs:RegisterTaskDefinition": (("taskRoleArn", "executionRoleArn"), "ecs-tasks.amazonaws.com"),
        "eks:CreateCluster": (("roleArn",), "eks.amazonaws.com"),
        "lambda:CreateFunction": (("role",), "lambda.amazonaws.com"),
        "lambda:UpdateFunctionConfiguration": (("role",), "lambda.amazonaws.com"),
        "states:CreateStateMachine": (("roleArn",), "states.amazonaws.com"),
    }
)


class Passed(NamedTuple):
    """A role that is passed, and the service that is to use it."""

    role: Asked
    service: str


def passed_roles(event: Event, action: str) -> tuple[Passed, ...]:
    """Return the roles that an operation passes; a pattern where it is not recorded which one."""
    parameters, service = _PASSING.get(action, ((), ""))
    return tuple(Passed(each, service) for each in _roles(event, parameters))


def _roles(event: Event, parameters: tuple[str, ...]) -> Iterator[Asked]:
    for each in parameters:
        value = event.request.get(each)
        if isinstance(value, str) and ":role/" in value:
            yield Asked(value)
        elif value:
            yield Asked(f"arn:{partition_of(event.region)}:iam::{event.account or '*'}:role/*", pattern=True)


def passes_roles(action: str) -> bool:
    """Return whether the operation of an action may pass a role."""
    return action in _PASSING
