"""What guardrails would have done to requests that were made: each recorded event decided as if they had been attached.

Only guardrails are asked: that the request was allowed otherwise is what the event shows. Events that are alike in what
matters to the guardrails are decided once (`recorded.relevance`), so that a million of them take seconds. Counts do not
depend on the order of the events, and counts of parts add up (`Tally.add`), so that files can be read side by side.
"""

import enum
from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, NamedTuple

from assay.permissions.attached import ORGANISATION_KEY, Attached, is_covered
from assay.permissions.evaluate import Decision, Outcome, decide
from assay.permissions.matching import Unknowns, applies
from assay.permissions.policy import Kind
from assay.permissions.recorded.actions import action_of
from assay.permissions.recorded.relevance import Relevances
from assay.permissions.recorded.requests import RecordedRequest, also_asked, no_request, request_of
from assay.permissions.recorded.resources import resource_of
from assay.permissions.request import Request
from assay.sources.cloudtrail import Event

_REMEMBERED: Final = 500_000  # decisions; beyond it all are forgotten and made again


class Fate(enum.StrEnum):
    """What would have become of a recorded event."""

    DENIED = "would be denied"
    UNDETERMINED = "undetermined"
    ALLOWED = "allowed"
    UNBOUND = "not bound"
    REFUSED = "denied already"
    NO_REQUEST = "no request"
    COPY = "copy of another account's event"


JUDGED: Final = (Fate.DENIED, Fate.UNDETERMINED, Fate.ALLOWED)
"""The fates of events for which guardrails answer."""
TOLD: Final = (Fate.DENIED, Fate.UNDETERMINED)
"""The fates that are told one by one, with an example."""


class Case(NamedTuple):
    """What events are counted by. `because`: statements that deny, what is not known, or why nothing is asked.

    copied  Account whose own trail has the event too, if it is among the events.
    """

    fate: Fate
    because: tuple[str, ...]
    account: str = ""
    principal: str = ""
    action: str = ""
    copied: str = ""


class Example(NamedTuple):
    """One event of a case: the earliest."""

    time: str
    id: str
    resource: str
    region: str


@dataclass
class Count:
    """How often, when first and last ("" when no event says when), and the earliest event."""

    events: int = 0
    first: str = ""
    last: str = ""
    example: Example | None = None

    def add(self, events: int, first: str, last: str, example: Example | None) -> None:
        """Count more."""
        self.events += events
        if first and (not self.first or first < self.first):
            self.first = first
        if last > self.last:
            self.last = last
        if example is not None and (self.example is None or example < self.example):
            self.example = example


class Judged(NamedTuple):
    """What came of one event. `who`: account, principal and action, () without any."""

    case: Case
    who: tuple[str, ...] = ()


def judge(event: Event, attached: Attached, unclear: str = "") -> Judged:
    """Return how an event would have been decided. `unclear`: why its action does not suffice to decide it."""
    why = no_request(event)
    if why:
        return Judged(Case(Fate.NO_REQUEST, (why,)))
    request = request_of(event, attached.organisation)
    if request is None:
        name = event.identity.arn or event.identity.type
        case = Case(Fate.UNDETERMINED, ("who called is not recorded",), event.account, name, action_of(event))
        return Judged(case._replace(copied=_copied(event)))
    refused = Verdict(Fate.REFUSED)
    verdict = refused if is_denied(event.error) else _of_all(event, request, attached, unclear)
    who = account, principal, action = _who(event, request)
    if verdict.fate in _NAMED:
        case = Case(*verdict, account, principal, action, _copied(event))
    else:
        case = Case(*verdict, copied=_copied(event))
    return Judged(case, who)


_NAMED: Final = (Fate.DENIED, Fate.UNDETERMINED, Fate.REFUSED)  # whose principals and actions are told apart


class Verdict(NamedTuple):
    """What guardrails would have done, and because of what."""

    fate: Fate
    because: tuple[str, ...] = ()


def _of_all(event: Event, request: RecordedRequest, attached: Attached, unclear: str) -> Verdict:
    """Return what becomes of an operation that asks for several actions: all of them have to be allowed."""
    own = _decided(request, attached, unclear)
    verdicts = [own, *(_decided(each, attached, "") for each in also_asked(event, request))]
    for fate in TOLD:
        told = [each for each in verdicts if each.fate is fate]
        if told:
            return Verdict(fate, tuple(sorted({why for each in told for why in each.because})))
    return own


def _decided(request: Request, attached: Attached, unclear: str) -> Verdict:
    unbound = attached.unbound(request)
    if unbound:
        return Verdict(Fate.UNBOUND, (unbound,))
    if unclear:
        return Verdict(Fate.UNDETERMINED, (unclear,))
    settings, worlds = attached.settings(request), _worlds(request, attached)
    doubts = ["which account owns the resource"] if len(settings) > 1 else []
    doubts += [f"the key {ORGANISATION_KEY} is not given"] if len(worlds) > 1 else []
    decision = _agreed([decide(world, setting) for world in worlds for setting in settings], tuple(doubts))
    if decision.outcome is Outcome.DENIED:
        return Verdict(Fate.DENIED, tuple(sorted(map(str, decision.statements))) or (decision.why,))
    if decision.outcome is Outcome.ALLOWED:
        unread = attached.unread(request)
        return Verdict(Fate.UNDETERMINED if unread else Fate.ALLOWED, unread)
    return Verdict(Fate.UNDETERMINED, _unknown(decision, request))


def _worlds(request: Request, attached: Attached) -> list[Request]:
    """Return the requests that it may be: of a caller outside of our organisation, in which one nobody says.

    In none, in one that a policy names, or in one that none names; where a policy names patterns, it stays unknown.
    """
    ours = attached.organisation
    named = attached.organisations
    if not ours or not request.caller.account or request.caller.account in ours or named is None:
        return [request]
    values = [(), ("o-another",), *((each,) for each in sorted(named - {ours.id}))]
    return [replace(request, context={**request.context, ORGANISATION_KEY: each}) for each in values]


def _agreed(decisions: list[Decision], doubts: tuple[str, ...]) -> Decision:
    """Return the decision that is the same whatever is not known, or that it depends on these doubts."""
    if len({each.outcome for each in decisions}) == 1:
        return decisions[0]
    return Decision(Outcome.UNDETERMINED, "", unknown=doubts)


def _unknown(decision: Decision, request: Request) -> tuple[str, ...]:
    """Return what is not known of the statements that may apply; the others' unknowns decide nothing."""
    unknowns = Unknowns()
    for each in decision.statements:
        applies(each, request, unknowns)
    return tuple(sorted(unknowns.reasons)) or decision.unknown


def _who(event: Event, request: RecordedRequest) -> tuple[str, str, str]:
    caller = request.caller
    unnamed = f"a principal of account {caller.account}" if caller.account else str(caller)
    return caller.account or event.account, caller.arn or unnamed, request.action


def _copied(event: Event) -> str:
    identity = event.identity
    return identity.account if identity.type == "AWSAccount" and identity.account != event.account else ""


_DENIED: Final = frozenset(
    {"UnauthorizedOperation", "Client.UnauthorizedOperation", "AuthorizationError", "AuthorizationErrorException"}
    | {"NotAuthorized", "UnauthorizedAccess", "VpceAccessDenied"}
)


def is_denied(error: str) -> bool:
    """Return whether an error code says that IAM denied the request."""
    return error in _DENIED or "AccessDenied" in error


@dataclass
class Tally:
    """Counts of events by case.

    asked   (account, principal, action) → requests, whatever became of them.
    trails  The accounts whose trails the events come from.
    """

    counts: dict[Case, Count] = field(default_factory=dict)
    asked: Counter[tuple[str, ...]] = field(default_factory=Counter)
    trails: set[str] = field(default_factory=set)

    def add(self, other: "Tally") -> None:
        """Count what another tally counted."""
        for case, each in other.counts.items():
            self.counts.setdefault(case, Count()).add(each.events, each.first, each.last, each.example)
        self.asked.update(other.asked)
        self.trails |= other.trails

    def total(self) -> Count:
        """Return all events."""
        found = Count()
        for each in self.counts.values():
            found.add(each.events, each.first, each.last, None)
        return found

    def cases(self) -> list[tuple[Case, Count]]:
        """Return the cases with their counts, most frequent first.

        An event that the trails of two accounts have is judged where it says who called, and is a copy where it does
        not.
        """
        settled: dict[Case, Count] = {}
        for case, each in self.counts.items():
            now = Case(Fate.COPY, ()) if case.copied and case.copied in self.trails else case._replace(copied="")
            settled.setdefault(now, Count()).add(each.events, each.first, each.last, each.example)
        return sorted(settled.items(), key=lambda item: (-item[1].events, item[0]))


@dataclass
class Replay:
    """Events counted as if the guardrails had been attached."""

    attached: Attached
    tally: Tally = field(default_factory=Tally)
    _judged: dict[Hashable, Judged] = field(default_factory=dict, repr=False)

    @cached_property
    def _relevances(self) -> Relevances:
        # RCPs bind by the owner of the resource.
        return Relevances(self.attached.policies, is_covered if Kind.RCP in self.attached.kinds else lambda _: False)

    def count(self, event: Event) -> None:
        """Count one event."""
        relevance, alike = self._relevances.key(event)
        key = (alike, event.kind, event.category, bool(event.error) and is_denied(event.error))
        found = self._judged.get(key)
        if found is None:
            if len(self._judged) >= _REMEMBERED:
                self._judged.clear()
            found = self._judged[key] = judge(event, self.attached, relevance.unclear)
        case, who = found
        tally = self.tally
        tally.trails.add(event.account)
        if who:
            tally.asked[who] += 1
        entry = tally.counts.get(case)
        if entry is None:
            entry = tally.counts[case] = Count()
        entry.add(1, event.time, event.time, None)
        if case.fate in TOLD and (entry.example is None or (event.time, event.id) <= entry.example[:2]):
            resource = resource_of(event, relevance.action).arn
            entry.add(0, "", "", Example(event.time, event.id, resource, event.region))
