"""For auditors: design apart from operation, whole populations, samples that can be drawn again, evidence by digest."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from assay.reports.audience import figures
from assay.reports.audience.basis import Basis, evidence_lines, head
from assay.reports.audience.lists import tables
from assay.reports.audience.page import (
    Block,
    Bullets,
    Cell,
    Column,
    Command,
    Figure,
    Figures,
    Mark,
    Page,
    Paragraph,
    Part,
    Table,
    counted,
    text_of,
)
from assay.reports.audience.population import Population, place_of

FORMAT = "assay.audit/1"


@dataclass(frozen=True)
class _Lists:
    """The lists by name, and what they are made of."""

    basis: Basis

    @cached_property
    def population(self) -> Population:
        return Population(self.basis)

    @cached_property
    def all(self) -> Mapping[str, Table]:
        return tables(self.population)


def page(basis: Basis) -> Page:
    """Return the report; its sheets and files hold the lists whole."""
    lists = _Lists(basis)
    total = figures.total(basis.context)
    objectives = lists.all["objectives"]
    deficient = _count(objectives, "design", "deficient")
    said = (
        f"{total.held} of {counted(total.total, 'objective')} with something in scope are met in operation; "
        f"the design of {deficient} of {len(objectives.rows)} is deficient."
    )
    return Page(
        audience="auditors",
        title=f"Audit report of {basis.context.subject}",
        scope=basis.scope,
        answer=Mark(said, "good" if total.held == total.total and not deficient else "open"),
        parts=(
            Part("In figures", (_figures(basis, lists.all),)),
            Part("Design and operation", tuple(_effectiveness(objectives))),
            Part("Populations and completeness", tuple(_populations(lists))),
            Part("Samples", tuple(_samples(lists))),
            Part("Exceptions", tuple(_exceptions(lists.all["exceptions"]))),
            Part("What was not seen", tuple(_unseen(lists.all["not-seen"]))),
            Part("Evidence and how to verify it", tuple(_evidence(basis))),
            Part("Lists", (_index(lists.all), *lists.all.values())),
        ),
    )


def _at(table: Table, label: str) -> int:
    return [each.label for each in table.columns].index(label)


def _count(table: Table, label: str, value: str) -> int:
    at = _at(table, label)
    return sum(text_of(row[at]) == value for row in table.rows)


def _sum(table: Table, label: str) -> int:
    at = _at(table, label)
    return sum(cell for row in table.rows if isinstance(cell := row[at], int))


def _figures(basis: Basis, lists: Mapping[str, Table]) -> Figures:
    total, counts = figures.total(basis.context), basis.context.counts
    effective = _count(lists["objectives"], "design", "effective")
    unjudged = _sum(lists["populations"], "not judged")
    found = _sum(lists["populations"], "found")
    live = sum(in_force for _, in_force in basis.context.exceptions)
    return Figures(
        (
            Figure(f"{effective} of {len(lists['objectives'].rows)}", "objectives whose design is effective"),
            Figure(f"{total.held} of {total.total}", "objectives met"),
            Figure(f"{counts.met} of {counts.applicable}", "evaluations met"),
            Figure(f"{found - unjudged} of {found}", "resources in populations judged", "bad" if unjudged else "good"),
            Figure(f"{live} of {len(basis.context.exceptions)}", "exceptions in force"),
        )
    )


def _effectiveness(table: Table) -> Iterator[Block]:
    yield Paragraph(
        "Design: whether an objective has what would show and ensure it: a requirement or a threat behind it, a "
        "measure with a target, controls or backed reports of the provider, no parameter looser than the catalogue's. "
        "Operation: what was found over its whole population. The one does not follow from the other."
    )
    states = dict.fromkeys(text_of(row[_at(table, "operation")]) for row in table.rows)
    crossed: list[tuple[Cell, ...]] = [
        (state, _both(table, state, "effective"), _both(table, state, "deficient")) for state in sorted(states)
    ]
    yield Table(
        "effectiveness",
        f"Operation by design, of {counted(len(table.rows), 'objective')}, each where it is answered",
        (
            Column("operation", 3),
            Column("design effective", 2, number=True),
            Column("design deficient", 2, number=True),
        ),
        tuple(crossed),
    )
    why, name, place = _at(table, "design: why"), _at(table, "objective"), _at(table, "workload")
    faulty = [(row[name], row[place], row[why]) for row in table.rows if text_of(row[why])]
    yield Table(
        "deficient-designs",
        "Deficient designs",
        (Column("objective", 4), Column("at", 2), Column("why", 6)),
        tuple(faulty),
        shown=20,
        sheet=False,
    )


def _both(table: Table, state: str, design: str) -> int:
    operation, designed = _at(table, "operation"), _at(table, "design")
    return sum(text_of(row[operation]) == state and text_of(row[designed]) == design for row in table.rows)


def _populations(lists: _Lists) -> Iterator[Block]:
    yield Paragraph(
        "A population is every resource of a control's type at one place; the query is in the list. It is counted "
        "twice: from what was read, and from the verdicts. The two must be the same resources."
    )
    yield Table(
        "completeness",
        "Completeness by place",
        (
            Column("place", 2.4),
            Column("resources read", 1.5, number=True),
            Column("populations", 1.4, number=True),
            Column("in them", 1.2, number=True),
            Column("judged", 1.2, number=True),
            Column("not judged", 1.2, number=True),
            Column("files or parts not read", 2, number=True),
        ),
        tuple(_completeness(lists)),
        "A resource is in one population for each control of its type. Facts of the organisation (types Assay::) are "
        "read from the repository and are resources here.",
    )


def _completeness(lists: _Lists) -> Iterator[tuple[Cell, ...]]:
    table = lists.all["populations"]
    for answer in lists.population.places:
        place = place_of(answer)
        rows = [row for row in table.rows if text_of(row[0]) == place]
        sums = [sum(int(text_of(row[_at(table, each)])) for row in rows) for each in ("found", "judged", "not judged")]
        missed = len(answer.inventory.faults) + len(answer.inventory.gaps)
        yield place, len(answer.inventory.resources), len(rows), *sums, missed


def _samples(lists: _Lists) -> Iterator[Block]:
    population, basis = lists.population, lists.basis
    yield Paragraph(
        f"{len(population.sample)} of {counted(len(population.examined), 'evaluation')} are drawn: of each objective "
        f"and place {basis.sample} at most. Seed: “{basis.seed}”. An evaluation is drawn by the SHA-256 of the seed, "
        "workload, stage, control and resource, joined by line feeds: the smallest are taken. Another seed gives "
        "another sample (--seed)."
    )
    table = lists.all["samples"]
    wanted = [_at(table, each) for each in ("number", "workload", "control", "resource", "where", "verdict")]
    yield Table(
        "first-samples",
        "The first samples; the list has all of them, with columns for the examiner",
        (
            Column("number", 1),
            Column("workload", 1.6),
            Column("control", 4),
            Column("resource", 4),
            Column("where", 4),
            Column("verdict", 1.4),
        ),
        tuple(tuple(row[at] for at in wanted) for row in table.rows[:12]),
        sheet=False,
    )


def _exceptions(table: Table) -> Iterator[Block]:
    if not table.rows:
        yield Paragraph("None.")
        return
    wanted = ("exception", "in force", "approver", "approved", "expires", "covers", "compensating control")
    widths = (3, 1, 2.6, 1.5, 1.5, 0.9, 5)
    yield Table(
        "approved",
        "An exception is laid over verdicts and hides none; it ends by the clock alone",
        tuple(Column(each, width, each == "covers") for each, width in zip(wanted, widths, strict=True)),
        tuple(tuple(row[_at(table, each)] for each in wanted) for row in table.rows),
        shown=20,
        sheet=False,
    )


def _unseen(table: Table) -> Iterator[Block]:
    if not table.rows:
        yield Paragraph("Everything that was asked for was read, and some control looks at every resource.")
        return
    yield Table(
        "unseen",
        "What the answer is not about",
        (Column("place", 1.6), Column("what", 2.2), Column("subject", 4), Column("why", 4)),
        table.rows,
        shown=20,
        sheet=False,
    )


def _evidence(basis: Basis) -> Iterator[Block]:
    yield Bullets(
        (
            "SHA256SUMS lists every other file of this pack; the command checks that none was changed.",
            "lists/files.csv has the digest of every file that was read. With these files, Assay of the version named "
            "above gives every list again; of a day asked for by --as-of, byte for byte.",
            "lists/evaluations.csv names for each verdict the digests of the control and of the configuration that "
            "gave it. Equal digests give equal verdicts.",
            "The ledger holds signed records of the same verdicts. Ask for it (`assay ledger pack` makes one file of "
            "it) and, by another way, for its public key: verifying needs nothing else. Where persons have attested, "
            "their public keys as well (--person), or that step is not checked.",
        ),
        ordered=True,
    )
    yield Command("sha256sum --check SHA256SUMS\nassay verify LEDGER --public-key LEDGER.key.pub")
    if basis.evidence:
        yield Paragraph("State of the ledger when this pack was made:")
        yield Command(evidence_lines(basis.evidence))
    else:
        yield Paragraph("No ledger was named (--ledger): nothing here can be traced to signed evidence.", "open")


def _index(lists: Mapping[str, Table]) -> Table:
    return Table(
        "index",
        "What the lists hold: each is a sheet of the workbook, and a file in lists/",
        (Column("list", 2), Column("rows", 1, number=True), Column("what", 7)),
        tuple((f"{each.name}.csv", len(each.rows), each.caption) for each in lists.values()),
        sheet=False,
    )


def document(basis: Basis) -> Mapping[str, Any]:
    """Return the report as JSON: every list, row by row."""
    lists = _Lists(basis)
    sample, examined = lists.population.sample, lists.population.examined
    return {
        **head(FORMAT, basis),
        "sample": {"seed": basis.seed, "size": basis.sample, "drawn": len(sample), "of": len(examined)},
        "evidence": dict(basis.evidence),
        "lists": {name: _records(each) for name, each in lists.all.items()},
    }


def _records(table: Table) -> Sequence[Mapping[str, str | int]]:
    labels = [re.sub(r"\W+", "_", each.label).lower() for each in table.columns]
    return [
        {label: cell if isinstance(cell, int) else text_of(cell) for label, cell in zip(labels, row, strict=True)}
        for row in table.rows
    ]
