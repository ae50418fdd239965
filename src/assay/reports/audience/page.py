"""A report as a page of blocks. Every printed form is made from it and from nothing else, so that they agree.

Texts are plain: each form escapes them in its own way.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

Tone: TypeAlias = Literal["plain", "soft", "good", "open", "bad"]
"""How a text is meant; it is always said in words as well, for those who see no colours."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A cell or a line with a tone."""

    text: str
    tone: Tone


HIDDEN = -1  # of a table: it is no part of a page

Cell: TypeAlias = str | int | Mark


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Some sentences."""

    text: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; `ordered` where the order says something."""

    items: tuple[str, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """Lines to type."""

    text: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with its denominator: "476 of 623", and what is counted."""

    value: str
    label: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Figures:
    """The few figures that a reader takes away."""

    items: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. `width` is relative to the others'; numbers stand at the right."""

    label: str
    width: float = 1
    number: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table. `name` is that of its sheet or file: letters and hyphens. The first column heads its row.

    shown  How many rows a page has room for: 0 for all, HIDDEN for a table that is no part of a page; sheets and files
           have every row.
    sheet  False: a part of another table, with no sheet or file of its own.
    """

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    shown: int = 0
    sheet: bool = True

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"a row of {self.name} has not as many cells as there are columns")

    @property
    def visible(self) -> tuple[tuple[Cell, ...], ...]:
        """The rows on a page."""
        return self.rows[: max(self.shown, 0)] if self.shown else self.rows

    @property
    def below(self) -> str:
        """What is said under the table on a page: its note, and how many rows are not there."""
        left = len(self.rows) - len(self.visible)
        more = f"{counted(left, 'row')} more in the spreadsheet and JSON forms." if left else ""
        return " ".join(each for each in (more, self.note) if each)


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart as SVG, and what it shows in words. `width` and `height` are in its own units."""

    svg: str
    alt: str
    caption: str
    width: int
    height: int


Block: TypeAlias = Paragraph | Bullets | Command | Figures | Table | Drawing


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with what belongs under it. minor: one of many alike, a level lower and not among the links.

    fresh: it begins a sheet of paper.
    """

    heading: str
    blocks: tuple[Block, ...]
    minor: bool = False
    fresh: bool = False

    @property
    def visible(self) -> tuple[Block, ...]:
        """What of it stands on a page."""
        return tuple(each for each in self.blocks if not isinstance(each, Table) or each.visible)


@dataclass(frozen=True, slots=True)
class Page:
    """A whole report. `scope` are the lines that say what it is about, as of when, and by what."""

    audience: str
    title: str
    scope: tuple[str, ...]
    answer: Mark
    parts: tuple[Part, ...]

    @property
    def tables(self) -> Iterator[Table]:
        """The tables that have sheets and files of their own, in their order."""
        blocks = (each for part in self.parts for each in part.blocks)
        return (each for each in blocks if isinstance(each, Table) and each.sheet)


def text_of(cell: Cell) -> str:
    """Return what a cell says."""
    return cell.text if isinstance(cell, Mark) else str(cell)


def shortened(text: str, limit: int) -> str:
    """Return the text on one line and within a length: others choose names, and a page must stay a page."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    kept = line[: limit - 1]
    whole_words = kept[: kept.rfind(" ")] if " " in kept[-20:] and line[limit - 1] != " " else kept
    return f"{whole_words.rstrip(' ,;:')}…"


def counted(number: int, one: str, many: str = "") -> str:
    """Return "1 finding", "2 findings"."""
    return f"{number} {one if number == 1 else many or one + 's'}"
