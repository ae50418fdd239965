"""assay assess DIR: the main job."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.cli.output import AsOf, Format

if TYPE_CHECKING:
    from assay.assessment.attested import Attested


def command(
    directory: Annotated[Path, typer.Argument(help="The governance repository.")] = Path(),
    workload: Annotated[
        list[str] | None, typer.Option("--workload", "-w", help="Only this workload; repeatable.")
    ] = None,
    stage: Annotated[str, typer.Option(help="Stage to judge; default: the furthest one of each workload.")] = "",
    snapshot: Annotated[
        Path | None,
        typer.Option(
            help="Judge what is deployed by this snapshot, in place of what templates declare.", show_default=False
        ),
    ] = None,
    form: Annotated[Format, typer.Option("--format", "-f", help="Form of the report.")] = Format.TEXT,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write the report to a file.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write the HTML page as well.")] = None,
    limit: Annotated[int, typer.Option(min=0, help="Findings of each workload to spell out in text; 0 for all.")] = 5,
    ledger: Annotated[
        str, typer.Option(help="Append the run to this ledger: a folder, or s3://bucket/prefix.", show_default=False)
    ] = "",
    key: Annotated[Path | None, typer.Option(help="Private key of the ledger; default: LEDGER.key.")] = None,
    run: Annotated[
        str, typer.Option(help="Id of the run in the ledger; tried again with the same id, it is there once.")
    ] = "",
    attestations: Annotated[
        str,
        typer.Option(help="Ledger whose attestations count; default: the one of --ledger.", show_default=False),
    ] = "",
    person: Annotated[
        list[Path] | None,
        typer.Option("--person", "-p", help="Public key of a person whose attestations count; repeatable."),
    ] = None,
    as_of: AsOf = "",
) -> None:
    """Answer for every workload: are its objectives met, are they the right ones, and how do we know?

    Exit code: 0 all met, 1 something is not met, 2 a file is wrong, 3 something could not be decided.
    """
    from assay.cli.output import emit, finish, moment, working, write
    from assay.errors import UsageError
    from assay.operations.assess import assess_repository
    from assay.reports import context

    if (key or run) and not ledger:
        raise UsageError("--key and --run are about a ledger; add --ledger")
    if person and not (attestations or ledger):
        raise UsageError("--person is about attestations; add --ledger or --attestations")
    now, wanted, recorded = moment(as_of), workload or (), ""
    with working(f"assessing {directory}"):
        attested: Sequence[Attested] = ()
        if attestations or person:  # reading a whole ledger takes its time
            from assay.operations.attested import read_attested

            attested = read_attested(attestations or ledger, person or ())
        if ledger:
            from assay.cli.ledger import open_book, receipt_text
            from assay.operations.evidence import assess_and_record

            book = open_book(ledger, key, run)
            repository, assessment, receipt = assess_and_record(
                directory, book, now=now, stage=stage, workloads=wanted, snapshot=snapshot, attested=attested
            )
            recorded = receipt_text(receipt, ledger)
        else:
            repository, assessment = assess_repository(
                directory, now=now, stage=stage, workloads=wanted, snapshot=snapshot, attested=attested
            )
        report = context.from_assessment(assessment, repository)
    emit(report, form, output, limit)
    if html:
        from assay.reports import html as page

        write(html, page.render(report))
    if recorded:
        typer.echo(recorded, err=True)
    finish(report.verdict, faulty=bool(report.faults))
