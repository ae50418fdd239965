"""assay send: the answer into a system that collects findings."""

from pathlib import Path
from typing import Annotated

import typer

from assay.cli.export import Directory, Snapshot, Stage, Workloads, assessed
from assay.cli.output import Listing

commands = typer.Typer(help="Findings into systems that collect them.", no_args_is_help=True)


@commands.callback()
def group() -> None:
    """Findings."""


@commands.command("securityhub")
def securityhub(
    directory: Directory = Path(),
    region: Annotated[str, typer.Option(help="Region of the Security Hub.", show_default=False)] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Send; without it, only what would be sent is shown.")] = False,
    workload: Workloads = None,
    stage: Stage = "",
    snapshot: Snapshot = None,
    form: Annotated[Listing, typer.Option("--format", "-f", help="Form of the listing.")] = Listing.TEXT,
) -> None:
    """Import the evaluations into AWS Security Hub; findings that are no more are archived.

    Without --yes nothing is sent and no account is asked. Exit code 0 when all were taken, 1 when some were not.
    """
    from assay.cli.output import progress, show
    from assay.errors import UsageError
    from assay.operations import send
    from assay.reports import asff, sending

    if not region:
        raise UsageError("say where the Security Hub is: --region eu-central-1")
    partition = send.partition_of(region)
    client, account = send.open_hub(region) if yes else (None, sending.NOBODY)
    context, repository = assessed(directory, workload, stage, "", snapshot)
    hub = asff.Hub(account, region, partition, send.hub_types())
    found = list(asff.findings(context, hub, str(repository.directory)))
    if not yes:
        show(form, sending.planned_document(found), sending.planned(found, region))
        return
    covered = asff.covered(context, everything=not workload)
    ours = send.Ours(hub.product, asff.prefix(context), covered, asff.moment(context))
    with progress("sending", "findings") as told:
        sent = send.send_findings(client, found, ours, told)
    show(form, sending.sent_document(sent), sending.sent(sent, region))
    raise typer.Exit(1 if sent.failed else 0)
