"""assay guardrail: what guardrails would do before they are attached."""

import enum
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from assay.cli import guardrail_plan
from assay.cli.output import AsOf

commands = typer.Typer(help="Guardrails (SCPs, RCPs) before they are attached.", no_args_is_help=True)
commands.command("plan")(guardrail_plan.plan)
commands.command("probe")(guardrail_plan.probe)


class ReplayFormat(enum.StrEnum):
    """Forms of what `guardrail replay` answers."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


class ReplayKind(enum.StrEnum):
    """Kinds of policies that are replayed."""

    SCP = "scp"
    RCP = "rcp"


class Step(enum.StrEnum):
    """Steps of the ramp."""

    WARN = "warn"
    ENFORCE = "enforce"


@commands.callback()
def group() -> None:
    """Guardrails."""


@commands.command("replay")
def replay_events(
    events: Annotated[list[Path], typer.Argument(help="Files of CloudTrail, or folders of them.")],
    policy: Annotated[
        list[Path] | None, typer.Option("--policy", "-p", help="A policy to replay; repeatable.", show_default=False)
    ] = None,
    governance: Annotated[
        Path | None,
        typer.Option(
            "--governance",
            "-C",
            help="The governance repository: its accounts and, without --policy, the policies of its platform.",
            show_default=False,
        ),
    ] = None,
    kind: Annotated[
        ReplayKind | None,
        typer.Option("--kind", "-k", help="Kind of --policy; default: RCP when it names principals, else SCP."),
    ] = None,
    at: Annotated[str, typer.Option(help="Where --policy is attached: Root, a unit's path, an account.")] = "Root",
    without_full_access: Annotated[
        bool, typer.Option("--without-full-access", help="FullAWSAccess is detached where the policies are attached.")
    ] = False,
    expected: Annotated[
        Path | None,
        typer.Option(help="Expected denials; default: guardrails/expected-denials.yaml in -C.", show_default=False),
    ] = None,
    promote: Annotated[
        Step | None, typer.Option(help="Ask for this step of the ramp; needs --record.", show_default=False)
    ] = None,
    record: Annotated[
        Path | None, typer.Option(help="File that the decision is appended to, one a line.", show_default=False)
    ] = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Processes that read side by side.")] = 2,
    limit: Annotated[int, typer.Option(min=0, help="Findings to spell out in text; 0 for all.")] = 20,
    form: Annotated[ReplayFormat, typer.Option("--format", "-f", help="Form of the answer.")] = ReplayFormat.TEXT,
    as_of: AsOf = "",
) -> None:
    """Show what policies would have denied of the requests that CloudTrail recorded, and who would have been stopped.

    Exit code: 0 nothing, or only what is expected; 1 a request would be denied, or the step is refused; 2 a file is
    wrong; 3 undetermined.
    """
    import sys

    from assay.cli.output import Listing, moment, put, show
    from assay.errors import UsageError
    from assay.operations import replay_events as operation
    from assay.permissions.policy import Kind
    from assay.permissions.ramp import Stage
    from assay.permissions.replay import Fate
    from assay.reports import replay as report

    if (promote is None) != (record is None):
        raise UsageError("--promote and --record belong together: a step is asked for, and the decision kept")
    now = moment(as_of)
    wanted = operation.Wanted(
        tuple(policy or ()), Kind(kind.value) if kind else None, at, governance, not without_full_access, expected
    )
    with _progress("replaying") as progress:
        found = operation.replay(events, wanted, now, processes=jobs, progress=progress)
    step = operation.take_step(found, Stage(promote.value), record, now) if promote and record else None
    said = (found.attached, found.tally, found.reading, found.findings)
    if form is ReplayFormat.CSV:
        put(report.table(found.findings), form_of_machines=True)
    else:
        listing = Listing.JSON if form is ReplayFormat.JSON else Listing.TEXT
        show(listing, report.document(*said, step), report.render(*said, step, limit or sys.maxsize))
    unexplained = {each.case.fate for each in found.findings if each.expected is None}
    if Fate.DENIED in unexplained or (step and step.refused):
        raise typer.Exit(1)
    raise typer.Exit(2 if found.incomplete else 3 if unexplained or not found.decided else 0)


@contextmanager
def _progress(on: str) -> Iterator[Callable[[int, int], None]]:
    """Give what shows how far the work is, on a terminal."""
    import sys

    if not sys.stderr.isatty():
        yield lambda done, files: None
        return
    from rich.progress import Progress

    from assay.cli.output import console

    with Progress(console=console(stderr=True), transient=True) as shown:
        task = shown.add_task(on, total=None)
        yield lambda done, files: shown.update(task, completed=done, total=files)
