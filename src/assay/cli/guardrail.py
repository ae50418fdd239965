"""assay guardrail: what guardrails would do before they are attached."""

import enum
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
            "--repository",
            "-C",
            help="The governance repository: its accounts and, without --policy, the policies of its platform.",
            show_default=False,
        ),
    ] = None,
    plan: Annotated[
        Path | None,
        typer.Option(
            help="Folder that `assay guardrail plan --out` wrote: its invariants are replayed.", show_default=False
        ),
    ] = None,
    invariant: Annotated[
        list[str] | None,
        typer.Option("--invariant", "-i", help="Only this invariant of --plan; repeatable.", show_default=False),
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
        Step | None,
        typer.Option(help="Ask for this step of the ramp; needs --ledger, --record or both.", show_default=False),
    ] = None,
    record: Annotated[
        Path | None, typer.Option(help="File that the decision is appended to, one a line.", show_default=False)
    ] = None,
    ledger: Annotated[
        str,
        typer.Option(
            help="Ledger that the decision is appended to: a folder, or s3://bucket/prefix.", show_default=False
        ),
    ] = "",
    key: Annotated[
        Path | None, typer.Option(help="Private key of the ledger; default: LEDGER.key.", show_default=False)
    ] = None,
    by: Annotated[str, typer.Option(help="Who asks for the step; needed with --ledger.", show_default=False)] = "",
    processes: Annotated[int, typer.Option(min=1, help="Processes that read side by side.")] = 2,
    limit: Annotated[int, typer.Option(min=0, help="Findings to spell out in text; 0 for all.")] = 20,
    form: Annotated[ReplayFormat, typer.Option("--format", "-f", help="Form of the answer.")] = ReplayFormat.TEXT,
    as_of: AsOf = "",
) -> None:
    """Show what policies would have denied of the requests that CloudTrail recorded, and who would have been stopped.

    Exit code: 0 nothing, or only what is expected; 1 a request would be denied, or the step is refused; 2 a file is
    wrong; 3 undetermined.
    """
    import sys

    from assay.cli.ledger import open_book, receipt_text
    from assay.cli.output import Listing, moment, progress, put, show
    from assay.operations import replay_events as operation
    from assay.operations.promoting import take_step
    from assay.permissions.policy import Kind
    from assay.permissions.ramp import Stage
    from assay.permissions.replay import Fate
    from assay.reports import replay as report

    _check_step(promote, record, ledger, by)
    now = moment(as_of)
    wanted = operation.Wanted(
        tuple(policy or ()),
        Kind(kind.value) if kind else None,
        at,
        governance,
        not without_full_access,
        expected,
        plan,
        tuple(invariant or ()),
    )
    book = open_book(ledger, key, "") if ledger else None
    with progress("replaying", "files") as told:
        found = operation.replay(events, wanted, now, processes=processes, progress=told)
    step, receipt = None, None
    if promote:
        step, receipt = take_step(found, Stage(promote.value), now, record=record, book=book, by=by)
    said = (found.attached, found.tally, found.reading, found.findings)
    if form is ReplayFormat.CSV:
        put(report.table(found.findings), form_of_machines=True)
    else:
        listing = Listing.JSON if form is ReplayFormat.JSON else Listing.TEXT
        show(listing, report.document(*said, step), report.render(*said, step, limit or sys.maxsize))
    if receipt:
        typer.echo(receipt_text(receipt, ledger), err=True)
    unexplained = {each.case.fate for each in found.findings if each.expected is None}
    if Fate.DENIED in unexplained or (step and step.refused):
        raise typer.Exit(1)
    raise typer.Exit(2 if found.incomplete else 3 if unexplained or not found.decided else 0)


def _check_step(promote: Step | None, record: Path | None, ledger: str, by: str) -> None:
    from assay.errors import UsageError

    if (promote is None) != (record is None and not ledger):
        raise UsageError("--promote and --ledger or --record belong together: a step is asked for, and put on record")
    if bool(ledger) != bool(by):
        raise UsageError("--ledger and --by belong together: the ledger keeps who asked for the step")
