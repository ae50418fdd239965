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
    """Prove over the organisation what SCPs and RCPs of the platform's templates must make impossible.

    Each invariant has a twin, what must still be possible, so that no proof is vacuous. Exit code: 0 all proved, 1 one
    falls or forbids too much, 2 a file is wrong, 3 undetermined.
    """
    from assay.cli.output import show, working
    from assay.operations.prove import prove_repository
    from assay.permissions.proof import Verdict
    from assay.reports import proof

    with working("proving"):
        proved = prove_repository(directory, invariant or (), exempt or ())
    said = (proved.proofs, proved.guardrails, proved.organisation, proved.accounts)
    show(form, proof.document(*said), proof.render(*said))
    verdicts = {each.verdict for each in proved.proofs}
    failed = {Verdict.FALLS, Verdict.VACUOUS} & verdicts
    raise typer.Exit(1 if failed else 3 if Verdict.UNDETERMINED in verdicts or not verdicts else 0)
