"""An answer in which everything that others name is called otherwise: to see where names go, and what they do there."""

import dataclasses
from collections.abc import Callable

from assay.errors import Fault
from assay.inventory.resource import Gap, Position
from assay.inventory.values import Cause, Reason
from assay.reports.audience.basis import Basis
from assay.reports.context import ObjectiveRow, Row, Section

Name = Callable[[], str]


def spoiled(basis: Basis, name: Name) -> Basis:
    """Return the answer with `name()` for each workload, resource, person, file, reason and own text.

    Resources keep their ids within their inventories, so that everything still belongs together.
    """
    own = {(kind, each) for kind, each in basis.repository.own}
    workloads = {each: name() for each in basis.repository.workloads} | {"": ""}
    resources = {(row.workload, row.resource): name() for row in basis.context.rows}

    def row(it: Row) -> Row:
        return dataclasses.replace(
            it,
            workload=workloads[it.workload],
            stage=name(),
            resource=resources[(it.workload, it.resource)],
            name=name(),
            exception=name() if it.exception else "",
            position=Position(name(), 3, 1),
            related=(Position(name()),),
            explanation=name(),
            account=name(),
            region=name(),
        )

    def objective(it: ObjectiveRow) -> ObjectiveRow:
        written = ("objective", it.id) in own
        if written:
            it = dataclasses.replace(it, title=name(), statement=name(), measure=name(), target=name())
        return dataclasses.replace(it, rule=name(), reason=name(), requirements=(name(),), attested=(name(),))

    def section(it: Section) -> Section:
        return dataclasses.replace(
            it,
            id=workloads[it.id],
            title=name(),
            owner=name(),
            stage=name(),
            objectives=tuple(map(objective, it.objectives)),
            rows=tuple(map(row, it.rows)),
            faults=(Fault(name(), 1, 1, name(), name(), name(), name()),),
            gaps=(Gap(name(), Reason(Cause.DENIED, name(), name())),),
            absent=((name(), name()),),
            data_classes=(name(),),
        )

    def exception(number: int) -> object:
        it, live = basis.context.exceptions[number]
        texts = ("id", "reason", "compensating_control", "requester", "approver")
        return dataclasses.replace(it, **{each: name() for each in texts}), live  # type: ignore[arg-type]

    sections = tuple(map(section, basis.context.sections))
    context = dataclasses.replace(
        basis.context,
        sections=sections,
        unjudged={name(): 3},
        exceptions=tuple(exception(each) for each in range(len(basis.context.exceptions))),  # type: ignore[misc]
    )
    frameworks = {
        each: dataclasses.replace(it, title=name(), version=name()) if ("framework", each) in own else it
        for each, it in basis.repository.frameworks.items()
    }
    known = {
        workloads[each]: dataclasses.replace(it, id=workloads[each], owner=name(), title=name())
        for each, it in basis.repository.workloads.items()
    }
    return dataclasses.replace(
        basis,
        context=context,
        repository=dataclasses.replace(basis.repository, workloads=known, frameworks=frameworks),
        files={name(): (1, "0" * 64)},
        runs=((name(), name(), name(), name(), 1, 2, 3),),
    )
