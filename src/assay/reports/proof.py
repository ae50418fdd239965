"""What the guardrails prove: for the terminal and as JSON."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.text import Text

from assay.permissions.guardrails import Guardrails
from assay.permissions.policy import Kind
from assay.permissions.proof import GroupProof, Proof, Verdict
from assay.permissions.questions import Asked
from assay.permissions.request import Organisation
from assay.permissions.solve import Found
from assay.reports.policy import asked_document, request_lines

FORMAT: Final = "assay.proof/1"
_STYLE: Final = {
    Verdict.PROVED: "green",
    Verdict.FALLS: "red",
    Verdict.VACUOUS: "red",
    Verdict.UNDETERMINED: "yellow",
}
ASSUMPTIONS: Final = (
    "FullAWSAccess is attached at every level, as AWS attaches it",
    "every identity and resource policy may allow everything: only guardrails are asked",
    "no other guardrail is attached than the platform's templates declare; more of them could only forbid more",
)


def document(
    proofs: Sequence[Proof], guardrails: Guardrails, organisation: Organisation, accounts: Sequence[str]
) -> Mapping[str, Any]:
    """Return the proofs as plain JSON values."""
    return {
        "format": FORMAT,
        "organisation": organisation.id,
        "reach": {"accounts": list(accounts), "not_bound": list(_not_bound(organisation))},
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
        "invariants": [_proof_document(each) for each in proofs],
    }


def _proof_document(proof: Proof) -> Mapping[str, Any]:
    return {
        "id": proof.invariant.id,
        "title": proof.invariant.title,
        "verdict": proof.verdict.value,
        "repair": proof.invariant.repair,
        "gaps": list(proof.gaps),
        "groups": [
            {
                "accounts": list(each.group.accounts),
                "verdict": each.verdict.value,
                "never": [asked_document(asked) for asked in each.never],
                "still": [asked_document(asked) for asked in each.still],
            }
            for each in proof.groups
        ],
    }


def _not_bound(organisation: Organisation) -> tuple[str, ...]:
    return (
        f"the management account {organisation.management}",
        "service-linked roles",
        "resources of services that resource control policies do not cover",
    )


def render(
    proofs: Sequence[Proof], guardrails: Guardrails, organisation: Organisation, accounts: Sequence[str]
) -> RenderableType:
    """Return the proofs for a terminal."""
    return Group(*_lines(proofs, guardrails, organisation, accounts))


def _lines(
    proofs: Sequence[Proof], guardrails: Guardrails, organisation: Organisation, accounts: Sequence[str]
) -> Iterator[RenderableType]:
    for proof in proofs:
        yield Text.assemble((proof.verdict.value, f"bold {_STYLE[proof.verdict]}"), f"  {proof.invariant.title}")
        for group in proof.groups:
            yield from _group(proof, group)
        if proof.verdict is Verdict.FALLS and proof.invariant.repair:
            yield Text(f"    repair: {proof.invariant.repair}")
    yield Text()
    for kind, name in ((Kind.SCP, "service"), (Kind.RCP, "resource")):
        count = sum(each.policy.kind is kind for each in guardrails.found)
        yield Text(f"{count} {name} control {'policy' if count == 1 else 'policies'}; could not be read: ", end="")
        yield Text("; ".join(guardrails.gaps[kind]) or "nothing")
    counts = {each: sum(proof.verdict is each for proof in proofs) for each in Verdict}
    told = ", ".join(f"{count} {each.value}" for each, count in counts.items() if count)
    yield Text(f"Of {len(proofs)} invariants over {len(accounts)} member accounts: {told}", style="bold")
    for each in ASSUMPTIONS:
        yield Text(f"assuming that {each}", style="dim")
    yield Text(f"not bound: {'; '.join(_not_bound(organisation))}", style="dim")


def _group(proof: Proof, group: GroupProof) -> Iterator[RenderableType]:
    if group.verdict is Verdict.PROVED:
        used = {str(each): None for asked in group.never for each in asked.answer.used}
        yield Text(f"    in {_accounts(group)} by {', '.join(used) or 'what no policy allows'}", style="dim")
        return
    yield Text(f"    in {_accounts(group)}: {group.verdict.value}")
    for asked in group.never:
        yield from _never(asked)
    if group.verdict is Verdict.VACUOUS:
        for asked in group.still:
            if asked.answer.found is Found.NONE:
                closing = ", ".join(map(str, asked.answer.used))
                yield Text(f"      nobody can do what must still be possible, by {closing}")
    if group.verdict is Verdict.UNDETERMINED:
        for each in proof.gaps:
            yield Text(f"      could not be read: {each}", style="yellow")


def _never(asked: Asked) -> Iterator[RenderableType]:
    if asked.answer.request is not None:
        yield from request_lines(asked)
        yield Text("      as no Deny of these levels covers it")
    elif asked.answer.found is Found.UNDETERMINED:
        yield Text(f"      {asked.answer.why}", style="yellow")


def _accounts(group: GroupProof) -> str:
    named = ", ".join(group.group.accounts[:5])
    more = len(group.group.accounts) - 5
    return f"{named} and {more} more" if more > 0 else named
