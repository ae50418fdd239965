"""What a verification says: steps, each passed, failed or not checked, and the two ways in which one ends early."""

import enum
from dataclasses import dataclass


def counted(number: int, what: str) -> str:
    """Return a number with its noun: 1 run, 2 runs."""
    return f"{number} {what}{'' if number == 1 else 's'}"


class State(enum.StrEnum):
    """What a step says."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it found. `subject` is the first wrong thing, by the name of its object.

    asked  False: nobody asked for it, so that it was not checked leaves nothing open.
    """

    name: str
    state: State
    detail: str
    subject: str = ""
    asked: bool = True


@dataclass(frozen=True, slots=True)
class Verification:
    """All steps, in order."""

    steps: tuple[Step, ...]

    @property
    def wrong(self) -> Step | None:
        """The first step that failed."""
        return next((each for each in self.steps if each.state is State.FAILED), None)

    @property
    def open(self) -> Step | None:
        """The first step that was asked for and could not be checked."""
        return next((each for each in self.steps if each.asked and each.state is State.NOT_CHECKED), None)

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong and nothing is left open."""
        return self.wrong is None and self.open is None


class Wrong(Exception):
    """Something is not what was signed."""

    def __init__(self, subject: str, what: str) -> None:
        self.subject = subject
        super().__init__(f"{subject}: {what}")


class Unverifiable(Exception):
    """Nothing can be said, for want of something."""

    def __init__(self, subject: str, what: str) -> None:
        self.subject = subject
        super().__init__(f"{subject}: {what}")
