"""The guardrails that an organisation needs, compiled: a plan, what it changes, and files to review and deploy."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from assay.errors import UsageError
from assay.governance.ec2_attributes import EC2_ATTRIBUTES, Ec2Attribute
from assay.governance.model import Enforcement
from assay.governance.repository import Repository, read_repository
from assay.inventory.normalise import merge
from assay.inventory.resource import Inventory
from assay.inventory.snapshot import open_snapshot
from assay.operations.assess import read_workload
from assay.operations.deciding import Steps
from assay.operations.deployed import deployed
from assay.operations.ground import Ground, ground_of, understood
from assay.operations.promoting import without_step
from assay.permissions.compiler.changes import Change, Loss, changes, losses
from assay.permissions.compiler.plan import Plan, Wanted, compile_guardrails, declare
from assay.permissions.compiler.statements import sid as logical_id
from assay.permissions.identities import ROLE, USER, Identity, identity

STATES: Final = ("observe", "warn", "enforce")  # in order
_TYPES: Final = {"scp": "SERVICE_CONTROL_POLICY", "rcp": "RESOURCE_CONTROL_POLICY"}
_EC2: Final = "DECLARATIVE_POLICY_EC2"


@dataclass(frozen=True)
class Planned:
    """A plan with what it rests on and what it would change.

    held  (invariant or attribute, its state) of what is not as far as was asked for.
    """

    plan: Plan
    ground: Ground
    held: tuple[tuple[str, str], ...]
    changes: tuple[Change, ...]
    losses: tuple[Loss, ...]


def plan_guardrails(
    directory: Path, state: str = "enforce", snapshot: Path | None = None, granted: Steps | None = None
) -> Planned:
    """Return the plan for what is at `state` or further.

    snapshot  What is attached today, and to whom it matters, is taken from there; None: from the templates.
    granted   The steps on record: an invariant whose state none was granted for is a trouble. None: nobody looks.

    Raises FaultyFiles, UsageError on an unknown state, NotASnapshot.
    """
    if state not in STATES:
        raise UsageError(f"no state {state!r}; known: {', '.join(STATES)}")
    repository = read_repository(directory)
    if snapshot is not None:
        inventories = deployed(open_snapshot(snapshot))
        platform = [*inventories.values()]
    else:
        inventories = {each.id: read_workload(repository, each, "") for each in repository.workloads.values()}
        platform = [inventories[each.id] for each in repository.workloads.values() if each.platform]
    ground = ground_of(repository, merge(platform))
    reached, held = _by_state(repository, STATES.index(state))
    wanted = [Wanted(each, reached[each.id].at) for each in understood(repository, ground.words) if each.id in reached]
    plan = compile_guardrails(wanted, ground.organisation, ground.units)
    attributes = [(each, reached[each.id].at) for each in _attributes(repository) if each.id in reached]
    plan = replace(plan, declared=declare(attributes))
    if granted is not None:
        states = {name: each.state for name, each in reached.items()}
        plan = replace(plan, troubles=(*plan.troubles, *without_step(plan.apart, states, granted)))
    changed = tuple(changes(ground.guardrails, plan.guardrails, ground.organisation, ground.units))
    lost = losses(_identities(inventories), ground.guardrails, plan.guardrails, ground.organisation, ground.units)
    return Planned(plan, ground, held, changed, tuple(lost))


def _attributes(repository: Repository) -> Iterator[Ec2Attribute]:
    yield from (each for each in EC2_ATTRIBUTES if each.objective in repository.objectives)


def _by_state(repository: Repository, least: int) -> tuple[Mapping[str, Enforcement], tuple[tuple[str, str], ...]]:
    """Return what is at a state or further, with where; and what is not, with its state."""
    names = [*repository.invariants, *(each.id for each in _attributes(repository))]
    stated = {name: repository.organisation.enforcement.get(name, Enforcement()) for name in names}
    reached = {name: each for name, each in stated.items() if STATES.index(each.state) >= least}
    held = tuple(sorted((name, each.state) for name, each in stated.items() if name not in reached))
    return reached, held


def _identities(inventories: Mapping[str, Inventory]) -> Iterator[Identity]:
    for inventory in inventories.values():
        for kind in (ROLE, USER):
            yield from (identity(each, inventory) for each in inventory.of_type(kind) if not each.fragment)


def write_plan(plan: Plan, document: Mapping[str, Any], probes: Mapping[str, Any], target: Path) -> Sequence[Path]:
    """Write the plan's files into a folder that is new or empty; return them. Raises UsageError.

    document, probes  As reports give them, for plan.json and probes.json.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(f"{target} is not empty; a plan is written into a new folder")
    files = {f"policies/{name}.json": content for name, _, content, _ in _policies(plan)}
    files |= {f"invariants/{each.name}.json": each.policy.source for each in plan.apart}
    files |= {"plan.json": document, "probes.json": probes, "guardrails.template.json": template(plan)}
    try:
        for name, content in files.items():
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")
    except OSError as error:
        raise UsageError(f"cannot write {error.filename}: {error.strerror}") from None
    return [target / name for name in files]


def _policies(plan: Plan) -> Iterator[tuple[str, str, Any, Sequence[str]]]:
    """Yield name, type, content and nodes of every policy."""
    for each in plan.attached:
        yield each.packed.name, _TYPES[each.kind.value], each.packed.document, each.nodes
    for declared in plan.declared:
        yield declared.name, _EC2, declared.document, declared.nodes


def template(plan: Plan) -> Mapping[str, Any]:
    """Return a CloudFormation template of the plan: the management account deploys it, by a pipeline like any other.

    What Organizations calls a node is a parameter, but for accounts; the id of the root begins with "r-".
    """
    parameters: dict[str, Any] = {}
    resources: dict[str, Any] = {}
    for name, kind, content, nodes in _policies(plan):
        targets: list[Any] = []
        for node in nodes:
            if node.isdecimal() and len(node) == 12:
                targets.append(node)
                continue
            parameter = logical_id(f"node-{node}")
            parameters[parameter] = {"Type": "String", "Description": f"Id of {node} in AWS Organizations"}
            targets.append({"Ref": parameter})
        properties = {"Name": name, "Type": kind, "Content": content, "TargetIds": targets}
        resources[logical_id(name)] = {"Type": "AWS::Organizations::Policy", "Properties": properties}
    described = "Guardrails compiled from the invariants of the governance repository; change those, not this"
    head = {"AWSTemplateFormatVersion": "2010-09-09", "Description": described}
    return {**head, **({"Parameters": parameters} if parameters else {}), "Resources": resources}
