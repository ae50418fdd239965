"""A report as files, by reader and form."""

import datetime
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from assay.reports.audience import customers, engineers, executives, html
from assay.reports.audience.basis import Basis
from assay.reports.audience.page import Page

PAGES: Mapping[str, Callable[[Basis], Page]] = MappingProxyType(
    {"executives": executives.page, "customers": customers.page, "engineers": engineers.page}
)
DOCUMENTS: Mapping[str, Callable[[Basis], Mapping[str, Any]]] = MappingProxyType(
    {"executives": executives.document, "customers": customers.document, "engineers": engineers.document}
)


def files(basis: Basis, audience: str, form: str) -> Mapping[str, bytes]:
    """Return name → content of a report: one file, or of `csv` one for each table.

    audience: a key of PAGES. form: html, pdf, json, csv or xlsx. Raises UsageError where an extra is not installed.
    """
    if form == "json":
        text = json.dumps(DOCUMENTS[audience](basis), indent=2, ensure_ascii=False) + "\n"
        return {f"{audience}.json": _encoded(text)}
    page, as_of = PAGES[audience](basis), basis.context.as_of
    if form == "html":
        return {f"{audience}.html": _encoded(html.render(page))}
    if form == "pdf":
        from assay.reports import pdf

        return {f"{audience}.pdf": pdf.render(page, as_of)}
    from assay.reports import xlsx

    tables = list(page.tables)
    if form == "xlsx":
        return {f"{audience}.xlsx": xlsx.render(tables, as_of, page.title)}
    return {name: _encoded(text) for name, text in xlsx.csv_files(tables)}


def archive(content: Mapping[str, bytes], as_of: datetime.datetime) -> bytes:
    """Return the files as a ZIP archive: the same bytes every time, each file dated as of the report."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as book:
        for name in sorted(content):
            entry = zipfile.ZipInfo(name, as_of.astimezone(datetime.UTC).timetuple()[:6])
            entry.external_attr = 0o644 << 16
            book.writestr(entry, content[name], zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _encoded(text: str) -> bytes:
    """Return UTF-8; the parts of file names that are none (PEP 383) become U+FFFD."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text).encode()
