"""What customers are told: the one gate.

It is made by an allow-list. What reaches it is the organisation's name, counts, dates and texts that Assay's own
catalogue publishes; nothing that a repository, a template or an account states. An objective or framework that the
organisation wrote itself is counted and not named.
"""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assay.assessment.verdicts import Method, Verdict
from assay.governance.model import Framework
from assay.governance.responsibilities import PROVIDER
from assay.reports.audience import figures
from assay.reports.audience.basis import Basis
from assay.reports.audience.figures import Answers
from assay.reports.context import ObjectiveRow

_HELD = (Verdict.MET, Verdict.INHERITED)


@dataclass(frozen=True, slots=True)
class Held:
    """An objective of the catalogue that is met at every place where it applies and has something in scope."""

    domain: str
    title: str
    statement: str
    places: int
    by: str


@dataclass(frozen=True, slots=True)
class Standard:
    """An adopted framework of the catalogue: how many requirements rest on objectives, and of how many all are met."""

    title: str
    version: str
    requirements: int
    answered: int
    held: int


@dataclass(frozen=True, slots=True)
class Statement:
    """Everything that a customer is told."""

    organisation: str
    as_of: datetime.datetime
    version: str
    workloads: int
    of_workloads: int
    verified: str
    total: Answers
    themes: Mapping[str, Answers]
    evaluations: Mapping[str, int]
    held: tuple[Held, ...]
    standards: tuple[Standard, ...]
    own_objectives: int
    own_frameworks: int
    evidence: Mapping[str, str | int]


def statement(basis: Basis) -> Statement:
    """Return what may be told. This is the one gate: all forms are made from what it returns."""
    context, repository = basis.context, basis.repository
    own = {name for kind, name in repository.own if kind == "objective"}
    foreign = {name for kind, name in repository.own if kind == "framework"}
    return Statement(
        organisation=context.subject,
        as_of=context.as_of,
        version=context.version,
        workloads=basis.workloads,
        of_workloads=len(repository.workloads),
        verified=_oldest_look(basis),
        total=figures.total(context),
        themes=figures.by_domain(context),
        evaluations=figures.counts_document(context.counts),
        held=tuple(each for each in _held(basis, own)),
        standards=tuple(_standard(basis, each) for each in repository.adopted if each.id not in foreign),
        own_objectives=len(own & set(repository.objectives)),
        own_frameworks=sum(each.id in foreign for each in repository.adopted),
        evidence=basis.evidence,
    )


def _oldest_look(basis: Basis) -> str:
    """Return the day of the oldest fact that the answer rests on: what is declared is as fresh as the answer itself."""
    answers = (basis.assessment.organisation, *basis.assessment.workloads)
    observed = {each.origin.observed[:10] for answer in answers for each in answer.inventory.resources}
    try:
        days = [datetime.date.fromisoformat(each) for each in observed if each]
    except ValueError:  # a source that dates its facts in some other way: no day may be made up for them
        return "not known"
    return str(min([basis.context.as_of.astimezone(datetime.UTC).date(), *days]))


def _places(basis: Basis) -> Mapping[str, list[ObjectiveRow]]:
    """Return objective → its rows where it applies, counted where it is answered, those without anything left out."""
    found: dict[str, list[ObjectiveRow]] = {}
    for section in basis.context.sections:
        for each in figures.own_objectives(section):
            if each.applies is not False and each.verdict is not Verdict.NOT_APPLICABLE:
                found.setdefault(each.id, []).append(each)
    return found


def _held(basis: Basis, own: set[str]) -> Iterator[Held]:
    order = list(figures.by_domain(basis.context))
    places = _places(basis)
    for name, rows in sorted(places.items(), key=lambda each: (order.index(each[1][0].domain), each[0])):
        if name not in own and all(each.verdict in _HELD for each in rows):
            yield Held(rows[0].domain, rows[0].title, rows[0].statement, len(rows), _shown_by(rows))


_METHODS = {
    Method.EXAMINED.value: "configuration examined",
    Method.PROVED.value: "proved for every request",
    Method.CHALLENGED.value: "challenged by trials",
    Method.ATTESTED.value: "signed statement",
}


def _shown_by(rows: Sequence[ObjectiveRow]) -> str:
    used = {method for row in rows for method in row.methods}
    said = [name for method, name in _METHODS.items() if method in used]
    said += ["audit reports of the provider"] if any(row.provider == PROVIDER for row in rows) else []
    return ", ".join(said)


def _standard(basis: Basis, framework: Framework) -> Standard:
    places = _places(basis)
    met = {name for name, rows in places.items() if all(each.verdict in _HELD for each in rows)}
    answered = [[name for name in each.objectives if name in places] for each in framework.requirements.values()]
    answered = [each for each in answered if each]
    return Standard(
        title=framework.title,
        version=framework.version,
        requirements=len(framework.requirements),
        answered=len(answered),
        held=sum(met.issuperset(each) for each in answered),
    )
