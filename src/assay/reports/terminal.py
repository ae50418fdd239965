"""What may reach a terminal or a log: text, never a command to it.

Names come from strangers' files. Control characters in them could move the cursor, change the title or hide a line, and
the bidirectional overrides of Unicode show text in another order than it has; they are shown as symbols instead.
"""

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.segment import Segment
from rich.text import Text

WIDE = 200
"""Columns where nobody has said how many there are: a line of a log is searched, not looked at."""

_C0 = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\n\t"}  # Unicode's control pictures
_COMMANDS = {**_C0, 0x7F: 0x2421}
_HIDDEN = re.compile("[\x80-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")  # C1, directions, marks of them


def harmless(text: str) -> str:
    """Return the text with every control character but line feed and tab replaced by a symbol."""
    return _HIDDEN.sub("\ufffd", text.translate(_COMMANDS))


def one_line(text: str) -> str:
    """Return harmless text without line feeds: a name must not begin a line that reads like one of ours."""
    return harmless("\n".join(text.splitlines())).replace("\n", "\u240a")


@dataclass(frozen=True, slots=True)
class Harmless:
    """Something to print whose texts are made harmless; its own colours stay."""

    content: RenderableType

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield what the content yields, made harmless."""
        for segment in console.render(self.content, options):
            yield segment if segment.control else Segment(harmless(segment.text), segment.style)


def hanging(lines: Iterable[RenderableType]) -> Group:
    """Return the lines below one another; a text that begins with spaces keeps them where it is wrapped."""
    return Group(*map(_hung, lines))


def _hung(line: RenderableType) -> RenderableType:
    depth = len(line.plain) - len(line.plain.lstrip(" ")) if isinstance(line, Text) and line.end else 0
    return Padding(line[depth:], (0, 0, 0, depth)) if isinstance(line, Text) and depth else line


def plain(content: RenderableType, width: int) -> str:
    """Return what would be printed, without colours and without spaces at the ends of lines."""
    buffer = io.StringIO()
    Console(file=buffer, width=width, highlight=False, markup=False, no_color=True, force_terminal=False).print(
        Harmless(content)
    )
    return "".join(f"{line.rstrip()}\n" for line in buffer.getvalue().split("\n")[:-1])
