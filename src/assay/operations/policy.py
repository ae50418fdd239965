"""Questions about IAM policies in files: findings, access, differences, one request, what is superfluous."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assay.documents import read
from assay.errors import FaultyFiles, UsageError
from assay.permissions import questions
from assay.permissions.evaluate import Decision, decide
from assay.permissions.guardrails import FULL_ACCESS
from assay.permissions.lint import lint
from assay.permissions.parse import LIMITS, read_policy
from assay.permissions.policy import Kind, Policy
from assay.permissions.questions import Asked, Checked, Difference, Minimised
from assay.permissions.request import Organisation
from assay.permissions.request_file import Case, load_policy, read_request


@dataclass(frozen=True)
class Questions:
    """What to ask about each policy besides whether AWS accepts it.

    grants        Actions or patterns; `on` is the resource, "" for any; `within` are policies that must allow as well.
    organisation  Id, or "": then access from outside of it is not asked about.
    accounts      Accounts that count as inside.
    """

    grants: tuple[str, ...] = ()
    on: str = ""
    within: tuple[Path, ...] = ()
    organisation: str = ""
    accounts: tuple[str, ...] = ()


def check(paths: Sequence[Path], kind: Kind | None, ask: Questions) -> tuple[Checked, ...]:
    """Check policy files; folders stand for the JSON files in them. Raises UsageError, FaultyFiles."""
    within = _policies(ask.within, Kind.SCP)
    return tuple(_check(path, kind, ask, within) for path in _files(paths))


def _files(paths: Sequence[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        inside = sorted(path.rglob("*.json")) if path.is_dir() else [path]
        if not inside:
            raise UsageError(f"no JSON file in {path}")
        found += inside
    return found


def _check(path: Path, kind: Kind | None, ask: Questions, within: Sequence[Policy]) -> Checked:
    content = _content(path)
    kind = kind or guess_kind(content, str(path))
    reading = read_policy(content, str(path), kind)
    if reading.policy is None or reading.document is None:
        return Checked(str(path), kind, None, reading.findings)
    findings = lint(reading.policy, reading.document)
    return Checked(str(path), kind, reading.policy, findings, tuple(_ask(reading.policy, ask, within)))


def _ask(policy: Policy, ask: Questions, within: Sequence[Policy]) -> list[Asked]:
    asked = [questions.grants([policy], action, ask.on, within) for action in ask.grants]
    if policy.kind is not Kind.RESOURCE:
        return asked  # only a resource policy lets strangers in; the others bound what is given elsewhere
    asked.append(questions.public(policy))
    if ask.organisation or ask.accounts:
        organisation = Organisation(ask.organisation) if ask.organisation else None
        asked.append(questions.outside(policy, organisation, ask.accounts))
    return asked


def guess_kind(content: bytes, file: str) -> Kind:
    """Return resource for a document whose statements name principals, else identity."""
    document, _ = read(content, file, LIMITS)
    stated = document.value.get("Statement") if document is not None and isinstance(document.value, dict) else None
    statements = stated if isinstance(stated, list) else [stated]
    named = any(isinstance(each, dict) and ({"Principal", "NotPrincipal"} & set(each)) for each in statements)
    return Kind.RESOURCE if named else Kind.IDENTITY


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error


def compare(before: Path, after: Path, kind: Kind | None) -> Difference:
    """Return the difference of two policies. Raises FaultyFiles when AWS would refuse one.

    Guardrails that only deny are compared beside FullAWSAccess, as AWS attaches it: alone, each would allow nothing,
    and any two would be equal. Raises UsageError where that would be said of documents whose kind nobody stated.
    """
    guessed = kind or guess_kind(_content(before), str(before))
    earlier, later = _policies([before, after], guessed)
    if any(each.allow for policy in (earlier, later) for each in policy.statements):
        return questions.difference((earlier,), (later,))
    if guessed in FULL_ACCESS:
        full = FULL_ACCESS[guessed]
        return questions.difference((full, earlier), (full, later))
    if kind is None:
        raise UsageError(f"neither {before} nor {after} allows anything: say what they are, such as --kind scp")
    return questions.difference((earlier,), (later,))


def explain(path: Path) -> tuple[Case, Decision]:
    """Return what a request file states and how it is decided. Raises FaultyFiles."""
    case = read_request(path)
    return case, decide(case.request, case.setting)


def minimise(path: Path, kind: Kind | None) -> Minimised:
    """Return what of a policy is superfluous. Raises FaultyFiles when AWS would refuse it.

    One that only denies is asked about beside FullAWSAccess, as in `compare`: alone, all of it would be superfluous.
    """
    guessed = kind or guess_kind(_content(path), str(path))
    policy = _policies([path], guessed)[0]
    if any(each.allow for each in policy.statements):
        return questions.minimise(policy)
    if guessed in FULL_ACCESS:
        full = FULL_ACCESS[guessed].statements
        found = questions.minimise(replace(policy, statements=(*policy.statements, *full), source=None))
        kept = tuple(each for each in found.policy.statements if each not in full)
        superfluous = tuple(each for each in found.superfluous if each.statement not in full)
        return replace(found, policy=replace(found.policy, statements=kept), superfluous=superfluous)
    if kind is None:
        raise UsageError(f"{path} allows nothing: say what it is, such as --kind scp")
    return questions.minimise(policy)


def _policies(paths: Sequence[Path], kind: Kind) -> list[Policy]:
    loaded = [load_policy(path, kind) for path in paths]
    faults = [fault for policy, each in loaded for fault in each]
    if faults:
        raise FaultyFiles(faults)
    return [policy for policy, _ in loaded if policy is not None]
