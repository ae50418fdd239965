"""assay drift DIR: is what is deployed what was declared?"""

import enum
from pathlib import Path
from typing import Annotated

import typer


class DriftFormat(enum.StrEnum):
    """Forms of the answer."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


def command(
    directory: Annotated[Path, typer.Argument(help="The governance repository.")] = Path(),
    snapshot: Annotated[
        list[Path] | None,
        typer.Option("--snapshot", "-s", help="A snapshot, or files of AWS Config or Cloud Control; repeatable."),
    ] = None,
    events: Annotated[
        list[Path] | None,
        typer.Option("--events", "-e", help="Files of CloudTrail, or folders: who changed it; repeatable."),
    ] = None,
    workload: Annotated[
        list[str] | None, typer.Option("--workload", "-w", help="Only this workload; repeatable.")
    ] = None,
    stage: Annotated[str, typer.Option(help="Stage to compare; default: the furthest one of each workload.")] = "",
    limit: Annotated[int, typer.Option(min=0, help="Resources of each kind to spell out in text; 0 for all.")] = 20,
    form: Annotated[DriftFormat, typer.Option("--format", "-f", help="Form of the answer.")] = DriftFormat.TEXT,
) -> None:
    """Compare what the workloads' templates and plans declare with what was observed of their accounts.

    Exit code: 0 all as declared, 1 something drifted, is missing or unmanaged, 2 a file is wrong, 3 of something it is
    not known.
    """
    import sys

    from assay.assessment.drift import Outcome
    from assay.cli.output import Listing, put, show, working
    from assay.errors import UsageError
    from assay.operations.drift import compare_deployed
    from assay.reports import drift as report

    if not snapshot:
        raise UsageError("say what was observed: --snapshot with a snapshot, or files of AWS Config or Cloud Control")
    with working("comparing"):
        found = compare_deployed(directory, snapshot, workloads=workload or (), stage=stage, events=events or ())
    if form is DriftFormat.CSV:
        put(report.table(found), form_of_machines=True)
    else:
        listing = Listing.JSON if form is DriftFormat.JSON else Listing.TEXT
        show(listing, report.document(found), report.render(found, limit or sys.maxsize))
    outcomes = {each.outcome for each in found.found}
    if outcomes & {Outcome.DRIFTED, Outcome.MISSING, Outcome.UNMANAGED}:
        raise typer.Exit(1)
    unsure = bool(outcomes & {Outcome.UNKNOWN, Outcome.NOT_CHECKED}) or not outcomes or found.without or found.gaps
    raise typer.Exit(2 if found.faults else 3 if unsure else 0)
