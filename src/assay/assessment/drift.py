"""What is declared against what is deployed: missing, unmanaged, drifted, or not known.

A declared resource and a live one are the same when the tags that CloudFormation sets on the live one say so, when the
template gives it the name that the live one has, or when the live one has the name that CloudFormation makes of the
logical id and no other one could. Everything else is not joined, and counted as not checked.
"""

import enum
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, Final

from assay.assessment.changes import Changes
from assay.assessment.difference import Compared, SamePolicy, compare
from assay.errors import Fault
from assay.inventory.identity import GLOBAL, is_global
from assay.inventory.resource import Gap, Resource
from assay.inventory.schema import resource_schema, resource_types
from assay.inventory.services import table
from assay.inventory.values import Unknown, Value

_STACK: Final = "aws:cloudformation:stack-name"
_LOGICAL: Final = "aws:cloudformation:logical-id"


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


class Way(enum.StrEnum):
    """How a declared resource and a live one were found to be the same."""

    TAGS = "stack tags"
    NAME = "name"
    MADE_NAME = "name made of the logical id"


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
    joined = _Join(declared, mine)
    found = [_declared(each, joined, listed, same_policy, gone) for each in declared]
    found += [_alone(each, joined) for each in mine if each.id not in joined.taken]
    ordered = sorted(found, key=lambda each: (each.declared is None, each.resource.id))
    return Drift(tuple(ordered), tuple(sorted(accounts)))


# -- who is who --------------------------------------------------------------------------------------------------------


class _Join:
    """Which live resource each declared one is."""

    def __init__(self, declared: Sequence[Resource], live: Sequence[Resource]) -> None:
        self.declared = declared
        self._tagged: dict[tuple[str, str, str, str], list[Resource]] = defaultdict(list)
        self._named: dict[tuple[str, str, str, str], list[Resource]] = defaultdict(list)
        self._kinds: dict[tuple[str, str, str], list[Resource]] = defaultdict(list)
        for each in live:
            if not each.folded_into and not each.fragment:
                self._index(each)
        self.stacks = self._stacks_of()
        self.by_id: dict[str, tuple[Resource, Way]] = {}
        self.taken: dict[str, str] = {}
        for find in (self._by_tags, self._by_name, self._by_made_name):
            for each in declared:
                if each.id not in self.by_id and not each.folded_into and not each.fragment:
                    self._take(each, find(each))

    def _index(self, live: Resource) -> None:
        account, region, kind = _place(live)
        tags = tags_of(live)
        for place in ((account, region, kind), (account, "", kind)):  # of what is declared, the region may not be said
            if isinstance(tags, Mapping) and _LOGICAL in tags:
                self._tagged[*place, str(tags[_LOGICAL])].append(live)
            for name in {live.name, *names_of(live)}:
                self._named[*place, name].append(live)
            self._kinds[place].append(live)

    def _take(self, declared: Resource, found: tuple[Resource, Way] | None) -> None:
        if found is not None and found[0].id not in self.taken:
            self.by_id[declared.id] = found
            self.taken[found[0].id] = declared.id

    def of_kind(self, declared: Resource) -> list[Resource]:
        """Return the live resources that could be it as far as account, region and type go."""
        return self._kinds.get(_place(declared), [])

    def _stacks_of(self) -> Mapping[str, str]:
        """Return, by file, the stack that has most of its logical ids; of a file that no stack fits, nothing."""
        votes: dict[str, Counter[str]] = defaultdict(Counter)
        for each in self.declared:
            for live in self._tagged.get((*_place(each), each.name), ()):
                tags = tags_of(live)
                if isinstance(tags, Mapping) and _STACK in tags:
                    votes[each.origin.position.file][str(tags[_STACK])] += 1
        # The name breaks a tie, so that the order of the resources does not matter.
        return {file: max(counts.items(), key=lambda one: (one[1], one[0]))[0] for file, counts in votes.items()}

    def _by_tags(self, declared: Resource) -> tuple[Resource, Way] | None:
        stack = self.stacks.get(declared.origin.position.file)
        found = self._tagged.get((*_place(declared), declared.name), [])
        mine = [each for each in found if stack is not None and _tag(each, _STACK) == stack]
        return (mine[0], Way.TAGS) if len(mine) == 1 else None

    def _by_name(self, declared: Resource) -> tuple[Resource, Way] | None:
        found = {
            each.id: each for name in names_of(declared) for each in self._named.get((*_place(declared), name), ())
        }
        return (next(iter(found.values())), Way.NAME) if len(found) == 1 else None

    def _by_made_name(self, declared: Resource) -> tuple[Resource, Way] | None:
        if has_name(declared) or not re.fullmatch("[A-Za-z0-9]+", declared.name):
            return None
        # "<stack>-<logical id>-<12 or 13 letters and digits>"; some services keep names in lower case.
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-name.html
        stack = self.stacks.get(declared.origin.position.file)
        begin = re.escape(f"{stack}-") if stack else ".+-"
        made = re.compile(f"{begin}{re.escape(declared.name)}-[A-Za-z0-9]{{12,13}}", re.IGNORECASE)
        found = [each for each in self.of_kind(declared) if each.id not in self.taken and made.fullmatch(_called(each))]
        return (found[0], Way.MADE_NAME) if len(found) == 1 else None

    @cached_property
    def unjoined(self) -> Counter[tuple[str, str, str]]:
        """How many declared resources of each place and type were not found."""
        places = [_place(each) for each in self.declared if each.id not in self.by_id and not each.folded_into]
        return Counter(places)

    def may_be(self, live: Resource) -> int:
        """Return how many declared resources that were not found could be this one."""
        account, region, kind = _place(live)
        return self.unjoined[account, region, kind] + self.unjoined[account, "", kind]

    def texts(self, hole: Unknown) -> frozenset[str]:
        """Return the texts that a reference to a joined resource may stand for."""
        if hole.reference is None or hole.reference.resource not in self.by_id:
            return frozenset()
        live, _ = self.by_id[hole.reference.resource]
        attribute = hole.reference.attribute.rpartition(".")[2]
        stated = live.properties.get(attribute) if attribute else None
        if attribute:
            return frozenset({stated} if isinstance(stated, str) else ())
        return frozenset({live.name, *names_of(live)})


def _place(resource: Resource) -> tuple[str, str, str]:
    region = GLOBAL if is_global(resource.type) else resource.origin.region
    return resource.origin.account, region, resource.type


def _called(resource: Resource) -> str:
    return resource.name.rpartition("/")[2]


@lru_cache(maxsize=4096)
def _naming(kind: str) -> tuple[str, ...]:
    identifier = resource_schema(kind).primary_identifier if kind in resource_types() else ()
    return tuple(dict.fromkeys((*(identifier if len(identifier) == 1 else ()), *table(kind).names)))


def names_of(resource: Resource) -> frozenset[str]:
    """Return the texts that the resource is called by, as its properties state them."""
    stated = (resource.properties.get(each) for each in (*_naming(resource.type), "Arn"))
    return frozenset(each for each in stated if isinstance(each, str) and each)


def has_name(resource: Resource) -> bool:
    """Return whether a declared resource is given a name, known or not."""
    return any(resource.properties.get(each) is not None for each in _naming(resource.type))


def tags_of(resource: Resource) -> Mapping[str, Value] | Unknown | None:
    """Return the tags of a resource as a mapping; None when it states none, an unknown when they were not collected."""
    stated: Any = resource.properties.get("Tags")
    if isinstance(stated, Mapping):
        return stated
    if isinstance(stated, Sequence) and not isinstance(stated, str):
        pairs = [each for each in stated if isinstance(each, Mapping) and isinstance(each.get("Key"), str)]
        return {each["Key"]: each.get("Value") for each in pairs}
    return stated if isinstance(stated, Unknown) else None


def _tag(resource: Resource, key: str) -> Value:
    tags = tags_of(resource)
    return tags.get(key) if isinstance(tags, Mapping) else None


# -- declared ----------------------------------------------------------------------------------------------------------


def _declared(
    declared: Resource, joined: _Join, listed: Listed, same_policy: SamePolicy, gone: Mapping[str, str]
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


def _not_found(declared: Resource, joined: _Join, listed: Listed, gone: Mapping[str, str]) -> Found:
    account, region, kind = _place(declared)
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
    if _shows_stacks(kind) and all(_is_of_other(each, joined, declared) for each in others):
        return Found(Outcome.MISSING, declared, why=f"no {kind} carries the tags of its stack")
    told = f"it has no name in the template, and {len(others)} {kind} could be it"
    return Found(Outcome.NOT_CHECKED, declared, why=told)


def _is_of_other(live: Resource, joined: _Join, declared: Resource) -> bool:
    """Return whether a live resource is surely not this one: its tags are known, and those of this stack are not."""
    tags = tags_of(live)
    stack = joined.stacks.get(declared.origin.position.file)
    if declared.origin.source != "cloudformation" or isinstance(tags, Unknown):
        return False
    return stack is not None and (tags or {}).get(_STACK) != stack


@lru_cache(maxsize=4096)
def _shows_stacks(kind: str) -> bool:
    """Return whether resources of a type carry the tags that CloudFormation sets."""
    tagging = resource_schema(kind).document.get("tagging") if kind in resource_types() else None
    return isinstance(tagging, Mapping) and tagging.get("cloudFormationSystemTags") is True


# -- live only ---------------------------------------------------------------------------------------------------------


def _alone(live: Resource, joined: _Join) -> Found:
    if live.folded_into:
        return Found(Outcome.PART, live=live, why=live.folded_into)
    if live.fragment:
        return Found(Outcome.NOT_CHECKED, live=live, why="a part of a resource that was not observed")
    if made := _made_by_aws(live):
        return Found(Outcome.OF_AWS, live=live, why=made)
    if live.type not in resource_types():
        return Found(Outcome.NOT_CHECKED, live=live, why="no schema describes its type")
    stack = _tag(live, _STACK)
    if isinstance(stack, str):
        known = stack in joined.stacks.values()
        told = "its stack is declared, and this resource is not" if known else "its stack is not among the templates"
        return Found(Outcome.UNMANAGED if known else Outcome.ELSEWHERE, live=live, why=f"stack {stack}: {told}")
    if count := joined.may_be(live):
        told = f"it could be one of {count} declared {live.type} that were not found"
        return Found(Outcome.UNKNOWN, live=live, why=told)
    if not _shows_stacks(live.type):
        return Found(Outcome.UNKNOWN, live=live, why=f"a {live.type} does not show which stack it is of")
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
