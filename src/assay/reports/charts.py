"""Charts as SVG, drawn once for every form of a report.

Nothing is said by colour alone: every chart has its figures as text, what failed is dark, what is met is light, what is
unknown is hatched, so that they read in grey and by those who see no colours. Texts are escaped here.
"""

import re
import zlib
from collections.abc import Mapping, Sequence
from html import escape

from assay.reports.audience.figures import Answers
from assay.reports.audience.page import Drawing
from assay.reports.audience.trend import Slice, share

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
    hatch = f"hatch-{zlib.crc32(caption.encode()):08x}"  # several charts stand on one page, and an id stands once
    drawn = f"{_PATTERN}{''.join(parts)}".replace('id="hatch"', f'id="{hatch}"').replace(UNKNOWN, f"url(#{hatch})")
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        'font-family="system-ui, Liberation Sans, sans-serif">'
        f"<title>{_escaped(alt)}</title>{drawn}</svg>"
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
    left, top, row = 215, 46, 30
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
    left, top, row = 215, 30, 22
    parts = legend(12)
    for line, (domain, each) in enumerate(answers.items()):
        y = top + line * row
        parts.append(text(0, y + 12, domain.replace("-", " ")))
        parts.append(text(WIDTH, y + 12, _covered(each), size=11, anchor="end", fill=SOFT))
        parts += _stack(left, y + 3, WIDTH - left - 110, 11, each) if each.total else []
    caption = "Objectives met, of those with something in scope, by theme"
    said = "; ".join(f"{domain.replace('-', ' ')} {_covered(each)}" for domain, each in answers.items())
    return drawing(parts, f"{caption}: {said}.", caption, top + row * len(answers) + 2)


def trend(parts_of_time: Sequence[Slice]) -> Drawing:
    """Return how the objectives stood over time: one column a slice, blind time hatched."""
    left, top, height = 40, 24, 90
    step = (WIDTH - left) / len(parts_of_time)
    parts = legend(12, (("met", MET), ("excepted", EXCEPTED), ("nobody knew (blind)", UNKNOWN), ("not met", FAILED)))
    for share_of in (0, 50, 100):
        y = top + height * (1 - share_of / 100)
        parts.append(f'<line x1="{left}" y1="{y:g}" x2="{WIDTH}" y2="{y:g}" stroke="{LINE}" stroke-width="0.7"/>')
        parts.append(text(left - 5, y + 4, f"{share_of} %", size=10, anchor="end", fill=SOFT))
    for at, each in enumerate(parts_of_time):
        parts += _column(left + at * step, top, min(step - 1.5, 40), height, each)
    first, last = parts_of_time[0], parts_of_time[-1]
    for at in sorted({0, len(parts_of_time) // 2, len(parts_of_time) - 1}):
        end = at == len(parts_of_time) - 1 and at > 0
        x = left + at * step + (min(step - 1.5, 40) if end else 0)
        parts.append(
            text(x, top + height + 14, parts_of_time[at].day, size=10, anchor="end" if end else "start", fill=SOFT)
        )
    caption = "Objectives over time: share of the time of all of them, by what was known"
    said = "; ".join(
        f"from {each.day} {share(each.met, each.length)} met, {share(each.failing, each.length)} not met, "
        f"{share(each.excepted, each.length)} excepted, {share(each.blind, each.length)} blind"
        for each in dict.fromkeys((first, last))
    )
    return drawing(parts, f"{caption}. {said}.", caption, top + height + 20)


def _column(x: float, top: float, width: float, height: float, each: Slice) -> list[str]:
    parts, y = [], top + height
    for count, fill in ((each.met, MET), (each.excepted, EXCEPTED), (each.blind, UNKNOWN), (each.failing, FAILED)):
        if count:
            tall = height * count / each.length
            y -= tall
            parts.append(bar(x, y, width, tall, fill))
    return parts


def ageing(found: Mapping[str, Mapping[str, int]]) -> Drawing:
    """Return how long what is not met has been so: one bar a severity, darker the older, each part with its number."""
    left, top, row = 90, 26, 21
    names = list(next(iter(found.values())))
    shades = dict(zip(names, _SHADES, strict=True))
    widest = max((sum(each.values()) for each in found.values()), default=0) or 1
    parts = legend(12, tuple(shades.items()))
    for line, (severity, by_age) in enumerate(found.items()):
        y, x = top + line * row, float(left)
        parts.append(text(0, y + 13, severity))
        for name, count in by_age.items():
            if count:
                width = max((WIDTH - left - 130) * count / widest, 14)
                parts.append(bar(x, y + 2, width, 15, shades[name]))
                parts.append(text(x + width / 2, y + 14, str(count), size=10, anchor="middle", fill=_ON[shades[name]]))
                x += width
        parts.append(text(WIDTH, y + 14, f"{sum(by_age.values())} in all", size=11, anchor="end", fill=SOFT))
    caption = "Age of what is not met, by severity: evaluations"
    said = "; ".join(
        f"{severity} {sum(by_age.values())}: " + ", ".join(f"{count} {name}" for name, count in by_age.items() if count)
        for severity, by_age in found.items()
    )
    return drawing(parts, f"{caption}. {said}.", caption, top + row * len(found) + 2)


_SHADES = ("#dbeaf5", "#8fbfdf", "#3f7fae", "#1b3a57", PAPER)
_ON = dict(zip(_SHADES, (INK, INK, PAPER, PAPER, INK), strict=True))  # the colour of a number on a shade


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
