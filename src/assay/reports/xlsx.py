"""Tables as a workbook, one sheet each, and as CSV (RFC 4180), one file each. Both are the same bytes every time.

Texts are written as texts: nothing that others have named becomes a formula or a link (see `reports.table`).
"""

import csv
import datetime
import io
import re
from collections.abc import Iterator, Sequence

from assay.errors import UsageError
from assay.reports.audience.page import Cell, Table, text_of
from assay.reports.table import harmless

LONGEST = 32_767  # characters that a cell of a spreadsheet holds
MOST_ROWS = 1_048_576  # of a sheet, with its header
_NO_TEXT = re.compile("[\ud800-\udfff\ufffe\uffff]")  # what XML cannot hold, of what is left
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\']")


def render(tables: Sequence[Table], as_of: datetime.datetime, title: str) -> bytes:
    """Return the workbook. Needs the extra [xlsx]."""
    import xlsxwriter

    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": title, "author": "Assay", "created": as_of.replace(tzinfo=None)})
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    body = book.add_format({"text_wrap": True, "valign": "top"})
    for table in tables:
        if len(table.rows) >= MOST_ROWS:
            raise UsageError(f"{table.name}: {len(table.rows)} rows; a sheet holds {MOST_ROWS - 1}: use -f csv or json")
        sheet = book.add_worksheet(_NOT_IN_SHEET_NAMES.sub("-", table.name)[:31])
        sheet.freeze_panes(1, 1)
        for at, column in enumerate(table.columns):
            sheet.write_string(0, at, harmless(column.label), head)
            sheet.set_column(at, at, 10 if column.number else min(60, 8 + 7 * column.width))
        for line, row in enumerate(table.rows, 1):
            for at, cell in enumerate(row):
                if isinstance(cell, int):
                    sheet.write_number(line, at, cell, body)
                else:
                    sheet.write_string(line, at, _fitting(text_of(cell)), body)
        if table.rows:
            sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    book.close()
    return written.getvalue()


def _fitting(text: str) -> str:
    """Return the text as a cell can hold it; what is too long ends in an ellipsis."""
    cell = _NO_TEXT.sub("�", harmless(text))
    return cell if len(cell) <= LONGEST else f"{cell[: LONGEST - 1]}…"


def csv_of(table: Table) -> str:
    """Return the table as CSV: a header, then its rows, lines ended by CR LF."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([harmless(each.label) for each in table.columns])
    writer.writerows(map(_plain, table.rows))
    return text.getvalue()


def csv_files(tables: Sequence[Table]) -> Iterator[tuple[str, str]]:
    """Yield (file name, CSV) of every table."""
    return ((f"{each.name}.csv", csv_of(each)) for each in tables)


def _plain(row: Sequence[Cell]) -> list[str]:
    return [str(cell) if isinstance(cell, int) else harmless(text_of(cell)) for cell in row]
