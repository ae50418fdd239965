"""References between documents: each names something that exists, and says something that can be.

Two answers. A wrong reference is a fault: the repository cannot be read as meant. A link of the chain whose target is
gone (control to objective, requirement to objective or control) is *dangling*: the answer goes on and names it.
"""

import glob
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from assay.errors import Fault, nearest
from assay.governance.compiled import CompiledControl
from assay.governance.ec2_attributes import EC2_ATTRIBUTES
from assay.governance.files import Entry
from assay.governance.model import (
    ApprovedException,
    Control,
    Duty,
    ExceptionScope,
    Framework,
    FrameworkTexts,
    Invariant,
    Objective,
    Organisation,
    Workload,
)
from assay.governance.units import ROOT, down_to

_ORGANISATION = re.compile(r"o-[a-z0-9]{10,32}")
_ACCOUNT = re.compile(r"[0-9]{12}")
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]")


@dataclass(frozen=True, slots=True)
class Known:
    """Everything that a document may refer to by name, and the folder that paths must stay in."""

    root: Path
    organisation: Organisation
    workloads: Mapping[str, object]
    objectives: Mapping[str, object]
    controls: Mapping[str, object]
    frameworks: Mapping[str, object]

    @property
    def accounts(self) -> Sequence[str]:
        """Ids of the accounts."""
        return [each.id for each in self.organisation.accounts]


Check: TypeAlias = Callable[[Entry[Any], Known], Iterator[Fault]]


def faults(entries: Sequence[Entry[Any]], known: Known) -> Iterator[Fault]:
    """Yield every fault that the checks of each document's type find."""
    for entry in entries:
        for check in CHECKS.get(type(entry.value), ()):
            yield from check(entry, known)


def dangling(
    entries: Sequence[Entry[Any]], known_objectives: Mapping[str, object], known_controls: Mapping[str, object]
) -> Iterator[Fault]:
    """Yield each link of the chain that leads nowhere; `found` is the id that does not exist."""
    for entry in entries:
        value = entry.value
        if isinstance(value, Control | Invariant) and value.objective not in known_objectives:
            kind = "control" if isinstance(value, Control) else "invariant"
            said = f"{kind} {value.id} serves"
            yield _gone(entry, ("objective",), said, "objective", value.objective, known_objectives)
        if isinstance(value, Duty):
            for index, name in enumerate(value.objectives):
                if name not in known_objectives:
                    said = f"duty {value.id} belongs to"
                    yield _gone(entry, ("objectives", index), said, "objective", name, known_objectives)
        if isinstance(value, Framework):
            for key, requirement in value.requirements.items():
                said = f"{value.id} {key} points to"
                for kind, names, known in (
                    ("objective", requirement.objectives, known_objectives),
                    ("control", requirement.controls, known_controls),
                ):
                    for index, name in enumerate(names):
                        if name not in known:
                            path = ("requirements", key, f"{kind}s", index)
                            yield _gone(entry, path, said, kind, name, known)


def _gone(entry: Entry[Any], path: Any, said: str, kind: str, name: str, known: Mapping[str, object]) -> Fault:
    return entry.fault(path, f"{said} the {kind} {name}, which does not exist", name, "", nearest(name, known))


def _unknown(entry: Entry[Any], path: Any, kind: str, name: str, known: Mapping[str, object] | Sequence[str]) -> Fault:
    hint = nearest(name, known)
    some = ", ".join(sorted(known)[:8])
    expected = "" if hint else f"one of {some}" if some else f"none: there is no {kind} at all"
    return entry.fault(path, f"there is no such {kind}", name, expected, hint)


def _organisation(entry: Entry[Organisation], known: Known) -> Iterator[Fault]:
    value = entry.value
    if not _ORGANISATION.fullmatch(value.id):
        yield entry.fault(
            ("id",), "not the id of an organisation", value.id, "o- and ten to thirty-two letters or digits"
        )
    if value.management_account not in known.accounts:
        yield _unknown(entry, ("management_account",), "account", value.management_account, known.accounts)
    for index, name in enumerate(value.frameworks):
        if name not in known.frameworks:
            yield _unknown(entry, ("frameworks", index), "framework", name, known.frameworks)
    for index, region in enumerate(value.regions):
        if not _REGION.fullmatch(region):
            yield entry.fault(("regions", index), "not the name of a region", region, "a name such as eu-west-1")
    for name in ("stages", "regions"):
        yield from _list_faults(entry, name, getattr(value, name))


def _list_faults(entry: Entry[Any], name: str, values: Sequence[str]) -> Iterator[Fault]:
    if not values:
        yield entry.fault((name,), f"{name!r} is empty", "", "one or more")
    for index, value in enumerate(values):
        if value in values[:index]:
            yield entry.fault((name, index), "is given twice", value, "", "delete one")


def _units(organisation: Organisation) -> set[str]:
    """Return the root and every organisational unit, those above a stated one included."""
    return {ROOT, *(node for unit in organisation.organisational_units for node in down_to(unit))}


def _accounts(entry: Entry[Organisation], known: Known) -> Iterator[Fault]:
    organisation = entry.value
    units = _units(organisation)
    for index, account in enumerate(organisation.accounts):
        where = ("accounts", index)
        if not _ACCOUNT.fullmatch(account.id):
            yield entry.fault((*where, "id"), "not the id of an account", account.id, "twelve digits")
        if account.id in known.accounts[:index]:
            yield entry.fault((*where, "id"), "the account is given twice", account.id, "", "delete one")
        if account.ou not in units:
            yield _unknown(entry, (*where, "ou"), "organisational unit", account.ou, sorted(units))
        if account.stage and account.stage not in organisation.stages:
            yield _unknown(entry, (*where, "stage"), "stage", account.stage, organisation.stages)


def _enforcement(entry: Entry[Organisation], known: Known) -> Iterator[Fault]:
    organisation = entry.value
    nodes = {*_units(organisation), *known.accounts}
    proved: dict[str, object] = {each.id: each for each in EC2_ATTRIBUTES}
    proved |= {name: each for name, each in known.controls.items() if not isinstance(each, CompiledControl)}
    for name, enforcement in organisation.enforcement.items():
        if name not in proved:
            hint = nearest(name, proved)
            yield entry.key_fault(("enforcement", name), "there is no such invariant", name, "", hint)
        for index, node in enumerate(enforcement.at):
            if node not in nodes:
                path = ("enforcement", name, "at", index)
                yield _unknown(entry, path, "organisational unit or account", node, sorted(nodes))
            elif node == organisation.management_account:
                path = ("enforcement", name, "at", index)
                yield entry.fault(path, "no guardrail binds the management account", node, "another account")
        if not enforcement.at:
            yield entry.key_fault(("enforcement", name), "enforced nowhere", "", "one node or more under at")


def _workload(entry: Entry[Workload], known: Known) -> Iterator[Fault]:
    stages, regions = known.organisation.stages, known.organisation.regions
    for stage, account in entry.value.accounts.items():
        if stage not in stages:
            yield entry.key_fault(
                ("accounts", stage), "there is no such stage", stage, _one_of(stages), nearest(stage, stages)
            )
        if account not in known.accounts:
            yield _unknown(entry, ("accounts", stage), "account", account, known.accounts)
    for index, templates in enumerate(entry.value.templates):
        where = ("templates", index)
        for stage in templates.parameters:
            if stage not in stages:
                path = (*where, "parameters", stage)
                yield entry.key_fault(path, "there is no such stage", stage, _one_of(stages), nearest(stage, stages))
        if templates.region and templates.region not in regions:
            yield _unknown(entry, (*where, "region"), "region in use", templates.region, regions)
        yield from _path_faults(entry, (*where, "path"), templates.path, known.root)


def _one_of(names: Sequence[str]) -> str:
    return f"one of {', '.join(names)}"


def _path_faults(entry: Entry[Any], path: Any, given: str, root: Path) -> Iterator[Fault]:
    """Templates lie within the repository, links followed: whoever reviews the repository has seen what is judged."""
    if "\0" in given or Path(given).is_absolute():
        yield entry.fault(path, "a path must be relative to the workload's file", given, "", "write it with ../")
        return
    steps = Path(given).parts
    fixed = next((index for index, step in enumerate(steps) if glob.has_magic(step)), len(steps))
    if ".." in steps[fixed:]:
        yield entry.fault(path, "a path must not step up after a wildcard", given)
        return
    try:
        resolved = Path(os.path.realpath(Path(entry.document.file).parent.joinpath(*steps[:fixed])))
        inside = resolved.is_relative_to(root.resolve())
    except (OSError, RuntimeError):
        inside = False
    if not inside:
        yield entry.fault(
            path, "the path leads outside the repository", given, "", "check the templates out within it, or copy them"
        )


def _invariant(entry: Entry[Invariant], known: Known) -> Iterator[Fault]:
    yield from invariant_faults(entry)


def invariant_faults(entry: Entry[Invariant]) -> Iterator[Fault]:
    """Yield what is wrong with an invariant alone: nothing asked, or a policy of no resource."""
    value = entry.value
    for name in ("never", "still"):
        if not getattr(value, name):
            yield entry.fault((name,), f"{name!r} is empty", "", "at least one request")
    if (value.side == "policy") != bool(value.resources):
        found, expected = ("side: policy", "types under resources") if value.side == "policy" else ("resources", "none")
        yield entry.fault(("resources",), "resources and side do not fit together", found, expected)


def _objective(entry: Entry[Objective], known: Known) -> Iterator[Fault]:
    stages = known.organisation.stages
    for index, stage in enumerate(entry.value.stages):
        if stage not in stages:
            yield _unknown(entry, ("stages", index), "stage", stage, stages)


def _exception(entry: Entry[ApprovedException], known: Known) -> Iterator[Fault]:
    value = entry.value
    if value.requester.strip().casefold() == value.approver.strip().casefold():
        yield entry.fault(
            ("approver",), "the requester cannot approve their own exception", value.approver, "somebody else"
        )
    if value.expires <= value.approved:
        expected = f"a day after {value.approved.isoformat()}"
        yield entry.fault(("expires",), "it expires before it begins", value.expires.isoformat(), expected)
    yield from _scope(entry, value.scope, known)


def _scope(entry: Entry[ApprovedException], scope: ExceptionScope, known: Known) -> Iterator[Fault]:
    if not any((scope.workload, scope.control, scope.objective, scope.resource)):
        expected = "a workload, a control, an objective or a resource"
        yield entry.fault(("scope",), "the exception would cover everything", "", expected)
    for kind, name, names in (
        ("workload", scope.workload, known.workloads),
        ("control", scope.control, known.controls),
        ("objective", scope.objective, known.objectives),
    ):
        if name and name not in names:
            yield _unknown(entry, ("scope", kind), kind, name, names)
    if scope.stage and scope.stage not in known.organisation.stages:
        yield _unknown(entry, ("scope", "stage"), "stage", scope.stage, known.organisation.stages)


def _texts(entry: Entry[FrameworkTexts], known: Known) -> Iterator[Fault]:
    if entry.value.id not in known.frameworks:
        yield _unknown(entry, ("id",), "framework", entry.value.id, known.frameworks)


CHECKS: Mapping[type, tuple[Check, ...]] = {
    Organisation: (_organisation, _accounts, _enforcement),
    Workload: (_workload,),
    Objective: (_objective,),
    Invariant: (_invariant,),
    ApprovedException: (_exception,),
    FrameworkTexts: (_texts,),
}
