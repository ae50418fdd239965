"""What every command shares when it prints: formats, files, the clock, the exit code."""

import contextlib
import datetime
import enum
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
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
    CSV = "csv"
    OSCAL = "oscal"
    OCSF = "ocsf"


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


def moment(as_of: str, option: str = "--as-of") -> datetime.datetime:
    """Return the clock of a command: the start of a day given, else now. Raises UsageError on anything but a day."""
    if not as_of:
        return datetime.datetime.now(datetime.UTC)
    try:
        day = datetime.date.fromisoformat(as_of)
    except ValueError:
        raise UsageError(f"{option} {as_of!r}: expected a day such as 2026-11-25") from None
    return datetime.datetime.combine(day, datetime.time(), datetime.UTC)


def console(*, stderr: bool = False) -> "Console":
    """Return the terminal; colours respect NO_COLOR, and paths are not highlighted."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, markup=False, soft_wrap=False)


@contextlib.contextmanager
def working(on: str) -> Iterator[None]:
    """Show on a terminal that work is going on; silent elsewhere."""
    if not sys.stderr.isatty():
        yield
        return
    from assay.reports.terminal import one_line

    with console(stderr=True).status(f"{one_line(on)} …"):
        yield


@contextlib.contextmanager
def progress(on: str, of: str = "") -> Iterator[Callable[[int, int], None]]:
    """Show on a terminal how much is done of how much; silent elsewhere. Gives what is told both.

    of  What is counted, in the plural.
    """
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn(on), BarColumn(), MofNCompleteColumn(), TextColumn(of), TimeElapsedColumn())
    with Progress(*columns, console=console(stderr=True), transient=True) as shown:
        task = shown.add_task("", total=None)
        yield lambda done, total: shown.update(task, completed=done, total=total)


def emit(context: "ReportContext", form: Format, target: Path | None, limit: int) -> None:
    """Print the report, or write it to `target`."""
    if form is Format.TEXT and target is None:
        from assay.reports import text

        say(text.render(context, limit=limit or sys.maxsize))
        return
    rendered = render(context, form, limit)
    if target is None:
        put(rendered, form_of_machines=form is not Format.TEXT)
    else:
        write(target, rendered)


def say(renderable: Any) -> None:
    """Print for people: coloured and as wide as the terminal is, or plain text in wide lines where there is none."""
    from assay.reports import terminal

    out = console()
    if out.is_terminal:
        with _writing():
            out.print(terminal.Harmless(renderable))
        return
    columns = os.environ.get("COLUMNS", "")
    put(terminal.plain(renderable, int(columns) if columns.isdecimal() and int(columns) else terminal.WIDE))


def put(text: str, *, form_of_machines: bool = False) -> None:
    """Write text to standard output: in UTF-8 for machines, in the encoding of the place for people.

    Raises UsageError when it cannot be written. Whoever stops reading (`assay … | head`) has seen enough: the rest is
    dropped, and the exit code stays that of the answer.
    """
    if form_of_machines:
        put_bytes(encoded(text))
    elif sys.stdout is not None:
        with _writing():
            sys.stdout.write(text)
            sys.stdout.flush()


def put_bytes(content: bytes) -> None:
    """Write bytes to standard output, as `put` does."""
    if sys.stdout is None:  # closed by whoever started us
        return
    with _writing():
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.flush()


@contextlib.contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python flushes once more at the end
        raise UsageError(f"cannot write to standard output: {error.strerror}") from error


def encoded(text: str) -> bytes:
    """Return UTF-8; the parts of file names that are none (PEP 383) become U+FFFD."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text).encode()


def render(context: "ReportContext", form: Format, limit: int) -> str:
    """Return the report as text of the given form."""
    from assay.reports import html, json, junit, ocsf, oscal, sarif, table, text

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
        case Format.CSV:
            return table.render(context)
        case Format.OSCAL:
            return oscal.render(context)
        case Format.OCSF:
            return ocsf.render(context)


def write(target: Path, rendered: str) -> None:
    """Write a report. Raises UsageError when the file cannot be written."""
    write_bytes(target, encoded(rendered))


def write_bytes(target: Path, content: bytes) -> None:
    """Write a file whatever it holds. Raises UsageError when it cannot be written."""
    try:
        target.write_bytes(content)
    except OSError as error:
        raise UsageError(f"cannot write {target}: {error.strerror}") from error


def make_folder(target: Path) -> None:
    """Make a folder unless it is there. Raises UsageError when it cannot be made."""
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot make the folder {target}: {error.strerror}") from error


def show(form: Listing, document: Mapping[str, Any] | Sequence[Any], renderable: object) -> None:
    """Print a listing: its JSON document, or what stands for it on a terminal."""
    if form is Listing.JSON:
        import json

        put(json.dumps(document, indent=2, ensure_ascii=False) + "\n", form_of_machines=True)
    else:
        say(renderable)


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
