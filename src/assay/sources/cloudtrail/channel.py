"""By what a change came: the console, a command line, a library, CloudFormation, Terraform, a service on its own.

Told by what the event says of its credentials and by the user agent, which callers can choose: a hint of an honest
caller, no proof. Source: CloudTrail user guide, "Record contents" (userAgent, sessionCredentialFromConsole, invokedBy).
"""

import enum
from typing import Final

from assay.sources.cloudtrail.event import Event


class Channel(enum.StrEnum):
    """By what a request was made."""

    CONSOLE = "console"
    COMMAND_LINE = "command line"
    CLOUDFORMATION = "CloudFormation"
    TERRAFORM = "Terraform"
    LIBRARY = "library"
    SERVICE = "service"
    UNKNOWN = "not known"


_AGENTS: Final = (
    (Channel.CONSOLE, ("console.amazonaws.com", "signin.amazonaws.com", "s3console/", "aws-internal/3 aws-sdk-java")),
    (Channel.TERRAFORM, ("terraform", "hashicorp", "opentofu", "pulumi")),
    (Channel.COMMAND_LINE, ("aws-cli/", "awspowershell", "aws-shell", "cloudshell")),
    (Channel.LIBRARY, ("boto3/", "botocore/", "aws-sdk-", "aws-cdk", "sdk-", "python-requests", "okhttp")),
    (Channel.CONSOLE, ("mozilla/",)),
)
_CLOUDFORMATION: Final = "cloudformation.amazonaws.com"


def channel_of(event: Event) -> Channel:
    """Return by what an event's request was made."""
    who = event.identity
    if _CLOUDFORMATION in (who.invoked_by, event.agent, event.ip):
        return Channel.CLOUDFORMATION
    if is_own_doing(event):
        return Channel.SERVICE
    if event.console:
        return Channel.CONSOLE
    agent = event.agent.strip("[]").lower()
    found = (channel for channel, marks in _AGENTS if any(mark in agent for mark in marks))
    return next(found, Channel.SERVICE if who.invoked_by else Channel.UNKNOWN)


def is_own_doing(event: Event) -> bool:
    """Return whether a service acted by itself: as a service, or by its service-linked role."""
    who = event.identity
    return who.type == "AWSService" or ":role/aws-service-role/" in who.issuer or event.kind == "AwsServiceEvent"
