"""What is declared against what is deployed: missing, unmanaged, drifted, or not known.

A declared resource and a live one are the same when the tags that CloudFormation sets on the live one say so, when the
template gives it the name that the live one has, or when the live one has the name that CloudFormation makes of the
logical id and no other one could. Everything else is not joined, and counted as not checked.
"""

import enum
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from assay.assessment.changes import Changes
from assay.assessment.difference import Compared, SamePolicy, compare
from assay.assessment.joining import STACK, Join, Way, is_of_other, names_of, place_of, tag_of, tags_of
from assay.errors import Fault
from assay.inventory.resource import Gap, Resource
from assay.inventory.schema import resource_types
from assay.inventory.values import Unknown


class Outcome(enum.StrEnum):
    """What came of one resource."""

    DRIFTED = "drifted"
    MISSING = "missing"
    UNMANAGED = "unmanaged"
    UNKNOWN = "not known"
    NOT_CHECKED = "not checked"
    IN_SYNC = "in sync"
    ELSEWHERE = "of another stack"
    OF_AWS = "made by AWS"
    PART = "compared within its owner"


@dataclass(frozen=True, slots=True)
class Found:
    """What came of one resource: declared, live, or both. `why`: the reason where there is nothing to compare."""

    outcome: Outcome
    declared: Resource | None = None
    live: Resource | None = None
    way: Way | None = None
    why: str = ""
    compared: Compared = field(default_factory=Compared)

    @property
    def resource(self) -> Resource:
        """The resource, as declared where it is."""
        found = self.declared or self.live
        assert found is not None
        return found


@dataclass(frozen=True)
class Drift:
    """What came of all of them, in order of ids. `accounts`: those whose live resources were looked at."""

    found: tuple[Found, ...]
    accounts: tuple[str, ...]

    def count(self) -> Mapping[Outcome, int]:
        """Return how many resources have each outcome."""
        return Counter(each.outcome for each in self.found)


@dataclass(frozen=True)
class AccountDrift:
    """What came of one account. `workloads`: id → stage; `declared_by`: id of a declared resource → its workload."""

    account: str
    workloads: Mapping[str, str]
    declared_by: Mapping[str, str]
    drift: Drift


@dataclass(frozen=True)
class Drifted:
    """The answer.

    observed  When the first and the last live resource were seen, "" when nothing says so.
    without   Workloads that have no account at the stage: nothing of theirs is compared.
    """

    accounts: tuple[AccountDrift, ...]
    observed: tuple[str, str]
    changes: Changes
    faults: tuple[Fault, ...]
    gaps: tuple[Gap, ...]
    without: tuple[str, ...] = ()

    @property
    def found(self) -> tuple[Found, ...]:
        """What came of every resource."""
        return tuple(each for one in self.accounts for each in one.drift.found)


Listed = Callable[[str, str, str], bool]
"""Whether every live resource of a type in an account and region is known: (account, region, type)."""


def drift(
    declared: Sequence[Resource],
    live: Sequence[Resource],
    accounts: Collection[str],
    listed: Listed,
    same_policy: SamePolicy,
    gone: Mapping[str, str],
) -> Drift:
    """Return what came of each declared resource, and of each live one in these accounts.

    gone  id → why, of live resources that are known not to exist any more.
    """
    mine = [each for each in live if each.origin.account in accounts]
    joined = Join(declared, mine)
    found = [_declared(each, joined, listed, same_policy, gone) for each in declared]
    found += [_alone(each, joined) for each in mine if each.id not in joined.taken]
    ordered = sorted(found, key=lambda each: (each.declared is None, each.resource.id))
    return Drift(tuple(ordered), tuple(sorted(accounts)))


# -- declared ----------------------------------------------------------------------------------------------------------


def _declared(
    declared: Resource, joined: Join, listed: Listed, same_policy: SamePolicy, gone: Mapping[str, str]
) -> Found:
    if declared.folded_into:
        return Found(Outcome.PART, declared, why=declared.folded_into)
    if declared.fragment:
        return Found(Outcome.NOT_CHECKED, declared, why="a part of a resource that is declared elsewhere")
    if declared.type not in resource_types():
        return Found(Outcome.NOT_CHECKED, declared, why="no schema describes its type")
    same = joined.by_id.get(declared.id)
    if same is None:
        return _not_found(declared, joined, listed, gone)
    live, way = same
    compared = compare(declared, live, joined.texts, same_policy)
    if compared.differences:
        outcome = Outcome.DRIFTED
    elif compared.unknown:
        outcome = Outcome.UNKNOWN
    else:
        outcome = Outcome.IN_SYNC
    return Found(outcome, declared, live, way, _sums(compared), compared)


def _sums(compared: Compared) -> str:
    if compared.unknown and not compared.differences:
        return f"{compared.equal} values are equal, of {len(compared.unknown)} it is not known"
    return ""


def _not_found(declared: Resource, joined: Join, listed: Listed, gone: Mapping[str, str]) -> Found:
    account, region, kind = place_of(declared)
    if declared.condition is not True:
        return Found(Outcome.NOT_CHECKED, declared, why="whether it exists depends on a condition that is not decided")
    if not account:
        return Found(Outcome.NOT_CHECKED, declared, why="in which account it is deployed is not said")
    names = names_of(declared)
    for name in sorted(names):
        if why := gone.get(f"{account}/{region}/{kind}/{name}"):
            return Found(Outcome.MISSING, declared, why=why)
    if not region:
        return Found(Outcome.NOT_CHECKED, declared, why="in which region it is deployed is not said")
    if not listed(account, region, kind):
        told = f"what was observed does not say that it has every {kind} of {account} in {region}"
        return Found(Outcome.NOT_CHECKED, declared, why=told)
    others = [each for each in joined.of_kind(declared) if each.id not in joined.taken]
    if not others:
        return Found(Outcome.MISSING, declared, why=f"there is no {kind} beyond those of other declarations")
    if names and all(names_of(each) or each.name for each in others):
        return Found(Outcome.MISSING, declared, why=f"no {kind} has the name {sorted(names)[0]}")
    if all(joined.shows_stacks(each) and is_of_other(each, joined, declared) for each in others):
        return Found(Outcome.MISSING, declared, why=f"no {kind} carries the tags of its stack")
    told = f"it has no name in the template, and {len(others)} {kind} could be it"
    return Found(Outcome.NOT_CHECKED, declared, why=told)


# -- live only ---------------------------------------------------------------------------------------------------------


def _alone(live: Resource, joined: Join) -> Found:
    if live.folded_into:
        return Found(Outcome.PART, live=live, why=live.folded_into)
    if live.fragment:
        return Found(Outcome.NOT_CHECKED, live=live, why="a part of a resource that was not observed")
    if made := _made_by_aws(live):
        return Found(Outcome.OF_AWS, live=live, why=made)
    if live.type not in resource_types():
        return Found(Outcome.NOT_CHECKED, live=live, why="no schema describes its type")
    stack = tag_of(live, STACK)
    if isinstance(stack, str):
        known = stack in joined.stacks.values()
        told = "its stack is declared, and this resource is not" if known else "its stack is not among the templates"
        return Found(Outcome.UNMANAGED if known else Outcome.ELSEWHERE, live=live, why=f"stack {stack}: {told}")
    if count := joined.may_be(live):
        told = f"it could be one of {count} declared {live.type} that were not found"
        return Found(Outcome.UNKNOWN, live=live, why=told)
    if not joined.shows_stacks(live):
        return Found(Outcome.UNKNOWN, live=live, why=f"no {live.type} shows here which stack it is of")
    if isinstance(tags_of(live), Unknown):
        return Found(Outcome.UNKNOWN, live=live, why=str(tags_of(live).reason))  # type: ignore[union-attr]
    return Found(Outcome.UNMANAGED, live=live, why="it is in no stack and nothing declares it")


# Property → value of what AWS makes in every account or for a service, in CloudFormation's names.
_DEFAULTS: Final = {"AWS::EC2::VPC": "IsDefault", "AWS::EC2::Subnet": "DefaultForAz"}


def _made_by_aws(live: Resource) -> str:
    if " of AWS" in live.type:
        return "AWS manages it"
    path, name = live.properties.get("Path"), live.name
    if live.type == "AWS::IAM::Role" and (
        str(path).startswith(("/aws-service-role/", "/aws-reserved/")) or name.startswith("AWSServiceRoleFor")
    ):
        return "a service or IAM Identity Center made it"
    if live.type == "AWS::EC2::SecurityGroup" and live.properties.get("GroupName") == "default":
        return "every VPC has it"
    if live.properties.get(_DEFAULTS.get(live.type, "")) is True:
        return "AWS makes it with the account"
    if str(live.properties.get("AliasName", "")).startswith("alias/aws/"):
        return "AWS manages it"
    return ""


def drifting(found: Iterable[Found]) -> Iterator[Found]:
    """Yield those that are not as declared."""
    yield from (each for each in found if each.outcome in (Outcome.DRIFTED, Outcome.MISSING, Outcome.UNMANAGED))
