"""A report as files, by reader and form."""

import datetime
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from types import MappingProxyType
from typing import Any

from assay.errors import UsageError
from assay.reports.audience import auditors, customers, engineers, executives, executives_document, html
from assay.reports.audience.basis import Basis
from assay.reports.audience.page import Page

PAGES: Mapping[str, Callable[[Basis], Page]] = MappingProxyType(
    {
        "executives": executives.page,
        "customers": customers.page,
        "auditors": auditors.page,
        "engineers": engineers.page,
    }
)
DOCUMENTS: Mapping[str, Callable[[Basis], Mapping[str, Any]]] = MappingProxyType(
    {
        "executives": executives_document.document,
        "customers": customers.document,
        "auditors": auditors.document,
        "engineers": engineers.document,
    }
)
SUMS = "SHA256SUMS"


def files(basis: Basis, audience: str, form: str) -> Mapping[str, bytes]:
    """Return name → content of a report: one file; of `csv` one for each table; of `pack` all forms and their digests.

    audience: a key of PAGES. form: html, pdf, json, csv, xlsx or pack (see `check_installed`).
    """
    if form == "json":
        return {f"{audience}.json": _document(basis, audience)}
    page = PAGES[audience](basis)
    if form == "pack":
        return _pack(page, basis, audience)
    content = _printed(page, basis.context.as_of, form)
    return content if form == "csv" else {f"{audience}.{form}": each for each in content.values()}


def _document(basis: Basis, audience: str) -> bytes:
    return _encoded(json.dumps(DOCUMENTS[audience](basis), indent=2, ensure_ascii=False) + "\n")


def _printed(page: Page, as_of: datetime.datetime, form: str) -> Mapping[str, bytes]:
    if form == "html":
        return {"html": _encoded(html.render(page))}
    if form == "pdf":
        from assay.reports import pdf

        return {"pdf": pdf.render(page, as_of)}
    from assay.reports import xlsx

    tables = list(page.tables)
    if form == "xlsx":
        return {"xlsx": xlsx.render(tables, as_of, page.title)}
    return {name: _encoded(text) for name, text in xlsx.csv_files(tables)}


def _pack(page: Page, basis: Basis, audience: str) -> Mapping[str, bytes]:
    as_of = basis.context.as_of
    content = {f"{audience}.json": _document(basis, audience)}
    for form in ("html", "pdf", "xlsx"):
        content |= {f"{audience}.{form}": each for each in _printed(page, as_of, form).values()}
    content |= {f"lists/{name}": each for name, each in _printed(page, as_of, "csv").items()}
    sums = "".join(f"{hashlib.sha256(content[name]).hexdigest()}  {name}\n" for name in sorted(content))
    return {**content, SUMS: sums.encode()}


def check_installed(form: str) -> None:
    """Raise UsageError when what a form needs is not installed: better before the work than after it."""
    for module, extra, forms in (("typst", "pdf", ("pdf", "pack")), ("xlsxwriter", "xlsx", ("xlsx", "pack"))):
        if form in forms and find_spec(module) is None:
            raise UsageError(f"-f {form} needs {module}: pip install 'assay[{extra}]'")


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
