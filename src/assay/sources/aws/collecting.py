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
from assay.inventory.values import Cause, Reason
from assay.sources.aws import translate
from assay.sources.aws.calls import NOT_OFFERED, Kind, Port, Refused, Request, reason
from assay.sources.aws.entry import Call, Entry, List, Scope, Together
from assay.sources.aws.pages import pages, paging, whole
from assay.sources.aws.paths import Eyes, Place, Unanswerable
from assay.sources.aws.reading import OF_SHAPE
from assay.sources.aws.translate import Answered, Item, Outcome, Settled, Unread


class Spread(Protocol):
    """Does something for each of several things, at once or one after the other, as `map` does."""

    def __call__(self, work: Callable[[Any], Any], things: Iterable[Any], /) -> Iterable[Any]:
        """Return the results in order."""


Answers = Mapping[Any, Any]
"""What calls about several items answer, by the key of the item; Unread or Settled where there is no answer."""


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
        descriptions = self._together(self.entry.describe, listed.values()) if self.entry.describe else None
        described = [
            each for each in self.spread(partial(self._described, descriptions), listed.items()) if each is not None
        ]
        together = [self._together(call, (each.value for each in described)) for call in self.entry.calls]
        resources: dict[str, Resource] = {}
        for found in self.spread(partial(self._resources, together), described):
            for each in found:
                if isinstance(each, Gap):
                    gaps.append(each)
                else:
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
                gaps.append(self._gap(Reason(Cause.MALFORMED, self.entry.type, detail)))
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
            none = (
                NOT_OFFERED,
                *step.absent,
                *(self.entry.gone if above else ()),
            )  # what it is listed under may be gone
            if refused.is_one_of(none) is None:
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

    def _together(self, call: Call, items: Iterable[Any]) -> Answers | None:
        """Return what calls about several items answer, by the key of the item; None for a call about one."""
        if call.together is None:
            return None
        how, found = call.together, dict[Any, Any]()
        for keys in self._batches(how, items):
            found |= self._answers(call, how, keys)
        return found

    def _batches(self, how: Together, items: Iterable[Any]) -> Iterator[Sequence[Any]]:
        keys = list(dict.fromkeys(key for item in items if (key := self._find(how.by[0], item)) is not None))
        size = how.size if how.argument else max(len(keys), 1)
        yield from (keys[start : start + size] for start in range(0, len(keys), size))

    def _answers(self, call: Call, how: Together, keys: Sequence[Any]) -> Answers:
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
            code = refused.is_one_of(call.absent)
            instead = Unread(reason(refused, request)) if code is None else Settled(call.absent[code])
            return {**dict.fromkeys(keys, instead), **found}
        return found

    # Calls about one item

    def _described(self, descriptions: Answers | None, listed: tuple[str, Any]) -> "_Described | None":
        """Return an item with its description, or why that is missing; None when it is no resource, or gone."""
        identifier, item = listed
        describe, missing = self.entry.describe, None
        if describe is not None:
            try:
                outcome = self._outcome(describe, item, self.place, descriptions)
            except _Gone:
                return None
            if isinstance(outcome, Answered) and isinstance(outcome.value, dict):
                item = {**item, **outcome.value} if isinstance(item, dict) else outcome.value
            missing = outcome if isinstance(outcome, Unread) else None
        if self.entry.keep and missing is None and self._find(self.entry.keep, item) is False:
            return None
        return _Described(identifier, item, missing)

    def _resources(self, together: Sequence[Answers | None], item: "_Described") -> tuple[Resource | Gap, ...]:
        """Return the resource that an item is, with those that it holds, or why those are not known; () when gone."""
        entry, missing = self.entry, item.missing
        found = self._find(entry.region, item.value) if entry.region else None
        place = replace(self.place, region=found) if isinstance(found, str) and found else self.place
        try:
            outcomes = [
                missing
                if missing is not None and self._needs_description(call, item.value)
                else self._outcome(call, item.value, place, answers)
                for call, answers in zip(entry.calls, together, strict=True)
            ]
        except _Gone:
            return ()
        region = place.region if entry.scope is Scope.REGIONAL or isinstance(found, str) else GLOBAL
        origin = Origin(entry.source, Position(f"{place.account}/{region}"), place.account, region, self.now())
        asked = Item(item.identifier, item.value, outcomes, missing)
        one = translate.resource(entry, asked, origin, self.eyes)
        if missing is not None and (entry.declares or (entry.region and not isinstance(found, str))):
            return (one, self._gap(missing.reason))  # what it holds, or where it is, is not known
        try:
            return (one, *translate.parts(entry, asked, origin))
        except OF_SHAPE as error:
            detail = f"what {entry.type} {item.identifier} holds is in a form that is not understood: {error}"
            return (one, self._gap(Reason(Cause.MALFORMED, entry.type, detail)))

    def _needs_description(self, call: Call, item: Any) -> bool:
        """Whether the description would say if the item is of the type, if the call is made, or about what."""
        if call.when or self.entry.keep:
            return True
        return any(self._find(path, item) is None for path in call.arguments.values())

    def _outcome(self, call: Call, item: Any, place: Place, answers: Answers | None) -> Outcome:
        if call.when and self._find(call.when, item) is False:
            return Settled(call.otherwise)
        if call.together is not None and answers is not None:
            return self._from_several(call, call.together, item, answers)
        arguments = {name: self._find(path, item) for name, path in call.arguments.items()}
        request = self._request(call.operation, arguments, place.region)
        try:
            return self._seen(call, whole(self.port, request), request)
        except Refused as refused:
            if refused.kind is Kind.EXPIRED:
                raise
            if (code := refused.is_one_of(call.absent)) is not None:
                return Settled(call.absent[code])
            if refused.is_one_of(self.entry.gone) is not None:
                raise _Gone from None
            return Unread(reason(refused, request))

    def _from_several(self, call: Call, how: Together, item: Any, answers: Answers) -> Outcome:
        key = self._find(how.by[0], item)
        request = self._request(call.operation, {}, self.place.region)
        answer = answers.get(key)
        if isinstance(answer, Unread | Settled):
            return answer
        if answer is None:
            return Unread(reason(Refused(Kind.REFUSED, "", f"nothing was said about {key}"), request))
        return self._seen(call, answer, request)

    def _seen(self, call: Call, answer: Any, request: Request) -> Outcome:
        try:
            return Answered(self.eyes.find(call.answer, answer))
        except Unanswerable as error:
            return Unread(reason(Refused(Kind.MALFORMED, "", str(error)), request))

    # What both need

    def _request(self, operation: str, arguments: Mapping[str, Any], region: str) -> Request:
        given = {name: value for name, value in arguments.items() if value is not None}
        return Request(self.place.account, region, self.entry.service, operation, given)

    def _find(self, path: str, value: Any) -> Any:
        try:
            return self.eyes.find(path, value)
        except Unanswerable:
            return None


@dataclass(frozen=True, slots=True)
class _Described:
    """An item, described. `missing`: why the description is not there, where it is not."""

    identifier: str
    value: Any
    missing: Unread | None


class _Gone(Exception):
    """The item ceased to exist since it was listed."""


def _carrying(items: list[Any], carried: Mapping[str, Any]) -> list[Any]:
    return [{**each, **carried} if isinstance(each, dict) else each for each in items] if carried else items
