"""What every command shares when it prints: formats, files, the clock, the exit code."""

import contextlib
import datetime
import enum
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assay.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from assay.assessment.verdicts import Verdict
    from assay.reports.context import ReportContext


class Format(enum.StrEnum):
    """Forms of a report."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    JUNIT = "junit"
    HTML = "html"


class Listing(enum.StrEnum):
    """Forms of everything that is no report."""

    TEXT = "text"
    JSON = "json"


AsOf = Annotated[
    str,
    typer.Option(
        metavar="DATE",
        help="Judge as of this day (2026-11-25, UTC): exceptions and support dates follow it. Default: now.",
    ),
]


def moment(as_of: str) -> datetime.datetime:
    """Return the clock of a command: the start of a day given, else now. Raises UsageError on anything but a day."""
    if not as_of:
        return datetime.datetime.now(datetime.UTC)
    try:
        day = datetime.date.fromisoformat(as_of)
    except ValueError:
        raise UsageError(f"--as-of {as_of!r}: expected a day such as 2026-11-25") from None
    return datetime.datetime.combine(day, datetime.time(), datetime.UTC)


def console(*, stderr: bool = False) -> "Console":
    """Return the terminal; colours respect NO_COLOR, and paths are not highlighted."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, soft_wrap=False)


@contextlib.contextmanager
def working(on: str) -> Iterator[None]:
    """Show on a terminal that work is going on; silent elsewhere."""
    if not sys.stderr.isatty():
        yield
        return
    with console(stderr=True).status(f"{on} …"):
        yield


def emit(context: "ReportContext", form: Format, target: Path | None, limit: int) -> None:
    """Print the report, or write it to `target`."""
    if form is Format.TEXT and target is None:
        from assay.reports import text

        console().print(text.render(context, limit=limit or sys.maxsize))
        return
    rendered = render(context, form, limit)
    if target is None:
        sys.stdout.write(rendered)
    else:
        write(target, rendered)


def render(context: "ReportContext", form: Format, limit: int) -> str:
    """Return the report as text of the given form."""
    from assay.reports import html, json, junit, sarif, text

    match form:
        case Format.TEXT:
            return text.plain(context, limit=limit or sys.maxsize)
        case Format.JSON:
            return json.render(context)
        case Format.SARIF:
            return sarif.render(context)
        case Format.JUNIT:
            return junit.render(context)
        case Format.HTML:
            return html.render(context)


def write(target: Path, rendered: str) -> None:
    """Write a report. Raises UsageError when the file cannot be written."""
    try:
        target.write_text(rendered, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write {target}: {error.strerror}") from error


def show(form: Listing, document: Mapping[str, Any] | Sequence[Any], renderable: object) -> None:
    """Print a listing: its JSON document, or what stands for it on a terminal."""
    if form is Listing.JSON:
        import json

        sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    else:
        console().print(renderable)


def exit_code(verdict: "Verdict", *, faulty: bool = False) -> int:
    """Return the exit code for an answer: 0 met, 1 not met, 2 files are wrong, 3 undetermined."""
    from assay.assessment.verdicts import Verdict

    if verdict in (Verdict.NOT_MET, Verdict.PARTLY_MET):
        return 1
    if faulty:
        return 2
    return 0 if verdict.passes else 3


def finish(verdict: "Verdict", *, faulty: bool = False) -> None:
    """Exit with the code of an answer."""
    raise typer.Exit(exit_code(verdict, faulty=faulty))
