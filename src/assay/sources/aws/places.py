"""Which accounts and regions are collected, and why others are not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assay.errors import UsageError
from assay.inventory.resource import Gap
from assay.inventory.values import Cause, Reason
from assay.sources.aws.calls import Kind, Port, Refused, Request, reason
from assay.sources.aws.pages import whole

# Where services with one endpoint for all regions are asked, by partition of ARNs.
HOMES: Mapping[str, str] = {
    "aws": "us-east-1",
    "aws-cn": "cn-north-1",
    "aws-us-gov": "us-gov-west-1",
}

_ENABLED = frozenset({"ENABLED", "ENABLED_BY_DEFAULT", "opted-in", "opt-in-not-required"})


@dataclass(frozen=True, slots=True)
class Organisation:
    """The organisation that an account is in. accounts: (id, status) of all, where they were asked for."""

    management: str
    accounts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Regions:
    """The regions of one account: those that it uses, and those that are disabled in it."""

    enabled: tuple[str, ...]
    disabled: tuple[str, ...]


def organisation(port: Port, home: str, region: str, *, accounts: bool) -> Organisation | None:
    """Return the organisation that our own account is in; None when it is in none, or we may not know.

    accounts  Whether all accounts are asked for; then it raises UsageError when they cannot be had.
    """
    try:
        answer = port(Request(home, region, "organizations", "DescribeOrganization", {}))
        management = str(answer["Organization"]["MasterAccountId"])
        if not accounts:
            return Organisation(management)
        listed = whole(port, Request(home, region, "organizations", "ListAccounts", {}))["Accounts"]
    except Refused as refused:
        if accounts or refused.kind is Kind.EXPIRED:
            raise UsageError(f"the accounts of the organisation cannot be listed: {refused}") from None
        return None
    found = tuple(sorted((str(each["Id"]), str(each.get("State") or each.get("Status"))) for each in listed))
    return Organisation(management, found)


def regions(port: Port, account: str, home: str) -> Regions:
    """Return the regions of an account, as it says itself. Raises Refused when neither API says so."""
    try:
        listed = whole(port, Request(account, home, "account", "ListRegions", {})).get("Regions") or []
        status = {str(each["RegionName"]): str(each["RegionOptStatus"]) for each in listed}
    except Refused as refused:
        if refused.kind is Kind.EXPIRED:
            raise
        request = Request(account, home, "ec2", "DescribeRegions", {"AllRegions": True})
        described = port(request).get("Regions") or []
        status = {str(each["RegionName"]): str(each.get("OptInStatus") or "opt-in-not-required") for each in described}
    enabled = tuple(sorted(name for name, each in status.items() if each in _ENABLED))
    return Regions(enabled, tuple(sorted(status.keys() - set(enabled))))


def suspended(account: str, status: str) -> Gap:
    """Return the gap of an account of the organisation that is not active: nothing in it can be read."""
    detail = f"account {account} is {status.lower()} in the organisation: nothing in it can be read"
    return Gap(account, Reason(Cause.NOT_COLLECTED, account, detail))


def disabled(account: str, region: str, types: Iterable[str]) -> Gap:
    """Return the gap of a region that was asked for and is disabled in an account."""
    detail = f"region {region} is disabled in account {account}: what may be left in it cannot be read"
    return Gap(f"{account}/{region}", Reason(Cause.NOT_COLLECTED, f"{account}/{region}", detail), tuple(sorted(types)))


def unreachable(account: str, refused: Refused, region: str) -> Gap:
    """Return the gap of an account into which we do not come, or that does not say its regions."""
    return Gap(account, reason(refused, Request(account, region, "ec2", "DescribeRegions", {})))


def chosen(asked: Sequence[str], known: Regions) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the regions to collect, and those that were asked for in vain."""
    if not asked:
        return known.enabled, ()
    return tuple(each for each in asked if each not in known.disabled), tuple(
        each for each in asked if each in known.disabled
    )
