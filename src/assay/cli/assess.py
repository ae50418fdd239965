"""assay assess DIR: the main job."""

from pathlib import Path
from typing import Annotated

import typer

from assay.cli.output import AsOf, Format


def command(
    directory: Annotated[Path, typer.Argument(help="The governance repository.")] = Path(),
    workload: Annotated[
        list[str] | None, typer.Option("--workload", "-w", help="Only this workload; repeatable.")
    ] = None,
    stage: Annotated[str, typer.Option(help="Stage to judge; default: the furthest one of each workload.")] = "",
    form: Annotated[Format, typer.Option("--format", "-f", help="Form of the report.")] = Format.TEXT,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write the report to a file.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write the HTML page as well.")] = None,
    limit: Annotated[int, typer.Option(min=0, help="Findings of each workload to spell out in text; 0 for all.")] = 5,
    as_of: AsOf = "",
) -> None:
    """Answer for every workload: are its objectives met, are they the right ones, and how do we know?

    Exit code: 0 all met, 1 something is not met, 2 a file is wrong, 3 something could not be decided.
    """
    from assay.cli.output import emit, finish, moment, working, write
    from assay.operations.assess import assess_repository
    from assay.reports import context

    with working(f"assessing {directory}"):
        repository, assessment = assess_repository(directory, now=moment(as_of), stage=stage, workloads=workload or ())
        report = context.from_assessment(assessment, repository)
    emit(report, form, output, limit)
    if html:
        from assay.reports import html as page

        write(html, page.render(report))
    finish(report.verdict, faulty=bool(report.faults))
