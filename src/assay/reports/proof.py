"""What guardrails and policies prove: for the terminal and as JSON."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from rich.console import RenderableType
from rich.text import Text

from assay.permissions.guardrails import FULL_ACCESS, Guardrails
from assay.permissions.invariants import Invariant
from assay.permissions.policy import Kind
from assay.permissions.proof import WORST_FIRST, GroupProof, Proof, Verdict, Walked
from assay.permissions.questions import Asked
from assay.permissions.repair import Repair
from assay.permissions.request import Organisation
from assay.permissions.solve import Found
from assay.permissions.subjects import SubjectProof
from assay.reports.policy import asked_document, because, request_lines
from assay.reports.terminal import hanging

FORMAT: Final = "assay.proof/1"
_STYLE: Final = {
    Verdict.PROVED: "green",
    Verdict.FALLS: "red",
    Verdict.VACUOUS: "red",
    Verdict.UNDETERMINED: "yellow",
    Verdict.NOT_ABOUT: "dim",
}
ASSUMPTIONS: Final = (
    "FullAWSAccess is attached at every level, as AWS attaches it",
    "every identity and resource policy may allow everything, where an invariant is about guardrails alone",
    "no other guardrail is attached than the platform's templates declare; more of them could only forbid more",
    "an identity has the policies that its workload's templates give it; policies of resources are not asked for it",
)
_WAYS_TOLD: Final = 4


@dataclass(frozen=True)
class Shown:
    """What is to be shown: proofs over guardrails, proofs about what workloads declare, and the repairs."""

    proofs: Sequence[Proof]
    guardrails: Guardrails
    organisation: Organisation
    accounts: Sequence[str]
    subjects: Sequence[tuple[str, SubjectProof]] = ()
    repairs: Mapping[tuple[str, str], Repair] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)

    @property
    def by_invariant(self) -> Mapping[str, Sequence[tuple[str, SubjectProof]]]:
        """The proofs about what workloads declare, by invariant."""
        found: dict[str, list[tuple[str, SubjectProof]]] = {}
        for workload, each in self.subjects:
            found.setdefault(each.invariant.id, []).append((workload, each))
        return found

    @property
    def verdicts(self) -> Mapping[str, Verdict]:
        """Every invariant's verdict: the worst of all places."""
        found = {each.invariant.id: each.verdict for each in self.proofs}
        return found | {name: worst(each.verdict for _, each in listed) for name, listed in self.by_invariant.items()}


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the worst of several verdicts; of none, that there is nothing that it is about."""
    found = set(verdicts)
    return next((each for each in WORST_FIRST if each in found), Verdict.NOT_ABOUT)


def document(shown: Shown) -> Mapping[str, Any]:
    """Return the proofs as plain JSON values."""
    guardrails = shown.guardrails
    listed = [*(_proof_document(each, shown) for each in shown.proofs)]
    listed += [_subjects_document(each, shown) for each in shown.by_invariant.values()]
    return {
        "format": FORMAT,
        "organisation": shown.organisation.id,
        "reach": {"accounts": list(shown.accounts), "not_bound": list(_not_bound(shown.organisation))},
        "assumptions": list(ASSUMPTIONS),
        "guardrails": [
            {
                "name": each.name,
                "kind": each.policy.kind.value,
                "file": each.policy.file,
                "digest": each.policy.digest,
                "attached": sorted(each.nodes),
            }
            for each in guardrails.found
        ],
        "invariants": sorted(listed, key=lambda each: str(each["id"])),
    }


def _stated(invariant: Invariant) -> dict[str, Any]:
    return {
        "id": invariant.id,
        "title": invariant.title,
        "objective": invariant.stated.objective,
        "severity": invariant.stated.severity.value,
        "side": invariant.stated.side,
        "repair": invariant.repair,
    }


def _proof_document(proof: Proof, shown: Shown) -> dict[str, Any]:
    return {
        **_stated(proof.invariant),
        "verdict": proof.verdict.value,
        "smallest_repair": _repair_document(shown.repairs.get((proof.invariant.id, ""))),
        "gaps": list(proof.gaps),
        "groups": [
            {
                "accounts": list(each.group.accounts),
                "units": sorted({shown.units.get(one, "") for one in each.group.accounts}),
                "verdict": each.verdict.value,
                "why": each.why,
                "never": [asked_document(asked) for asked in each.never],
                "still": [asked_document(asked) for asked in each.still],
            }
            for each in proof.groups
        ],
        "resources": [],
    }


def _subjects_document(listed: Sequence[tuple[str, SubjectProof]], shown: Shown) -> dict[str, Any]:
    invariant = listed[0][1].invariant
    return {
        **_stated(invariant),
        "verdict": worst(each.verdict for _, each in listed).value,
        "smallest_repair": None,
        "gaps": [],
        "groups": [],
        "resources": [
            {
                "workload": workload,
                "resource": each.resource.id,
                "account": each.resource.origin.account,
                "verdict": each.verdict.value,
                "why": each.why,
                "holes": list(each.holes),
                "ways": [
                    {"way": one.way.name, "steps": [asked_document(asked) for asked in one.asked]}
                    for one in each.ways
                    if one.found is not Found.NONE
                ],
                "smallest_repair": _repair_document(shown.repairs.get((invariant.id, each.resource.id))),
            }
            for workload, each in listed
        ],
    }


def _repair_document(found: Repair | None) -> Mapping[str, Any] | None:
    if found is None:
        return None
    return {"change": found.change, "place": found.place, "statement": found.statement, "proved": True}


def _not_bound(organisation: Organisation) -> tuple[str, ...]:
    return (
        f"the management account {organisation.management}",
        "service-linked roles",
        "resources of services that resource control policies do not cover",
    )


def render(shown: Shown) -> RenderableType:
    """Return the proofs for a terminal."""
    return hanging(_lines(shown))


def _lines(shown: Shown) -> Iterator[RenderableType]:
    for proof in shown.proofs:
        yield _head(proof.verdict, proof.invariant)
        for group in proof.groups:
            yield from _group(proof, group, shown.units)
        yield from _repaired(proof.verdict, proof.invariant, shown.repairs.get((proof.invariant.id, "")))
    for listed in shown.by_invariant.values():
        yield from _subjects(listed, shown)
    yield Text()
    guardrails = shown.guardrails
    for kind, name in ((Kind.SCP, "service"), (Kind.RCP, "resource")):
        count = sum(each.policy.kind is kind for each in guardrails.found)
        yield Text(f"{count} {name} control {'policy' if count == 1 else 'policies'}; could not be read: ", end="")
        yield Text("; ".join(guardrails.gaps[kind]) or "nothing")
    counts = Counter(shown.verdicts.values())
    told = ", ".join(_told(counts[each], each) for each in Verdict if counts[each])
    yield Text(f"Of {len(shown.verdicts)} invariants over {len(shown.accounts)} member accounts: {told}", style="bold")
    for each in ASSUMPTIONS:
        yield Text(f"assuming that {each}", style="dim")
    yield Text(f"not bound: {'; '.join(_not_bound(shown.organisation))}", style="dim")


def _told(count: int, verdict: Verdict) -> str:
    return f"{count} {'fall' if verdict is Verdict.FALLS and count != 1 else verdict.value}"


def _head(verdict: Verdict, invariant: Invariant) -> Text:
    return Text.assemble(
        (verdict.value, f"bold {_STYLE[verdict]}"), f"  {invariant.title}", (f"  {invariant.id}", "dim")
    )


def _repaired(verdict: Verdict, invariant: Invariant, found: Repair | None) -> Iterator[Text]:
    if found is not None:
        yield Text(f"    smallest repair, proved: {found}", style="cyan")
    elif verdict is Verdict.FALLS and invariant.repair:
        yield Text(f"    repair: {invariant.repair}")


def _group(proof: Proof, group: GroupProof, units: Mapping[str, str]) -> Iterator[RenderableType]:
    if group.verdict is Verdict.PROVED:
        used = {str(each): None for asked in group.never for each in asked.answer.used}
        yield Text(f"    in {_accounts(group)} by {', '.join(used) or 'what no policy allows'}", style="dim")
        return
    yield Text(f"    in {_accounts(group)}: {group.verdict.value}{f': {group.why}' if group.why else ''}")
    for asked in group.never:
        yield from _never(asked, group, units)
    if group.verdict is Verdict.VACUOUS:
        for asked in group.still:
            if asked.answer.found is Found.NONE:
                closing = ", ".join(map(str, asked.answer.used))
                yield Text(f"      nobody can do what must still be possible, by {closing}")
    if group.verdict is Verdict.UNDETERMINED:
        for each in proof.gaps:
            yield Text(f"      could not be read: {each}", style="yellow")


def _never(asked: Asked, group: GroupProof, units: Mapping[str, str]) -> Iterator[RenderableType]:
    if asked.answer.request is not None:
        yield from request_lines(asked)
        account = group.group.accounts[0]
        binding = dict.fromkeys(
            f"{each.file}:{each.statements[0].line}"
            for level in group.group.levels
            for each in level
            if each.file != FULL_ACCESS[each.kind].file and each.statements
        )
        said = f"in account {account} (unit {units.get(account, '?')})"
        closing = f"no Deny of what binds it covers it: {', '.join(binding)}" if binding else "no policy binds it"
        yield Text(f"      {said}, as {closing}")
    elif asked.answer.found is Found.UNDETERMINED:
        yield Text(f"      {asked.answer.why}", style="yellow")


def _accounts(group: GroupProof) -> str:
    named = ", ".join(group.group.accounts[:5])
    more = len(group.group.accounts) - 5
    return f"{named} and {more} more" if more > 0 else named


def _subjects(listed: Sequence[tuple[str, SubjectProof]], shown: Shown) -> Iterator[RenderableType]:
    invariant = listed[0][1].invariant
    counts = Counter(each.verdict for _, each in listed)
    yield _head(worst(counts), invariant)
    told = ", ".join(_told(counts[each], each) for each in Verdict if counts[each])
    yield Text(f"    of {len(listed)} resources: {told}", style="dim")
    for workload, each in listed:
        if each.verdict not in (Verdict.PROVED, Verdict.NOT_ABOUT):
            where = f"{each.resource.name} of {workload} ({each.resource.origin.position})"
            yield Text(f"    {where}: {each.verdict.value}{f': {each.why}' if each.why else ''}")
            for hole in each.holes:
                yield Text(f"      not known: {hole}", style="yellow")
            for one in each.ways[:_WAYS_TOLD]:
                yield from _way(one)
            if len(each.ways) > _WAYS_TOLD:
                names = ", ".join(one.way.name for one in each.ways[_WAYS_TOLD:] if one.way.name)
                yield Text(f"      and by {names}", style="dim")
            found = shown.repairs.get((invariant.id, each.resource.id))
            yield from _repaired(each.verdict, invariant, found)


def _way(walked: Walked) -> Iterator[RenderableType]:
    if walked.way.name:
        yield Text(f"      by {walked.way.name}:")
    for asked in walked.asked:
        yield from request_lines(asked)
        for statement in because(asked):
            yield Text(f"        by {statement}", style="dim")
