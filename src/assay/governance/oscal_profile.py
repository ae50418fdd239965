"""What an OSCAL profile makes of the controls that it imports: selected, combined, arranged, modified.

The steps are those of NIST's profile resolution, as far as they decide which controls there are, in which order, and
what they say.
"""

import copy
import fnmatch
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from assay.governance.oscal_reader import DEEPEST, Reader, Stated, said

_METHODS = ("use-first", "merge", "keep")
_MEMBERS = {"param": "params", "prop": "props", "link": "links", "part": "parts"}  # item name → where it is held
_SETTABLE = ("label", "values", "select", "constraints", "usage", "class")


def selected(
    chooser: Mapping[str, Any], where: str, known: Mapping[str, Stated] | None, reader: Reader
) -> dict[str, Stated]:
    """Return what an import, or an insertion, takes of the controls that are known; None: nobody knows which."""
    unwanted = set(_matches(chooser, "exclude-controls", where, known, reader))
    if "include-all" not in chooser:
        wanted: Iterable[str] = _matches(chooser, "include-controls", where, known, reader)
    elif known is None:
        _needs_catalogue(f"{where}/include-all", reader)
        wanted = ()
    else:
        wanted = known
    return {name: (known or {}).get(name) or Stated(name, None) for name in wanted if name not in unwanted}


def _needs_catalogue(pointer: str, reader: Reader) -> None:
    expected = "the catalogue that it selects from, as a file beside the profile"
    reader.fault(pointer, "which controls these are cannot be told from the profile alone", "", expected)


def _matches(
    chooser: Mapping[str, Any], key: str, where: str, known: Mapping[str, Stated] | None, reader: Reader
) -> Iterator[str]:
    for selector, place in reader.items(chooser, key, where):
        names = selector.get("with-ids", [])
        patterns = [str(match.get("pattern", "")) for match, _ in reader.items(selector, "matching", place)]
        children = selector.get("with-child-controls") == "yes"
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            reader.fault(f"{place}/with-ids", "of the wrong kind", said(names), "an array of ids")
            continue
        if (patterns or children) and known is None:
            _needs_catalogue(place, reader)
            continue
        there = known or {}
        if known is not None:
            for missing in [name for name in names if name not in there]:
                reader.fault(f"{place}/with-ids", "the catalogue has no such control", missing)
        found = [*names, *(name for name in there if any(fnmatch.fnmatchcase(name, each) for each in patterns))]
        yield from found
        if children:
            yield from (name for name in there if _descends(name, set(found), there))


def _descends(name: str, ancestors: set[str], known: Mapping[str, Stated]) -> bool:
    for _ in range(DEEPEST):
        name = known[name].parent if name in known else ""
        if name in ancestors:
            return True
    return False


def combined(
    imports: Sequence[tuple[str, Mapping[str, Stated]]], profile: Mapping[str, Any], reader: Reader
) -> dict[str, Stated]:
    """Return the controls of all imports, each once.

    A control that two imports state differently is the first one's where the profile says use-first, and a fault where
    it does not: a requirement cannot have two texts.
    """
    merge = reader.mapping(profile.get("merge", {}), "/profile/merge")
    combine = reader.mapping(merge.get("combine", {}), "/profile/merge/combine")
    method = combine.get("method", "keep")
    if method not in _METHODS:
        reader.fault("/profile/merge/combine/method", "not a method", said(method), " or ".join(_METHODS))
    found: dict[str, Stated] = {}
    for where, controls in imports:
        for name, each in controls.items():
            held = found.setdefault(name, each)
            if held.body is None and each.body is not None:
                found[name] = each
            elif method != "use-first" and each.body is not None and each.body != held.body:
                expected = 'one text, or "merge": {"combine": {"method": "use-first"}}'
                reader.fault(where, "the control is imported twice with different contents", name, expected)
    return found


def arranged(controls: Mapping[str, Stated], profile: Mapping[str, Any], reader: Reader) -> dict[str, Stated]:
    """Return the controls in the order that a custom arrangement gives them; without one, as they were imported.

    A custom arrangement leaves out what it does not insert.
    """
    merge = reader.mapping(profile.get("merge", {}), "/profile/merge")
    if "custom" not in merge:
        return dict(controls)
    custom = reader.mapping(merge["custom"], "/profile/merge/custom")
    return dict(_inserted(custom, "/profile/merge/custom", controls, reader, 0))


def _inserted(
    group: Mapping[str, Any], where: str, controls: Mapping[str, Stated], reader: Reader, depth: int
) -> Iterator[tuple[str, Stated]]:
    if depth > DEEPEST:
        reader.fault(where, "nested too deeply", "", f"at most {DEEPEST} levels of groups")
        return
    for insert, place in reader.items(group, "insert-controls", where):
        found = selected(insert, place, controls, reader)
        order = insert.get("order", "keep")
        names = list(found) if order == "keep" else sorted(found, reverse=order == "descending")
        yield from ((name, found[name]) for name in names)
    for inner, place in reader.items(group, "groups", where):
        yield from _inserted(inner, place, controls, reader, depth + 1)


def modified(
    controls: Mapping[str, Stated], known: Mapping[str, Stated], profile: Mapping[str, Any], reader: Reader
) -> dict[str, Stated]:
    """Return the controls with the parameters that the profile sets and the alterations that it makes.

    known  What all imported catalogues state: altering a control that is in none of them is a fault.

    Published profiles name parameters and parts of another version of their catalogue. One that is not there changes
    nothing, unless a text were to be added to it.
    """
    modify = reader.mapping(profile.get("modify", {}), "/profile/modify")
    result = {
        name: each if each.body is None else replace(each, body=copy.deepcopy(dict(each.body)))
        for name, each in controls.items()
    }
    if modify:
        _set_parameters(result, modify, reader)
        _alter(result, known, modify, reader)
    return result


def _set_parameters(controls: Mapping[str, Stated], modify: Mapping[str, Any], reader: Reader) -> None:
    params = {str(param.get("id")): param for each in controls.values() for param in _held(each.body, "params")}
    for setting, where in reader.items(modify, "set-parameters", "/profile/modify"):
        name = reader.text(setting, "param-id", where)
        values = setting.get("values", [])
        if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
            reader.fault(f"{where}/values", "of the wrong kind", said(values), "an array of texts")
        elif name in params:
            params[name].update({key: setting[key] for key in _SETTABLE if key in setting})


def _held(body: Mapping[str, Any] | None, member: str) -> list[dict[str, Any]]:
    """Return the objects under a member of a control or part; its faults were noted when it was read."""
    held = (body or {}).get(member)
    return [each for each in held if isinstance(each, dict)] if isinstance(held, list) else []


def _alter(
    controls: Mapping[str, Stated], known: Mapping[str, Stated], modify: Mapping[str, Any], reader: Reader
) -> None:
    for alter, where in reader.items(modify, "alters", "/profile/modify"):
        name = reader.text(alter, "control-id", where)
        if name not in controls:
            if name and known and name not in known:
                reader.fault(f"{where}/control-id", "no imported control has this id", name)
            continue
        body = controls[name].body
        if not isinstance(body, dict):
            continue  # only its id is known, so there is nothing to alter
        for remove, place in reader.items(alter, "removes", where):
            criteria = {key: str(value) for key, value in remove.items() if key.startswith("by-")}
            if not criteria:
                reader.fault(
                    place, "it does not say what to remove", "", "by-name, by-class, by-id, by-item-name or by-ns"
                )
            else:
                _remove(body, criteria)
        for add, place in reader.items(alter, "adds", where):
            _add(body, add, place, reader)


def _remove(body: dict[str, Any], criteria: Mapping[str, str], depth: int = 0) -> None:
    """Remove what fulfils all criteria, at any depth."""
    for item, member in _MEMBERS.items():
        if member not in body or depth > DEEPEST:
            continue
        body[member] = [each for each in _held(body, member) if not _fulfils(each, item, criteria)]
        for each in _held(body, member):
            _remove(each, criteria, depth + 1)


def _fulfils(each: Mapping[str, Any], item: str, criteria: Mapping[str, str]) -> bool:
    own = {"by-item-name": item, **{f"by-{key}": each.get(key) for key in ("name", "class", "id", "ns")}}
    return all(own.get(key) == value for key, value in criteria.items())


def _add(body: dict[str, Any], add: Mapping[str, Any], where: str, reader: Reader) -> None:
    position, target = add.get("position", "ending"), add.get("by-id")
    if position not in ("before", "after", "starting", "ending"):
        reader.fault(f"{where}/position", "not a position", said(position), "before, after, starting or ending")
        return
    found = (body, body, "", 0) if target in (None, body.get("id")) else _place(body, str(target))
    if found is None and not {"title", "parts", "params"} & set(add):
        return
    if found is None:
        reader.fault(f"{where}/by-id", "the control has nothing with this id", said(target))
        return
    inside, parent, member, index = found
    if isinstance(add.get("title"), str):
        inside["title"] = add["title"]
    for key in _MEMBERS.values():
        more = [dict(each) for each, _ in reader.items(add, key, where)]
        if position in ("before", "after") and inside is not body and key == member:
            at = index + (position == "after")
            parent[key] = [*_held(parent, key)[:at], *more, *_held(parent, key)[at:]]
        elif more:
            held = _held(inside, key)
            inside[key] = [*more, *held] if position in ("before", "starting") else [*held, *more]


def _place(body: dict[str, Any], target: str, depth: int = 0) -> tuple[dict[str, Any], dict[str, Any], str, int] | None:
    """Return the object with an id, what holds it, under which member, and at which place."""
    if depth > DEEPEST:
        return None
    for member in ("params", "parts"):
        for index, each in enumerate(_held(body, member)):
            if each.get("id") == target:
                return each, body, member, index
            if inner := _place(each, target, depth + 1):
                return inner
    return None
