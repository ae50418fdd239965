"""From atoms to a concrete request: one value per subject, or the atoms that no value satisfies."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, product
from typing import Final

from assay.permissions.callers import ARN, USERNAME, Shape
from assay.permissions.encode import ACTION, ALWAYS_SENT, BOOLEAN_KEYS, RESOURCE, AnyTest, Encoder, Unsure, base_domain
from assay.permissions.globs import BUDGET, BudgetExceeded, Glob, exactly, glob, within
from assay.permissions.patterns import Pattern
from assay.permissions.policy import Statement
from assay.permissions.request import CallerKind, Organisation, Request, Values
from assay.permissions.theory import ANY, PRESENT, Domain, Some, Test, Typed, choose, choose_many, minimal

READABLE: Final = (
    *("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket", "s3:PutBucketPolicy", "s3:DeleteBucket"),
    *("iam:PassRole", "iam:CreateUser", "iam:CreateAccessKey", "iam:AttachRolePolicy", "iam:PutRolePolicy"),
    *("sts:AssumeRole", "ec2:RunInstances", "ec2:DescribeInstances", "ec2:TerminateInstances", "kms:Decrypt"),
    *("kms:Encrypt", "kms:ScheduleKeyDeletion", "lambda:InvokeFunction", "lambda:CreateFunction", "sqs:SendMessage"),
    *("sns:Publish", "dynamodb:GetItem", "dynamodb:DeleteTable", "secretsmanager:GetSecretValue", "logs:PutLogEvents"),
    *("cloudtrail:StopLogging", "organizations:LeaveOrganization", "rds:DeleteDBInstance", "ssm:GetParameter"),
)
"""Actions that a person knows, tried first. No answer rests on them."""
_ACTIONS = Domain(required=(glob("?*:?*"),), avoided=(glob("*:*:*"),), hints=tuple(each.lower() for each in READABLE))
_ARNS = Domain(required=(glob("arn:?*:?*:*:*:?*"),))
_STAR = Domain(choices=("*",))
_OWNER = "aws:resourceaccount"
_MOST_TRIALS = 48
_SMALL_BUDGET = 600


class Contradiction(Exception):
    """Atoms that no value satisfies: clauses that hold for every request."""

    def __init__(self, clauses: Sequence[Sequence[int]]) -> None:
        super().__init__()
        self.clauses = clauses


class Doubt(Exception):
    """Whether the candidate has a request could not be decided. `weight`: what the try cost."""

    def __init__(self, why: str, weight: int = 1) -> None:
        super().__init__(why)
        self.weight = weight


@dataclass
class _Group:
    """The atoms of one subject: literal and test."""

    wanted: list[tuple[int, AnyTest]] = field(default_factory=list)
    unwanted: list[tuple[int, AnyTest]] = field(default_factory=list)


class Assignment:
    """Finds values for the atoms of one encoder."""

    def __init__(self, encoder: Encoder, statements: Iterable[Statement]) -> None:
        self.encoder = encoder
        self.keys = _keys(statements)

    def request(self, literals: Sequence[int], shape: int, organisation: Organisation | None) -> Request:
        """Return a request that satisfies the literals. Raises Contradiction or Doubt."""
        groups: dict[str, _Group] = {}
        for literal in literals:
            atom = self.encoder.atoms.get(abs(literal))
            if atom is None:
                continue
            if isinstance(atom.test, Unsure):
                raise Doubt(f"AWS does not define {atom.test.about}")
            group = groups.setdefault(atom.subject, _Group())
            (group.wanted if literal > 0 else group.unwanted).append((literal, atom.test))
        self._demand_variables(groups)
        try:
            return _Candidate(self, groups, shape, organisation).request()
        except BudgetExceeded:
            raise Doubt("a combination of wildcards takes more states than the budget", weight=15) from None

    def _demand_variables(self, groups: dict[str, _Group]) -> None:
        """A pattern that matches has values for its variables: their keys are present."""
        matched = [test for group in groups.values() for _, test in group.wanted if isinstance(test, Pattern)]
        for variable in (each for pattern in matched for each in pattern.variables if each.default is None):
            literal = self.encoder.present(variable.key)
            group = groups.setdefault(variable.key, _Group())
            if literal not in (known for known, _ in group.wanted):
                group.wanted.append((literal, PRESENT))


class _Candidate:
    """One try: the values found so far."""

    def __init__(
        self, assignment: Assignment, groups: dict[str, _Group], shape: int, organisation: Organisation | None
    ) -> None:
        self.encoder = assignment.encoder
        self.keys = assignment.keys
        self.groups = groups
        self.number = shape
        self.shape: Shape = self.encoder.shapes[shape]
        self.organisation = organisation
        self.values: dict[str, Values] = {}

    def request(self) -> Request:
        for key in self.keys:  # variables first need values of their own; subjects with variables come last
            if key != ARN and not self._variables(key):
                self.values[key] = self._key(key)
        arn = self._arn()
        if self.shape.kind is CallerKind.USER and not self._asked(USERNAME):
            self.values[USERNAME] = (arn.rpartition("/")[2],)
        action = self._text(ACTION, (_ACTIONS,))
        for key in self.keys:
            if key != ARN and self._variables(key):
                self.values[key] = self._key(key)
        resource = self._text(RESOURCE, self._resource_domains(action))
        if self.shape.kind is CallerKind.USER and not self._asked(ARN):
            arn = f"{self.shape.stem}/{self.values[USERNAME][0]}"
        caller = self.shape.caller(arn)
        owner = (self.values.get(_OWNER) or ("",))[0]
        return Request(caller, action, resource, dict(self.values), owner, self.organisation)

    def _variables(self, subject: str) -> bool:
        group = self.groups.get(subject)
        return group is not None and any(isinstance(test, Pattern) for _, test in (*group.wanted, *group.unwanted))

    def _arn(self) -> str:
        """Return the caller's ARN; a user's ends with the name that its username already has."""
        refused = [literal for literal, test in self.groups.get(ARN, _Group()).unwanted if test == PRESENT]
        if not self.shape.account or refused:
            self._key(ARN)
            return ""
        name = self.values.get(USERNAME) if self._asked(USERNAME) else None
        if not name:
            return self._text(ARN, (self.shape.domain(ARN),))
        stem = f"{self.shape.stem}/"
        end = exactly(name[0]).tokens
        domains = (exactly(stem + name[0]), Glob((*exactly(stem).tokens, "**", "/", *end)))
        for each in domains:
            try:
                return self._text(ARN, (Domain(required=(each,)),))
            except Contradiction:
                continue
        raise Doubt("a user's name and ARN could not be made to agree")

    def _resource_domains(self, action: str) -> tuple[Domain, ...]:
        owner = self.values.get(_OWNER)
        if not owner:
            return (replace(_ARNS, hints=_readable_resources(action)), _STAR)
        of_owner = glob(f"arn:*:*:*:{owner[0]}:?*")
        return (Domain(required=(*_ARNS.required, of_owner)), Domain(required=(glob("arn:?*:s3:::?*"),)), _STAR)

    # -- one subject ---------------------------------------------------------------------------------------------------

    def _key(self, key: str) -> Values:
        """Return the values of a key, () for absent."""
        group = self.groups.get(key, _Group())
        domain = self._domain(key)
        if key in self.encoder.sets:
            return self._set(key, group, domain)
        must = self._is_sent(key)
        refused = [literal for literal, test in group.unwanted if test == PRESENT]
        if refused:
            if must:
                raise Contradiction([self._clause(refused, shaped=key not in ALWAYS_SENT)])
            return ()
        if not group.wanted and not must:
            return ()
        if domain.absent:
            raise Contradiction([self._clause([group.wanted[0][0]], shaped=True)])
        return (self._text(key, (domain,)),)

    def _set(self, key: str, group: _Group, domain: Domain) -> Values:
        wanted = [(literal, test) for literal, test in group.wanted if isinstance(test, Some)]
        if domain.sent:
            wanted.append((self.encoder.present(key), PRESENT))  # the caller's own path is always sent
        unwanted = [(literal, test) for literal, test in group.unwanted if isinstance(test, Some)]
        values, failing = choose_many([test for _, test in wanted], [test for _, test in unwanted], domain)
        if values is not None:
            return values
        assert failing is not None
        if not self._complete(key, (failing, *(test for _, test in unwanted))):
            raise Doubt(f"the key {key} is read as text and as another type")
        literal = next(literal for literal, test in wanted if test is failing)
        tests = dict(unwanted)

        def refuted(chosen: Sequence[int]) -> bool:
            return choose_many([failing], [tests[each] for each in chosen], domain)[0] is None

        core = minimal([each for each, _ in unwanted], refuted) if unwanted and not refuted([]) else []
        raise Contradiction([self._clause([literal, *core], shaped=self.shape.domain(key) is not ANY)])

    def _domain(self, key: str) -> Domain:
        shaped = self.shape.domain(key)
        return base_domain(key, self.encoder.typed) if shaped is ANY else shaped

    def _text(self, subject: str, domains: Sequence[Domain]) -> str:
        """Return a value for the single-valued subject in one of the domains."""
        group = self.groups.get(subject, _Group())
        tests: dict[int, Test] = {}
        for literal, test in (*group.wanted, *group.unwanted):
            if isinstance(test, Pattern):
                if literal > 0:
                    tests[literal] = test.glob
            elif isinstance(test, (Glob, Typed)):
                tests[literal] = test
        values = [found for each in domains if (found := _pick(tests, list(tests), each)) is not None]
        if not values:
            raise self._contradiction(subject, tests, domains)
        if self._variables(subject):
            return self._with_variables(group, domains)
        return values[0]

    def _contradiction(self, subject: str, tests: dict[int, Test], domains: Sequence[Domain]) -> Exception:
        if not self._complete(subject, tests.values()):
            return Doubt(f"the key {subject} is read as text and as another type")
        if subject == RESOURCE and self.values.get(_OWNER):
            return Doubt("the resource's account and ARN could not be made to agree")

        def refuted(chosen: Sequence[int]) -> bool:
            try:
                return all(_pick(tests, chosen, each, _SMALL_BUDGET) is None for each in domains)
            except BudgetExceeded:
                return False  # a larger lemma holds as well

        core = minimal(list(tests), refuted) if not refuted([]) else []
        if not self._is_sent(subject) and all(each < 0 for each in core):
            # That no value will do contradicts nothing where there need be none: something asks for a value.
            core = [self.groups[subject].wanted[0][0], *core]
        shaped = subject not in (ACTION, RESOURCE) and self.shape.domain(subject) is not ANY
        clauses = [self._clause(core, shaped=shaped)]
        if len(core) == 2 and not shaped:
            clauses += self._kindred(subject, core, tests)
        return Contradiction(clauses)

    def _is_sent(self, subject: str) -> bool:
        """Return whether every request of such a caller has the subject."""
        return subject in (ACTION, RESOURCE) or subject in ALWAYS_SENT or self._domain(subject).sent

    def _kindred(self, subject: str, core: Sequence[int], tests: dict[int, Test]) -> Iterator[list[int]]:
        """Yield what follows for all fixed texts of the subject, once one of them was in a contradiction of two."""
        one, other = sorted(core)  # a negative literal comes first
        pattern = tests[one if one < 0 else other]
        if not isinstance(pattern, Glob):
            return
        for variable, atom in list(self.encoder.atoms.items()):
            test = atom.test
            if (
                atom.subject != subject
                or not isinstance(test, Glob)
                or test == pattern
                or test.folded != pattern.folded
            ):
                continue
            if one < 0 and (test.literal is not None or test.prefix is not None) and _cheap_within(test, pattern):
                yield [-variable, -one]
            elif one > 0 and test.literal is not None and not test.folded and not pattern.matches(test.literal):
                yield [-variable, -other]

    def _complete(self, subject: str, tests: Iterable[AnyTest | None]) -> bool:
        """Return whether the subject's table of representatives decides the tests."""
        if subject not in self.encoder.typed or subject in BOOLEAN_KEYS:
            return True
        parts = [part for each in tests for part in (each.tests if isinstance(each, Some) else (each,))]
        return all(isinstance(each, Typed) for each in parts)

    def _clause(self, literals: Sequence[int], *, shaped: bool) -> list[int]:
        return [-each for each in literals] + ([-self.number] if shaped else [])

    # -- variables -----------------------------------------------------------------------------------------------------

    def _with_variables(self, group: _Group, domains: Sequence[Domain]) -> str:
        """Return a value that fits with the variables' values; those that nothing else fixes are tried."""
        patterns = [test for _, test in group.wanted if isinstance(test, Pattern)]
        barred = [test for _, test in group.unwanted if isinstance(test, Pattern)]
        wanted = [test for _, test in group.wanted if isinstance(test, (Glob, Typed))]
        unwanted = [test for _, test in group.unwanted if isinstance(test, (Glob, Typed))]
        free = sorted({each.key for pattern in patterns for each in pattern.variables if self._free(each.key)})
        pieces = ["example", *_pieces(wanted), *_pieces([each.glob for each in patterns])]
        for trial in islice(product(pieces, repeat=len(free)), _MOST_TRIALS):
            trying = dict(zip(free, trial, strict=True))
            resolved = [each.resolve(lambda key, own=trying: self._variable(key, own)) for each in patterns]  # type: ignore[misc]
            others = [each.resolve(lambda key, own=trying: self._variable(key, own)) for each in barred]  # type: ignore[misc]
            if None in resolved:
                continue
            positive = [*wanted, *(each for each in resolved if each is not None)]
            negative = [*unwanted, *(each for each in others if each is not None)]
            for domain in domains:
                value = choose(positive, negative, domain)
                if value is not None:
                    self.values |= {key: (text,) for key, text in trying.items()}
                    return value
        raise Doubt("no values were found for the policy variables")

    def _free(self, key: str) -> bool:
        """Return whether nothing but its presence is asked of a key."""
        if key == USERNAME and self._asked(ARN):
            return False
        fixed = key in self.shape.domains and key != USERNAME
        return not self._asked(key) and not fixed and bool(self.values.get(key))

    def _asked(self, key: str) -> bool:
        """Return whether anything is asked of a key but its presence."""
        group = self.groups.get(key, _Group())
        return any(test != PRESENT for _, test in (*group.wanted, *group.unwanted))

    def _variable(self, key: str, trying: dict[str, str]) -> str | None:
        if key in trying:
            return trying[key]
        values = self.values.get(key, ())
        return values[0] if len(values) == 1 else None


def _pick(tests: dict[int, Test], chosen: Sequence[int], domain: Domain, budget: int = BUDGET) -> str | None:
    wanted = [tests[each] for each in chosen if each > 0]
    return choose(wanted, [tests[each] for each in chosen if each < 0], domain, budget)


def _readable_resources(action: str) -> tuple[str, ...]:
    service = action.partition(":")[0]
    if service == "s3":
        return ("arn:aws:s3:::example-bucket/example", "arn:aws:s3:::example-bucket")
    return (f"arn:aws:{service}:eu-west-1:111122223333:example",)


def _cheap_within(left: Glob, right: Glob) -> bool:
    """Return whether `left` is surely within `right`, where that is quick to see."""
    if left.literal is not None and not left.folded:
        return right.matches(left.literal)
    return left.prefix is not None and right.prefix is not None and within(left, right)


def _pieces(tests: Sequence[Test]) -> list[str]:
    texts = [str(each) for each in tests if isinstance(each, Glob)]
    return [piece for text in texts for piece in re.split(r"[/:*?]+", text) if piece][:12]


def _keys(statements: Iterable[Statement]) -> tuple[str, ...]:
    """Return every key that a statement reads, as condition or as variable."""
    found: dict[str, None] = {}
    for statement in statements:
        for condition in statement.conditions:
            found[condition.key] = None
            found |= {each.key: None for value in condition.values for each in value.variables}
        found |= {each.key: None for value in statement.resources for each in value.variables}
    return tuple(found)


def display(request: Request, statements: Iterable[Statement]) -> Request:
    """Return the request with its action written as a policy, or the readable list, writes it."""
    written = {each.text.lower(): each.text for statement in statements for each in statement.actions}
    known = {each.lower(): each for each in READABLE} | written
    return replace(request, action=known.get(request.action, request.action))
