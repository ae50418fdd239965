"""assay report: the same answer for executives, customers, auditors and engineers."""

import enum
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.cli.output import AsOf

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from assay.operations.report import Gathered
    from assay.reports.audience.basis import Basis


class Audience(enum.StrEnum):
    """Who reads it."""

    EXECUTIVES = "executives"
    CUSTOMERS = "customers"
    AUDITORS = "auditors"
    ENGINEERS = "engineers"


class ReportForm(enum.StrEnum):
    """Forms of a report for people."""

    HTML = "html"
    PDF = "pdf"
    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    PACK = "pack"


def command(
    audience: Annotated[Audience, typer.Argument(help="Who reads it.")],
    directory: Annotated[Path, typer.Argument(help="The governance repository.")] = Path(),
    workload: Annotated[
        list[str] | None, typer.Option("--workload", "-w", help="Only this workload; repeatable.")
    ] = None,
    form: Annotated[
        ReportForm | None,
        typer.Option(
            "--format",
            "-f",
            help="Form; pack: all. Default: by the file's ending; else pack for auditors, html for others.",
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write; of csv and pack a folder, or a .zip.")
    ] = None,
    since: Annotated[
        str, typer.Option(metavar="DATE", help="Say what changed since this day (UTC), and why.", show_default=False)
    ] = "",
    ledger: Annotated[
        str,
        typer.Option(
            help="Ledger for what changed, trend, ages and evidence: folder, s3://bucket/prefix or pack.",
            show_default=False,
        ),
    ] = "",
    snapshot: Annotated[
        Path | None, typer.Option(help="Judge what this snapshot says is deployed, instead of the templates.")
    ] = None,
    seed: Annotated[str, typer.Option(help="Seed of the auditors' samples.")] = "assay",
    sample: Annotated[int, typer.Option(min=0, help="Samples of each objective and place, at most.")] = 5,
    as_of: AsOf = "",
) -> None:
    """Report the answer to those who must decide, rely on it, examine it, or mend what is open.

    All four are made from one answer, so that their figures agree. Exit code: 0 the report is written, whatever it
    says; 2 the command or a file is wrong.
    """
    from dataclasses import replace

    from assay.cli.output import moment, working
    from assay.errors import UsageError
    from assay.operations.report import gather
    from assay.reports.audience import forms
    from assay.reports.audience.page import counted
    from assay.reports.terminal import one_line

    then = moment(since, "--since") if since else None
    now, wanted = moment(as_of), form or _default(audience, output)
    several = wanted in (ReportForm.CSV, ReportForm.PACK)
    if several and output is None:
        raise UsageError(f"-f {wanted} makes several files: name a folder, or a file ending in .zip, with -o")
    on_terminal = output is None and sys.stdout and sys.stdout.isatty()
    if on_terminal and wanted in (ReportForm.HTML, ReportForm.PDF, ReportForm.XLSX):
        raise UsageError(f"-f {wanted} is nothing for a terminal: name a file with -o, such as {audience}.{wanted}")
    forms.check_installed(wanted)
    with working(f"reporting on {directory}"):
        found = gather(
            directory, now=now, since=then, workloads=tuple(workload or ()), ledger=ledger, snapshot=snapshot
        )
        basis = replace(_basis(found), seed=seed, sample=sample)
        files = forms.files(basis, audience, wanted)
    _write(files, several, output, basis.context.as_of)
    if faults := basis.context.faults:
        first = one_line(str(faults[0]))
        typer.echo(
            f"assay: {counted(len(faults), 'fault')} in files; the report is about the rest. The first: {first}",
            err=True,
        )
        raise typer.Exit(2)


def _default(audience: Audience, output: Path | None) -> ReportForm:
    ending = output.suffix.lstrip(".").lower() if output else ""
    if ending in tuple(ReportForm):
        return ReportForm(ending)
    return ReportForm.PACK if audience is Audience.AUDITORS else ReportForm.HTML


def _basis(found: "Gathered") -> "Basis":
    from dataclasses import replace

    from assay.reports import context
    from assay.reports.audience import changes, trend
    from assay.reports.audience.basis import Basis

    report = context.from_assessment(found.assessment, found.repository)
    basis = Basis(report, found.repository, found.assessment, files=found.files)
    earlier = changes.earlier_by_clock(found.earlier, report.controls) if found.earlier else None
    if told := found.told:
        if told.earlier:
            then = told.earlier
            earlier = changes.earlier_by_ledger(then.effective, then.runs, then.places, then.records)
        stages = {each.id: each.stage for each in report.sections}
        basis = replace(
            basis,
            evidence=told.state,
            runs=told.runs,
            entries=told.entries,
            trend=trend.slices(told.objectives, found.repository, stages) if told.objectives else (),
            ages=trend.ages(report, told.resources, report.as_of) if told.resources else {},
        )
    return replace(basis, changes=changes.changes(report, found.assessment, earlier)) if earlier else basis


def _write(files: "Mapping[str, bytes]", several: bool, output: Path | None, as_of: "datetime.datetime") -> None:
    """Write one file to where it is wanted, or several into a folder or an archive."""
    from assay.cli.output import make_folder, put_bytes, write_bytes
    from assay.reports.audience import forms

    if not several:
        (content,) = files.values()
        if output is None:
            put_bytes(content)
        else:
            write_bytes(output, content)
    elif output and output.suffix.lower() == ".zip":
        write_bytes(output, forms.archive(files, as_of))
    elif output:
        for name, content in files.items():
            make_folder((output / name).parent)
            write_bytes(output / name, content)
