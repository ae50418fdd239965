"""A policy of a template that is known in part only, read twice: as the widest and as the narrowest that it can be.

What the widest does not allow is proved; what the narrowest allows is shown; what lies between is undetermined, and the
holes say why. A reference to a resource whose name is known is filled in and is no hole.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from assay.documents import Document
from assay.inventory.resource import Resource
from assay.inventory.values import Choice, Path, Unknown
from assay.permissions.parse import parse_policy
from assay.permissions.policy import Kind, Policy

Named: TypeAlias = Callable[[Unknown], str]
"""What a reference stands for, "" when its name is not known."""

_LISTS: Final = ("Action", "NotAction", "Resource", "NotResource")
_EVERYTHING: Final = {"Effect": "Allow", "Action": "*", "Resource": "*"}


@dataclass(frozen=True)
class Reading:
    """The widest and the narrowest policy, and what is not known of it, each in words with its place.

    narrow  None: perhaps nothing of it can be relied on.
    """

    wide: Policy
    narrow: Policy | None
    holes: tuple[str, ...] = ()


def read_document(value: Any, kind: Kind, resource: Resource, path: Path, named: Named) -> Reading:
    """Return the readings of the policy document that a resource states at `path`."""
    where = resource.position(path)
    if not isinstance(value, Mapping) or isinstance(value.get("Version"), Unknown | Choice):
        return unknown(kind, f"{where}: a policy of {resource.name}: {_said(value)}")
    stated = _filled(value, named)
    listed = stated.get("Statement", [])
    if isinstance(listed, Unknown | Choice):
        return unknown(kind, f"{where}: the statements of a policy of {resource.name}: {_said(listed)}")
    statements = list(listed) if isinstance(listed, list) else [listed]
    holes = [
        f"{resource.position((*path, 'Statement', index))}: a statement of {resource.name}: {_said(hole)}"
        for index, each in enumerate(statements)
        if (hole := next(_holes(each), None)) is not None
    ]
    version = stated.get("Version", "2008-10-17")
    readings = []
    for widest in (True, False):
        kept = [(index, read) for index, each in enumerate(statements) for read in _statement(each, kind, widest)]
        readings.append(_policy(version, kept, kind, (resource, path)))
    wide, narrow = readings
    if wide is None:
        return unknown(kind, f"{where}: a policy of {resource.name}: AWS would refuse it")
    return Reading(wide, narrow, tuple(holes))


def unknown(kind: Kind, why: str) -> Reading:
    """Return the readings of a policy of which nothing is known: it may allow everything, and nothing."""
    every = {**_EVERYTHING, **({"Principal": "*"} if kind.names_principals else {})}
    document: Any = {"Version": "2012-10-17", "Statement": [every]}
    policy = parse_policy(Document("what is not known", document, {(): (0, 0)}, {}, {}), kind).policy
    assert policy is not None
    return Reading(policy, None, (why,))


def _policy(
    version: Any, kept: Sequence[tuple[int, Mapping[str, Any]]], kind: Kind, at: tuple[Resource, Path]
) -> Policy | None:
    """Return a policy of these statements, each with its place. Without any: one that allows nothing."""
    resource, path = at
    where = resource.position(path)
    places: dict[Path, tuple[int, int]] = {(): (where.line, where.column)}
    for number, (index, _) in enumerate(kept):
        place = resource.position((*path, "Statement", index))
        places[("Statement", number)] = (place.line, place.column)
    if not kept:
        return Policy(kind, (), str(version), where.file, {"Statement": []})
    document: Any = {"Version": version, "Statement": [each for _, each in kept]}
    policy = parse_policy(Document(where.file, document, places, {}, {}), kind).policy
    return policy and replace(policy, file=where.file)


def _statement(stated: Any, kind: Kind, widest: bool) -> Iterator[Mapping[str, Any]]:
    """Yield the statement as it gives the most access, or the least; nothing where that is to leave it out."""
    if next(_holes(stated), None) is None and isinstance(stated, Mapping):
        yield stated
        return
    effect = stated.get("Effect") if isinstance(stated, Mapping) else None
    if widest and effect not in ("Allow", "Deny"):
        yield {**_EVERYTHING, **({"Principal": "*"} if kind.names_principals else {})}
    elif effect == ("Allow" if widest else "Deny"):
        yield _widened(stated)  # an Allow that reaches more, or a Deny


def _widened(stated: Mapping[str, Any]) -> dict[str, Any]:
    """Return the statement so that it covers whatever it may cover."""
    found: dict[str, Any] = {}
    for key, each in stated.items():
        if next(_holes(each), None) is None:
            found[key] = each
        elif key in ("Principal", "NotPrincipal"):
            found["Principal"] = "*"
        elif key in ("NotAction", "NotResource"):
            listed = each if isinstance(each, list) else [each]
            known = [one for one in listed if not isinstance(one, Unknown | Choice)]
            found |= {key: known} if known else {key.removeprefix("Not"): "*"}
        elif key in _LISTS:
            found[key] = [_pattern(one) for one in (each if isinstance(each, list) else [each])]
        elif key == "Condition" and isinstance(each, Mapping):
            found[key] = dict(_decided(each))
    return found


def _decided(conditions: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the conditions that are known whole; without the others more gets through."""
    for operator, block in conditions.items():
        if isinstance(block, Mapping):
            known = {key: each for key, each in block.items() if next(_holes(each), None) is None}
            if known:
                yield operator, known


def _pattern(value: Any) -> Any:
    if isinstance(value, Unknown) and value.parts:
        text = "*".join(value.parts)
        return text if text.startswith("arn:") or ":" in text else "*"
    return "*" if isinstance(value, Unknown | Choice) else value


def _filled(value: Any, named: Named) -> Any:
    """Return the value with every reference to what has a known name replaced by that name."""
    match value:
        case Unknown():
            name = named(value)
            return (name.join(value.parts) if value.parts else name) if name else value
        case Mapping():
            return {key: _filled(each, named) for key, each in value.items()}
        case list() | tuple():
            return [_filled(each, named) for each in value]
        case _:
            return value


def _holes(value: Any) -> Iterator[Unknown | Choice]:
    if isinstance(value, Unknown | Choice):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _holes(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _holes(each)


def _said(value: Any) -> str:
    return str(value.reason) if isinstance(value, Unknown | Choice) else "it is no policy document"
