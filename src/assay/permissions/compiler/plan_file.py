"""The folder of a plan, read back to be replayed: each invariant's own statements, and the tree that they bind.

Invariants are read one by one, not from the documents into which they were joined, so that what a replay shows, and the
step that it allows, is about each of them. Whether the documents are still those of the plan is looked at beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from assay.documents import Document, kind, read
from assay.errors import Fault, FaultyFiles, UsageError
from assay.permissions.compiler.plan import KINDS
from assay.permissions.guardrails import Guardrail
from assay.permissions.request_file import load_policy

FORMAT: Final = "assay.guardrail-plan/1"
_KINDS: Final = {each.value: each for each in KINDS}
_AGAIN: Final = "compile it again: assay guardrail plan --out NEW-FOLDER"


@dataclass(frozen=True)
class PlanFolder:
    """A plan as it lies in a folder. units: member account → path of its organisational unit."""

    invariants: tuple[Guardrail, ...]
    organisation: str
    management: str
    units: Mapping[str, str]


def read_plan(folder: Path) -> PlanFolder:
    """Read a plan. Raises UsageError without one; FaultyFiles on what is not stated whole or is not as planned."""
    path = folder / "plan.json"
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}; `assay guardrail plan --out` writes it") from None
    document, faults = read(content, str(path))
    if document is None:
        raise FaultyFiles(faults)
    reader = _Reader(document, folder)
    found = reader.plan()
    if reader.faults:
        raise FaultyFiles(reader.faults)
    return found


class _Reader:
    def __init__(self, document: Document, base: Path) -> None:
        self.document = document
        self.base = base
        self.faults: list[Fault] = []

    def _fault(self, message: str, expected: str, *path: str | int, remedy: str = "") -> None:
        line, column = self.document.key_place(path)
        self.faults.append(Fault(self.document.file, line, column, message, expected=expected, remedy=remedy))

    def plan(self) -> PlanFolder:
        value = self.document.value
        if not isinstance(value, dict) or value.get("format") != FORMAT:
            self._fault("not the plan of guardrails", f"format {FORMAT}")
            return PlanFolder((), "", "", {})
        self._as_planned(value, "policies")
        invariants = self._as_planned(value, "apart")
        units = value.get("units")
        if not isinstance(units, dict):
            self._fault(f"units is {kind(units)}", "a mapping of accounts to units", "units")
            units = {}
        stated = {account: str(unit) for account, unit in units.items()}
        return PlanFolder(invariants, str(value.get("organisation", "")), str(value.get("management", "")), stated)

    def _as_planned(self, value: Mapping[str, Any], name: str) -> tuple[Guardrail, ...]:
        """Return the policies in a list of the plan, each of which must have the digest that the plan states."""
        listed = value.get(name)
        if not isinstance(listed, list):
            self._fault(f"{name} is {kind(listed)}", "a list", name)
            return ()
        found = [(index, each, self._guardrail(each, name, index)) for index, each in enumerate(listed)]
        for index, each, guardrail in found:
            if guardrail is not None and guardrail.digest != each.get("digest"):
                where = f"{guardrail.policy.file} at {', '.join(sorted(guardrail.nodes))}"
                self._fault(f"{where} is not as planned", f"the digest {guardrail.digest}", name, index, remedy=_AGAIN)
        return tuple(guardrail for _, _, guardrail in found if guardrail is not None)

    def _guardrail(self, each: Any, name: str, index: int) -> Guardrail | None:
        stated = each if isinstance(each, dict) else {}
        policy_kind, file, nodes = _KINDS.get(str(stated.get("kind"))), stated.get("file"), stated.get("nodes")
        if policy_kind is None or not isinstance(file, str) or not isinstance(nodes, list) or not nodes:
            self._fault("a policy that is not stated whole", "kind scp or rcp, file, nodes and digest", name, index)
            return None
        target = self.base / file
        if not target.resolve().is_relative_to(self.base.resolve()):
            self._fault(f"{file!r} leads out of the plan's folder", "a file within it", name, index, "file")
            return None
        policy, faults = load_policy(target, policy_kind)
        self.faults += faults
        return Guardrail(target.stem, policy, frozenset(map(str, nodes))) if policy else None
