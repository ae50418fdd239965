"""The exception tree.

AssayError                     everything that Assay raises on purpose
├── UsageError                 the command line asks for something that cannot be (exit code 2)
├── FaultyFiles                files that we were given are wrong; carries every Fault found (exit code 2)
├── DamagedLedger              stored evidence does not agree with itself; nothing is added to it (exit code 2)
└── InternalError              a promise of ours is broken (exit code 4)

A `Fault` is not an exception: readers collect all of them before anybody raises.
"""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


class AssayError(Exception):
    """Everything that Assay raises on purpose."""


class UsageError(AssayError):
    """The command line asks for something that cannot be."""


class DamagedLedger(AssayError):
    """Stored evidence does not agree with itself: something is missing or was changed."""


class InternalError(AssayError):
    """A promise of ours is broken: a bug in Assay."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong in one file: where, what was found, what was expected, what to do.

    `line` and `column` count from 1; 0 means that the fault concerns the file as a whole.
    """

    file: str
    line: int
    column: int
    message: str
    found: str = ""
    expected: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        where = self.file if self.line == 0 else f"{self.file}:{self.line}:{self.column}"
        parts = [f"{where}: {self.message}"]
        parts += [f"found {self.found}"] if self.found else []
        parts += [f"expected {self.expected}"] if self.expected else []
        parts += [self.remedy] if self.remedy else []
        return "; ".join(parts)


class FaultyFiles(AssayError):
    """Files that we were given are wrong. Carries all faults, sorted by place."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(sorted(set(faults)))
        super().__init__("\n".join(str(fault) for fault in self.faults))


def nearest(name: str, names: Iterable[str]) -> str:
    """Return "did you mean X?" for the known name most like `name`, or "" when none is near."""
    known: Sequence[str] = sorted(names)
    folded = {each.casefold(): each for each in known}
    if name.casefold() in folded:
        return f"did you mean {folded[name.casefold()]}?"
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    return f"did you mean {close[0]}?" if close else ""
