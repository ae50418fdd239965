"""What the reports are made from: the example organisation, and one with sixty workloads."""

import dataclasses
import datetime
from pathlib import Path

import pytest

from assay.operations.report import gather
from assay.reports import context
from assay.reports.audience.basis import Basis

ACME = Path(__file__).parents[3] / "examples" / "acme"
NOW = datetime.datetime(2026, 11, 25, 9, 30, tzinfo=datetime.UTC)
AUDIENCES = ("executives", "customers", "auditors", "engineers")


@pytest.fixture(scope="session")
def acme() -> Basis:
    found = gather(ACME, now=NOW)
    report = context.from_assessment(found.assessment, found.repository)
    return Basis(report, found.repository, found.assessment, files=found.files)


@pytest.fixture(scope="session")
def sixty(acme: Basis) -> Basis:
    """Sixty workloads with long names, fifteen of each of the example's."""
    return many(acme, 15)


def many(basis: Basis, times: int) -> Basis:
    def renamed(name: str, number: int) -> str:
        return f"{name}-of-the-department-with-the-long-name-{number:03}" if name else name

    organisation, *workloads = basis.context.sections
    sections = [organisation]
    answers = []
    known = {}
    for number in range(times):
        for section, answer in zip(workloads, basis.assessment.workloads, strict=True):
            name = renamed(section.id, number)
            rows = tuple(dataclasses.replace(row, workload=name) for row in section.rows)
            sections.append(dataclasses.replace(section, id=name, rows=rows))
            answers.append(dataclasses.replace(answer, workload=name))
            known[name] = dataclasses.replace(basis.repository.workloads[section.id], id=name)
    counts = sum((each.counts for each in sections[1:]), organisation.counts)
    return dataclasses.replace(
        basis,
        context=dataclasses.replace(basis.context, sections=tuple(sections), counts=counts),
        repository=dataclasses.replace(basis.repository, workloads=known),
        assessment=dataclasses.replace(basis.assessment, workloads=tuple(answers)),
    )
