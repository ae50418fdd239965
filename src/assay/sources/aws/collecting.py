"""One type in one account and region: its resources, and what could not be read of them.

What a call did not answer is unknown, and no more than that: a list that was cut off gives what was read of it, and a
gap for the rest; a call about one resource makes unknown what it would have given.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Protocol

from assay.inventory.identity import GLOBAL
from assay.inventory.resource import Gap, Origin, Position, Resource
from assay.inventory.values import Reason
from assay.sources.aws import translate
from assay.sources.aws.calls import Kind, Port, Refused, Request, reason
from assay.sources.aws.entry import Call, Entry, List, Scope, Together
from assay.sources.aws.pages import pages, paging, whole
from assay.sources.aws.paths import Eyes, Place, Unanswerable
from assay.sources.aws.translate import Answered, Item, Outcome, Settled, Unread


class Spread(Protocol):
    """Does something for each of several things, at once or one after the other, as `map` does."""

    def __call__(self, work: Callable[[Any], Any], things: Iterable[Any], /) -> Iterable[Any]:
        """Return the results in order."""


@dataclass(frozen=True, slots=True)
class Collected:
    """What was read of one type. `whole`: every resource of the type is among them."""

    resources: tuple[Resource, ...]
    gaps: tuple[Gap, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class Asking:
    """Asks for one entry in one account and region.

    place   Where the lists are asked for.
    now     The moment, in ISO 8601.
    spread  How calls about several items are made.
    """

    entry: Entry
    port: Port
    place: Place
    now: Callable[[], str]
    spread: Spread = map
    eyes: Eyes = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "eyes", Eyes.at(self.place))

    def collect(self) -> Collected:
        """Return what there is. Raises Refused when the credentials have expired: nobody knows then what there is."""
        listed, gaps = self._listed()
        together = [self._together(call, listed) for call in self.entry.calls]
        described = self._together(self.entry.describe, listed) if self.entry.describe else None
        about = _About(self, described, together)
        resources: dict[str, Resource] = {}
        for found in self.spread(about.resources, listed.items()):
            for each in found:
                resources.setdefault(each.id, each)
        return Collected(tuple(resources.values()), tuple(gaps), whole=not gaps)

    # Lists

    def _listed(self) -> tuple[Mapping[str, Any], list[Gap]]:
        """Return the items by identifier, and what could not be listed."""
        items: list[Any] = [{}]
        gaps: list[Gap] = []
        for each in self.entry.listing:
            named: list[Any] = []
            for below, unlisted in self.spread(partial(self._below, each), items):
                named += below
                gaps += unlisted
            items = named
        found: dict[str, Any] = {}
        for item in items:
            identifier = self._find(self.entry.identifier, item)
            if isinstance(identifier, str | int) and not isinstance(identifier, bool):
                found.setdefault(str(identifier), item)
            else:
                detail = f"an item of {self.entry.listing[-1].operation} has no {self.entry.identifier}"
                gaps.append(self._gap(Reason(Kind.MALFORMED.value, self.entry.type, detail)))
        return found, gaps

    def _below(self, step: List, above: Any) -> tuple[list[Any], list[Gap]]:
        """Return what one call names, with why it does not name all."""
        found: list[Any] = []
        arguments = {name: self._find(path, above) for name, path in step.arguments.items()}
        carried = {name: self._find(path, above) for name, path in step.carry.items()}
        request = self._request(step.operation, arguments, self.place.region)
        try:
            for answer in pages(self.port, request, paging(self.entry.service, step.operation, step.tokens)):
                found += self._items(step.items, answer)
        except Refused as refused:
            if refused.kind is Kind.EXPIRED:
                raise
            if refused.is_one_of((*step.absent, *self.entry.gone)) is None:
                return _carrying(found, carried), [self._gap(reason(refused, request))]
        return _carrying(found, carried), []

    def _items(self, path: str, answer: Mapping[str, Any]) -> list[Any]:
        try:
            items = self.eyes.find(path, answer)
        except Unanswerable as error:
            raise Refused(Kind.MALFORMED, "", str(error)) from error
        if items is None:
            return []
        if not isinstance(items, list):
            raise Refused(Kind.MALFORMED, "", f"{path} is no list")
        return [each for each in items if each is not None]

    def _gap(self, why: Reason) -> Gap:
        region = GLOBAL if self.entry.scope is not Scope.REGIONAL else self.place.region
        types = (self.entry.type, *sorted(self.entry.holds | self.entry.declares))
        return Gap(f"{self.place.account}/{region}/{self.entry.type}", why, types)

    # Calls about several items

    def _together(self, call: Call, listed: Mapping[str, Any]) -> "Mapping[Any, Any] | None":
        """Return what calls about several items answer, by the key of the item; None for a call about one."""
        if call.together is None:
            return None
        how, found = call.together, dict[Any, Any]()
        for keys in self._batches(how, listed):
            found |= self._answers(call, how, keys)
        return found

    def _batches(self, how: Together, listed: Mapping[str, Any]) -> Iterator[Sequence[Any]]:
        keys = list(dict.fromkeys(key for item in listed.values() if (key := self._find(how.by[0], item)) is not None))
        size = how.size if how.argument else max(len(keys), 1)
        yield from (keys[start : start + size] for start in range(0, len(keys), size))

    def _answers(self, call: Call, how: Together, keys: Sequence[Any]) -> Mapping[Any, Any]:
        arguments = {name: self._find(path, {}) for name, path in call.arguments.items()}
        arguments |= {how.argument: list(keys)} if how.argument else {}
        request = self._request(call.operation, arguments, self.place.region)
        found: dict[Any, Any] = {}
        try:
            for answer in pages(self.port, request, paging(self.entry.service, call.operation)):
                for each in self._items(how.items, answer):
                    found[self._find(how.by[1], each)] = each
        except Refused as refused:
            if refused.kind is Kind.EXPIRED:
                raise
            return {**dict.fromkeys(keys, Unread(reason(refused, request))), **found}
        return found

    # What both need

    def _request(self, operation: str, arguments: Mapping[str, Any], region: str) -> Request:
        given = {name: value for name, value in arguments.items() if value is not None}
        return Request(self.place.account, region, self.entry.service, operation, given)

    def _find(self, path: str, value: Any) -> Any:
        try:
            return self.eyes.find(path, value)
        except Unanswerable:
            return None


def _carrying(items: list[Any], carried: Mapping[str, Any]) -> list[Any]:
    return [{**each, **carried} if isinstance(each, dict) else each for each in items] if carried else items


@dataclass(frozen=True, slots=True)
class _About:
    """What is asked about each item, and made of the answers."""

    asking: Asking
    described: Mapping[Any, Any] | None
    together: Sequence[Mapping[Any, Any] | None]

    def resources(self, listed: tuple[str, Any]) -> tuple[Resource, ...]:
        """Return the resource that an item is, with those that it holds; () when it is none, or none any more."""
        identifier, item = listed
        asking, entry = self.asking, self.asking.entry
        try:
            item, missing = self._described(item)
            if entry.keep and missing is None and asking._find(entry.keep, item) is not True:
                return ()
            found = asking._find(entry.region, item) if entry.region else None
            place = replace(asking.place, region=found) if isinstance(found, str) and found else asking.place
            outcomes = [
                missing if missing is not None and call.when else self._outcome(call, item, place, answers)
                for call, answers in zip(entry.calls, self.together, strict=True)
            ]
        except _Gone:
            return ()
        is_placed = entry.scope is Scope.REGIONAL or isinstance(found, str)
        region = place.region if is_placed else GLOBAL
        origin = Origin(entry.source, Position(f"{place.account}/{region}"), place.account, region, asking.now())
        asked = Item(identifier, item, outcomes, missing)
        return (translate.resource(entry, asked, origin, asking.eyes), *translate.parts(entry, asked, origin))

    def _described(self, item: Any) -> tuple[Any, Unread | None]:
        """Return the item with its description, or why that is missing."""
        describe = self.asking.entry.describe
        if describe is None:
            return item, None
        outcome = self._outcome(describe, item, self.asking.place, self.described)
        if isinstance(outcome, Answered) and isinstance(outcome.value, dict):
            item = {**item, **outcome.value} if isinstance(item, dict) else outcome.value
        return item, outcome if isinstance(outcome, Unread) else None

    def _outcome(self, call: Call, item: Any, place: Place, answers: Mapping[Any, Any] | None) -> Outcome:
        if call.when and not self.asking._find(call.when, item):
            return Settled(call.otherwise)
        if call.together is not None and answers is not None:
            return self._from_several(call, item, answers)
        arguments = {name: self.asking._find(path, item) for name, path in call.arguments.items()}
        request = self.asking._request(call.operation, arguments, place.region)
        try:
            return self._seen(call, whole(self.asking.port, request), request)
        except Refused as refused:
            if refused.kind is Kind.EXPIRED:
                raise
            if (code := refused.is_one_of(call.absent)) is not None:
                return Settled(call.absent[code])
            if refused.is_one_of(self.asking.entry.gone) is not None:
                raise _Gone from None
            return Unread(reason(refused, request))

    def _from_several(self, call: Call, item: Any, answers: Mapping[Any, Any]) -> Outcome:
        assert call.together is not None
        key = self.asking._find(call.together.by[0], item)
        request = self.asking._request(call.operation, {}, self.asking.place.region)
        answer = answers.get(key)
        if isinstance(answer, Unread):
            return answer
        if answer is None:
            return Unread(reason(Refused(Kind.REFUSED, "", f"nothing was said about {key}"), request))
        return self._seen(call, answer, request)

    def _seen(self, call: Call, answer: Any, request: Request) -> Outcome:
        try:
            return Answered(self.asking.eyes.find(call.answer, answer))
        except Unanswerable as error:
            return Unread(reason(Refused(Kind.MALFORMED, "", str(error)), request))


class _Gone(Exception):
    """The item ceased to exist since it was listed."""
