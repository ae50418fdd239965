"""Which live resource each declared one is: by the tags of its stack, by its name, by one that is made of its id."""

import enum
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any, Final

from assay.inventory.identity import GLOBAL, is_global
from assay.inventory.resource import Resource
from assay.inventory.schema import resource_schema, resource_types
from assay.inventory.services import table
from assay.inventory.values import Unknown, Value

STACK: Final = "aws:cloudformation:stack-name"
_LOGICAL: Final = "aws:cloudformation:logical-id"


class Way(enum.StrEnum):
    """How a declared resource and a live one were found to be the same."""

    TAGS = "stack tags"
    NAME = "name"
    MADE_NAME = "name made of the logical id"


class Join:
    """Which live resource each declared one is."""

    def __init__(self, declared: Sequence[Resource], live: Sequence[Resource]) -> None:
        self.declared = declared
        self._tagged: dict[tuple[str, str, str, str], list[Resource]] = defaultdict(list)
        self._named: dict[tuple[str, str, str, str], list[Resource]] = defaultdict(list)
        self._showing: set[tuple[str, str]] = set()
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
        account, region, kind = place_of(live)
        tags = tags_of(live)
        if isinstance(tags, Mapping) and STACK in tags:
            self._showing.add((live.type, live.origin.source))
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
        return self._kinds.get(place_of(declared), [])

    def _stacks_of(self) -> Mapping[tuple[str, str], str]:
        """Return, by template and region, the stack that has most of its logical ids; where none fits, nothing."""
        votes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for each in self.declared:
            for live in self._tagged.get((*place_of(each), each.name), ()):
                tags = tags_of(live)
                if isinstance(tags, Mapping) and STACK in tags:
                    votes[_template(each)][str(tags[STACK])] += 1
        # The name breaks a tie, so that the order of the resources does not matter.
        return {
            template: max(counts.items(), key=lambda one: (one[1], one[0]))[0] for template, counts in votes.items()
        }

    def stack_of(self, declared: Resource) -> str | None:
        """Return the stack that the template of a resource is deployed as, None when that cannot be told."""
        return self.stacks.get(_template(declared))

    def shows_stacks(self, live: Resource) -> bool:
        """Return whether a live resource would carry the tags of its stack, if it had one.

        Where the type does; and where its source is known not to leave them out, as some handlers of Cloud Control do.
        """
        tagging = resource_schema(live.type).document.get("tagging") if live.type in resource_types() else None
        tagged = isinstance(tagging, Mapping) and tagging.get("cloudFormationSystemTags") is True
        return tagged and (live.origin.source == "aws_config" or (live.type, live.origin.source) in self._showing)

    def _by_tags(self, declared: Resource) -> tuple[Resource, Way] | None:
        stack = self.stack_of(declared)
        found = self._tagged.get((*place_of(declared), declared.name), [])
        mine = [each for each in found if stack is not None and tag_of(each, STACK) == stack]
        return (mine[0], Way.TAGS) if len(mine) == 1 else None

    def _by_name(self, declared: Resource) -> tuple[Resource, Way] | None:
        found = {
            each.id: each for name in names_of(declared) for each in self._named.get((*place_of(declared), name), ())
        }
        return (next(iter(found.values())), Way.NAME) if len(found) == 1 else None

    def _by_made_name(self, declared: Resource) -> tuple[Resource, Way] | None:
        if has_name(declared) or not re.fullmatch("[A-Za-z0-9]+", declared.name):
            return None
        # "<stack>-<logical id>-<12 or 13 letters and digits>"; some services keep names in lower case.
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-name.html
        stack = self.stack_of(declared)
        begin = re.escape(f"{stack}-") if stack else ".+-"
        made = re.compile(f"{begin}{re.escape(declared.name)}-[A-Za-z0-9]{{12,13}}", re.IGNORECASE)
        found = [each for each in self.of_kind(declared) if each.id not in self.taken and made.fullmatch(_called(each))]
        return (found[0], Way.MADE_NAME) if len(found) == 1 else None

    @cached_property
    def unjoined(self) -> Counter[tuple[tuple[str, str, str], str]]:
        """How many declared resources of each place, type and name ("" for those without one) were not found."""
        lost = [each for each in self.declared if each.id not in self.by_id and not each.folded_into]
        return Counter((place_of(each), name) for each in lost for name in names_of(each) or {""})

    def may_be(self, live: Resource) -> int:
        """Return how many declared resources that were not found could be this one: those of no name, or of its own."""
        account, region, kind = place_of(live)
        called = {"", live.name, *names_of(live)}
        return sum(
            self.unjoined[place, name] for place in ((account, region, kind), (account, "", kind)) for name in called
        )

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


def _template(resource: Resource) -> tuple[str, str]:
    return resource.origin.position.file, resource.origin.region


def place_of(resource: Resource) -> tuple[str, str, str]:
    """Return account, region and type."""
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


def tag_of(resource: Resource, key: str) -> Value:
    """Return the value of a tag, None when there is none or it is not known."""
    tags = tags_of(resource)
    return tags.get(key) if isinstance(tags, Mapping) else None


def is_of_other(live: Resource, joined: Join, declared: Resource) -> bool:
    """Return whether a live resource is surely not this one: its tags are known, and those of this stack are not."""
    tags = tags_of(live)
    stack = joined.stack_of(declared)
    if declared.origin.source != "cloudformation" or isinstance(tags, Unknown):
        return False
    return stack is not None and (tags or {}).get(STACK) != stack
