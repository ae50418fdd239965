"""What guardrails and policies must make impossible, and what must still be possible beside it.

`governance` reads the files; here their statements become those of the policy language, with the organisation's own
words put in: {regions}, {organisation}, the names under `principals` of organisation.yaml, and what the templates show.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from assay.documents import Document
from assay.errors import Fault, FaultyFiles, nearest
from assay.governance import model
from assay.permissions.parse import parse_policy
from assay.permissions.policy import Kind, PrincipalName, PrincipalType, Statement

Words: TypeAlias = Mapping[str, Sequence[str]]
"""What a word in braces stands for; a word that is missing is one that nobody has said."""

_STATEMENT: Final = ("Action", "NotAction", "Resource", "NotResource", "Condition")
_WAY: Final = ("way", "all")
_WORD = re.compile(r"(?<!\$)\{([a-z][a-z-]*)\}")
_GUARDED: Final = {"principal": Kind.SCP, "resource": Kind.RCP}
_CALLERS: Final = {
    "providers": PrincipalName(PrincipalType.FEDERATED),
    "services": PrincipalName(PrincipalType.SERVICE),
}


@dataclass(frozen=True)
class Way:
    """One way to do harm: the requests of all steps get through, made by one principal. `name` "": a single step."""

    name: str
    steps: tuple[Statement, ...]


@dataclass(frozen=True)
class Invariant:
    """One invariant in the words of the organisation.

    ways     None of them may get through.
    still    Statements; for each some request that it covers must get through.
    exempt   Patterns of ARNs of principals whom `ways` are not about.
    missing  Words that nobody has said; without them it cannot be decided.
    void     Words that stand for nothing at all: no guardrail exempts by a tag. Without a way it is about nothing.
    """

    stated: model.Invariant
    ways: tuple[Way, ...]
    still: tuple[Statement, ...]
    exempt: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    void: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Its id."""
        return self.stated.id

    @property
    def title(self) -> str:
        """What holds when it is proved."""
        return self.stated.title

    @property
    def repair(self) -> str:
        """What to change when it falls."""
        return self.stated.repair

    @property
    def kind(self) -> Kind | None:
        """The kind of guardrail that proves it alone; None where policies of the workload play a part."""
        return _GUARDED.get(self.stated.side)

    @property
    def never(self) -> tuple[Statement, ...]:
        """Every step of every way."""
        return tuple(step for way in self.ways for step in way.steps)


def understand(stated: Iterable[model.Invariant], words: Words) -> tuple[Invariant, ...]:
    """Return the invariants in the organisation's words, in order of id. Raises FaultyFiles with every fault."""
    found: list[Invariant] = []
    faults: list[Fault] = []
    for each in sorted(stated, key=lambda one: one.id):
        reader = _Reader(each, words)
        found.append(reader.invariant())
        faults += reader.faults
    if faults:
        raise FaultyFiles(faults)
    return tuple(found)


class _Reader:
    """Turns the statements of one invariant into those of a policy; collects faults and the words that are missing."""

    def __init__(self, stated: model.Invariant, words: Words) -> None:
        self.stated = stated
        self.words = words
        self.missing: dict[str, None] = {}
        self.void: dict[str, None] = {}
        self.faults: list[Fault] = []

    def fault(self, path: tuple[str | int, ...], message: str, remedy: str = "") -> None:
        line, column = self._place(path)
        self.faults.append(Fault(self.stated.position.file, line, column, message, remedy=remedy))

    def _place(self, path: tuple[str | int, ...]) -> tuple[int, int]:
        known = (self.stated.places.get(path[:length]) for length in range(len(path), 0, -1))
        return next((each for each in known if each), (self.stated.position.line, self.stated.position.column))

    def invariant(self) -> Invariant:
        exempt = tuple(part for each in self.stated.exempt for part in self._optional(each))
        ways = tuple(self._ways(exempt))
        still = tuple(
            found
            for index, each in enumerate(self.stated.still)
            if (found := self._statement(each, ("still", index))) is not None
        )
        return Invariant(self.stated, ways, still, exempt, tuple(self.missing), tuple(self.void))

    def _optional(self, text: str) -> Sequence[str]:
        whole = _WORD.fullmatch(text)
        return self.words.get(whole[1], ()) if whole else [text]

    def _ways(self, exempt: Sequence[str]) -> Iterator[Way]:
        for index, each in enumerate(self.stated.never):
            path = ("never", index)
            several = "all" in each or "way" in each
            self._known(each, _WAY if several else _STATEMENT, path)
            listed = each.get("all") if several else [each]
            if not isinstance(listed, Sequence) or not listed or not all(isinstance(one, Mapping) for one in listed):
                self.fault((*path, "all"), "all is no list of statements", "write one statement for each step")
                continue
            places = ((*path, "all", step) if several else path for step in range(len(listed)))
            steps = [self._statement(one, place) for one, place in zip(listed, places, strict=True)]
            kept = [self._by_whom(one, exempt) for one in steps if one is not None]
            if len(kept) == len(steps):
                yield Way(str(each.get("way", "")), tuple(kept))

    def _by_whom(self, statement: Statement, exempt: Sequence[str]) -> Statement:
        who = _CALLERS.get(self.stated.callers)
        named = statement if who is None else replace(statement, principals=(who,))
        # Identities are exempt by their names, which are known before anything is asked.
        return named if self.stated.side == "identity" else exempting(named, exempt)

    def _known(self, value: Mapping[str, Any], known: Sequence[str], path: tuple[str | int, ...]) -> None:
        for key in value:
            if key not in known:
                self.fault((*path, key), f"unknown element {key!r}", nearest(key, known))

    def _statement(self, value: Mapping[str, Any], path: tuple[str | int, ...]) -> Statement | None:
        """Return a statement as that of a policy which allows it; None when a word or an element is missing."""
        before = self._troubles
        self._known(value, _STATEMENT, path)
        stated = self._filled(value)
        if self._troubles > before:
            return None
        principal = {"Principal": "*"} if self.stated.side in ("resource", "trust", "policy") else {}
        whole = {"Effect": "Allow", **({} if "NotResource" in stated else {"Resource": "*"}), **principal, **stated}
        if self.stated.side == "trust":
            del whole["Resource"]
        kind = Kind.RESOURCE if self.stated.side in ("trust", "policy") else Kind.RCP if principal else Kind.SCP
        places = {
            ("Statement", 0, *known[len(path) :]): at
            for known, at in self.stated.places.items()
            if known[: len(path)] == path
        }
        places[()] = self._place(path)
        document: Any = {"Version": "2012-10-17", "Statement": [whole]}
        reading = parse_policy(Document(self.stated.position.file, document, places, {}, {}), kind)
        self.faults += [each.fault() for each in reading.findings]
        return reading.policy.statements[0] if reading.policy else None

    @property
    def _troubles(self) -> int:
        return len(self.missing) + len(self.void) + len(self.faults)

    def _filled(self, value: Mapping[str, Any]) -> dict[str, Any]:
        """Return a statement with the words put in. What excepts nothing is left out: it is always so."""
        found: dict[str, Any] = {}
        for key, each in value.items():
            filled = self._conditions(each) if key == "Condition" and isinstance(each, Mapping) else self._words(each)
            if filled == [] and key != "NotResource":
                self._unsaid(each)
            if filled not in ([], {}):
                found[key] = filled
        return found

    def _conditions(self, stated: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, dict[str, Any]] = {}
        for operator, block in stated.items():
            for key, each in block.items() if isinstance(block, Mapping) else ():
                filled = self._words(each)
                if filled != []:
                    found.setdefault(operator, {})[self._text(key)] = filled
                elif "Not" not in operator:
                    self._unsaid(each)
            if not isinstance(block, Mapping):
                found[operator] = block
        return found

    def _unsaid(self, value: Any) -> None:
        for word in _WORD.findall(json.dumps(value)):
            (self.void if word in self.words else self.missing)[word] = None

    def _words(self, value: Any) -> Any:
        """Return the value with words put in: a list item {regions} becomes all of them."""
        if isinstance(value, list | tuple):
            return [part for each in value for part in self._item(each)]
        found = self._item(value)
        return found[0] if len(found) == 1 else found

    def _item(self, value: Any) -> list[Any]:
        if not isinstance(value, str):
            return [value]
        whole = _WORD.fullmatch(value)
        return list(self.words.get(whole[1], ())) if whole else [self._text(value)]

    def _text(self, text: str) -> str:
        def said(match: re.Match[str]) -> str:
            named = self.words.get(match[1], ())
            if len(named) != 1:
                self.missing[match[1]] = None
            return named[0] if named else ""

        return _WORD.sub(said, text)


def exempting(statement: Statement, patterns: Sequence[str]) -> Statement:
    """Return the statement for all principals but those whose ARN matches a pattern."""
    if not patterns:
        return statement
    condition = {"ArnNotLike": {"aws:PrincipalArn": list(patterns)}}
    return replace(statement, conditions=(*statement.conditions, *conditions(json.dumps(condition))))


def conditions(text: str) -> Any:
    """Return conditions from their JSON text."""
    value = json.loads(text)
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": value}
    document = Document("", {"Version": "2012-10-17", "Statement": [statement]}, {(): (1, 1)}, {}, {})
    reading = parse_policy(document, Kind.IDENTITY)
    assert reading.policy is not None, reading.findings
    return reading.policy.statements[0].conditions
