"""assay ledger: evidence that can be verified without us."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.cli.output import Listing

if TYPE_CHECKING:
    from assay.ledger.log import Receipt
    from assay.operations.evidence import Book

commands = typer.Typer(help="Evidence: a ledger of runs that anybody can verify.", no_args_is_help=True)

Place = Annotated[str, typer.Argument(metavar="LEDGER", help="Folder of the ledger, or s3://bucket/prefix.")]
Form = Annotated[Listing, typer.Option("--format", "-f", help="Form of the listing.")]


@commands.callback()
def group() -> None:
    """Evidence."""


@commands.command("init")
def init(
    ledger: Place,
    key: Annotated[
        Path | None,
        typer.Option(help="Where to write the private key; the public one goes beside it. Default: LEDGER.key."),
    ] = None,
    name: Annotated[
        str, typer.Option(help="Name of the log, such as acme.example/assurance; default: the folder's name.")
    ] = "",
) -> None:
    """Begin an empty ledger and make its pair of keys.

    The private key never lies inside the ledger. The public key is what others verify with.
    """
    from assay.operations.keeping import begin

    made = begin(ledger, key, name)
    typer.echo(f"ledger of {made.name}: {ledger}")
    typer.echo(f"private key, for its owner alone: {made.private}")
    typer.echo(f"public key, for everybody: {made.public}")


@commands.command("show")
def show_ledger(ledger: Place, form: Form = Listing.TEXT) -> None:
    """List the runs: when, how they ended, how many records, and what was not reached."""
    from assay.cli.output import show
    from assay.operations.keeping import list_runs
    from assay.reports import evidence

    listed = list_runs(ledger)
    show(form, [dict(each) for each in listed], evidence.runs_table(listed))


@commands.command("pack")
def pack(
    ledger: Place,
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write.")] = Path("ledger.zip"),
) -> None:
    """Write the whole ledger into one file that verifies offline."""
    from assay.ledger.store import open_bucket, write_pack

    count = write_pack(open_bucket(ledger), output)
    typer.echo(f"wrote {output}: {count} objects")


@commands.command("settle")
def settle_ledger(ledger: Place) -> None:
    """Finish what a writer began that was interrupted; the next append does so too."""
    from assay.ledger.log import settle, stated_key
    from assay.ledger.store import open_bucket

    bucket = open_bucket(ledger)
    head = settle(bucket, stated_key(bucket))
    typer.echo(f"{head.size} entries")


def open_book(ledger: str, key: Path | None, run: str) -> "Book":
    """Return the ledger to write a run to. Raises UsageError when there is none or the key is not its own."""
    import datetime
    import functools
    import uuid

    from assay.operations.evidence import STAND_IN, Book
    from assay.operations.keeping import open_for_writing
    from assay.reports.redaction import redacted

    bucket, signer = open_for_writing(ledger, key)
    hide = functools.partial(redacted, instead=STAND_IN)
    return Book(bucket, signer, hide, run or str(uuid.uuid4()), datetime.datetime.now(datetime.UTC))


def receipt_text(receipt: "Receipt", ledger: str) -> str:
    """Return what the ledger acknowledged, in one line."""
    last = receipt.first + receipt.count - 1
    return f"recorded as run {receipt.run} in {ledger}: entries {receipt.first} to {last}"
