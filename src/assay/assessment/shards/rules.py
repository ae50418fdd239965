"""What is asked of every resource: the controls by resource type, and the digest of all that decides their verdicts."""

import datetime
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import assay
from assay.canonical import canonical, digest, exact
from assay.expressions.relations import RELATIONS
from assay.expressions.tree import Call, Literal, Node, Variable, walk
from assay.governance.compiled import CompiledControl
from assay.inventory.naming import naming_properties
from assay.inventory.services import FOLDS
from assay.inventory.values import Value, to_json


@dataclass(frozen=True)
class Rules:
    """The controls that are asked, and what else their verdicts depend on.

    controls  Resource type → its controls, in the order of the answers.
    params    Control id → the values of its parameters.
    today     For controls that ask whether support has ended; no other looks at it.
    """

    controls: Mapping[str, tuple[CompiledControl, ...]]
    params: Mapping[str, Mapping[str, Value]]
    today: datetime.date

    @staticmethod
    def of(
        controls: Iterable[CompiledControl], params: Mapping[str, Mapping[str, Value]], today: datetime.date
    ) -> "Rules":
        """Return the rules that these controls are."""
        by_type: dict[str, list[CompiledControl]] = defaultdict(list)
        for each in controls:
            by_type[each.control.resource].append(each)
        asked = {kind: tuple(sorted(several, key=lambda one: one.control.id)) for kind, several in by_type.items()}
        used = {one.control.id for several in asked.values() for one in several}
        return Rules(asked, {name: given for name, given in params.items() if name in used}, today)

    @cached_property
    def digests(self) -> Mapping[str, str]:
        """Resource type → the digest of everything but the configuration that decides about resources of the type."""
        return {kind: self._digest(several) for kind, several in self.controls.items()}

    @cached_property
    def digest(self) -> str:
        """The digest of the whole."""
        return digest(canonical({"code": code(), "types": dict(self.digests)}))

    @cached_property
    def ground(self) -> str:
        """The digest of what must be the same for two results to be compared, be their controls the same or not."""
        return digest(canonical({"code": code(), "kept": {kind: list(names) for kind, names in self.kept.items()}}))

    def _digest(self, several: Iterable[CompiledControl]) -> str:
        stated = [
            {
                "id": each.control.id,
                "meaning": each.digest,
                "params": exact(to_json(self.params.get(each.control.id, {}))),
                "today": self.today.isoformat() if _asks_today(each) else "",
            }
            for each in several
        ]
        return digest(canonical({"code": code(), "controls": stated}))

    @cached_property
    def related(self) -> Mapping[str, frozenset[str]]:
        """Resource types that controls look up from other resources → the properties by which they look for them."""
        found: dict[str, set[str]] = defaultdict(set)
        for several in self.controls.values():
            for each in several:
                for call in relations_of(each):
                    found[each.control.resource] |= set()
                    kind, *field = (str(one.value) for one in call.arguments[1:] if isinstance(one, Literal))
                    found[kind] |= set(field)
        return {kind: frozenset(fields) for kind, fields in found.items()}

    @cached_property
    def kept(self) -> Mapping[str, tuple[str, ...]]:
        """Resource types that others may refer to, or be folded into → the properties that are needed to tell."""
        found: dict[str, set[str]] = {kind: set(fields) for kind, fields in self.related.items()}
        for row in FOLDS:
            found.setdefault(row.source, set()).update({row.key.split(".")[0], row.follow} - {""})
            for kind in {row.owner, row.followed} - {""}:
                found.setdefault(kind, set())
        return {kind: tuple(sorted({*naming_properties(kind), *fields})) for kind, fields in sorted(found.items())}

    @cached_property
    def looks_at(self) -> Mapping[str, frozenset[str]]:
        """Resource type → the types that its controls look up."""
        return {
            kind: frozenset(
                str(one.value)
                for each in several
                for call in relations_of(each)
                for one in call.arguments[1:2]
                if isinstance(one, Literal)
            )
            for kind, several in self.controls.items()
        }

    def context(self, kinds: Iterable[str]) -> frozenset[str]:
        """Return the types of which every resource must be at hand to judge resources of these types."""
        found: set[str] = set()
        waiting = set(kinds)
        while waiting:
            kind = waiting.pop()
            found.add(kind)
            near = set(self.looks_at.get(kind, ()))
            for row in FOLDS:
                if kind in (row.source, row.owner, row.followed):
                    near |= {row.source, row.owner, row.followed} - {""}
            waiting |= near - found
        return frozenset(found)


def relations_of(compiled: CompiledControl) -> Iterator[Call]:
    """Yield the calls by which a control looks at other resources."""
    for node in _nodes(compiled):
        if isinstance(node, Call) and node.function in RELATIONS:
            yield node


def _asks_today(compiled: CompiledControl) -> bool:
    return any(isinstance(node, Variable) and node.name == "today" for node in _nodes(compiled))


def _nodes(compiled: CompiledControl) -> Iterator[Node]:
    for each in (compiled.require, compiled.unless):
        if each is not None:
            yield from walk(each.root)


@lru_cache(maxsize=1)
def code() -> str:
    """Return the digest of the code and tables that turn a configuration into a verdict."""
    root = Path(assay.__file__).parent
    sha = hashlib.sha256()
    for folder in ("inventory", "expressions", "assessment"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".py", ".json"):
                sha.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return sha.hexdigest()
