"""What can be said of a resource, a control or an objective, and how many small answers make a larger one."""

import enum
from collections.abc import Iterable
from dataclasses import dataclass, fields


class Verdict(enum.StrEnum):
    """The seven answers. Unknown is never a pass, and an exception never hides the verdict under it."""

    MET = "met"
    PARTLY_MET = "partly_met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    INHERITED = "inherited"
    NOT_APPLICABLE = "not_applicable"
    EXCEPTED = "excepted"

    @property
    def passes(self) -> bool:
        """Whether nobody has to act now."""
        return self in (Verdict.MET, Verdict.INHERITED, Verdict.NOT_APPLICABLE, Verdict.EXCEPTED)


class Method(enum.StrEnum):
    """How a verdict came about."""

    EXAMINED = "examined"  # a control looked at a configuration
    PROVED = "proved"  # no request, or one that is shown, gets by what prevents it
    CHALLENGED = "challenged"  # somebody tried
    ATTESTED = "attested"  # a person says so, and has signed it


def from_kleene(unless: bool | None, require: bool | None) -> Verdict:
    """Return the verdict of a control on a resource from the truth of its two expressions; None is unknown.

    A requirement that holds does not decide while applicability is unknown: more knowledge might turn it into
    not_applicable, and a verdict never changes by learning more (law 2).
    """
    if unless is None:
        return Verdict.UNKNOWN
    if unless:
        return Verdict.NOT_APPLICABLE
    if require is None:
        return Verdict.UNKNOWN
    return Verdict.MET if require else Verdict.NOT_MET


@dataclass(frozen=True, slots=True)
class Counts:
    """How many evaluations have which effective verdict: the denominator of every figure."""

    met: int = 0
    not_met: int = 0
    unknown: int = 0
    not_applicable: int = 0
    excepted: int = 0

    @classmethod
    def of(cls, verdicts: Iterable[Verdict]) -> "Counts":
        """Count effective verdicts of single evaluations. Raises KeyError on partly_met or inherited."""
        tally = {each.name: 0 for each in fields(cls)}
        for verdict in verdicts:
            tally[verdict.value] += 1
        return cls(**tally)

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))

    @property
    def total(self) -> int:
        """All evaluations."""
        return self.met + self.not_met + self.unknown + self.not_applicable + self.excepted

    @property
    def applicable(self) -> int:
        """The evaluations on which the answer rests."""
        return self.total - self.not_applicable

    def __str__(self) -> str:
        """State the figure with its denominator: "3 of 5 met, 1 not met, 1 unknown"."""
        rest = [("not met", self.not_met), ("unknown", self.unknown), ("excepted", self.excepted)]
        return ", ".join([f"{self.met} of {self.applicable} met", *(f"{n} {what}" for what, n in rest if n)])


def aggregate(counts: Counts, *, complete: bool) -> Verdict:
    """Return the verdict over a whole population.

    complete: whether the whole population could be read; what was not looked at is neither a pass nor a gap, so an
    otherwise clean answer over an incomplete population is unknown.
    """
    if counts.not_met:
        return Verdict.PARTLY_MET if counts.met else Verdict.NOT_MET
    if counts.unknown or not complete:
        return Verdict.UNKNOWN
    if not counts.applicable:
        return Verdict.NOT_APPLICABLE
    return Verdict.EXCEPTED if counts.excepted else Verdict.MET
