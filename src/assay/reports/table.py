"""CSV (RFC 4180) for spreadsheets: a header, then one row per evaluation, section by section.

A spreadsheet takes a cell that begins with = + - or @ for a formula, and names in templates and accounts are chosen by
others. Such a cell gets an apostrophe in front, which spreadsheets show as text; so does one that begins with a tab, a
line end or an apostrophe, so that dropping one leading apostrophe always gives the text back. Other control characters,
which terminals obey and spreadsheets refuse, are shown by their pictures: ␛ for escape.
"""

import csv
import io
import re
from collections.abc import Mapping

from assay.reports.context import ReportContext, Row

COLUMNS = (
    "as_of",
    "workload",
    "stage",
    "objective",
    "control",
    "title",
    "severity",
    "type",
    "name",
    "resource",
    "verdict",
    "effective",
    "exception",
    "file",
    "line",
    "column",
    "account",
    "region",
    "observed",
    "explanation",
    "remedy",
)

# Some locales take the full-width forms of the signs for the signs; white space before one does not help.
_LIVE = re.compile("\\s*[=+\\-@＝＋－＠]|['\t\r\n]")
_PICTURES = {each: 0x2400 + each for each in range(0x20) if chr(each) not in "\t\r\n"}
_PICTURES |= {0x7F: 0x2421} | dict.fromkeys(range(0x80, 0xA0), 0xFFFD)  # Unicode has no pictures of the latter


def render(context: ReportContext) -> str:
    """Return the report as CSV, lines ended by CR LF as the RFC has it."""
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, COLUMNS)
    table.writeheader()
    as_of = context.as_of.isoformat()
    for section in context.sections:
        for row in section.rows:
            table.writerow({name: harmless(cell) for name, cell in _cells(row, as_of).items()})
    return text.getvalue()


def harmless(cell: str) -> str:
    """Return the text as a cell that no spreadsheet takes for a formula and no terminal for a command."""
    shown = pictured(cell)
    return f"'{shown}" if _LIVE.match(shown) else shown


def pictured(text: str) -> str:
    """Return the text with control characters, which terminals obey and spreadsheets refuse, as their pictures."""
    return text.translate(_PICTURES)


def _cells(row: Row, as_of: str) -> Mapping[str, str]:
    return {
        "as_of": as_of,
        "workload": row.workload,
        "stage": row.stage,
        "objective": row.objective,
        "control": row.control,
        "title": row.title,
        "severity": row.severity,
        "type": row.type,
        "name": row.name,
        "resource": row.resource,
        "verdict": row.verdict,
        "effective": row.effective,
        "exception": row.exception,
        "file": row.position.file,
        "line": str(row.position.line or ""),
        "column": str(row.position.column or ""),
        "account": row.account,
        "region": row.region,
        "observed": row.observed,
        "explanation": row.explanation,
        "remedy": row.remedy,
    }
