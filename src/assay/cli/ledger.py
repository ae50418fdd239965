"""assay ledger: evidence that can be verified without us."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.cli.output import AsOf, Listing

if TYPE_CHECKING:
    import datetime

    from assay.ledger.log import Receipt
    from assay.operations.book import Book

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
    kms: Annotated[
        str, typer.Option(metavar="ARN", help="Sign with this Ed25519 key in AWS KMS; --key then names it.")
    ] = "",
    retain_days: Annotated[
        int,
        typer.Option(metavar="N", help="Nothing in the bucket can be deleted for N days (object lock, compliance)."),
    ] = 0,
) -> None:
    """Begin an empty ledger and make its pair of keys.

    The private key never lies inside the ledger. The public key is what others verify with.
    """
    from assay.operations.keeping import begin

    made = begin(ledger, key, name, kms=kms, retain_days=retain_days)
    typer.echo(f"ledger of {made.name}: {ledger}")
    typer.echo(f"{'names the key in KMS' if kms else 'private key, for its owner alone'}: {made.private}")
    typer.echo(f"public key, for everybody: {made.public}")


@commands.command("show")
def show_ledger(ledger: Place, form: Form = Listing.TEXT) -> None:
    """List the runs: when, how they ended, how many records, and what was not reached."""
    from assay.cli.output import show
    from assay.operations.keeping import list_runs
    from assay.reports import evidence

    listed = list_runs(ledger)
    show(form, [dict(each) for each in listed], evidence.runs_table(listed))


@commands.command("key")
def make_key(
    path: Annotated[Path, typer.Argument(help="Where to write the private key; the public one goes beside it.")],
    name: Annotated[str, typer.Option(help="Whose it is, such as ann@acme.example.")],
) -> None:
    """Make the pair of keys of a person who attests."""
    from assay.ledger.keys import new_signer, write_key

    write_key(new_signer(name), path)
    typer.echo(f"private key, for {name} alone: {path}")
    typer.echo(f"public key, for everybody: {path}.pub")


@commands.command("attest")
def attest(
    ledger: Place,
    statement: Annotated[str, typer.Option(help="What you state to be so.")],
    objective: Annotated[str, typer.Option(help="Id of the objective that it is about.")],
    until: Annotated[str, typer.Option(metavar="DATE", help="The first day on which it no longer counts (UTC).")],
    by: Annotated[str, typer.Option(help="Who you are; the name of your key.")],
    person_key: Annotated[Path, typer.Option(help="Your private key.")],
    workload: Annotated[str, typer.Option(help="Id of the workload; none: the organisation.")] = "",
    observed: Annotated[
        str, typer.Option(metavar="DATE", help="The day on which you saw it; default: today (UTC).")
    ] = "",
    document: Annotated[Path | None, typer.Option(help="Document that it rests on; only its digest is kept.")] = None,
    key: Annotated[Path | None, typer.Option(help="Private key of the ledger; default: LEDGER.key.")] = None,
) -> None:
    """Append what a person states and signs, until it expires: it answers where no control does, and outweighs none."""
    import datetime
    import uuid

    from assay import __version__
    from assay.canonical import rfc3339
    from assay.ledger.attestation import Attestation
    from assay.ledger.run import Manifest, Run
    from assay.operations.keeping import attest_in, document_digest

    now = datetime.datetime.now(datetime.UTC)
    seen = _day("--observed", observed) if observed else now.date()
    about = {"objective": objective, **({"workload": workload} if workload else {})}
    stated = Attestation(statement, about, seen, seen, _day("--until", until), document_digest(document))
    recorded = rfc3339(now)
    manifest = Manifest("complete", {"tool": "assay", "version": __version__}, seen.isoformat(), recorded, asked=about)
    receipt = attest_in(ledger, key, person_key, by, stated, Run(str(uuid.uuid4()), manifest))
    typer.echo(receipt_text(receipt, ledger))


def _day(option: str, text: str) -> "datetime.date":
    import datetime

    from assay.errors import UsageError

    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{option} {text!r}: expected a day such as 2026-11-25") from None


@commands.command("attestations")
def show_attestations(ledger: Place, form: Form = Listing.TEXT, as_of: AsOf = "") -> None:
    """List what persons have stated, and whether it still counts."""
    from assay.cli.output import moment, show
    from assay.operations.keeping import list_attestations
    from assay.reports import evidence

    listed = list_attestations(ledger, moment(as_of).date())
    show(form, [dict(each) for each in listed], evidence.attestations_table(listed))


@commands.command("pack")
def pack(
    ledger: Place,
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write.")] = Path("ledger.zip"),
) -> None:
    """Write the whole ledger into one file that verifies offline."""
    from assay.ledger.store import open_bucket, write_pack

    count = write_pack(open_bucket(ledger), output)
    typer.echo(f"wrote {output}: {count} objects")


@commands.command("stamp")
def stamp_ledger(
    ledger: Place,
    tsa: Annotated[str, typer.Option(metavar="URL", help="Address of the time-stamping authority (RFC 3161).")],
) -> None:
    """Have the newest checkpoint time-stamped: an authority signs that everything up to it was there."""
    from assay.operations.stamping import stamp

    made = stamp(ledger, tsa)
    typer.echo(f"{made.size} entries {'stamped' if made.new else 'had been stamped'}: {made.at.isoformat()}")


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

    from assay.ledger.run import run_id
    from assay.operations.book import Book
    from assay.operations.keeping import open_for_writing
    from assay.operations.stand_ins import STAND_IN
    from assay.reports.redaction import redacted

    bucket, signer = open_for_writing(ledger, key)
    hide = functools.partial(redacted, instead=STAND_IN)
    return Book(bucket, signer, hide, run_id(run or str(uuid.uuid4())), datetime.datetime.now(datetime.UTC))


def receipt_text(receipt: "Receipt", ledger: str) -> str:
    """Return what the ledger acknowledged, in one line."""
    last = receipt.first + receipt.count - 1
    return f"recorded as run {receipt.run} in {ledger}: entries {receipt.first} to {last}"
