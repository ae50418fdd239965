"""The plan: which documents are attached where, what they prove, and the requests that show it.

Guardrails that are attached at the same nodes are packed together. Nothing is taken on trust: the documents are read
back and proved to allow exactly what the single statements do, and every invariant is proved where it is to hold.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from assay.governance.ec2_attributes import Ec2Attribute
from assay.governance.units import ROOT, is_under
from assay.permissions.compiler.packing import Packed, TooLarge, distinct, pack, policy_of
from assay.permissions.compiler.statements import Denial, denials
from assay.permissions.guardrails import FULL_ACCESS, Guardrail, Guardrails
from assay.permissions.invariants import Invariant
from assay.permissions.policy import Kind, Policy, Statement
from assay.permissions.proof import Proof, by, prove
from assay.permissions.questions import Asked, Difference
from assay.permissions.quotas import QUOTAS
from assay.permissions.request import Organisation, Request
from assay.permissions.solve import Found, Query, search

KINDS: Final = (Kind.SCP, Kind.RCP)
OWN_PER_NODE: Final = {kind: QUOTAS[kind].attached - 1 for kind in KINDS}  # AWS's own counts as one
"""How many of our documents one node takes."""


@dataclass(frozen=True)
class Wanted:
    """An invariant that is to be enforced at some nodes: "Root", paths of organisational units, account numbers."""

    invariant: Invariant
    nodes: tuple[str, ...] = (ROOT,)


@dataclass(frozen=True)
class Attached:
    """A document, the nodes that it is attached to, and the proof that packing changed nothing in it and its like."""

    packed: Packed
    kind: Kind
    nodes: tuple[str, ...]

    @property
    def guardrail(self) -> Guardrail:
        """It in the form in which guardrails are read from templates."""
        return Guardrail(self.packed.name, self.packed.policy, frozenset(self.nodes))


@dataclass(frozen=True)
class Declared:
    """An EC2 policy: settings that AWS holds in all accounts below its nodes."""

    name: str
    nodes: tuple[str, ...]
    attributes: tuple[Ec2Attribute, ...]

    @property
    def document(self) -> dict[str, object]:
        """The policy as plain JSON values."""
        return {
            "ec2_attributes": {
                each.name: {key: {"@@assign": value} for key, value in each.values.items()} for each in self.attributes
            }
        }


@dataclass(frozen=True)
class Probe:
    """A request with the decision that the guardrails of an account must give.

    account  Whose guardrails decide: the caller's of an SCP, the resource's of an RCP.
    """

    invariant: str
    kind: Kind
    account: str
    request: Request
    denied: bool


@dataclass(frozen=True)
class Plan:
    """What to attach where.

    proofs      Every compiled invariant over all member accounts, under this plan alone.
    equal       (documents, proof that they allow what the single statements do), for each set of nodes and kind.
    left        (invariant, why) of those that no guardrail enforces.
    declared    EC2 policies.
    apart       Each invariant's own statements, if any, at its nodes: what is replayed and granted a step. In
                documents they are joined with others', so that the digest of a document changes with its neighbours.
    troubles    What stands in the way of attaching it: quotas, most of all.
    """

    attached: tuple[Attached, ...]
    proofs: tuple[Proof, ...]
    equal: tuple[tuple[tuple[str, ...], Difference], ...]
    probes: tuple[Probe, ...]
    left: tuple[tuple[str, str], ...] = ()
    troubles: tuple[str, ...] = ()
    declared: tuple[Declared, ...] = ()
    apart: tuple[Guardrail, ...] = ()

    @property
    def guardrails(self) -> Guardrails:
        """The plan in the form in which guardrails are read from templates."""
        return Guardrails(tuple(each.guardrail for each in self.attached), dict.fromkeys(KINDS, ()))


def compile_guardrails(wanted: Sequence[Wanted], organisation: Organisation, units: Mapping[str, str]) -> Plan:
    """Return the plan. units: member account → path of its organisational unit."""
    left = [(each.invariant.id, why) for each in wanted if (why := _why_left(each.invariant))]
    compiled = [each for each in wanted if not _why_left(each.invariant)]
    attached: list[Attached] = []
    equal: list[tuple[tuple[str, ...], Difference]] = []
    troubles: list[str] = []
    for nodes, kind, single in _by_place(compiled, organisation):
        try:
            packed = pack(f"{kind}-{_named(nodes)}", kind, single)
        except TooLarge as error:
            troubles.append(f"{error}, and {QUOTAS[kind].name} has at most {QUOTAS[kind].characters:,}")
            continue
        attached += [Attached(each, kind, nodes) for each in packed]
        equal.append((tuple(each.name for each in packed), _difference(kind, single, packed)))
    plan = Plan(tuple(attached), (), tuple(equal), (), tuple(left), (*troubles, *_crowded(attached)))
    invariants = [each.invariant for each in compiled]
    proofs = prove(invariants, plan.guardrails, organisation, units)
    probes = tuple(_probes(compiled, proofs, organisation, units))
    apart = tuple(_apart(compiled, organisation))
    return replace(plan, proofs=proofs, probes=probes, apart=apart)


def _apart(wanted: Iterable[Wanted], organisation: Organisation) -> Iterator[Guardrail]:
    for each in wanted:
        own = list(denials(each.invariant, organisation.id))
        if own:
            policy = policy_of(each.invariant.id, own[0].kind, distinct([one.statement for one in own]))
            yield Guardrail(each.invariant.id, policy, frozenset(each.nodes))


def _why_left(invariant: Invariant) -> str:
    if invariant.missing:
        return f"nothing says what {', '.join(invariant.missing)} stands for"
    return "" if invariant.kind else "policies of identities and resources decide it as well; no guardrail alone can"


def declare(attributes: Iterable[tuple[Ec2Attribute, tuple[str, ...]]]) -> tuple[Declared, ...]:
    """Return the EC2 policies for attributes and the nodes where they are to hold."""
    groups: dict[tuple[str, ...], list[Ec2Attribute]] = {}
    for attribute, nodes in attributes:
        groups.setdefault(tuple(sorted(set(nodes))), []).append(attribute)
    return tuple(Declared(f"ec2-{_named(nodes)}", nodes, tuple(mine)) for nodes, mine in sorted(groups.items()))


def _by_place(
    wanted: Iterable[Wanted], organisation: Organisation
) -> Iterator[tuple[tuple[str, ...], Kind, list[Denial]]]:
    groups: dict[tuple[tuple[str, ...], Kind], list[Denial]] = {}
    for each in wanted:
        for denial in denials(each.invariant, organisation.id):
            groups.setdefault((tuple(sorted(set(each.nodes))), denial.kind), []).append(denial)
    for (nodes, kind), single in sorted(groups.items()):
        yield nodes, kind, single


def _named(nodes: Sequence[str]) -> str:
    """Return the part of a document's name that says where it is attached."""
    first = nodes[0].replace("/", "-").replace(" ", "-").lower()
    return first if len(nodes) == 1 else f"{first}-and-{len(nodes) - 1}-more"


def _difference(kind: Kind, single: Sequence[Denial], packed: Sequence[Packed]) -> Difference:
    """Return how the documents differ from the statements one by one: not at all, or packing is wrong."""
    before = (FULL_ACCESS[kind], *(policy_of(each.invariant, kind, [each.statement]) for each in single))
    after = (FULL_ACCESS[kind], *(each.policy for each in packed))
    more, less = Query(allowed=(after,), refused=(before,)), Query(allowed=(before,), refused=(after,))
    return Difference(Asked("new access", more, search(more)), Asked("lost access", less, search(less)))


def _crowded(attached: Sequence[Attached]) -> Iterator[str]:
    count: dict[tuple[Kind, str], int] = {}
    for each in attached:
        for node in each.nodes:
            count[each.kind, node] = count.get((each.kind, node), 0) + 1
    for (kind, node), number in sorted(count.items()):
        if number > OWN_PER_NODE[kind]:
            name = QUOTAS[kind].name
            yield f"{node} takes {OWN_PER_NODE[kind]} documents like {name} beside AWS's own, and the plan has {number}"


def _probes(
    wanted: Sequence[Wanted], proofs: Sequence[Proof], organisation: Organisation, units: Mapping[str, str]
) -> Iterator[Probe]:
    """Yield requests: for every step that must never be possible one that is denied, and those that must get through.

    Of accounts with the same guardrails one is asked for.
    """
    proved = {each.invariant.id: each for each in proofs}
    single = [(each, denial) for each in wanted for denial in denials(each.invariant, organisation.id)]
    policies = [(each, policy_of(each.invariant.id, one.kind, [one.statement])) for each, one in single]
    for each in wanted:
        kind = each.invariant.kind
        assert kind is not None
        for group in proved[each.invariant.id].groups:
            account = group.group.accounts[0]
            unit = units.get(account, ROOT)
            if not is_under(account, unit, each.nodes):
                continue
            here = [(one, policy) for one, policy in policies if policy.kind is kind]
            here = [(one, policy) for one, policy in here if is_under(account, unit, one.nodes)]
            own = tuple(policy for one, policy in here if one is each)
            others = tuple(policy for one, policy in here if one is not each)
            for way in each.invariant.ways:
                request = _denied(kind, way.steps[0], account, (own, others), organisation)
                if request is not None:
                    yield Probe(each.invariant.id, kind, account, request, denied=True)
            for asked in group.still:
                if asked.answer.request is not None:
                    yield Probe(each.invariant.id, kind, account, asked.answer.request, denied=False)


def _denied(
    kind: Kind,
    step: Statement,
    account: str,
    policies: tuple[tuple[Policy, ...], tuple[Policy, ...]],
    organisation: Organisation,
) -> Request | None:
    """Return a request that an invariant's own statements deny; where there is one, no other statement does.

    policies  Its own statements and all others that bind the account, one policy each.
    """
    own, others = policies
    known = replace(organisation, paths={account: ""})
    covered = by(step, account) if kind is Kind.SCP else step
    strangers = kind is Kind.RCP and not any(each.key == "aws:principalisawsservice" for each in step.conditions)
    everything = FULL_ACCESS[kind]
    for through in ((everything, *others), (everything,)):
        query = Query((through,), ((everything, *own),), such=(covered,), strangers=strangers, organisation=known)
        answer = search(query)
        if answer.found is Found.YES:
            return answer.request
    return None
