"""Statements packed into as few documents as the quotas let us: joined where they say the same, split where too long.

Nothing here needs to be trusted: `plan` proves that the documents allow exactly what the single statements do.
"""

import fnmatch
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from assay.documents import Document, Path
from assay.permissions.compiler.statements import Denial
from assay.permissions.parse import parse_policy
from assay.permissions.patterns import Pattern
from assay.permissions.policy import Kind, Policy, Statement
from assay.permissions.questions import written
from assay.permissions.quotas import QUOTAS, size

VERSION: Final = "2012-10-17"
_ENVELOPE: Final = size({"Version": VERSION, "Statement": []})


@dataclass(frozen=True)
class Packed:
    """One document. `invariants`: those to which its statements belong, in order."""

    name: str
    policy: Policy
    invariants: tuple[str, ...]

    @property
    def document(self) -> Any:
        """The document as plain JSON values."""
        return self.policy.source

    @property
    def characters(self) -> int:
        """Its size as Organizations counts it."""
        return size(self.document)


@dataclass(frozen=True)
class _Item:
    statement: Statement
    invariants: tuple[str, ...]

    @property
    def characters(self) -> int:
        return size(document_of(self.statement))


class TooLarge(Exception):
    """A statement that fits no document, and cannot be split. The text names the invariant."""


def pack(name: str, kind: Kind, denials: Iterable[Denial]) -> tuple[Packed, ...]:
    """Return the documents, "<name>-1" and so on, largest statements first. Raises TooLarge."""
    most = QUOTAS[kind].characters
    items = [part for each in _joined(denials) for part in _split(each, most - _ENVELOPE)]
    bins: list[list[_Item]] = []
    room: list[int] = []
    for item in sorted(items, key=lambda each: (-each.characters, each.invariants)):
        needed = item.characters + 1  # the comma between statements
        place = next((number for number, left in enumerate(room) if left >= needed), len(bins))
        if place == len(bins):
            bins.append([])
            room.append(most - _ENVELOPE)
        bins[place].append(item)
        room[place] -= needed
    return tuple(_packed(f"{name}-{number}", kind, each) for number, each in enumerate(bins, 1))


def _packed(name: str, kind: Kind, items: Sequence[_Item]) -> Packed:
    ordered = sorted(items, key=lambda each: (each.invariants, each.statement.sid))
    invariants = tuple(dict.fromkeys(one for each in ordered for one in each.invariants))
    return Packed(name, policy_of(name, kind, distinct([each.statement for each in ordered])), invariants)


def distinct(statements: Sequence[Statement]) -> list[Statement]:
    """Return the statements with a number after each Sid that several have: AWS takes a Sid once."""
    count = Counter(each.sid for each in statements)
    seen: Counter[str] = Counter()
    found = []
    for each in statements:
        seen[each.sid] += 1
        found.append(replace(each, sid=f"{each.sid}{seen[each.sid]}") if count[each.sid] > 1 else each)
    return found


def policy_of(name: str, kind: Kind, statements: Sequence[Statement]) -> Policy:
    """Return a policy that AWS would take, read back from its own text: what is proved is what is written."""
    value: Any = {"Version": VERSION, "Statement": [document_of(each) for each in statements]}
    places: dict[Path, tuple[int, int]] = {(): (1, 1)}
    places |= {("Statement", number): (number + 1, 1) for number in range(len(statements))}
    reading = parse_policy(Document(f"{name}.json", value, places, {}, {}), kind)
    assert reading.policy is not None, reading.findings
    return replace(reading.policy, source=value)


def document_of(statement: Statement) -> dict[str, Any]:
    """Return a statement as plain JSON values."""
    whole = json.loads(written(Policy(Kind.SCP, (statement,), VERSION)))
    found: dict[str, Any] = whole["Statement"][0]
    return found


def _joined(denials: Iterable[Denial]) -> Iterator[_Item]:
    """Yield the statements; those that differ in their actions alone are one."""
    groups: dict[object, list[Denial]] = {}
    for each in denials:
        said = each.statement
        alike = (said.resources, said.not_resources, said.principals, frozenset(map(repr, said.conditions)))
        groups.setdefault(repr((alike, said.actions)) if said.not_actions else repr(alike), []).append(each)
    for several in groups.values():
        first = several[0].statement
        names = tuple(dict.fromkeys(each.invariant for each in several))
        actions = first.actions if first.not_actions else _union(each.statement.actions for each in several)
        more = "" if len(names) == 1 else f"And{len(names) - 1}More"
        yield _Item(replace(first, actions=actions, sid=first.sid + more), names)


def _union(several: Iterable[Sequence[Pattern]]) -> tuple[Pattern, ...]:
    """Return all patterns once, without those that another one covers."""
    named = {each.text.lower(): each for patterns in several for each in patterns}
    kept = [
        text
        for text in sorted(named)
        if not any(other != text and not set("[?") & set(other) and fnmatch.fnmatchcase(text, other) for other in named)
    ]
    return tuple(named[text] for text in kept)


def _split(item: _Item, most: int) -> Iterator[_Item]:
    """Yield the statement, or parts of it that fit, each with some of its actions."""
    if item.characters <= most:
        yield item
        return
    actions = item.statement.actions
    if item.statement.not_actions or len(actions) < 2:
        raise TooLarge(f"a statement of {', '.join(item.invariants)} has {item.characters:,} characters")
    half = len(actions) // 2
    for number, part in enumerate((actions[:half], actions[half:]), 1):
        smaller = replace(item.statement, actions=part, sid=f"{item.statement.sid}{number}")
        yield from _split(_Item(smaller, item.invariants), most)
