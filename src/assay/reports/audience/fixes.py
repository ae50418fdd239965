"""What is to be mended: one entry per change, the greatest risk first, and what a change costs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from assay.assessment.verdicts import Verdict
from assay.expressions import Evidence
from assay.inventory.schema import resource_schema, resource_types
from assay.reports.audience import figures
from assay.reports.audience.basis import Basis
from assay.reports.audience.figures import SEVERITIES
from assay.reports.context import Row

FEW = 3  # places in which a quick win is made, at most


@dataclass(frozen=True, slots=True)
class Fix:
    """One thing to do, and everywhere where it is to be done, the greatest risk first.

    rows      What is met by it, one for each control: several controls may ask for the same change.
    in_place  Whether AWS can change all properties that decided without replacing what has them; None: not known.
    single    Whether one property of each resource decided.
    """

    risk: int
    rows: tuple[Row, ...]
    places: tuple[tuple[int, Row], ...]
    in_place: bool | None
    single: bool

    @property
    def row(self) -> Row:
        """The gravest of what is met by it, which says what to do."""
        return self.rows[0]

    @property
    def quick(self) -> bool:
        """Whether it is one property in few places, and nothing is replaced for it."""
        return self.in_place is True and self.single and len(self.places) <= FEW


def fixes(basis: Basis) -> tuple[Fix, ...]:
    """Return what is to be mended, the greatest risk first, then what mends more."""
    by_control: dict[str, list[tuple[int, Row]]] = {}
    for score, row in open_rows(basis):
        by_control.setdefault(row.control, []).append((score, row))
    evidence = _evidence(basis)
    alike: dict[object, list[list[tuple[int, Row]]]] = {}
    for places in by_control.values():
        alike.setdefault(_change(places, evidence), []).append(places)
    found = [_fix_of(several, evidence) for several in alike.values()]
    return tuple(sorted(found, key=lambda each: (-each.risk, -len(each.rows), -len(each.places), each.row.control)))


def open_rows(basis: Basis) -> list[tuple[int, Row]]:
    """Return (risk, evaluation) of everything that is not met, the greatest risk first."""
    widest = figures.widest_exposure(basis.context)
    found = [
        (figures.risk(row, section, widest), row)
        for section in basis.context.sections
        for row in section.rows
        if row.effective is Verdict.NOT_MET
    ]
    return sorted(found, key=lambda each: (-each[0], each[1].position, each[1].resource, each[1].control))


_Decided: TypeAlias = Mapping[tuple[str, str, str], Sequence[Evidence]]


def _evidence(basis: Basis) -> _Decided:
    """Return (workload, control, resource) → what decided."""
    return {
        (answer.workload, one.control, one.resource): one.evidence
        for answer in (basis.assessment.organisation, *basis.assessment.workloads)
        for objective in answer.objectives
        if not objective.provider
        for control in objective.controls
        for one in control.evaluations
    }


def _own(row: Row, evidence: _Decided) -> list[Evidence]:
    """Return what decided and is the resource's own."""
    found = evidence.get((row.workload, row.control, row.resource), ())
    return [each for each in found if each.resource in ("", row.resource) and each.path]


def _change(places: Sequence[tuple[int, Row]], evidence: _Decided) -> object:
    """Return what is changed by mending a control: equal for controls that the same stated values fail.

    Where something is absent, each control asks for something of its own.
    """
    changed = []
    for _, row in places:
        own = _own(row, evidence)
        if not own or any(each.value is None for each in own):
            return row.control
        changed.append((row.workload, row.resource, tuple(each.path for each in own)))
    return tuple(sorted(changed, key=str))


def _fix_of(several: Sequence[Sequence[tuple[int, Row]]], evidence: _Decided) -> Fix:
    several = sorted(several, key=lambda each: (-each[0][0], SEVERITIES.index(each[0][1].severity), each[0][1].control))
    rows = [row for places in several for _, row in places]
    answers = {_changes_in_place(row, _own(row, evidence)) for row in rows}
    return Fix(
        risk=several[0][0][0],
        rows=tuple(places[0][1] for places in several),
        places=tuple(several[0]),
        in_place=False if False in answers else None if None in answers else True,
        single=all(len({each.path[0] for each in _own(row, evidence)}) == 1 for row in rows),
    )


def _changes_in_place(row: Row, own: Sequence[Evidence]) -> bool | None:
    """Whether AWS sets none of the properties that decided at creation only, by the published schema.

    None: nothing of the resource's own decided, or one that AWS sets at creation only under some conditions.
    """
    if not own or row.type not in resource_types():
        return None
    schema = resource_schema(row.type)
    named = ["/".join("*" if isinstance(step, int) else step for step in each.path) for each in own]
    if _any_within(named, schema.create_only):
        return False
    at_times = schema.document.get("conditionalCreateOnlyProperties", ())
    return None if _any_within(named, [each.removeprefix("/properties/") for each in at_times]) else True


def _any_within(named: Sequence[str], fixed: Iterable[str]) -> bool:
    return any(name == each or name.startswith(f"{each}/") for name in named for each in fixed)
