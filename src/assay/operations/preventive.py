"""Invariants as preventive controls: one verdict for each of their subjects, beside those of the controls.

A guardrail's subjects are the accounts of the organisation; an invariant about policies has the roles, users and
resources of each workload. Proofs are shared between accounts with equal guardrails and between equal policies.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from assay.assessment.evaluation import Evaluation
from assay.assessment.verdicts import Method, Verdict
from assay.governance.compiled import ACCOUNT
from assay.governance.repository import Repository
from assay.inventory.resource import Inventory, Position, Resource
from assay.inventory.values import Cause, Reason
from assay.operations.ground import Ground, ground_of, understood
from assay.permissions import proof
from assay.permissions.invariants import Invariant
from assay.permissions.policy import Kind, Statement
from assay.permissions.proof import Asking, GroupProof, Walked, groups_of
from assay.permissions.questions import Asked, as_document, told
from assay.permissions.solve import ASSUMPTIONS, Found
from assay.permissions.subjects import Subjects

_VERDICTS: Mapping[proof.Verdict, Verdict] = {
    proof.Verdict.PROVED: Verdict.MET,
    proof.Verdict.FALLS: Verdict.NOT_MET,
    proof.Verdict.VACUOUS: Verdict.NOT_MET,
    proof.Verdict.UNDETERMINED: Verdict.UNKNOWN,
    proof.Verdict.NOT_ABOUT: Verdict.NOT_APPLICABLE,
}
_NAMES = {Kind.SCP: "service control policy (SCP)", Kind.RCP: "resource control policy (RCP)"}


@dataclass
class Prover:
    """Gives the verdict of invariants over one organisation; what was proved for one account serves its equals.

    whole  The repository says that its templates declare all guardrails: where there is none, nothing is guarded.
    """

    ground: Ground
    whole: bool
    subjects: Subjects
    _asking: Asking
    _groups: Mapping[Kind, Mapping[str, proof.Group]]
    _proofs: dict[tuple[str, int], GroupProof] = field(default_factory=dict)

    @classmethod
    def over(cls, ground: Ground, *, whole: bool) -> "Prover":
        """Return the prover of an organisation."""
        groups = {
            kind: {
                account: each for each in groups_of(ground.guardrails, kind, ground.units) for account in each.accounts
            }
            for kind in (Kind.SCP, Kind.RCP)
        }
        asking = Asking(ground.guardrails, ground.organisation, frozenset(ground.units))
        return cls(ground, whole, ground.subjects(most=1), asking, groups)

    @classmethod
    def of(cls, repository: Repository, platform: Inventory) -> "Prover":
        """Return the prover of a repository's organisation. Raises FaultyFiles when AWS would refuse a guardrail.

        platform  What the platform workloads declare, or what is found of them.
        """
        return cls.over(ground_of(repository, platform), whole=repository.organisation.guardrails == "templates")

    def evaluate(self, invariant: Invariant, resource: Resource, inventory: Inventory) -> Evaluation:
        """Return the verdict of an invariant on one of its subjects."""
        if resource.type == ACCOUNT:
            return self._account(invariant, resource)
        found = self.subjects.prove(invariant, resource, inventory)
        return _evaluation(
            invariant, resource, found.verdict, found.ways, (*([found.why] if found.why else ()), *found.holes)
        )

    def _account(self, invariant: Invariant, resource: Resource) -> Evaluation:
        kind = invariant.kind
        assert kind is not None
        account = str(resource.properties.get("Id", ""))
        if account == self.ground.organisation.management:
            why = "guardrails bind nobody in the management account"
            return _evaluation(invariant, resource, proof.Verdict.NOT_ABOUT, (), (why,))
        group = self._groups[kind].get(account)
        if group is None:
            why = f"where the account {account} stands in the organisation is not known"
            return _evaluation(invariant, resource, proof.Verdict.UNDETERMINED, (), (why,))
        gaps = self.ground.guardrails.gaps[kind]
        if not self.whole and not gaps and not any(each.policy.kind is kind for each in self.ground.guardrails.found):
            why = f"no template of a platform workload declares a {_NAMES[kind]}; whether there are others is not said"
            return _evaluation(invariant, resource, proof.Verdict.UNDETERMINED, (), (why,))
        key = (invariant.id, id(group))
        if key not in self._proofs:
            self._proofs[key] = self._asking.in_group(invariant, group)
        found = self._proofs[key]
        whys = [found.why] if found.why else []
        if found.verdict is proof.Verdict.VACUOUS:
            closing = [str(one) for each in found.still if each.answer.found is Found.NONE for one in each.answer.used]
            whys = [f"nobody can do what must still be possible, by {', '.join(closing)}"]
        elif found.verdict is proof.Verdict.UNDETERMINED:
            whys += [
                each.answer.why for each in (*found.never, *found.still) if each.answer.found is Found.UNDETERMINED
            ]
            whys += gaps
        ways = tuple(_moved(each, group.accounts[0], account) for each in found.ways)
        return _evaluation(invariant, resource, found.verdict, ways, whys)


def _moved(walked: Walked, told_of: str, account: str) -> Walked:
    """Return the way as it is gone in another account of the group: what binds them is the same, and names neither."""
    if told_of == account:
        return walked
    return replace(walked, asked=tuple(_in_account(each, told_of, account) for each in walked.asked))


def _in_account(asked: Asked, told_of: str, account: str) -> Asked:
    request = asked.answer.request
    if request is None or request.caller.account != told_of:
        return asked
    named = any(told_of in one.text for each in asked.query.such for one in each.resources)
    caller = replace(
        request.caller,
        account=account,
        arn=request.caller.arn.replace(told_of, account),
        session=request.caller.session.replace(told_of, account),
    )
    resource = request.resource if named else request.resource.replace(told_of, account)
    return replace(asked, answer=replace(asked.answer, request=replace(request, caller=caller, resource=resource)))


def _evaluation(
    invariant: Invariant, resource: Resource, verdict: proof.Verdict, ways: Sequence[Walked], whys: Iterable[str]
) -> Evaluation:
    said = list(dict.fromkeys(each for each in whys if each))
    used = [one for walked in ways for each in walked.asked for one in each.answer.used]
    if verdict is proof.Verdict.PROVED:
        said.insert(
            0, "proved by " + ", ".join(dict.fromkeys(map(str, used))) if used else "proved: no policy allows it"
        )
    elif verdict is proof.Verdict.FALLS:
        said.insert(0, _counterexample(next(each for each in ways if each.found is Found.YES)))
    reasons = [Reason(Cause.ELSEWHERE, invariant.id, each) for each in said or ["it is not decided"]]
    return Evaluation(
        control=invariant.id,
        resource=resource.id,
        verdict=_VERDICTS[verdict],
        positions=_positions(used, ways, resource),
        reasons=tuple(reasons) if verdict is proof.Verdict.UNDETERMINED else (),
        said="" if verdict is proof.Verdict.UNDETERMINED else "; ".join(said),
        method=Method.PROVED,
        basis=tuple(_basis(invariant, ways, used)),
    )


def _basis(
    invariant: Invariant, ways: Sequence[Walked], used: Sequence[Statement]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what a record says of a proof."""
    asked = [each for walked in ways for each in walked.asked]
    wanted = [as_document(each) for each in (*invariant.never, *invariant.still)]
    yield "query", (hashlib.sha256(json.dumps(wanted, sort_keys=True).encode()).hexdigest(),)
    yield "policies", tuple(dict.fromkeys(one.digest for each in asked for one in each.query.policies))
    yield "used", tuple(dict.fromkeys(map(str, used)))
    yield "assumptions", ASSUMPTIONS


def _counterexample(walked: Walked) -> str:
    """Return the request that gets through in one line: who may call what, on what, with which keys, by which Allow."""
    steps = [told(each) for each in walked.asked]
    return f"{walked.way.name}: {' and '.join(steps)}" if walked.way.name else " and ".join(steps)


def _positions(used: Iterable[Statement], ways: Iterable[Walked], resource: Resource) -> tuple[Position, ...]:
    """Return where what decided stands: the Denies of a proof, else the policies that were asked about."""
    found = [Position(each.file, each.line) for each in used if each.line]
    asked: list[Asked] = [each for walked in ways for each in walked.asked]
    if not found and asked and resource.type == ACCOUNT:
        policies = [one for each in asked for one in each.query.policies if one.source is not None]
        found = [Position(each.file, each.statements[0].line) for each in policies if each.statements]
    return tuple(dict.fromkeys(found)) or (resource.origin.position,)


def evaluations(
    repository: Repository, given: Prover, inventory: Inventory, objectives: Iterable[str]
) -> Iterator[Evaluation]:
    """Yield one evaluation per invariant of these objectives and subject in the inventory. Raises FaultyFiles."""
    wanted = set(objectives)
    for invariant in understood(repository, given.ground.words):
        if invariant.stated.objective in wanted:
            for kind in repository.invariants[invariant.id].subjects:
                for resource in inventory.of_type(kind):
                    if not resource.fragment:
                        yield given.evaluate(invariant, resource, inventory)
