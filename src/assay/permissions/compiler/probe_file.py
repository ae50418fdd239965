"""probes.json of a plan, read back with the policies beside it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from assay.documents import Document, Json, kind, read
from assay.documents import Path as Within
from assay.errors import Fault, FaultyFiles, UsageError
from assay.permissions.compiler.plan import KINDS, Probe
from assay.permissions.guardrails import Guardrail, Guardrails
from assay.permissions.request import Organisation
from assay.permissions.request_file import load_policy, read_case

FORMAT: Final = "assay.probes/1"
_OWN: Final = ("invariant", "guardrails", "account", "expected", "members")  # the rest is a request's
_KINDS: Final = {each.value: each for each in KINDS}


@dataclass(frozen=True)
class Probes:
    """The requests of a plan, the guardrails as they lie there now, and the tree that they are attached to."""

    probes: tuple[Probe, ...]
    guardrails: Guardrails
    units: Mapping[str, str]


def read_probes(folder: Path) -> Probes:
    """Read the probes of a plan in a folder. Raises UsageError without one, FaultyFiles with everything wrong in it."""
    path = folder / "probes.json"
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}; `assay guardrail plan --out` writes it") from None
    document, faults = read(content, str(path))
    if document is None:
        raise FaultyFiles(faults)
    reader = _Reader(document, folder)
    found = reader.probes()
    if reader.faults:
        raise FaultyFiles(reader.faults)
    return found


class _Reader:
    def __init__(self, document: Document, base: Path) -> None:
        self.document = document
        self.base = base
        self.faults: list[Fault] = []

    def fault(self, path: Within, message: str, expected: str) -> None:
        line, column = self.document.key_place(path)
        self.faults.append(Fault(self.document.file, line, column, message, expected=expected))

    def probes(self) -> Probes:
        value = self.document.value
        if not isinstance(value, dict) or value.get("format") != FORMAT:
            self.fault((), "not the probes of a plan", f"format {FORMAT}")
            return Probes((), Guardrails((), {}), {})
        stated = self._mapping(value, "organisation")
        organisation = Organisation(str(stated.get("id", "")), str(stated.get("management", "")))
        units = {account: str(unit) for account, unit in self._mapping(value, "units").items()}
        guardrails = Guardrails(tuple(self._guardrails(value)), dict.fromkeys(KINDS, ()))
        return Probes(tuple(self._each(value, organisation)), guardrails, units)

    def _mapping(self, value: Mapping[str, Json], name: str) -> Mapping[str, Json]:
        found = value.get(name)
        if isinstance(found, dict):
            return found
        self.fault((name,), f"{name} is {kind(found)}", "a mapping")
        return {}

    def _list(self, value: Mapping[str, Json], name: str) -> list[Mapping[str, Any]]:
        found = value.get(name)
        if isinstance(found, list) and all(isinstance(each, dict) for each in found):
            return found  # type: ignore[return-value]  # as was just looked at
        self.fault((name,), f"{name} is {kind(found)}", "a list of mappings")
        return []

    def _guardrails(self, value: Mapping[str, Json]) -> Iterator[Guardrail]:
        for index, each in enumerate(self._list(value, "policies")):
            path: Within = ("policies", index)
            policy_kind = _KINDS.get(str(each.get("kind")))
            file, nodes = each.get("file"), each.get("nodes")
            if policy_kind is None or not isinstance(file, str) or "\0" in file or not _texts(nodes):
                self.fault(path, "a policy that is not stated whole", "kind scp or rcp, file and nodes")
                continue
            target = self.base / file
            if not target.resolve().is_relative_to(self.base.resolve()):
                self.fault((*path, "file"), f"{file!r} leads out of the plan's folder", "a file within it")
                continue
            policy, faults = load_policy(target, policy_kind)
            self.faults += faults
            if policy is not None:
                yield Guardrail(target.stem, policy, frozenset(map(str, nodes or ())))

    def _each(self, value: Mapping[str, Json], organisation: Organisation) -> Iterator[Probe]:
        listed = self._list(value, "probes")
        parts = _parts(self.document, listed)
        for index, each in enumerate(listed):
            guarded, expected = _KINDS.get(str(each.get("guardrails"))), each.get("expected")
            members, account, invariant = each.get("members", []), each.get("account"), each.get("invariant")
            whole = _texts(members) and _texts([account, invariant])
            if guarded is None or expected not in ("denied", "allowed") or not whole:
                stated = "guardrails, expected, account, invariant and, as a list, members"
                self.fault(("probes", index), "a probe that is not stated whole", stated)
                continue
            case, faults = read_case(parts[index], self.base)
            self.faults += faults
            if case is not None:
                known = replace(organisation, paths=dict.fromkeys(members, ""))
                request = replace(case.request, organisation=known)
                yield Probe(str(invariant), guarded, str(account), request, expected == "denied")


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _parts(document: Document, listed: list[Mapping[str, Any]]) -> list[Document]:
    """Return each request as a document of its own, with its places in the file."""
    places: list[dict[Within, Any]] = [{} for _ in listed]
    keys: list[dict[Within, Any]] = [{} for _ in listed]
    for found, into in ((document.places, places), (document.keys, keys)):
        for path, place in found.items():
            if listed and len(path) > 1 and path[0] == "probes":
                into[int(path[1])][path[2:]] = place
    return [
        Document(document.file, {key: one for key, one in each.items() if key not in _OWN}, place, key, {})
        for each, place, key in zip(listed, places, keys, strict=True)
    ]
