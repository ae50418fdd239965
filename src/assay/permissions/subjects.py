"""Invariants about what workloads declare: each role and user by its own policies, who may become a role, whom the
policy of a resource lets in; all of it under the guardrails.

A proof rests on the widest reading of the policies, a request that gets through on the narrowest. Questions are shared:
equal policies are asked about once without guardrails, and what is found there is replayed under each account's own.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final, TypeAlias

from assay.inventory.resource import Inventory, Resource
from assay.permissions.guardrails import Guardrails
from assay.permissions.identities import OWN_NAME, ROLE, Identity, identity, own_name, policy_of, trust
from assay.permissions.invariants import Invariant, Words, conditions, understand
from assay.permissions.patterns import Mode, pattern
from assay.permissions.policy import Kind, Policy, PrincipalType, Statement
from assay.permissions.proof import Verdict, Walked, telling, unsaid, walk
from assay.permissions.questions import Asked
from assay.permissions.quotas import RCP_SERVICES
from assay.permissions.readable import readable
from assay.permissions.readings import Reading
from assay.permissions.request import Caller, CallerKind, Organisation
from assay.permissions.solve import Answer, Found, Query, confirm, search

Groups: TypeAlias = tuple[tuple[Policy, ...], ...]

# A pool of Amazon Cognito is bound by its audience; its subjects are the application's own users.
_WITHOUT_SUBJECT: Final = "cognito-identity.amazonaws.com"
_TELLING: Final = re.compile(r"aws:(principal(arn|account|tag/)|username|userid)", re.IGNORECASE)
_ACCOUNT: Final = re.compile(r"arn:aws[a-z-]*:iam::(\d{12}):(?:\*|root)")
_SAID: Final = {"providers": "it trusts no identity provider", "services": "it lets in no service"}
_TYPES: Final = {"providers": PrincipalType.FEDERATED, "services": PrincipalType.SERVICE}


@dataclass(frozen=True)
class SubjectProof:
    """One invariant about one resource. `ways`: those that are open, or may be; of a proof, all.

    holes  What is not known of the policies, where that leaves it undetermined.
    """

    invariant: Invariant
    resource: Resource
    verdict: Verdict
    ways: tuple[Walked, ...] = ()
    still: tuple[Asked, ...] = ()
    why: str = ""
    holes: tuple[str, ...] = ()


@dataclass
class Subjects:
    """The questions about one organisation's declared identities and resources, with what was answered before.

    units  account → path of its organisational unit, member accounts only.
    words  The organisation's words, into which those of a resource are put.
    most   Open ways of an identity after which no more are looked for; 0: all are.
    """

    guardrails: Guardrails
    organisation: Organisation
    units: Mapping[str, str]
    words: Words
    most: int = 0
    _answers: dict[object, Answer] = field(default_factory=dict)
    _levels: dict[tuple[Kind, str], Groups] = field(default_factory=dict)
    _understood: dict[tuple[str, str], Invariant] = field(default_factory=dict)

    def prove(self, invariant: Invariant, resource: Resource, inventory: Inventory) -> SubjectProof:
        """Return what is proved of one resource."""
        match invariant.stated.side:
            case "identity":
                return self.of_identity(invariant, identity(resource, inventory))
            case "trust":
                return self.of_entry(invariant, resource, trust(resource, inventory))
            case _:
                reading = policy_of(resource, inventory)
                if reading is None:
                    return SubjectProof(invariant, resource, Verdict.NOT_ABOUT, why="it has no policy of its own")
                return self.of_entry(invariant, resource, reading)

    # -- what an identity may do -----------------------------------------------------------------------------------

    def of_identity(self, invariant: Invariant, who: Identity) -> SubjectProof:
        """Return what is proved of an identity."""
        found = partial(SubjectProof, invariant, who.resource)
        excused = _exempting(invariant.exempt, who.arn)
        if excused:
            return found(Verdict.NOT_ABOUT, why=f"{who.arn} is exempt as {excused}")
        widest = who.groups(widest=True)
        if widest is None:
            return found(Verdict.NOT_ABOUT, why="it is allowed nothing")
        if invariant.missing:
            return found(Verdict.UNDETERMINED, why=unsaid(invariant))
        levels = self._binding(Kind.SCP, who.account)
        ask = partial(self._ask_identity, who, levels)
        ways = self._walked(invariant, lambda step: ask(widest, step))
        still = tuple(ask(widest, each) for each in invariant.still)
        if any(each.answer.found is Found.NONE for each in still):
            return found(Verdict.NOT_ABOUT, ways, still, "it is allowed nothing")
        narrowest = who.groups(widest=False)
        again = None if narrowest is None else lambda step: ask(narrowest, step)
        return self._decided(found, ways, still, again, who.holes, Kind.SCP)

    def _walked(self, invariant: Invariant, ask: Callable[[Statement], Asked]) -> tuple[Walked, ...]:
        ways: list[Walked] = []
        for each in invariant.ways:
            ways.append(walk(each, ask))
            if self.most and sum(one.found is Found.YES for one in ways) >= self.most:
                break
        return tuple(ways)

    def _ask_identity(self, who: Identity, levels: Groups, groups: Groups, statement: Statement) -> Asked:
        statement = _as_user(statement, who)
        pinned = _pinned(statement, who)
        members = replace(self.organisation, paths={who.account: ""})
        query = Query((*groups, *levels), such=(pinned,), organisation=members)
        if not _within_reach(groups, statement):
            return Asked("", query, Answer(Found.NONE, why="no Allow names such an action"))
        own = _by_name(groups, statement, who)
        alone = Query(groups, such=(pinned,), organisation=members)
        base = self._answer(("alone", who.resource.type, _digests(groups), statement, own), alone)
        if base.found is Found.NONE or not levels:
            return Asked("", query, self._as(base, query, who))
        if base.request is not None:
            shown = self._as(base, query, who)
            if shown.request is not None and not confirm(query, shown.request):
                return Asked("", query, shown)
        account = who.account if own or _names(who.account, levels) else ""
        key = (who.resource.type, _digests(groups), _digests(levels), statement, own, account)
        return Asked("", query, self._as(self._answer(key, query), query, who))

    def _as(self, answer: Answer, query: Query, who: Identity) -> Answer:
        """Return the answer with the identity as the caller; that of another when it is not confirmed so."""
        if answer.request is None:
            return answer
        known = answer.request.caller
        kind = "role" if known.kind is CallerKind.ROLE else "user"
        arn = who.arn or f"arn:aws:iam::{who.account}:{kind}/{who.resource.name}"
        session = f"arn:aws:sts::{who.account}:assumed-role/{arn.rpartition('/')[2]}/session"
        caller = Caller(known.kind, who.account, arn, session if known.kind is CallerKind.ROLE else "")
        mine = replace(answer.request, caller=caller, organisation=query.organisation)
        mine = replace(mine, context={key: each for key, each in mine.context.items() if key not in mine.known})
        return answer if confirm(query, mine) else readable(query, replace(answer, request=mine))

    # -- who gets in -----------------------------------------------------------------------------------------------

    def of_entry(self, invariant: Invariant, resource: Resource, reading: Reading) -> SubjectProof:
        """Return what is proved of a policy that lets somebody in: the trust of a role, the policy of a resource."""
        found = partial(SubjectProof, invariant, resource)
        of_type = _TYPES.get(invariant.stated.callers)
        if of_type and not reading.holes and not _named(reading.wide, of_type):
            return found(Verdict.NOT_ABOUT, why=_SAID[invariant.stated.callers])
        understood = list(self._understand(invariant, resource, reading.wide))
        if any(each.missing for each in understood):
            return found(Verdict.UNDETERMINED, why=unsaid(understood[0]))
        account = resource.origin.account
        service = "sts" if invariant.stated.side == "trust" else resource.type.split("::")[1].lower()
        levels = self._binding(Kind.RCP, account) if service in RCP_SERVICES else ()
        ask = partial(self._ask_entry, invariant, account, levels)
        ways = tuple(walk(each, lambda step: ask(reading.wide, step)) for one in understood for each in one.ways)
        still = tuple(self._ask_entry(None, account, levels, reading.wide, each) for each in understood[0].still)
        if any(each.answer.found is Found.NONE for each in still):
            return found(Verdict.NOT_ABOUT, ways, still, "it lets nobody in")
        narrow = reading.narrow
        again = None if narrow is None else lambda step: ask(narrow, step)
        return self._decided(found, ways, still, again, reading.holes, Kind.RCP)

    def _understand(self, invariant: Invariant, resource: Resource, policy: Policy) -> Iterator[Invariant]:
        """Yield the invariant in the words of the resource: once for each provider that it trusts."""
        issuers = [each.rpartition("oidc-provider/")[2] for each in _named(policy, PrincipalType.FEDERATED)]
        account, region = resource.origin.account, resource.origin.region or "*"
        for issuer in dict.fromkeys(issuers or ["issuer.example"]):
            key = (invariant.id, f"{issuer} {account} {region}")
            if key not in self._understood:
                words = {**self.words, "issuer": (issuer,), "account": (account,)}
                understood = understand([invariant.stated], words)[0]
                if issuer == _WITHOUT_SUBJECT:
                    kept = tuple(each for each in understood.ways if not _asks_for(each.steps, f"{issuer}:sub"))
                    understood = replace(understood, ways=kept)
                self._understood[key] = understood
            yield self._understood[key]

    def _ask_entry(
        self, invariant: Invariant | None, account: str, levels: Groups, policy: Policy, statement: Statement
    ) -> Asked:
        strangers = invariant is not None and invariant.stated.callers == "strangers"
        named = set(re.findall(r"\d{12}", policy.text)) & self.units.keys()
        inside = replace(self.organisation, paths=dict.fromkeys((account, *sorted(named)), ""))
        partners = _whole_accounts(invariant.exempt) if strangers and invariant else ()
        query = Query(
            ((policy,), *levels), such=(statement,), strangers=strangers, trusted=partners, organisation=inside
        )
        mine = account if _names(account, ((policy,), *levels)) else ""
        key = (policy.digest, _digests(levels), statement, strangers, mine)
        return Asked("", query, readable(query, self._answer(key, query)))

    # -- both ------------------------------------------------------------------------------------------------------

    def _binding(self, kind: Kind, account: str) -> Groups:
        """Return the guardrails of an account: none where it is not known, for then a proof has to do without them."""
        if account not in self.units:
            return ()
        key = (kind, account)
        if key not in self._levels:
            levels = telling(self.guardrails.levels(kind, account, self.units[account]))
            self._levels[key] = levels if any(len(each) > 1 for each in levels) else ()
        return self._levels[key]

    def _answer(self, key: object, query: Query) -> Answer:
        if key not in self._answers:
            self._answers[key] = search(query)
        return self._answers[key]

    def _decided(
        self,
        found: Callable[..., SubjectProof],
        ways: Sequence[Walked],
        still: Sequence[Asked],
        again: Callable[[Statement], Asked] | None,
        holes: Sequence[str],
        kind: Kind,
    ) -> SubjectProof:
        """Return the proof of the widest reading, or what the narrowest shows; between them it is undetermined."""
        open_ways = tuple(each for each in ways if each.found is not Found.NONE)
        if not open_ways:
            return found(Verdict.PROVED, tuple(ways), tuple(still))
        shown = open_ways
        if holes:
            walked = (walk(each.way, again) for each in open_ways) if again else ()
            shown = tuple(each for each in walked if each.found is Found.YES)
        certain = tuple(each for each in shown if each.found is Found.YES)
        gaps = self.guardrails.gaps[kind]
        if certain and not gaps:
            return found(Verdict.FALLS, certain, tuple(still))
        steps = [each.answer for one in open_ways for each in one.asked]
        whys = [each.why for each in steps if each.why and each.request is None]
        doubts = tuple(dict.fromkeys((*holes, *(gaps if certain else ()))))
        return found(Verdict.UNDETERMINED, certain or open_ways, tuple(still), "; ".join(dict.fromkeys(whys)), doubts)


def _within_reach(groups: Groups, statement: Statement) -> bool:
    """Return whether an Allow of every group covers one of the actions; the cheap part of the search, for certain."""
    if statement.not_actions or any("*" in each.text or "?" in each.text for each in statement.actions):
        return True
    wanted = [each.text.lower() for each in statement.actions]
    return all(
        any(
            any(each.lower.matches(action) for each in allow.actions) is not allow.not_actions
            for policy in group
            for allow in policy.statements
            if allow.allow
            for action in wanted
        )
        for group in groups
    )


def _exempting(patterns: Iterable[str], arn: str) -> str:
    """Return the pattern that exempts an ARN, "". Who has no name of his own is exempt by none."""
    found = (each for each in patterns if arn and pattern(each, Mode.ARN).glob.matches(arn))
    return next(found, "")


def _whole_accounts(patterns: Iterable[str]) -> tuple[str, ...]:
    """Return the accounts of which every principal is exempt."""
    return tuple(found[1] for each in patterns if (found := _ACCOUNT.fullmatch(each)))


def _as_user(statement: Statement, who: Identity) -> Statement:
    """Return the statement with the user's own name for the variable that stands for it."""
    if who.resource.type == ROLE or not any(each.variables for each in statement.resources):
        return statement
    texts = [each.text.replace(OWN_NAME, own_name(who.resource)) for each in statement.resources]
    return replace(statement, resources=tuple(pattern(each, Mode.RESOURCE, variables=True) for each in texts))


def _pinned(statement: Statement, who: Identity) -> Statement:
    kind = "role" if who.resource.type == ROLE else "user"
    arn = who.arn or f"arn:aws:iam::{who.account or '*'}:{kind}/*"
    own = conditions(f'{{"ArnLike": {{"aws:PrincipalArn": "{arn}"}}}}')
    return replace(statement, conditions=(*statement.conditions, *own))


def _digests(groups: Groups) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(each.digest for each in group) for group in groups)


def _by_name(groups: Groups, statement: Statement, who: Identity) -> str:
    """Return who it is where policies or the question look at who calls, "" where any other would do."""
    policies = [each for group in groups for each in group]
    texts = [*(each.text for each in policies), *(each.key for each in statement.conditions)]
    variables = [one.key for each in statement.resources for one in each.variables]
    if who.resource.type == ROLE:
        variables = [each for each in variables if each != "aws:username"]
    telling_texts = any(_TELLING.search(each) for each in (*texts, *variables)) or _names(who.account, groups)
    return (who.arn or who.resource.id) if telling_texts else ""


def _names(account: str, groups: Groups) -> bool:
    return bool(account) and any(account in each.text for group in groups for each in group)


def _named(policy: Policy, of_type: PrincipalType) -> list[str]:
    """Return the principals of a type that the Allows of a policy name."""
    return [
        name.name
        for each in policy.statements
        if each.allow
        for name in each.principals or ()
        if name.type in (of_type, PrincipalType.EVERYBODY)
    ]


def _asks_for(steps: Iterable[Statement], key: str) -> bool:
    return any(each.key == key for step in steps for each in step.conditions)
