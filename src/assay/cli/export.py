"""assay export: the answer as documents and tables that other systems take."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.cli.output import AsOf

if TYPE_CHECKING:
    from assay.governance.repository import Repository
    from assay.reports.context import ReportContext

commands = typer.Typer(help="Documents and tables for other systems.", no_args_is_help=True)

Directory = Annotated[Path, typer.Argument(metavar="GOVERNANCE", help="The governance repository.")]
Workloads = Annotated[list[str] | None, typer.Option("--workload", "-w", help="Only this workload; repeatable.")]
Stage = Annotated[str, typer.Option(help="Stage to judge; default: the furthest one of each workload.")]
Snapshot = Annotated[
    Path | None,
    typer.Option(
        help="Judge what is deployed by this snapshot, in place of what templates declare.", show_default=False
    ),
]


@commands.callback()
def group() -> None:
    """Documents and tables."""


def assessed(
    directory: Path, workloads: list[str] | None, stage: str, as_of: str, snapshot: Path | None
) -> "tuple[ReportContext, Repository]":
    """Return what is reported of a repository as of a day, and the repository."""
    from assay.cli.output import moment, working
    from assay.operations.assess import assess_repository
    from assay.reports import context

    with working(f"assessing {directory}"):
        repository, assessment = assess_repository(
            directory, now=moment(as_of), stage=stage, workloads=workloads or (), snapshot=snapshot
        )
        return context.from_assessment(assessment, repository), repository


@commands.command("oscal")
def oscal(
    directory: Directory = Path(),
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder to write to; made when it is not there.")] = Path(
        "oscal"
    ),
    model: Annotated[
        list[str] | None,
        typer.Option(
            help="Only this model: catalog, profile, component-definition, ssp, assessment-results, poam; repeatable."
        ),
    ] = None,
    workload: Workloads = None,
    stage: Stage = "",
    snapshot: Snapshot = None,
    as_of: AsOf = "",
) -> None:
    """Write OSCAL 1.2 documents that refer to one another: what must hold, who meets it, what was seen, what is open.

    Exit code 0 when they are written, whatever they say; `assay assess` answers with its code.
    """
    from assay.cli.output import write
    from assay.operations.export import make_folder
    from assay.reports.oscal.package import MODELS, chosen, documents
    from assay.reports.oscal.writing import written

    chosen((), model or ())
    context, repository = assessed(directory, workload, stage, as_of, snapshot)
    found = documents(context, repository)
    names = chosen(list(found), model or ())
    make_folder(out, names, [f"{each}{end}" for each in MODELS for end in (".json", "-*.json")])
    for name in names:
        write(out / name, written(found[name]))
        typer.echo(f"wrote {out / name}")


@commands.command("ocsf")
def ocsf(
    directory: Directory = Path(),
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Root of the lake: a folder to copy into its bucket.")
    ] = Path("lake"),
    region: Annotated[str, typer.Option(help="Region of the lake.", show_default=False)] = "",
    source: Annotated[str, typer.Option(help="Name of the custom source.")] = "assay-compliance",
    workload: Workloads = None,
    stage: Stage = "",
    snapshot: Snapshot = None,
    as_of: AsOf = "",
) -> None:
    """Write OCSF compliance findings as Parquet, laid out as a custom source of Amazon Security Lake.

    Exit code 0 when they are written, whatever they say; `assay assess` answers with its code.
    """
    from assay.errors import UsageError
    from assay.operations.export import write_parquet
    from assay.reports.ocsf_lake import COLUMNS, parts

    if not region:
        raise UsageError("say where the lake is: --region eu-central-1")
    context, repository = assessed(directory, workload, stage, as_of, snapshot)
    for part in parts(context, repository, region, source):
        write_parquet(part.lines, COLUMNS, out / part.path)
        typer.echo(f"wrote {out / part.path}: {len(part.lines)} findings")
