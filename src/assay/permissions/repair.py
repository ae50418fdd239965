"""The smallest change that makes a fallen invariant hold while its twin still does: proved again, not guessed.

Candidates are edits that a person would make: name the actions in a Deny that is there, add a Deny, add a condition to
the Allow that lets somebody in, take that Allow away. They are tried from the smallest on.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from assay.documents import Document
from assay.governance.units import ROOT
from assay.inventory.resource import Inventory
from assay.permissions.evaluate import applying
from assay.permissions.guardrails import Guardrail, Guardrails
from assay.permissions.identities import identity, policy_of, trust
from assay.permissions.invariants import Invariant, Way, conditions, exempting
from assay.permissions.parse import parse_policy
from assay.permissions.policy import Condition, Kind, Policy, PrincipalType, Statement
from assay.permissions.proof import Asking, GroupProof, Proof, Verdict
from assay.permissions.questions import as_document
from assay.permissions.quotas import QUOTAS, size
from assay.permissions.readings import Reading
from assay.permissions.solve import Found
from assay.permissions.subjects import SubjectProof, Subjects

_SERVICE: Final = "aws:principalisawsservice"


@dataclass(frozen=True)
class Repair:
    """One change, in words, with the statement as it would stand. `place`: file and line of what changes, or ""."""

    change: str
    statement: Mapping[str, Any]
    place: str = ""

    def __str__(self) -> str:
        where = f" ({self.place})" if self.place else ""
        return f"{self.change}{where}: {json.dumps(self.statement)}"


# -- guardrails --------------------------------------------------------------------------------------------------------


def repair(proof: Proof, guardrails: Guardrails, exempt: Sequence[str] = ()) -> Repair | None:
    """Return the smallest change of a guardrail that makes a fallen invariant hold everywhere; None when none does."""
    if proof.verdict is not Verdict.FALLS or not proof.groups or proof.invariant.kind is None:
        return None
    kind = proof.invariant.kind
    fallen = [each for each in proof.groups if each.verdict is Verdict.FALLS]
    asking = _asking(fallen, guardrails, proof, exempt)
    denials = _denials(proof.invariant, fallen, asking)
    accounts = {account for each in fallen for account in each.group.accounts}
    wide = [each for each in guardrails.found if each.policy.kind is kind and _binds(each, accounts, proof)]
    for _, found, changed in sorted(_changes(denials, wide, kind), key=lambda each: each[0]):
        if all(_holds(proof.invariant, each, changed, asking) for each in fallen):
            return found
    return None


def _asking(fallen: Sequence[GroupProof], guardrails: Guardrails, proof: Proof, exempt: Sequence[str]) -> Asking:
    asked = next(each for group in fallen for each in group.never)
    organisation = asked.query.organisation
    assert organisation is not None
    accounts = frozenset(account for each in proof.groups for account in each.group.accounts)
    return Asking(guardrails, replace(organisation, paths={}), accounts, tuple(exempt))


def _denials(invariant: Invariant, fallen: Sequence[GroupProof], asking: Asking) -> list[Statement]:
    """Return a Deny for every way that is open somewhere: of its shortest step, with the actions that get through."""
    ways = {id(each.way): each.way for group in fallen for each in group.ways if each.found is Found.YES}
    found = []
    for way in ways.values():
        step = min(way.steps, key=lambda each: len(each.actions))
        actions = [
            each
            for each in step.actions
            if step.not_actions
            or any(_open(invariant, group, replace(step, actions=(each,)), asking) for group in fallen)
        ]
        denial = replace(step, allow=False, actions=tuple(actions) or step.actions)
        found.append(_from_outside(exempting(denial, asking.exempt), invariant, asking))
    return found


def _open(invariant: Invariant, group: GroupProof, step: Statement, asking: Asking) -> bool:
    alone = replace(invariant, ways=(Way("", (step,)),), still=())
    return any(each.found is Found.YES for each in asking.in_group(alone, group.group).ways)


def _from_outside(denial: Statement, invariant: Invariant, asking: Asking) -> Statement:
    """Return the Deny for callers outside of the organisation, where the invariant is about them."""
    if invariant.kind is not Kind.RCP or any(each.key == _SERVICE for each in denial.conditions):
        return denial
    outside = {
        "StringNotEqualsIfExists": {"aws:PrincipalOrgID": asking.organisation.id},
        "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
    }
    read = _statement(
        {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*", "Condition": outside}, Kind.RCP
    )
    return replace(denial, conditions=(*denial.conditions, *read.conditions))


def _binds(guardrail: Guardrail, accounts: set[str], proof: Proof) -> bool:
    """Return whether a guardrail is attached where it binds all these accounts: at the root, or at each of them."""
    by_group = [each.group for each in proof.groups if accounts & set(each.group.accounts)]
    return ROOT in guardrail.nodes or all(
        any(guardrail.policy in level for level in group.levels) for group in by_group
    )


def _changes(
    denials: Sequence[Statement], wide: Sequence[Guardrail], kind: Kind
) -> Iterator[tuple[tuple[int, bool], Repair, dict[int, Policy]]]:
    """Yield candidates with their size: the change, and the policies by what they are put in place of.

    Of two that are equally small, the one in a statement about the same service comes first.
    """
    merged = _merged(denials)
    for each in wide:
        for statement in each.policy.statements if len(merged) == 1 else ():
            if _alike(statement, merged[0]):
                more = replace(statement, actions=tuple(dict.fromkeys((*statement.actions, *merged[0].actions))))
                kept = tuple(more if one is statement else one for one in each.policy.statements)
                added = sorted({one.text for one in more.actions} - {one.text for one in statement.actions})
                change = f"add {', '.join(added)} to {statement.sid or 'the Deny'} of {each.name}"
                said = Repair(change, as_document(more), statement.place)
                weight = (len(json.dumps(added)), not _services(statement) & _services(merged[0]))
                yield weight, said, {id(each.policy): _fresh(each.policy, kept)}
        changed = _fresh(each.policy, (*each.policy.statements, *merged))
        length = sum(len(json.dumps(as_document(one))) for one in merged)
        if size(each.policy.source) + length <= QUOTAS[kind].characters:
            said = Repair(f"add to {each.name}", _shown(merged), each.policy.statements[0].place)
            yield (length, False), said, {id(each.policy): changed}
    if not wide:
        policy = Policy(kind, tuple(merged), "2012-10-17", "a new policy")
        length = sum(len(json.dumps(as_document(one))) for one in merged)
        yield (length, False), Repair(f"attach a new {kind.upper()} at the root", _shown(merged)), {0: policy}


def _services(statement: Statement) -> set[str]:
    return {each.text.partition(":")[0] for each in statement.actions}


def _shown(statements: Sequence[Statement]) -> Mapping[str, Any]:
    documents = [as_document(each) for each in statements]
    return documents[0] if len(documents) == 1 else {"Statement": documents}


def _merged(denials: Sequence[Statement]) -> list[Statement]:
    """Return the Denies with those that differ in their actions only made one."""
    found: list[Statement] = []
    for each in denials:
        index = next((number for number, one in enumerate(found) if _alike(one, each)), -1)
        if index < 0:
            found.append(each)
        else:
            actions = tuple(dict.fromkeys((*found[index].actions, *each.actions)))
            found[index] = replace(found[index], actions=actions)
    return found


def _alike(one: Statement, other: Statement) -> bool:
    """Return whether two Denies differ in their actions only."""
    return not (one.allow or other.allow or one.not_actions or other.not_actions) and (
        _texts(one) == _texts(other)
        and one.not_resources == other.not_resources
        and set(one.conditions) == set(other.conditions)
        and one.principals == other.principals
    )


def _texts(statement: Statement) -> set[str]:
    return {each.text for each in statement.resources}


def _fresh(policy: Policy, statements: tuple[Statement, ...]) -> Policy:
    return replace(policy, statements=statements, source=None)


def _holds(invariant: Invariant, group: GroupProof, changed: Mapping[int, Policy], asking: Asking) -> bool:
    """Return whether the invariant is proved in a group once policies are changed."""
    levels = tuple(tuple(changed.get(id(each), each) for each in level) for level in group.group.levels)
    if 0 in changed:
        levels = ((*levels[0], changed[0]), *levels[1:]) if levels else ((changed[0],),)
    return asking.in_group(invariant, replace(group.group, levels=levels)).verdict is Verdict.PROVED


def _statement(document: Mapping[str, Any], kind: Kind) -> Statement:
    whole: Any = {"Version": "2012-10-17", "Statement": [document]}
    reading = parse_policy(Document("", whole, {(): (0, 0)}, {}, {}), kind)
    assert reading.policy is not None, reading.findings
    return reading.policy.statements[0]


# -- what workloads declare --------------------------------------------------------------------------------------------


def repair_subject(proof: SubjectProof, asking: Subjects, inventory: Inventory) -> Repair | None:
    """Return the smallest change of a resource's own policy that makes a fallen invariant hold; None when none does."""
    if proof.verdict is not Verdict.FALLS:
        return None
    if proof.invariant.stated.side == "identity":
        return _bounded(proof, asking, inventory)
    return _bound(proof, asking, inventory)


def _bounded(proof: SubjectProof, asking: Subjects, inventory: Inventory) -> Repair | None:
    """Take away the one Allow that opens the ways, or deny one step of each."""
    who = identity(proof.resource, inventory)
    groups = who.groups(widest=True) or ()
    granting = {
        each.place: each
        for walked in proof.ways
        for asked in walked.asked
        if asked.answer.request is not None
        for each in applying((one for group in groups[:1] for one in group), asked.answer.request)
        if each.allow
    }
    if len(granting) == 1:
        (gone,) = granting.values()
        smaller = replace(who, policies=tuple(_without(each, gone) for each in who.policies))
        if asking.of_identity(proof.invariant, smaller).verdict is Verdict.PROVED:
            return Repair("take away", as_document(gone), gone.place)
    steps: dict[str, None] = {}
    for walked in proof.ways:
        options = [[each.text for each in step.actions] for step in walked.way.steps]
        known = next((each for each in options if set(each) <= set(steps)), None)
        steps |= dict.fromkeys(known or min(options, key=len))
    denial = {"Effect": "Deny", "Action": list(steps), "Resource": "*"}
    policy = Policy(Kind.IDENTITY, (_statement(denial, Kind.IDENTITY),), "2012-10-17", "a new policy")
    more = replace(who, policies=(*who.policies, Reading(policy, policy)))
    if asking.of_identity(proof.invariant, more).verdict is Verdict.PROVED:
        return Repair(f"add to a policy of {proof.resource.name}", denial, str(proof.resource.origin.position))
    return None


def _without(reading: Reading, gone: Statement) -> Reading:
    def smaller(policy: Policy) -> Policy:
        kept = tuple(each for each in policy.statements if each.place != gone.place)
        return policy if len(kept) == len(policy.statements) else replace(policy, statements=kept, source=None)

    return Reading(smaller(reading.wide), reading.narrow and smaller(reading.narrow), reading.holes)


def _bound(proof: SubjectProof, asking: Subjects, inventory: Inventory) -> Repair | None:
    """Add a condition to the Allow that lets somebody in."""
    of_role = proof.invariant.stated.side == "trust"
    reading = trust(proof.resource, inventory) if of_role else policy_of(proof.resource, inventory)
    if reading is None:
        return None
    opened = [asked.answer.request for each in proof.ways for asked in each.asked if asked.answer.request is not None]
    granting = [each for request in opened for each in applying((reading.wide,), request) if each.allow]
    for added in _bonds(proof, asking, granting):
        places = {each.place for each in granting}
        changed = _with(reading, places, conditions(json.dumps(added)))
        if asking.of_entry(proof.invariant, proof.resource, changed).verdict is Verdict.PROVED:
            lines = ", ".join(sorted(places))
            return Repair("add to the statement that lets them in", {"Condition": added}, lines)
    if len({each.place for each in granting}) == 1:  # it lets in nobody else: then nobody has to be let in
        changed = _without(reading, granting[0])
        left = asking.of_entry(proof.invariant, proof.resource, changed).verdict
        if left in (Verdict.PROVED, Verdict.NOT_ABOUT):
            return Repair("take away", as_document(granting[0]), granting[0].place)
    return None


def _bonds(proof: SubjectProof, asking: Subjects, granting: Sequence[Statement]) -> Iterator[Mapping[str, Any]]:
    """Yield conditions that may do, the plainest first. What only people know is named in angle brackets."""
    account = proof.resource.origin.account
    match proof.invariant.stated.callers:
        case "providers":
            named = [one.name for each in granting for one in each.principals or () if one.type is _FEDERATED]
            for issuer in dict.fromkeys(each.rpartition("oidc-provider/")[2] for each in named):
                subject = "repo:<our organisation>/<our repository>:*" if "github" in issuer else "<our subject>"
                yield {
                    "StringEquals": {f"{issuer}:aud": "sts.amazonaws.com"},
                    "StringLike": {f"{issuer}:sub": subject},
                }
            yield {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}
        case "services":
            yield {"StringEquals": {"aws:SourceAccount": account}}
            yield {"StringEquals": {"aws:SourceOrgID": asking.organisation.id}}
        case _:
            if any(each.key == "sts:externalid" for step in proof.invariant.never for each in step.conditions):
                yield {"StringEquals": {"sts:ExternalId": "<agreed with the partner>"}}
            yield {"StringEquals": {"aws:PrincipalOrgID": asking.organisation.id}}


_FEDERATED: Final = PrincipalType.FEDERATED


def _with(reading: Reading, places: set[str], added: tuple[Condition, ...]) -> Reading:
    def bound(policy: Policy) -> Policy:
        changed = tuple(
            replace(each, conditions=(*each.conditions, *added)) if each.place in places and each.allow else each
            for each in policy.statements
        )
        return replace(policy, statements=changed, source=None)

    return Reading(bound(reading.wide), reading.narrow and bound(reading.narrow), reading.holes)
