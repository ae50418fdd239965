"""Charts as SVG, drawn once for every form of a report.

Nothing is said by colour alone: every chart has its figures as text, what failed is dark, what is met is light, what is
unknown is hatched, so that they read in grey and by those who see no colours. Texts are escaped here.
"""

import re
from collections.abc import Mapping, Sequence
from html import escape

from assay.reports.audience.figures import Answers
from assay.reports.audience.page import Drawing

INK, SOFT, LINE, PAPER = "#1c1e21", "#565b66", "#c9c5bd", "#ffffff"
MET, EXCEPTED, UNKNOWN, FAILED = "#7cc0e8", "#c9a3d4", "url(#hatch)", "#9c3a00"
_LEGEND = (("met or inherited", MET), ("excepted", EXCEPTED), ("unknown", UNKNOWN), ("not met", FAILED))
WIDTH = 720

_PATTERN = (
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="6" height="6" fill="#f3efe6"/><rect width="2" height="6" fill="#6b6f78"/></pattern></defs>'
)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def _escaped(text: str) -> str:
    return escape(_NOT_XML.sub("�", text))


def text(x: float, y: float, said: str, *, size: int = 12, anchor: str = "start", fill: str = INK) -> str:
    """Return a text of a chart."""
    return f'<text x="{x:g}" y="{y:g}" font-size="{size}" text-anchor="{anchor}" fill="{fill}">{_escaped(said)}</text>'


def bar(x: float, y: float, width: float, height: float, fill: str) -> str:
    """Return a rectangle with a hairline, so that light ones have an edge on paper."""
    return (
        f'<rect x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}" fill="{fill}" '
        f'stroke="{SOFT}" stroke-width="0.5"/>'
    )


def drawing(parts: Sequence[str], alt: str, caption: str, height: int) -> Drawing:
    """Return the parts as a chart of the common width."""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        'font-family="system-ui, Liberation Sans, sans-serif">'
        f"<title>{_escaped(alt)}</title>{_PATTERN}{''.join(parts)}</svg>"
    )
    return Drawing(svg, alt, caption, WIDTH, height)


def legend(y: float, entries: Sequence[tuple[str, str]] = _LEGEND, x: float = 0) -> list[str]:
    """Return what the fills mean, in one line."""
    parts = []
    for said, fill in entries:
        parts += [bar(x, y - 9, 14, 10, fill), text(x + 19, y, said, size=11, fill=SOFT)]
        x += 34 + 6.2 * len(said)
    return parts


def matrix(scopes: Sequence[str], cells: Mapping[str, Sequence[Answers]]) -> Drawing:
    """Return coverage: domain × scope, in each cell the objectives met of those with something in scope."""
    left, top, row = 200, 46, 30
    width = (WIDTH - left) / max(len(scopes), 1)
    parts = legend(12)
    parts += [text(left + at * width, top - 10, name, fill=SOFT) for at, name in enumerate(scopes)]
    for line, (domain, answers) in enumerate(cells.items()):
        y = top + line * row
        parts.append(f'<line x1="0" y1="{y}" x2="{WIDTH}" y2="{y}" stroke="{LINE}" stroke-width="0.7"/>')
        parts.append(text(0, y + 19, domain.replace("-", " ")))
        for at, each in enumerate(answers):
            parts += _cell(left + at * width, y, width - 14, each)
    said = "; ".join(
        f"{domain.replace('-', ' ')}: "
        + ", ".join(f"{name} {_covered(each)}" for name, each in zip(scopes, answers, strict=True))
        for domain, answers in cells.items()
    )
    caption = "Coverage: objectives met, of those with something in scope, by domain and by whose they are"
    return drawing(parts, f"{caption}. {said}.", caption, top + row * len(cells) + 4)


def _covered(each: Answers) -> str:
    if each.total:
        return f"{each.held} of {each.total}"
    return "nothing in scope" if each.idle else "no objective"


def themes(answers: Mapping[str, Answers]) -> Drawing:
    """Return the share of objectives met by theme."""
    left, top, row = 200, 30, 22
    parts = legend(12)
    for line, (domain, each) in enumerate(answers.items()):
        y = top + line * row
        parts.append(text(0, y + 12, domain.replace("-", " ")))
        parts.append(text(WIDTH, y + 12, _covered(each), size=11, anchor="end", fill=SOFT))
        parts += _stack(left, y + 3, WIDTH - left - 110, 11, each) if each.total else []
    caption = "Objectives met, of those with something in scope, by theme"
    said = "; ".join(f"{domain.replace('-', ' ')} {_covered(each)}" for domain, each in answers.items())
    return drawing(parts, f"{caption}: {said}.", caption, top + row * len(answers) + 2)


def _cell(x: float, y: float, width: float, each: Answers) -> list[str]:
    if not each.total:
        return [text(x, y + 19, _covered(each), size=11, fill=SOFT)]
    return [text(x, y + 14, _covered(each), size=11), *_stack(x, y + 18, width, 7, each)]


def _stack(x: float, y: float, width: float, height: float, each: Answers) -> list[str]:
    """Return the answers as one bar, each kind as wide as its share."""
    parts = []
    for count, fill in ((each.held, MET), (each.excepted, EXCEPTED), (each.unknown, UNKNOWN), (each.failed, FAILED)):
        if count:
            parts.append(bar(x, y, width * count / each.total, height, fill))
            x += width * count / each.total
    return parts
