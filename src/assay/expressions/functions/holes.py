"""Text of which a part is unknown, and globs over it.

A text is a `str`, or an `Unknown` whose `parts` are the known text around its holes: ("arn:aws:s3:::", "/*") is any
text that begins and ends so. An `Unknown` without parts is one hole. Every question here answers for all fillings of
the holes: True when each filling says yes, False when none can, unknown otherwise.

Patterns are IAM's: `*` is any text, `?` any one character.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TypeAlias

from assay.expressions.functions.kleene import Truth, malformed
from assay.inventory.values import Cause, Choice, Unknown, Value

Text: TypeAlias = str | Unknown

HOLE = "\x00"  # stands for a hole where a text becomes a string; a property value cannot contain it


def text_of(value: Value, expected: str = "text") -> Text:
    """Return the value as text; a number or boolean as JSON writes it; anything else is unknown, as malformed."""
    match value:
        case str() | Unknown():
            return value
        case Choice(_, reason, _):
            return Unknown(reason)
        case bool():
            return "true" if value else "false"
        case int() | float():
            return number_text(value)
        case _:
            return malformed(value, expected)


def number_text(value: int | float) -> str:
    """Return a number as JSON writes it, a whole one without a fraction."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 else str(value)


def parts_of(text: Text) -> tuple[str, ...]:
    """Return the known text around the holes: one part for a known text, at least two otherwise."""
    return (text,) if isinstance(text, str) else text.parts or ("", "")


def lowered(text: Text) -> Text:
    """Return the text with ASCII letters in lower case, holes kept."""
    if isinstance(text, str):
        return lower_ascii(text)
    return Unknown(text.reason, text.present, tuple(lower_ascii(part) for part in text.parts), text.reference)


_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def lower_ascii(text: str) -> str:
    """Return the text with A-Z in lower case and nothing else changed."""
    return text.translate(_LOWER)


def settled(text: Text) -> bool:
    """Return whether every hole is filled by one fixed identifier that the platform gives, never by a wildcard.

    So it is with pseudo parameters (account, region, partition) and with attributes of resources; what a template looks
    up by them ("Fn::FindInMap of AWS::Region") may be anything.
    """
    if isinstance(text, str):
        return True
    if text.reason.cause is Cause.ENVIRONMENT:
        return not text.reason.subject.startswith("Fn::")
    return text.reason.cause in (Cause.ATTRIBUTE, Cause.AFTER_APPLY) and text.reference is not None


def equals(text: Text, constant: str) -> Truth:
    """Return whether the text is exactly the constant."""
    if isinstance(text, str):
        return text == constant
    if not constant and settled(text):
        return False  # what the platform gives is never empty
    return text if _meet(_symbols((constant,)), _symbols(parts_of(text))) else False


def matches(text: Text, pattern: str) -> Truth:
    """Return whether the text matches the pattern, case-sensitively."""
    parts = parts_of(text)
    if isinstance(text, str):
        return _regex(pattern).fullmatch(text) is not None
    if _covers(pattern, HOLE.join(parts)):
        return True
    return text if _meet(list(pattern), _symbols(parts)) else False


def covers(pattern: Text, outer: str) -> Truth:
    """Return whether the pattern matches every text that the pattern `outer` matches.

    A pattern with holes is never known to cover, since a hole may be empty; it is known not to when not even `*` in the
    place of each hole would.
    """
    target = outer.replace("*", HOLE)
    if isinstance(pattern, str):
        return _covers(pattern, target)
    return pattern if _covers("*".join(parts_of(pattern)), target) else False


def disjoint(pattern: Text, other: str) -> Truth:
    """Return whether no text matches both patterns."""
    if isinstance(pattern, str):
        return not _meet(list(pattern), list(other))
    return pattern if _meet(list("*".join(parts_of(pattern))), list(other)) else True


def _meet(left: Sequence[str], right: Sequence[str]) -> bool:
    """Return whether some text matches both sequences of symbols: wildcards and literals, a literal wildcard as
    "\\*".
    """
    reached = {(0, 0)}
    agenda = [(0, 0)]
    while agenda:
        i, j = agenda.pop()
        for step in _steps(left, right, i, j):
            if step not in reached:
                reached.add(step)
                agenda.append(step)
    return (len(left), len(right)) in reached


def _steps(left: Sequence[str], right: Sequence[str], i: int, j: int) -> list[tuple[int, int]]:
    """Return the places after one more common character, or after a `*` has ended."""
    steps = []
    here = left[i] if i < len(left) else ""
    there = right[j] if j < len(right) else ""
    if here == "*":
        steps.append((i + 1, j))
        steps += [(i, j + 1)] if there else []
    if there == "*":
        steps.append((i, j + 1))
        steps += [(i + 1, j)] if here else []
    if here and there and "*" not in (here, there) and (here == there or "?" in (here, there)):
        steps.append((i + 1, j + 1))
    return steps


def _symbols(parts: Sequence[str]) -> list[str]:
    """Return the symbols of a text with holes: a `*` for each hole, and the literals between."""
    symbols: list[str] = []
    for index, part in enumerate(parts):
        symbols += ["*"] if index else []
        symbols += ["\\" + each if each in "*?" else each for each in part]
    return symbols


def _covers(pattern: str, target: str) -> bool:
    """Return whether the pattern matches the target, in which each hole must fall to a `*` of the pattern."""
    return _regex(pattern).fullmatch(target) is not None


@lru_cache(maxsize=4096)
def _regex(pattern: str) -> re.Pattern[str]:
    """Return the pattern as a regular expression whose `?` refuses a hole: the hole may be empty or long.

    What stands between two stars is taken at its first place and never tried again (atomic groups), so that matching
    stays linear in the text for each star, whatever the pattern.
    """
    first, *rest = [
        "".join(f"[^{HOLE}]" if each == "?" else re.escape(each) for each in part) for part in pattern.split("*")
    ]
    middle = "".join(f"(?>.*?{part})" for part in rest[:-1] if part)
    last = f".*{rest[-1]}" if rest else ""
    return re.compile(f"(?s:{first}{middle}{last})")
