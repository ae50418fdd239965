"""assay prove DIR: what the organisation's guardrails make impossible, proved or shown by a request."""

from pathlib import Path
from typing import Annotated

import typer

from assay.cli.output import Listing


def command(
    directory: Annotated[Path, typer.Argument(help="The governance repository.")] = Path(),
    invariant: Annotated[
        list[str] | None, typer.Option("--invariant", "-i", help="Only this invariant; repeatable.")
    ] = None,
    exempt: Annotated[
        list[str] | None,
        typer.Option(help="Pattern of ARNs of principals whom no invariant is about (break-glass); repeatable."),
    ] = None,
    form: Annotated[Listing, typer.Option("--format", "-f", help="Form of the answer.")] = Listing.TEXT,
) -> None:
    """Prove what SCPs, RCPs and the policies of every role, user and resource must make impossible.

    Each invariant has a twin, what must still be possible, so that no proof is vacuous. What falls is shown by a
    request and by the smallest change that repairs it, proved as well. Exit code: 0 all proved, 1 one falls or forbids
    too much, 2 a file is wrong, 3 undetermined.
    """
    from assay.cli.output import show, working
    from assay.operations.prove import prove_repository
    from assay.permissions.proof import Verdict
    from assay.reports import proof

    with working("proving"):
        proved = prove_repository(directory, invariant or (), exempt or ())
    accounts = (proved.guardrails, proved.organisation, proved.accounts)
    shown = proof.Shown(proved.proofs, *accounts, proved.subjects, proved.repairs, proved.units)
    show(form, proof.document(shown), proof.render(shown))
    verdicts = set(shown.verdicts.values())
    failed = {Verdict.FALLS, Verdict.VACUOUS} & verdicts
    raise typer.Exit(1 if failed else 3 if Verdict.UNDETERMINED in verdicts or not verdicts else 0)
