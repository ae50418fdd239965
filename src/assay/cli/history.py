"""assay history LEDGER: what was so at a time, or over a period, and what was known of it."""

import enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import datetime


class Shape(enum.StrEnum):
    """Forms of a history."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


def command(
    ledger: Annotated[str, typer.Argument(metavar="LEDGER", help="A ledger's folder or bucket, or a pack.")],
    as_of: Annotated[
        str, typer.Option(metavar="TIME", help="Status at this time; a day is its end (UTC). Default: now.")
    ] = "",
    start: Annotated[
        str, typer.Option("--from", metavar="TIME", help="Figures from this time; a day is its beginning (UTC).")
    ] = "",
    end: Annotated[
        str,
        typer.Option(
            "--to", metavar="TIME", help="With --from: until before this time; a day is its beginning. Default: now."
        ),
    ] = "",
    recorded: Annotated[
        str, typer.Option(metavar="TIME", help="Only what had been recorded by then; a day is its end (UTC).")
    ] = "",
    workload: Annotated[
        list[str] | None,
        typer.Option("--workload", "-w", help="Only this workload, objective by objective; repeatable."),
    ] = None,
    organisation: Annotated[bool, typer.Option("--organisation", help="Only the organisation itself.")] = False,
    stage: Annotated[str, typer.Option(help="Only this stage.")] = "",
    objective: Annotated[str, typer.Option(help="Only this objective, control by control.")] = "",
    control: Annotated[str, typer.Option("--control", "-c", help="Only this control, resource by resource.")] = "",
    form: Annotated[Shape, typer.Option("--format", "-f", help="Form of the answer.")] = Shape.TEXT,
    limit: Annotated[int, typer.Option(min=0, help="Lines to show in text; 0 for all.")] = 20,
    index: Annotated[
        Path | None, typer.Option(help="File of the index, which may be deleted; default: in the cache folder.")
    ] = None,
) -> None:
    """Tell what a ledger shows of a time or a period: met, failing, excepted, and what nobody saw.

    A verdict counts from when its facts were seen until the next one, or until it is older than its control allows;
    from then on nothing is known. Needs no private key.
    """
    import datetime
    import sys

    from assay.assessment.periods import Period
    from assay.cli.output import Listing, put, say, show, working
    from assay.errors import UsageError
    from assay.operations.history import Wanted, open_history
    from assay.reports import history

    now = datetime.datetime.now(datetime.UTC)
    if end and not start:
        raise UsageError("--to ends a period; say where it begins with --from")
    if start and as_of:
        raise UsageError("--as-of asks about one moment and --from about a period; leave one out")
    known = _moment("--recorded", recorded, now, day_ends=True) if recorded else None
    places = (*(workload or ()), *([""] if organisation else []))
    wanted = Wanted(places, stage, objective, control)
    with working(f"reading {ledger}"), open_history(ledger, index) as found:
        answer = (
            found.over(_moment("--from", start, now), _end(start, end, now), wanted, known)
            if start
            else found.as_of(
                _moment("--as-of", as_of, now, day_ends=True) if as_of else int(now.timestamp()), wanted, known
            )
        )
    if form is Shape.CSV:
        put(history.table(answer), form_of_machines=True)
    elif form is Shape.JSON:
        show(Listing.JSON, history.document(answer, ledger), None)
    elif isinstance(answer, Period):
        say(history.period_text(answer, limit or sys.maxsize, by_place=not (places or objective or control)))
    else:
        say(history.status_text(answer, limit or sys.maxsize))


def _moment(option: str, text: str, now: "datetime.datetime", *, day_ends: bool = False) -> int:
    """Return the moment that a day or an RFC 3339 time says, not later than now. Raises UsageError."""
    import datetime

    from assay.errors import UsageError

    try:
        found = datetime.datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{option} {text!r}: expected a day such as 2026-11-25, or 2026-11-25T08:00:00Z") from None
    stamp = int((found if found.tzinfo else found.replace(tzinfo=datetime.UTC)).timestamp())
    if stamp > now.timestamp():
        raise UsageError(f"{option} {text}: nothing is known of the future")
    whole_day = day_ends and len(text) == len("2026-11-25")
    return min(stamp + 86_399, int(now.timestamp())) if whole_day else stamp


def _end(start: str, end: str, now: "datetime.datetime") -> int:
    from assay.errors import UsageError

    if not end:
        return int(now.timestamp())
    begins, ends = _moment("--from", start, now), _moment("--to", end, now)
    if ends <= begins:
        raise UsageError(f"--to {end} is not after --from {start}")
    return ends
