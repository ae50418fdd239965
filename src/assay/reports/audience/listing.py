"""How a list of an auditor's pack is made, and how what it asks about is said."""

import json
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from assay.assessment.assess import WorkloadAssessment
from assay.assessment.verdicts import Verdict
from assay.governance.compiled import CompiledControl, CompiledInvariant
from assay.reports.audience.page import HIDDEN, Cell, Column, Table

Cells: TypeAlias = tuple[Cell, ...]
Compiled: TypeAlias = CompiledControl | CompiledInvariant


def listing(name: str, caption: str, columns: str, rows: Iterable[Cells]) -> Table:
    """Return a list. columns: their labels, a comma between two."""
    whole, labels = tuple(rows), columns.split(", ")
    numbers = [bool(whole) and all(isinstance(row[at], int) for row in whole) for at in range(len(labels))]
    shown = tuple(Column(each, 1 if number else 3, number) for each, number in zip(labels, numbers, strict=True))
    return Table(name, caption, shown, whole, shown=HIDDEN)


def types_of(compiled: Compiled) -> Sequence[str]:
    """Return the resource types of which every one gets a verdict."""
    return compiled.subjects if isinstance(compiled, CompiledInvariant) else (compiled.control.resource,)


def query_of(answer: WorkloadAssessment, compiled: Compiled) -> str:
    """Return, in one line, the query that makes a control's population. What does not need the control is in it."""
    place = f'workload == "{answer.workload}" && stage == "{answer.stage}"' if answer.workload else "organisation"
    types = " || ".join(f'resource.type == "{each}"' for each in types_of(compiled))
    return f"({types}) && {place}" if len(types_of(compiled)) > 1 else f"{types} && {place}"


def demand_of(compiled: Compiled) -> str:
    """Return, in one line, what must hold: the expression of a control, the requests that an invariant rules out."""
    if isinstance(compiled, CompiledInvariant):
        return f"impossible: {json.dumps([dict(each) for each in compiled.invariant.never], ensure_ascii=False)}"
    return " ".join(compiled.control.require.split())


def words(verdict: Verdict) -> str:
    """Return a verdict as people say it."""
    return verdict.value.replace("_", " ")
