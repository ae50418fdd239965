"""Reading the figures of a report back out of each of its forms."""

import io
import re
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser

import openpyxl
import pypdf


class _Figures(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._into = ""
        self._label = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._into = tag if tag in ("dt", "dd") else ""

    def handle_endtag(self, tag: str) -> None:
        self._into = ""

    def handle_data(self, data: str) -> None:
        if self._into == "dt":
            self._label = data
        elif self._into == "dd":
            self.found[self._label] = data


def figures_of_html(text: str) -> Mapping[str, str]:
    """Return label → figure."""
    parser = _Figures()
    parser.feed(text)
    return parser.found


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent = tag == "style"
        self.parts += [value for name, value in attrs if name in ("aria-label", "alt", "title") and value]

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)


def text_of_html(text: str) -> str:
    """Return what a page says, to eyes and to screen readers."""
    parser = _Text()
    parser.feed(text)
    return " ".join(parser.parts)


def text_of_pdf(content: bytes, sheets: int = 2) -> str:
    """Return what the first sheets of a PDF say, on one line, words that were broken at a line's end joined."""
    pages = pypdf.PdfReader(io.BytesIO(content)).pages[:sheets]
    text = "\n".join(page.extract_text() for page in pages)
    return re.sub(r"\s+", " ", re.sub(r"(?<=[a-z])-\n", "", text))


def metadata_of_pdf(content: bytes) -> str:
    """Return what a PDF says of itself."""
    reader = pypdf.PdfReader(io.BytesIO(content))
    described = reader.root_object.get("/Metadata")
    return f"{dict(reader.metadata or {})} {described.get_data().decode() if described else ''}"


def sheets_of(content: bytes) -> Mapping[str, Sequence[Sequence[object]]]:
    """Return sheet → rows of a workbook, the header first."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
