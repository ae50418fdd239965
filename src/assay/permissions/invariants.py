"""What guardrails must make impossible, and what must still be possible beside it.

An invariant is a file: `never` describes requests in the words of the policy language, `still` those that must get
through, so that a guardrail that forbids everything proves nothing. The catalogue ships some; a repository's own folder
`invariants` adds to them and replaces those of the same id.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import resources
from pathlib import Path
from typing import Any, Final

from assay.documents import Document, Json, kind, read
from assay.errors import Fault, FaultyFiles, nearest
from assay.permissions.parse import parse_policy
from assay.permissions.policy import Kind, Statement

_FIELDS: Final = ("id", "title", "why", "side", "never", "still", "exempt", "repair")
_STATEMENT: Final = ("Action", "NotAction", "Resource", "NotResource", "Condition")
_SIDES: Final = {"principal": Kind.SCP, "resource": Kind.RCP}


@dataclass(frozen=True)
class Invariant:
    """One invariant.

    kind    SCP: what principals of our accounts can never do. RCP: what outsiders can never do to our resources.
    never   Statements; a request that one of them covers must not get through.
    still   Statements; for each some request that it covers must get through.
    exempt  Patterns of ARNs of principals whom `never` is not about.
    repair  What to add to a guardrail.
    """

    id: str
    title: str
    why: str
    kind: Kind
    never: tuple[Statement, ...]
    still: tuple[Statement, ...]
    repair: str = ""
    exempt: tuple[str, ...] = ()
    file: str = field(default="", compare=False)


def read_invariants(directory: Path | None, words: Mapping[str, Sequence[str]]) -> tuple[Invariant, ...]:
    """Return the catalogue's invariants and those of a repository, by id. Raises FaultyFiles.

    words  What {regions}, {organisation} and the like stand for.
    """
    found: dict[str, Invariant] = {}
    faults: list[Fault] = []
    for name, content in (*_shipped(), *_own(directory)):
        document, wrong = read(content, name)
        faults += wrong
        if document is None:
            continue
        reader = _Reader(document, words)
        invariant = reader.invariant()
        faults += reader.faults
        if invariant is not None:
            found[invariant.id] = invariant
    if faults:
        raise FaultyFiles(faults)
    return tuple(found[each] for each in sorted(found))


def _shipped() -> Iterator[tuple[str, bytes]]:
    folder = resources.files("assay.catalog") / "invariants"
    for each in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if each.name.endswith(".yaml"):
            yield f"catalog/invariants/{each.name}", each.read_bytes()


def _own(directory: Path | None) -> Iterable[tuple[str, bytes]]:
    folder = directory / "invariants" if directory else None
    if folder is None or not folder.is_dir():
        return []
    return [(str(path), path.read_bytes()) for path in sorted(folder.glob("*.yaml"))]


class _Reader:
    def __init__(self, document: Document, words: Mapping[str, Sequence[str]]) -> None:
        self.document = document
        self.words = words
        self.faults: list[Fault] = []

    def fault(self, path: tuple[str | int, ...], message: str, remedy: str = "") -> None:
        line, column = self.document.key_place(path)
        self.faults.append(Fault(self.document.file, line, column, message, remedy=remedy))

    def invariant(self) -> Invariant | None:
        value = self.document.value
        if not isinstance(value, dict):
            self.fault((), f"an invariant is {kind(value)}", "write a mapping")
            return None
        for name in value:
            if name not in _FIELDS:
                self.fault((name,), f"unknown field {name!r}", nearest(name, _FIELDS))
        texts = {name: self._text(value, name) for name in ("id", "title", "why")}
        side = value.get("side", "principal")
        if side not in _SIDES:
            self.fault(("side",), f"the side {side!r}", "write principal or resource")
            return None
        of_kind = _SIDES[str(side)]
        exempt = self._words(value.get("exempt", []))
        if not isinstance(exempt, list) or not all(isinstance(each, str) for each in exempt):
            self.fault(("exempt",), "exempt is no list of ARN patterns", "write arn:aws:iam::*:role/name")
            return None
        never, still = (self._statements(value, name, of_kind) for name in ("never", "still"))
        if self.faults:
            return None
        repair = str(value.get("repair", ""))
        return Invariant(
            **texts,
            kind=of_kind,
            never=tuple(exempting(each, [str(one) for one in exempt]) for each in never),
            still=never and still,
            exempt=tuple(str(each) for each in exempt),
            repair=repair,
            file=self.document.file,
        )

    def _text(self, value: Mapping[str, Json], name: str) -> str:
        found = value.get(name)
        if not isinstance(found, str) or not found:
            self.fault((name,), f"{name} is missing" if found is None else f"{name} is {kind(found)}", "write text")
        return str(found)

    def _statements(self, value: Mapping[str, Json], name: str, of_kind: Kind) -> tuple[Statement, ...]:
        """Return the statements of a field, as those of a policy that allows them."""
        stated = self._words(value.get(name))
        if not isinstance(stated, list) or not stated:
            self.fault((name,), f"{name} is no list of statements", "describe at least one request")
            return ()
        principal = {"Principal": "*"} if of_kind is Kind.RCP else {}
        for index, each in enumerate(stated):
            for key in each if isinstance(each, dict) else ("",):
                if key not in _STATEMENT:
                    self.fault((name, index), f"unknown element {key!r}", nearest(key, _STATEMENT))
        if self.faults:
            return ()
        listed = [
            {"Effect": "Allow", "Resource": "*", **principal, **each} for each in stated if isinstance(each, dict)
        ]
        for each in listed:
            if "NotResource" in each:
                del each["Resource"]
        places = {
            ("Statement", *path[1:]): place for path, place in self.document.places.items() if path[:1] == (name,)
        }
        places[()] = self.document.place((name,))
        policy: Any = {"Version": "2012-10-17", "Statement": listed}
        reading = parse_policy(Document(self.document.file, policy, places, {}, {}), of_kind)
        self.faults += [each.fault() for each in reading.findings]
        return reading.policy.statements if reading.policy else ()

    def _words(self, value: Any) -> Any:
        """Return the value with the organisation's own words put in: a list item {regions} becomes all of them."""
        if isinstance(value, list):
            return [part for each in value for part in self._item(each)]
        if isinstance(value, dict):
            return {key: self._words(each) for key, each in value.items()}
        found = self._item(value) if isinstance(value, str) else [value]
        return found[0] if len(found) == 1 else found

    def _item(self, value: Any) -> list[Any]:
        if not isinstance(value, str):
            return [self._words(value)]
        name = value[1:-1] if value.startswith("{") and value.endswith("}") else ""
        return list(self.words[name]) if name in self.words else [value]


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
