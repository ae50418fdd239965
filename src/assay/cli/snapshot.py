"""assay snapshot: what was observed of live accounts, kept in one format."""

from pathlib import Path
from typing import Annotated

import typer

from assay.cli.output import AsOf, Listing

commands = typer.Typer(help="Snapshots of live accounts: make, show and compare them.", no_args_is_help=True)

Form = Annotated[Listing, typer.Option("--format", "-f", help="Form of the answer.")]


@commands.callback()
def group() -> None:
    """Snapshots."""


@commands.command("write")
def write(
    paths: Annotated[
        list[Path], typer.Argument(help="Files of AWS Config, answers of Cloud Control, or folders of them.")
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Folder to write; it must not exist, or be one that was begun.")
    ],
    account: Annotated[str, typer.Option(help="Account that answers of Cloud Control are of.")] = "",
    region: Annotated[str, typer.Option(help="Region that answers of Cloud Control are of.")] = "",
    observed: Annotated[
        str, typer.Option(metavar="TIME", help="When Cloud Control answered: 2026-11-25T08:00Z.", show_default=False)
    ] = "",
    form: Form = Listing.TEXT,
) -> None:
    """Make a snapshot of recordings.

    Texts that look like secrets are replaced before anything is written. What cannot be read is a gap of the snapshot.

    Exit code: 0 written whole, 3 written with gaps, 2 nothing to write.
    """
    import functools

    from assay.cli.output import show, working
    from assay.operations.snapshot import write as written
    from assay.operations.stand_ins import STAND_IN
    from assay.reports import snapshot as report
    from assay.reports.redaction import redacted
    from assay.sources.cloudformation import Context

    hide = functools.partial(redacted, instead=STAND_IN)
    with working(f"writing {out}"):
        manifest = written(paths, out, Context(account=account, region=region), hide, observed=observed)
    show(form, report.written_document(manifest, str(out)), report.written(manifest, str(out)))
    raise typer.Exit(3 if manifest.gaps else 0)


@commands.command("show")
def show_snapshot(
    directory: Annotated[Path, typer.Argument(help="A snapshot, or a folder of snapshots.")],
    form: Form = Listing.TEXT,
    check: Annotated[bool, typer.Option("--verify", help="Check every document against its digest.")] = False,
    as_of: AsOf = "",
) -> None:
    """Say what is in a snapshot: resources by account, type and day, what was not reached, and how old it is.

    Of a folder of snapshots: each of them, and the resources that are gone since, with when they were last seen.

    Exit code: 0; 2 when a snapshot is damaged.
    """
    from assay.cli.output import moment, show, working
    from assay.operations.snapshot import survey
    from assay.reports import snapshot as report

    with working(f"reading {directory}"):
        found = survey(directory, thorough=check)
    now = moment(as_of)
    show(form, report.survey_document(found, now), report.surveyed(found, now))


@commands.command("diff")
def diff(
    before: Annotated[Path, typer.Argument(help="The older snapshot.")],
    after: Annotated[Path, typer.Argument(help="The newer snapshot.")],
    repository: Annotated[
        Path | None,
        typer.Option("--repository", "-C", help="Governance repository: its workloads, controls and parameters."),
    ] = None,
    limit: Annotated[int, typer.Option(min=0, help="Lines of each kind to spell out in text; 0 for all.")] = 20,
    form: Form = Listing.TEXT,
    as_of: AsOf = "",
) -> None:
    """Compare two snapshots: what appeared, is gone or changed, by workload, and which verdicts that flips.

    Both are judged with the same controls on the same day. What the newer one did not reach is not seen, never gone.

    Exit code: 0 no verdict became worse, 1 one is not met now, 2 a snapshot is damaged, 3 one is no longer decided.
    """
    import sys

    from assay.cli.output import moment, show, working
    from assay.operations.snapshot_diff import compare
    from assay.reports import snapshot_diff as report

    with working(f"comparing {before} with {after}"):
        found = compare(before, after, repository, now=moment(as_of))
    show(form, report.document(found), report.render(found, limit or sys.maxsize))
    worse, lost = any(each.is_worse for each in found.flips), any(each.is_lost for each in found.flips)
    raise typer.Exit(1 if worse else 3 if lost else 0)
