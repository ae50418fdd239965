"""How fast questions about policies are answered, beside z3's strings on the same questions.

    python benchmarks/permissions.py [--queries 600] [--z3 120] [--seconds 5]

Policies are made up, in the manner of AWS's managed policies (about 6 KB), of data perimeters, and of service control
policies; each is compared with edits of itself, in both directions. Reading the documents is not counted.
"""

import argparse
import ipaddress
import json
import random
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import z3

from assay.governance.repository import read_catalogue
from assay.governance.units import ROOT
from assay.inventory.resource import Inventory, Origin, Position, Resource
from assay.permissions import typed
from assay.permissions.globs import MANY, MANY_NARROW, ONE, ONE_NARROW, Glob
from assay.permissions.guardrails import Guardrail, Guardrails
from assay.permissions.invariants import understand
from assay.permissions.operators import Comparison, Family, Quantifier
from assay.permissions.parse import read_policy
from assay.permissions.policy import Condition, Kind, Policy, Statement
from assay.permissions.proof import prove
from assay.permissions.request import Organisation
from assay.permissions.solve import Found, Query, search
from assay.permissions.subjects import Subjects

Json = dict[str, Any]
SERVICES = (
    "s3",
    "ec2",
    "lambda",
    "dynamodb",
    "sqs",
    "sns",
    "kms",
    "logs",
    "rds",
    "ecs",
    "ecr",
    "ssm",
    "athena",
    "glue",
)
VERBS = ("Get", "List", "Describe", "Create", "Delete", "Put", "Update", "Tag", "Untag", "Start", "Stop", "Batch")
NOUNS = (
    "Item",
    "Bucket",
    "Instance",
    "Function",
    "Table",
    "Queue",
    "Topic",
    "Key",
    "Stream",
    "Cluster",
    "Policy",
    "Job",
)
EXEMPT = ["arn:aws:iam::*:role/platform/*", "arn:aws:iam::*:role/AWSControlTowerExecution"]


def actions(chance: random.Random, service: str, count: int) -> list[str]:
    names = [f"{service}:{verb}{noun}" for verb in VERBS for noun in NOUNS]
    wild = [f"{service}:{verb}*" for verb in VERBS[:3]]
    return sorted({*chance.sample(names, count), *chance.sample(wild, min(2, count))})


def conditions(chance: random.Random) -> Json:
    every: list[Json] = [
        {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}},
        {"StringEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-central-1"]}},
        {"StringLike": {"aws:ResourceTag/stage": ["prod*", "test"]}},
        {"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "192.0.2.0/24"]}},
        {"Bool": {"aws:SecureTransport": "true"}},
        {"NumericLessThanEquals": {"s3:max-keys": "100"}},
        {"ForAllValues:StringEquals": {"aws:TagKeys": ["team", "stage", "cost"]}, "Null": {"aws:TagKeys": "false"}},
        {"StringEqualsIfExists": {"iam:PassedToService": ["lambda.amazonaws.com", "ecs-tasks.amazonaws.com"]}},
    ]
    return chance.choice(every)


def managed(chance: random.Random, size: int = 6_000) -> list[Json]:
    """Statements in the manner of a managed policy, up to a size."""
    found: list[Json] = []
    while len(json.dumps(found)) < size:
        service = chance.choice(SERVICES)
        statement: Json = {
            "Sid": f"S{len(found)}",
            "Effect": "Allow",
            "Action": actions(chance, service, chance.randint(4, 20)),
            "Resource": chance.choice(
                ("*", f"arn:aws:{service}:*:*:app-*", [f"arn:aws:{service}:*:*:{n}/*" for n in "ab"])
            ),
        }
        if chance.random() < 0.4:
            statement["Condition"] = conditions(chance)
        found.append(statement)
    return found


def perimeter(chance: random.Random) -> list[Json]:
    """Statements of a data perimeter: only our principals, our networks, our resources."""
    return [
        {"Sid": "All", "Effect": "Allow", "Action": "*", "Resource": "*"},
        {
            "Sid": "OurResources",
            "Effect": "Deny",
            "NotAction": ["iam:*", "sts:*", "support:*", *actions(chance, "ecr", 6)],
            "Resource": "*",
            "Condition": {
                "StringNotEqualsIfExists": {"aws:ResourceOrgID": "o-example1", "aws:PrincipalTag/exempt": "true"}
            },
        },
        {
            "Sid": "OurNetworks",
            "Effect": "Deny",
            "Action": ["s3:*", "kms:*", "sqs:*", "secretsmanager:*"],
            "Resource": "*",
            "Condition": {
                "NotIpAddressIfExists": {"aws:SourceIp": ["192.0.2.0/24", "198.51.100.0/24"]},
                "StringNotEqualsIfExists": {"aws:SourceVpc": ["vpc-1", "vpc-2"]},
                "BoolIfExists": {"aws:ViaAWSService": "false"},
                "ArnNotLikeIfExists": {"aws:PrincipalArn": EXEMPT},
            },
        },
        {
            "Sid": "Tls",
            "Effect": "Deny",
            "Action": "s3:*",
            "Resource": "*",
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
    ]


def guardrail(chance: random.Random) -> list[Json]:
    """Statements of a service control policy."""
    exempt = {"ArnNotLike": {"aws:PrincipalArn": EXEMPT}}
    found: list[Json] = [{"Sid": "All", "Effect": "Allow", "Action": "*", "Resource": "*"}]
    for index, service in enumerate(("cloudtrail", "config", "guardduty", "securityhub", "kms", "iam")):
        listed = [f"{service}:{verb}*" for verb in chance.sample(VERBS, 4)]
        statement: Json = {"Sid": f"D{index}", "Effect": "Deny", "Action": listed, "Resource": "*", "Condition": exempt}
        found.append(statement)
    regions = {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-central-1", "us-east-1"]}}
    unbound = ["iam:*", "sts:*", "route53:*", "cloudfront:*", "organizations:*", "support:*"]
    found.append(
        {"Sid": "Regions", "Effect": "Deny", "NotAction": unbound, "Resource": "*", "Condition": regions | exempt}
    )
    leave = {"Sid": "Stay", "Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}
    return [*found, leave]


def edited(chance: random.Random, statements: Sequence[Json]) -> list[Json]:
    """Return the statements with one change that a person would make."""
    found = [dict(each) for each in statements]
    at = chance.randrange(len(found))
    one = found[at]
    change = chance.choice(("drop", "action", "widen", "condition", "free", "resource"))
    name = "Action" if "Action" in one else "NotAction"
    if change == "drop" and len(found) > 1:
        del found[at]
    elif change == "action" and isinstance(one[name], list) and len(one[name]) > 1:
        one[name] = [each for each in one[name] if each != chance.choice(one[name])]
    elif change == "widen" and isinstance(one[name], list):
        one[name] = [*one[name], one[name][0].partition(":")[0] + ":Get*"]
    elif change == "condition":
        one["Condition"] = {**one.get("Condition", {}), **conditions(chance)}
    elif change == "free":
        one.pop("Condition", None)
    else:
        one["Resource"] = chance.choice(("*", "arn:aws:s3:::reports/*"))
        one.pop("NotResource", None)
    return found


def load(statements: Sequence[Json], kind: Kind = Kind.IDENTITY) -> Policy:
    text = json.dumps({"Version": "2012-10-17", "Statement": list(statements)}).encode()
    reading = read_policy(text, "made-up.json", kind)
    assert reading.policy is not None, reading.findings
    return reading.policy


def corpus(name: str, count: int) -> Iterator[tuple[Policy, Policy]]:
    """Yield pairs: a policy and an edit of it, then the other way round."""
    chance = random.Random(f"assay {name}")
    make = {"managed": managed, "perimeter": perimeter, "guardrail": guardrail}[name]
    kind = Kind.IDENTITY if name == "managed" else Kind.SCP
    for _ in range(count // 2):
        base = make(chance)
        one, other = load(base, kind), load(edited(chance, base), kind)
        yield one, other
        yield other, one


# -- the same questions in z3's strings --------------------------------------------------------------------------------


class Strings:
    """A translation of parsed policies for z3: texts as strings, addresses and numbers as integers."""

    def __init__(self) -> None:
        self.texts: dict[str, Any] = {}
        self.numbers: dict[str, Any] = {}
        self.present: dict[str, Any] = {}

    def text(self, subject: str) -> Any:
        return self.texts.setdefault(subject, z3.String(subject))

    def has(self, key: str) -> Any:
        return self.present.setdefault(key, z3.Bool(f"has {key}"))

    def glob(self, glob: Glob) -> Any:
        anything, narrow = z3.AllChar(z3.ReSort(z3.StringSort())), z3.Union(z3.Range(" ", "9"), z3.Range(";", "~"))
        table = {MANY: z3.Star(anything), ONE: anything, MANY_NARROW: z3.Star(narrow), ONE_NARROW: narrow}
        parts: list[Any] = []
        literal = ""
        for token in glob.tokens:
            if token in table:
                parts += [z3.Re(literal)] if literal else []
                literal = ""
                parts.append(table[token])
            else:
                literal += token
        parts += [z3.Re(literal)] if literal else []
        return parts[0] if len(parts) == 1 else z3.Concat(*parts)

    def any_of(self, subject: str, globs: Sequence[Glob]) -> Any:
        value = self.text(subject)
        return z3.Or([value == each.literal if each.literal else z3.InRe(value, self.glob(each)) for each in globs])

    def statement(self, statement: Statement) -> Any:
        parts = []
        for subject, patterns, negated in (
            ("action", statement.actions, statement.not_actions),
            ("resource", statement.resources, statement.not_resources),
        ):
            found = self.any_of(subject, [each.glob for each in patterns])
            parts.append(z3.Not(found) if negated else found)
        return z3.And(*parts, *(self.condition(each) for each in statement.conditions))

    def condition(self, condition: Condition) -> Any:
        operator, key = condition.operator, condition.key
        if operator.family is Family.NULL:
            return z3.Not(self.has(key)) if condition.values[0].text == "true" else self.has(key)
        matched = z3.And(self.has(key), z3.Or([self.value(condition, each) for each in condition.values]))
        if operator.negated:
            return z3.Not(matched)
        optional = operator.if_exists or operator.quantifier is Quantifier.ALL
        return z3.Or(z3.Not(self.has(key)), matched) if optional else matched

    def value(self, condition: Condition, stated: Any) -> Any:
        key, operator = condition.key, condition.operator
        if operator.family is Family.ADDRESS:
            network = ipaddress.ip_network(stated.text)
            number = self.numbers.setdefault(key, z3.Int(f"number {key}"))
            return z3.And(number >= int(network.network_address), number <= int(network.broadcast_address))
        if operator.family is Family.NUMBER:
            number = self.numbers.setdefault(key, z3.Int(f"number {key}"))
            bound = int(typed.number(stated.text) or 0)
            return number <= bound if operator.comparison is Comparison.LESS_EQUAL else number == bound
        if stated.variables:
            return self.text(key) == self.text(stated.variables[0].key)
        return self.any_of(key, [stated.glob])

    def allowed(self, policy: Policy) -> Any:
        allows = [self.statement(each) for each in policy.statements if each.allow]
        denies = [self.statement(each) for each in policy.statements if not each.allow]
        return z3.And(z3.Or(allows), z3.Not(z3.Or(denies)))


def by_z3(left: Policy, right: Policy, seconds: float) -> str:
    strings = Strings()
    solver = z3.Solver()
    solver.set("timeout", int(seconds * 1000))
    solver.add(strings.allowed(left), z3.Not(strings.allowed(right)))
    return {"sat": "found", "unsat": "none"}.get(str(solver.check()), "undetermined")


# -- measuring ---------------------------------------------------------------------------------------------------------


def timed(pairs: Sequence[tuple[Policy, Policy]], ask: Any) -> tuple[list[float], list[str]]:
    times, answers = [], []
    for left, right in pairs:
        begun = time.process_time()  # CPU: the machine may be busy with other work
        answers.append(str(ask(left, right)))
        times.append((time.process_time() - begun) * 1000)
    return times, answers


def row(name: str, who: str, times: Sequence[float], answers: Sequence[str]) -> str:
    cut = sorted(times)[min(len(times) - 1, int(len(times) * 0.99))]
    counts: Mapping[str, int] = Counter(answers)
    undecided = 100 * counts.get("undetermined", 0) / len(answers)
    cells = (name, who, f"{len(times):,}", f"{statistics.median(times):.2f}", f"{cut:.1f}", f"{max(times):.1f}")
    return "| " + " | ".join((*cells, f"{undecided:.1f} %", str(counts.get("found", 0)))) + " |"


def ours(left: Policy, right: Policy) -> Found:
    return search(Query(allowed=((left,),), refused=((right,),))).found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queries", type=int, default=600)
    parser.add_argument("--z3", type=int, default=120, help="how many of them z3 answers, too")
    parser.add_argument("--seconds", type=float, default=5.0, help="z3's time-out")
    options = parser.parse_args()
    print("| Corpus | By | Queries | Median ms | p99 ms | Largest ms | Undecided | Found |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name in ("managed", "perimeter", "guardrail"):
        pairs = list(corpus(name, options.queries))
        print(row(name, "assay", *timed(pairs, ours)), flush=True)
        few = pairs[: options.z3]
        if few:
            times, theirs = timed(few, lambda left, right: by_z3(left, right, options.seconds))
            print(row(name, "z3", times, theirs), flush=True)
            both = [(a, b) for a, b in zip(timed(few, ours)[1], theirs, strict=True) if "undetermined" not in (a, b)]
            print(f"<!-- {name}: {sum(a != b for a, b in both)} of {len(both)} answers differ -->")
    large()
    organisation()


def large() -> None:
    """Two policies of 90 KB that differ in one statement."""
    chance = random.Random("assay large")
    base = managed(chance, 90_000)
    for change in range(4):
        one, other = load(base), load(edited(chance, base))
        for left, right in ((one, other), (other, one)):
            times, answers = timed([(left, right)], ours)
            print(f"90 KB, edit {change}: {times[0]:.0f} ms, {answers[0]}", flush=True)


def organisation() -> None:
    """All shipped invariants over 30 units, 500 accounts, 40 SCPs, 10 RCPs and 2,000 roles."""
    chance = random.Random("assay organisation")
    paths = [f"U{a}" for a in range(5)] + [f"U{a}/V{b}" for a in range(5) for b in range(5)]
    accounts = {f"{100_000_000_000 + number}": chance.choice(paths) for number in range(500)}
    nodes = [ROOT, *paths]
    found = [
        Guardrail(f"scp{number}", load(guardrail(chance), Kind.SCP), frozenset({chance.choice(nodes)}))
        for number in range(40)
    ]
    ours = {
        "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-example1"},
        "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
    }
    for number in range(10):
        services = chance.sample(("s3:*", "kms:*", "sqs:*", "secretsmanager:*", "sts:*"), 3)
        deny = {"Effect": "Deny", "Principal": "*", "Action": services, "Resource": "*", "Condition": ours}
        found.append(Guardrail(f"rcp{number}", load([deny], Kind.RCP), frozenset({chance.choice(nodes)})))
    words = {
        "regions": ("eu-west-1", "eu-central-1", "us-east-1"),
        "organisation": ("o-example1",),
        "accounts": tuple(accounts),
        "our-arns": tuple(f"arn:aws:*:*:{each}:*" for each in accounts),
        "break-glass": ("arn:aws:iam::*:role/break-glass",),
        "pipeline": ("arn:aws:iam::*:role/platform/*",),
        "deployment": ("arn:aws:iam::*:role/deployment",),
        "exempting-tags": (),
        "trail-buckets": ("arn:aws:s3:::trail",),
        "trail-objects": ("arn:aws:s3:::trail/*",),
        "trail-keys": ("arn:aws:kms:*:100000000000:key/*",),
    }
    catalogue = read_catalogue()
    invariants = understand((each.invariant for each in catalogue.invariants.values()), words)
    guardrails = Guardrails(tuple(found), {Kind.SCP: (), Kind.RCP: ()})
    ours_is = Organisation("o-example1", "999999999999")
    inventory = Inventory(tuple(roles(chance, tuple(accounts))))
    begun = time.process_time()
    proofs = prove(invariants, guardrails, ours_is, accounts)
    guarded = time.process_time() - begun
    asking = Subjects(guardrails, ours_is, accounts, words, most=1)
    kept = [
        asking.prove(invariant, resource, inventory)
        for invariant in invariants
        if invariant.kind is None
        for kind in catalogue.invariants[invariant.id].subjects
        for resource in inventory.of_type(kind)
    ]
    spent = time.process_time() - begun
    questions = sum(len(group.never) + len(group.still) for proof in proofs for group in proof.groups)
    verdicts = Counter(group.verdict.value for proof in proofs for group in proof.groups)
    print(f"organisation: {len(proofs)} invariants, {questions:,} questions, {guarded:.1f} CPU s, {dict(verdicts)}")
    counts = Counter(each.verdict.value for each in kept)
    told = f"{len(inventory.resources):,} roles: {len(kept):,} verdicts, {len(asking._answers):,} searches"
    print(f"{told}, {spent - guarded:.1f} CPU s, {dict(counts)}; together {spent:.1f} CPU s")


def roles(chance: random.Random, accounts: Sequence[str]) -> Iterator[Resource]:
    """Yield 2,000 roles: of 40 kinds that every account has alike, and as many that name their own resources."""
    shared = [managed(chance, chance.choice((600, 1_500, 4_000))) for _ in range(40)]
    partners = ("888888888888", "777777777777")
    for number in range(2_000):
        account = accounts[number % len(accounts)]
        own = managed(chance, 1_200)
        own[0]["Resource"] = f"arn:aws:s3:::data-{account}-{number}/*"
        statements: Any = chance.choice(shared) if number % 2 else own
        who: Json = {"Service": chance.choice(("lambda.amazonaws.com", "ec2.amazonaws.com", "ecs-tasks.amazonaws.com"))}
        if number % 7 == 0:
            who = {"AWS": f"arn:aws:iam::{chance.choice((*accounts[:5], *partners))}:root"}
        trusted: Any = {"Effect": "Allow", "Principal": who, "Action": "sts:AssumeRole"}
        yield Resource(
            id=f"role{number:04}",
            type="AWS::IAM::Role",
            name=f"role{number:04}",
            properties={
                "RoleName": f"role{number:04}",
                "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trusted]},
                "Policies": [
                    {"PolicyName": "own", "PolicyDocument": {"Version": "2012-10-17", "Statement": statements}}
                ],
            },
            origin=Origin("generated", Position("roles.json", number + 1), account=account, region="eu-west-1"),
        )


if __name__ == "__main__":
    main()
