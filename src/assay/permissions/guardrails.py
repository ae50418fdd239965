"""The guardrails of an organisation as its templates declare them: which SCPs and RCPs bind which account.

What cannot be read (a target, a part of a statement) is kept as a gap: an answer that it could change is undetermined.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final

from assay.canonical import canonical, digest
from assay.documents import Document
from assay.governance.units import ROOT, down_to
from assay.inventory.resource import Inventory, Resource
from assay.inventory.values import Choice, Reason, Unknown
from assay.permissions.findings import Finding, Level
from assay.permissions.parse import parse_policy
from assay.permissions.patterns import Mode, pattern
from assay.permissions.policy import Kind, Policy, PrincipalName, PrincipalType, Statement
from assay.permissions.quotas import AS_OF, QUOTAS, TREE_DEPTH, size

_KINDS: Final = {"SERVICE_CONTROL_POLICY": Kind.SCP, "RESOURCE_CONTROL_POLICY": Kind.RCP}


@dataclass(frozen=True)
class Guardrail:
    """One policy with the nodes that it is attached to: "Root", paths of organisational units, account numbers."""

    name: str
    policy: Policy
    nodes: frozenset[str]

    @cached_property
    def digest(self) -> str:
        """What is attached and where: what a step of the ramp is granted to. Its name is no part of it."""
        attached = {"kind": self.policy.kind.value, "policy": self.policy.digest, "nodes": sorted(self.nodes)}
        return f"sha256:{digest(canonical(attached))}"


@dataclass(frozen=True)
class Guardrails:
    """What was found. `gaps`: what could not be read, each in words with its place, by kind of policy.

    refused  Findings for which AWS would refuse a policy; such a policy binds nobody.
    """

    found: tuple[Guardrail, ...]
    gaps: Mapping[Kind, tuple[str, ...]]
    refused: tuple[Finding, ...] = ()

    def levels(self, kind: Kind, account: str, unit: str) -> tuple[tuple[Policy, ...], ...]:
        """Return the policies at each level from the root to the account, with the one that AWS attaches to all."""
        nodes = [*down_to(unit), account]
        mine = [each for each in self.found if each.policy.kind is kind]
        return tuple((FULL_ACCESS[kind], *(each.policy for each in mine if node in each.nodes)) for node in nodes)


def _full_access(kind: Kind) -> Policy:
    everybody = (PrincipalName(PrincipalType.EVERYBODY),) if kind is Kind.RCP else None
    statement = Statement(
        allow=True,
        actions=(pattern("*", Mode.WILD, folded=True),),
        resources=(pattern("*", Mode.RESOURCE),),
        principals=everybody,
        file="FullAWSAccess",
    )
    return Policy(kind, (statement,), "2012-10-17", "FullAWSAccess")


FULL_ACCESS: Final = MappingProxyType({kind: _full_access(kind) for kind in (Kind.SCP, Kind.RCP)})


def read_guardrails(inventory: Inventory) -> Guardrails:
    """Return the guardrails that an inventory declares."""
    found: list[Guardrail] = []
    gaps: dict[Kind, list[str]] = {Kind.SCP: [], Kind.RCP: []}
    refused: list[Finding] = []
    for resource in inventory.of_type("AWS::Organizations::Policy"):
        stated = resource.properties.get("Type")
        if isinstance(stated, (Unknown, Choice)) or resource.condition is not True:
            for each in gaps.values():
                each.append(f"{resource.origin.position}: whether {resource.name} exists and of which type")
            continue
        kind = _KINDS.get(str(stated))
        if kind is None:
            continue
        policy, unread, findings = _policy(resource, kind)
        refused += findings
        nodes, lost = _nodes(resource, inventory)
        gaps[kind] += [*unread, *lost]
        if policy is not None:
            found.append(Guardrail(resource.name, policy, nodes))
    gone = [f"{each.file}: {each.message}" for each in inventory.faults]
    gone += [f"{each.subject}: {each.reason}" for each in inventory.gaps]
    refused += _beyond_quotas(found)
    return Guardrails(tuple(found), {kind: (*each, *gone) for kind, each in gaps.items()}, tuple(refused))


def exempting_tags(guardrails: Guardrails) -> tuple[str, ...]:
    """Return the keys of tags that a Deny looks for, so that who has the right one, or none, is not denied."""
    found = {
        condition.name.partition("/")[2]
        for each in guardrails.found
        for statement in each.policy.statements
        if not statement.allow
        for condition in statement.conditions
        if condition.key.startswith(("aws:principaltag/", "aws:resourcetag/", "aws:requesttag/"))
    }
    return tuple(sorted(found))


def _beyond_quotas(found: Sequence[Guardrail]) -> Iterator[Finding]:
    """Yield what AWS would not attach: a policy that is too large, too many at one node, a unit too deep."""
    attached: dict[tuple[Kind, str], list[Guardrail]] = {}
    for each in found:
        quota = QUOTAS[each.policy.kind]
        length = size(each.policy.source)
        if length > quota.characters:
            yield _beyond(each, f"{length:,} characters; {quota.name} has at most {quota.characters:,}")
        for node in sorted(each.nodes):
            attached.setdefault((each.policy.kind, node), []).append(each)
            if node.count("/") >= TREE_DEPTH:
                yield _beyond(each, f"the unit {node} is more than {TREE_DEPTH} levels deep")
    for (kind, node), mine in attached.items():
        most = QUOTAS[kind].attached
        if len(mine) + 1 > most:
            yield _beyond(
                mine[-1], f"{len(mine) + 1} policies of kind {kind} at {node}, with FullAWSAccess; at most {most}"
            )


def _beyond(guardrail: Guardrail, message: str) -> Finding:
    line = guardrail.policy.statements[0].line
    told = f"{guardrail.name}: {message} (as of {AS_OF})"
    return Finding(guardrail.policy.file, line, 1, "policy-quota", Level.REFUSED, told, "merge or split policies")


def _policy(resource: Resource, kind: Kind) -> tuple[Policy | None, list[str], tuple[Finding, ...]]:
    """Return the policy without the statements that cannot be read in full, and what these are."""
    content = resource.properties.get("Content")
    where = resource.position(("Content",))
    if not isinstance(content, Mapping):
        return None, [f"{where}: the content of {resource.name}: {_reason(content)}"], ()
    stated = content.get("Statement", [])
    listed = list(stated) if isinstance(stated, Sequence) and not isinstance(stated, str) else [stated]
    unread = []
    kept: list[int] = []
    for index, each in enumerate(listed):
        hole = next(_holes(each), None)
        if hole is None:
            kept.append(index)
        else:
            place = resource.position(("Content", "Statement", index))
            unread.append(f"{place}: a statement of {resource.name}: {_reason(hole)}")
    if not kept:
        return None, unread, ()
    value = {"Version": content.get("Version", "2008-10-17"), "Statement": [listed[index] for index in kept]}
    reading = parse_policy(_document(resource, value, kept), kind)
    return reading.policy and replace(reading.policy, file=where.file), unread, reading.findings


def _document(resource: Resource, value: Any, kept: Sequence[int]) -> Document:
    """Return the content as a document whose places are those of the template."""
    where = resource.position(("Content",))
    places: dict[tuple[str | int, ...], tuple[int, int]] = {(): (where.line, where.column)}
    for path, position in resource.positions.items():
        if path[:2] != ("Content", "Statement") or len(path) < 3 or path[2] not in kept:
            continue
        places[("Statement", kept.index(int(path[2])), *path[3:])] = (position.line, position.column)
    return Document(where.file, value, places, {}, {})


def _holes(value: Any) -> Iterator[Unknown | Choice]:
    if isinstance(value, (Unknown, Choice)):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _holes(each)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for each in value:
            yield from _holes(each)


def _reason(value: object) -> Reason | str:
    return value.reason if isinstance(value, Unknown) else "it depends on what is not decided"


def _nodes(resource: Resource, inventory: Inventory) -> tuple[frozenset[str], list[str]]:
    """Return the nodes that a policy is attached to, and the targets that could not be told."""
    targets = resource.properties.get("TargetIds", [])
    if not isinstance(targets, Sequence) or isinstance(targets, str):
        return frozenset(), [f"{resource.position(('TargetIds',))}: the targets of {resource.name}: {_reason(targets)}"]
    found: set[str] = set()
    lost: list[str] = []
    for index, target in enumerate(targets):
        node = _node(target, inventory)
        if node:
            found.add(node)
        else:
            place = resource.position(("TargetIds", index))
            why = target if isinstance(target, str) else _reason(target)
            lost.append(f"{place}: a target of {resource.name}: {why}")
    return frozenset(found), lost


def _node(target: object, inventory: Inventory) -> str:
    """Return the node that a target names, "" when it cannot be told: an id of a unit that no template declares."""
    if isinstance(target, str):
        if target.startswith("r-"):
            return ROOT
        if target.startswith("ou-"):
            live = _by_id(target, inventory)
            return _unit(live, inventory) if live else ""
        return target if len(target) == 12 and target.isdecimal() else ""
    if not isinstance(target, Unknown) or target.reference is None:
        return ""
    resource = inventory.by_id.get(target.reference.resource)
    if resource is None:
        return ""
    if resource.type == "AWS::Organizations::Organization" and target.reference.attribute == "RootId":
        return ROOT
    return _unit(resource, inventory) if resource.type == "AWS::Organizations::OrganizationalUnit" else ""


def _unit(resource: Resource, inventory: Inventory) -> str:
    """Return the path of a declared organisational unit, "" when a part of it cannot be told."""
    names: list[str] = []
    current: Resource | None = resource
    while current is not None and len(names) < 8:
        name = current.properties.get("Name")
        if not isinstance(name, str):
            return ""
        names.append(name)
        parent = current.properties.get("ParentId")
        node = parent if isinstance(parent, str) else ""
        reference = parent.reference if isinstance(parent, Unknown) else None
        above = inventory.by_id.get(reference.resource) if reference else None
        if node.startswith("r-") or (above is not None and above.type == "AWS::Organizations::Organization"):
            return "/".join(reversed(names))
        current = _by_id(node, inventory) if node.startswith("ou-") else above
    return ""


def _by_id(unit: str, inventory: Inventory) -> Resource | None:
    """Return the organisational unit of an id, where a description of the organisation gives it."""
    units = inventory.of_type("AWS::Organizations::OrganizationalUnit")
    return next((each for each in units if each.properties.get("Id") == unit), None)
