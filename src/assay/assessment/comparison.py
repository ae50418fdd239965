"""Two snapshots of the same accounts beside one another: what is not the same, and which verdicts that flips."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assay.assessment.evaluation import Evaluation
from assay.assessment.verdicts import Verdict
from assay.inventory.difference import Difference


class Fate(enum.StrEnum):
    """What became of a resource. The text is part of the JSON output: a promise."""

    APPEARED = "appeared"
    FOUND = "found"  # it may have been there before: the older snapshot did not look
    GONE = "gone"
    UNSEEN = "not_seen"  # the newer snapshot did not look
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Changed:
    """One resource that is not the same in both snapshots. differences: of one that changed."""

    fate: Fate
    id: str
    type: str
    name: str
    account: str
    region: str
    differences: tuple[Difference, ...] = ()

    @property
    def is_noise(self) -> bool:
        """Whether nothing differs but what only AWS sets."""
        return self.fate is Fate.CHANGED and all(each.read_only for each in self.differences)


@dataclass(frozen=True, slots=True)
class Flip:
    """A verdict that is not the same; None where there is no such resource, or no verdict on it."""

    control: str
    severity: str
    resource: str
    account: str
    before: Verdict | None
    after: Verdict | None
    explanation: str = ""

    @property
    def is_worse(self) -> bool:
        """Whether somebody has to act now who had not to before."""
        return self.after is Verdict.NOT_MET

    @property
    def is_lost(self) -> bool:
        """Whether it was decided, and no longer is."""
        return self.after is Verdict.UNKNOWN and self.before is not None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is not the same in two snapshots.

    before, after  Digests of the snapshots, by which anybody can say which ones they were.
    workloads      Account → the workload that it belongs to, with its stage; others are missing.
    counts         Resources in the older, in the newer, and the same in both.
    """

    before: str
    after: str
    observed: tuple[str, str]
    changed: tuple[Changed, ...]
    flips: tuple[Flip, ...]
    workloads: Mapping[str, str]
    counts: tuple[int, int, int]


def flips(
    before: Sequence[Evaluation],
    after: Sequence[Evaluation],
    severities: Mapping[str, str],
    account: str,
    explanations: Mapping[tuple[str, str], str],
) -> tuple[Flip, ...]:
    """Return the verdicts that differ; of resources in one snapshot only, those that are not met.

    explanations  (control, resource) → why, of the newer verdicts.
    """
    old = {(each.control, each.resource): each.verdict for each in before}
    new = {(each.control, each.resource): each.verdict for each in after}
    found = []
    for key in sorted({*old, *new}):
        was, now = old.get(key), new.get(key)
        if was is not now and ((was and now) or Verdict.NOT_MET in (was, now)):
            found.append(Flip(key[0], severities[key[0]], key[1], account, was, now, explanations.get(key, "")))
    return tuple(found)
