"""assay decisions and assay decide: what was decided, by which rule, and whether it would be decided so again."""

from pathlib import Path
from typing import Annotated

import typer

from assay.cli.output import AsOf, Listing

deciding = typer.Typer(help="Decide by a rule, and put the decision on record.", no_args_is_help=True)

Form = Annotated[Listing, typer.Option("--format", "-f", help="Form of the answer.")]
Ledger = Annotated[str, typer.Option(help="The ledger that keeps the decisions: a folder, or s3://bucket/prefix.")]
Key = Annotated[Path | None, typer.Option(help="Private key of the ledger; default: LEDGER.key.")]


@deciding.callback()
def group() -> None:
    """Decisions."""


def command(
    ledger: Annotated[str, typer.Argument(metavar="LEDGER", help="A ledger's folder or bucket, or a pack.")],
    what: Annotated[str, typer.Option(help="Only decisions about this: exception, promotion or release.")] = "",
    form: Form = Listing.TEXT,
) -> None:
    """List every decision with its rule, its reasons and whether deciding again gives the same.

    Exit code: 0 every decision is reproduced, 1 one differs, 3 a rule is unknown to this version.
    """
    from assay.cli.output import show, working
    from assay.ledger.log import stated_key
    from assay.ledger.store import open_objects
    from assay.operations.decisions import list_decisions
    from assay.reports import decisions

    objects = open_objects(ledger)
    with working(f"reading {ledger}"):
        found = list_decisions(objects, stated_key(objects))
    several = [each.shown() for each in found if what in ("", each.record.get("what"))]
    show(form, decisions.document(several, ledger), decisions.table(several))
    outcomes = {each["again"] for each in several}
    raise typer.Exit(1 if "differs" in outcomes else 3 if "rule unknown" in outcomes else 0)


@deciding.command("exceptions")
def exceptions(
    directory: Annotated[Path, typer.Argument(help="The governance repository.")],
    ledger: Ledger,
    key: Key = None,
    run: Annotated[str, typer.Option(help="Id of the run in the ledger.")] = "",
    form: Form = Listing.TEXT,
    as_of: AsOf = "",
) -> None:
    """Decide about every exception of a repository; what is new or changed is put on record.

    Exit code: 0 all are accepted, 1 one is refused, 2 a file is wrong.
    """
    from assay.cli.ledger import open_book, receipt_text
    from assay.cli.output import moment, show
    from assay.operations.deciding import decide_exceptions
    from assay.reports import decisions

    several, receipt = decide_exceptions(directory, open_book(ledger, key, run), now=moment(as_of))
    shown = [each.shown() for each in several]
    show(form, decisions.document(shown, ledger), decisions.table(shown))
    typer.echo(receipt_text(receipt, ledger) if receipt else "nothing new: all of this is on record", err=True)
    raise typer.Exit(1 if any(each.decided.outcome == "refused" for each in several) else 0)


@deciding.command("promotion")
def promotion(
    inputs: Annotated[Path, typer.Argument(help="JSON file with the inputs of the rule; see docs/decisions.md.")],
    ledger: Ledger,
    by: Annotated[str, typer.Option(help="Who asks for the step.")],
    key: Key = None,
    run: Annotated[str, typer.Option(help="Id of the run in the ledger.")] = "",
    form: Form = Listing.TEXT,
) -> None:
    """Decide whether a guardrail or a control takes its next step, from observe over warn to enforce.

    Exit code: 0 it is granted, 1 it is refused, 2 the file is wrong.
    """
    from assay.cli.ledger import open_book, receipt_text
    from assay.cli.output import show
    from assay.operations.deciding import decide_promotion
    from assay.reports import decisions

    one, receipt = decide_promotion(inputs, open_book(ledger, key, run), by)
    show(form, decisions.document([one.shown()], ledger), decisions.table([one.shown()]))
    typer.echo(receipt_text(receipt, ledger), err=True)
    raise typer.Exit(0 if one.decided.outcome == "granted" else 1)
