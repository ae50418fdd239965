"""A page as PDF by Typst: tagged for screen readers (PDF/UA-1), made to last (PDF/A-2a), the same bytes every time.

What is said goes in as JSON, never as markup. Only fonts that come with Typst are used, so that the bytes do not depend
on the machine. They cover Latin, Greek and Cyrillic; where other scripts are said, the machine's fonts are asked, and
characters that no font has are written by their code points.
"""

import datetime
import json
import re
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from assay.errors import InternalError
from assay.reports.audience.page import Block, Bullets, Cell, Command, Drawing, Figures, Mark, Page, Paragraph, Table

STANDARDS = ("ua-1", "a-2a")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\ufff0-\ufffb\uffff]")
_RARE = re.compile("[^\n\t -~\xa1-\u017f\u0370-\u0386\u0388-\u03ff\u0400-\u045f\u2010-\u2026\u2190-\u2193×−≤≥�]")
_FOREIGN = re.compile("[^\n\t -~]")


def render(page: Page, as_of: datetime.datetime) -> bytes:
    """Return the page as PDF, dated as of the report. Needs the extra [pdf]."""
    second = as_of.replace(microsecond=0)  # of which PDF has no parts
    made: bytes = _compiled(page, as_of, format="pdf", pdf_standards=list(STANDARDS), timestamp=second)
    return made


def pictures(page: Page, as_of: datetime.datetime, dots: float = 90) -> Sequence[bytes]:
    """Return the pages of the PDF as PNG, to be looked at. dots: pixels per inch."""
    made = _compiled(page, as_of, format="png", ppi=dots)
    return [made] if isinstance(made, bytes) else made


def _compiled(page: Page, as_of: datetime.datetime, **options: Any) -> Any:
    import typst

    source = files("assay.reports").joinpath("templates", "audience.typ").read_bytes()
    said = json.dumps(document(page, as_of), ensure_ascii=False)
    refused: typst.TypstError | None = None
    attempts = ((said, True), (said, False), (_spelled(said, _RARE), True), (_spelled(said, _FOREIGN), True))
    for text, own_fonts_only in attempts:
        try:
            return typst.compile(source, ignore_system_fonts=own_fonts_only, sys_inputs={"report": text}, **options)
        except typst.TypstError as error:  # the standards refuse a text that no font can show
            refused = error
    raise InternalError(f"Typst refuses the page: {refused}")


def _spelled(said: str, which: re.Pattern[str]) -> str:
    return which.sub(lambda found: f"[U+{ord(found[0]):04X}]", said)


def document(page: Page, as_of: datetime.datetime) -> Mapping[str, Any]:
    """Return the page as JSON for the template."""
    moment = as_of.astimezone(datetime.UTC)
    return {
        "title": _shown(page.title),
        "date": {name: getattr(moment, name) for name in ("year", "month", "day", "hour", "minute", "second")},
        "scope": [_shown(each) for each in page.scope],
        "answer": _cell(page.answer),
        "parts": [
            {
                "heading": _shown(part.heading),
                "blocks": [_block(each) for each in part.visible],
                "minor": part.minor,
                "fresh": part.fresh,
            }
            for part in page.parts
        ],
    }


def _block(block: Block) -> Mapping[str, Any]:
    match block:
        case Paragraph(text, tone):
            return {"kind": "paragraph", "text": _shown(text), "tone": tone}
        case Bullets(items, ordered):
            return {"kind": "bullets", "items": [_shown(each) for each in items], "ordered": ordered}
        case Command(text):
            return {"kind": "command", "text": _shown(text)}
        case Figures(items):
            shown = [{"value": _shown(one.value), "label": _shown(one.label), "tone": one.tone} for one in items]
            return {"kind": "figures", "items": shown}
        case Drawing(svg, alt, caption, _, _):
            return {"kind": "drawing", "svg": svg, "alt": _shown(alt), "caption": _shown(caption), "share": 1.0}
        case Table(caption=caption, columns=columns):
            return {
                "kind": "table",
                "caption": _shown(caption),
                "columns": [{"label": _shown(c.label), "width": c.width, "number": c.number} for c in columns],
                "rows": [[_cell(cell) for cell in row] for row in block.visible],
                "note": _shown(block.below),
            }


def _cell(cell: Cell) -> Any:
    if isinstance(cell, Mark):
        return {"text": _shown(cell.text), "tone": cell.tone}
    return _shown(str(cell))


def _shown(text: str) -> str:
    return _CONTROLS.sub("�", text)
