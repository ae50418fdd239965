"""What one run of a ledger saw: for each population that it reached, one look, and what it says of each subject."""

import datetime
import functools
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from assay.assessment.history import BEFORE, FOREVER, Moment, Seen, State
from assay.errors import DamagedLedger
from assay.ledger.following import Followed

FRESH = 1  # days: the least that a control states, for runs that do not say

Key: TypeAlias = tuple[str, str, str]
"""(objective, control, resource): a verdict; without resource, that a control was asked; without control, an answer."""

Document: TypeAlias = Callable[[str], dict[str, Any]]

_STATES = {
    "met": State.MET,
    "inherited": State.MET,
    "not_met": State.FAILING,
    "partly_met": State.FAILING,
    "unknown": State.UNKNOWN,
    "not_applicable": State.NOT_APPLICABLE,
    "excepted": State.EXCEPTED,
}
_LAID = {State.FAILING: State.EXCEPTED, State.UNKNOWN: State.EXCEPTED_UNKNOWN}


@dataclass(frozen=True, slots=True)
class Look:
    """One population looked at once. complete: everything that it has was reached, so what is not in it is gone.

    points  What was found, with the moment that it is about where that is not the look's own.
    """

    workload: str
    stage: str
    effective: Moment
    recorded: Moment
    complete: bool
    points: Mapping[Key, tuple[Moment, Seen]]


def looks_of(run: Followed, document: Document) -> Iterator[Look]:
    """Yield the looks of a run: none of a failed one, of one that judged templates for a gate, or looked ahead."""
    stated = run.predicate
    asked = stated.get("asked", {})
    if stated.get("status") == "failed" or asked.get("kind", "assessment") != "assessment" or "as_of" not in asked:
        return
    try:
        recorded, as_of = moment_of(stated["recorded"]), moment_of(asked["as_of"])
        if as_of > recorded:
            return  # what would be on a day to come is no observation
        populations = {(each["workload"], each["stage"]): each for each in stated["reached"]}
        found = {place: _Reading(each, document, recorded, as_of) for place, each in populations.items()}
        for entry in run.records:
            record = json.loads(entry)
            if record.get("kind") == "verdict":
                found[record["workload"], record["stage"]].note(record)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedLedger(f"run {run.commit.run} is not as an assessment writes it: {error!r}") from None
    yield from (each.look() for each in found.values())


class _Reading:
    """A population of a run, while its records are read."""

    def __init__(self, reached: Mapping[str, Any], document: Document, recorded: Moment, as_of: Moment) -> None:
        self._reached, self._recorded, self._as_of = reached, recorded, as_of
        self._effective = moment_of(reached["effective"]) if "effective" in reached else as_of
        answers = document(reached["answers"]) if "answers" in reached else {}
        self._days = {each["control"]: each["max_age_days"] for each in answers.get("controls", ())}
        self._terms = {
            each["id"]: (_day(each["approved"]), _day(each["expires"])) for each in answers.get("exceptions", ())
        }
        self._seen: dict[tuple[str, str, int], Seen] = {}
        self._points: dict[Key, tuple[Moment, Seen]] = {}
        self._answered(answers, whole=reached["complete"])

    def note(self, record: Mapping[str, Any]) -> None:
        """Add one verdict."""
        key = record["objective"], record["control"], record["resource"]
        at = moment_of(record["effective"]) if "effective" in record else self._as_of
        days = self._days.get(record["control"], FRESH)
        self._points[key] = at, self._judged(record["verdict"], record["exception"], days)
        if self._reached["complete"] and "answers" not in self._reached:  # a run that stored none: all was asked
            asked = self._effective, self._judged("not_applicable", "", days)
            self._points.setdefault((key[0], key[1], ""), asked)
            self._points.setdefault((key[0], "", ""), asked)

    def look(self) -> Look:
        """Return what was read."""
        reached = self._reached
        return Look(
            reached["workload"], reached["stage"], self._effective, self._recorded, reached["complete"], self._points
        )

    def _judged(self, verdict: str, exception: str, days: int) -> Seen:
        """Return what was seen, one object for equal ones."""
        known = verdict, exception, days
        if known not in self._seen:
            state = _STATES[verdict]
            state = _LAID.get(state, state) if exception else state
            approved, expires = self._terms.get(exception, (BEFORE, FOREVER))
            self._seen[known] = Seen(state, days, exception, approved, expires)
        return self._seen[known]

    def _answered(self, answers: Mapping[str, Any], *, whole: bool) -> None:
        """Note what was asked about: of a population that was reached in part, what was reached wholly."""
        for each in answers.get("controls", ()):
            if not (whole or each.get("whole")):
                continue
            seen = self._judged("not_applicable", "", self._days[each["control"]])
            self._points[each["objective"], each["control"], ""] = self._effective, seen
        for each in answers.get("objectives", ()):
            if not (whole or each.get("whole")):
                continue
            self._points[each["objective"], "", ""] = self._effective, self._beside(each)

    def _beside(self, answer: Mapping[str, Any]) -> Seen:
        """Return what an answer says beside the verdicts of its own resources, which speak for themselves."""
        days = answer["max_age_days"]
        until = _day(answer["rests_until"]) if answer["rests_until"] else FOREVER
        if answer["exception"]:
            seen = self._judged(answer["under"], answer["exception"], days)
        elif answer["applies"] is None and answer["verdict"] == "unknown":
            seen = self._judged("unknown", "", days)
        elif answer["applies"] is not False and sum(answer["counts"].values()):
            held = answer["verdict"] == "unknown" and not answer["counts"]["unknown"]
            seen = self._judged("unknown" if held else "not_applicable", "", days)
        else:
            seen = self._judged(answer["verdict"], "", days)
        return seen if until == FOREVER else Seen(seen.state, days, seen.exception, seen.approved, seen.expires, until)


@functools.lru_cache(maxsize=100_000)
def moment_of(text: str) -> Moment:
    """Return the moment of an RFC 3339 text. Raises ValueError."""
    found = datetime.datetime.fromisoformat(text)
    return int((found if found.tzinfo else found.replace(tzinfo=datetime.UTC)).timestamp())


def _day(text: str) -> Moment:
    return moment_of(f"{text}T00:00:00Z")
