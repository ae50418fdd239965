"""assay verify: whether evidence is what was signed, without us."""

from pathlib import Path
from typing import Annotated

import typer

from assay.cli.output import Listing


def command(
    ledger: Annotated[str, typer.Argument(metavar="LEDGER", help="A ledger's folder or bucket, or a pack.")],
    public_key: Annotated[Path, typer.Option("--public-key", "-k", help="The public key that you were given.")],
    checkpoint: Annotated[
        Path | None, typer.Option(help="A checkpoint kept from an earlier time: the log must still contain it.")
    ] = None,
    person: Annotated[
        list[Path] | None,
        typer.Option("--person", "-p", help="Public key of a person whose attestations you believe; repeatable."),
    ] = None,
    authority: Annotated[
        Path | None, typer.Option(help="Certificates (PEM) of the time-stamping authority that you believe.")
    ] = None,
    replay: Annotated[bool, typer.Option(help="Judge again from what is stored.")] = True,
    form: Annotated[Listing, typer.Option("--format", "-f", help="Form of the answer.")] = Listing.TEXT,
) -> None:
    """Verify a ledger or a pack, step by step. Needs no network, no repository and no account.

    Exit code: 0 every step passed, 1 something is wrong, 2 the command is wrong, 3 something could not be checked.
    """
    from assay.cli.output import show, working
    from assay.operations.keeping import verify_evidence
    from assay.reports import evidence

    with working(f"verifying {ledger}"):
        found = verify_evidence(ledger, public_key, checkpoint, again=replay, persons=person or (), authority=authority)
    show(form, evidence.verification_document(found), evidence.verification_text(found))
    raise typer.Exit(1 if found.wrong else 0 if found.passed else 3)
