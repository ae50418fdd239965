"""The plan of guardrails: for the terminal, as JSON, and the requests to try."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Column, Table
from rich.text import Text

from assay.permissions.compiler.changes import Change, Loss
from assay.permissions.compiler.plan import Attached, Plan, Probe
from assay.permissions.compiler.probing import Tried
from assay.permissions.compiler.reach import reach
from assay.permissions.guardrails import Guardrail
from assay.permissions.proof import Verdict
from assay.permissions.questions import Asked, Comparison
from assay.permissions.quotas import AS_OF, QUOTAS
from assay.permissions.request import Organisation, Request
from assay.permissions.solve import Found
from assay.reports.policy import asked_document, request_document, request_lines
from assay.reports.terminal import hanging

FORMAT: Final = "assay.guardrail-plan/1"
PROBES: Final = "assay.probes/1"
OUTSIDE: Final = (
    "access control lists of S3, grants of KMS and shares of RAM give access beside policies",
    "a sequence of calls may reach what no single call does",
)
"""What lies outside of the model of guardrails."""


# -- JSON --------------------------------------------------------------------------------------------------------------


def document(
    plan: Plan,
    organisation: Organisation,
    units: Mapping[str, str],
    held: Sequence[tuple[str, str]],
    changed: Sequence[Change],
    lost: Sequence[Loss],
) -> Mapping[str, Any]:
    """Return a plan as plain JSON values."""
    return {
        "format": FORMAT,
        "organisation": organisation.id,
        "management": organisation.management,
        "units": dict(sorted(units.items())),
        "quotas_as_of": AS_OF,
        "policies": [_policy(each, organisation, units) for each in plan.attached],
        "ec2_policies": [
            {"name": each.name, "nodes": list(each.nodes), "attributes": [one.id for one in each.attributes],
             "document": each.document}
            for each in plan.declared
        ],
        "packing": [
            {"policies": list(names), "comparison": difference.comparison.value} for names, difference in plan.equal
        ],
        "apart": [_apart(each) for each in plan.apart],
        "invariants": [
            {
                "id": proof.invariant.id,
                "groups": [
                    {"accounts": list(each.group.accounts), "verdict": each.verdict.value} for each in proof.groups
                ],
            }
            for proof in plan.proofs
        ],
        "probes": len(plan.probes),
        "not_enforced": [{"id": name, "state": state, "because": None} for name, state in held]
        + [{"id": name, "state": None, "because": why} for name, why in plan.left],
        "troubles": list(plan.troubles),
        "changes": [
            {
                "kind": each.kind.value,
                "accounts": list(each.accounts),
                "new": asked_document(each.new),
                "lost": asked_document(each.lost),
            }
            for each in changed
        ],
        "losses": [_loss(each) for each in lost],
        "outside": list(OUTSIDE),
    }  # fmt: skip


def _policy(attached: Attached, organisation: Organisation, units: Mapping[str, str]) -> Mapping[str, Any]:
    found = reach(attached.kind, attached.nodes, organisation, units)
    return {
        "name": attached.packed.name,
        "kind": attached.kind.value,
        "digest": attached.guardrail.digest,
        "file": f"policies/{attached.packed.name}.json",
        "nodes": list(attached.nodes),
        "characters": attached.packed.characters,
        "quota": QUOTAS[attached.kind].characters,
        "invariants": list(attached.packed.invariants),
        "reach": {"bound": list(found.bound), "unbound": list(found.unbound), "never": list(found.never)},
        "document": attached.packed.document,
    }


def _apart(apart: Guardrail) -> Mapping[str, Any]:
    return {
        "invariant": apart.name,
        "kind": apart.policy.kind.value,
        "digest": apart.digest,
        "file": f"invariants/{apart.name}.json",
        "nodes": sorted(apart.nodes),
    }


def _loss(loss: Loss) -> Mapping[str, Any]:
    resource = loss.identity.resource
    return {
        "identity": resource.name,
        "arn": loss.identity.arn or None,
        "account": loss.identity.account,
        "position": {"file": resource.origin.position.file, "line": resource.origin.position.line},
        "statement": loss.statement.sid,
        "certain": loss.certain,
        "example": asked_document(loss.asked),
    }


def probes_document(plan: Plan, organisation: Organisation, units: Mapping[str, str]) -> Mapping[str, Any]:
    """Return the requests to try, with all that deciding them needs but the policies themselves."""
    return {
        "format": PROBES,
        "organisation": {"id": organisation.id, "management": organisation.management},
        "units": dict(sorted(units.items())),
        "policies": [
            {"file": f"policies/{each.packed.name}.json", "kind": each.kind.value, "nodes": list(each.nodes)}
            for each in plan.attached
        ],
        "probes": [_probe(each, organisation) for each in plan.probes],
    }


def _probe(probe: Probe, organisation: Organisation) -> Mapping[str, Any]:
    request = probe.request
    stated = request_document(Request(request.caller, request.action, request.resource, request.context))
    return {
        "invariant": probe.invariant,
        "guardrails": probe.kind.value,
        "account": probe.account,
        "expected": "denied" if probe.denied else "allowed",
        "principal": stated["principal"],
        **({"role": request.caller.arn} if request.caller.session else {}),
        "action": stated["action"],
        "resource": stated["resource"],
        **({"resource_account": request.owner} if request.owner else {}),
        "context": {key: list(values) if len(values) > 1 else values[0] if values else None
                    for key, values in sorted(request.context.items()) if key not in request.known},
        "members": sorted(request.organisation.paths) if request.organisation else [],
    }  # fmt: skip


# -- text --------------------------------------------------------------------------------------------------------------


def render(
    plan: Plan,
    organisation: Organisation,
    units: Mapping[str, str],
    held: Sequence[tuple[str, str]],
    changed: Sequence[Change],
    lost: Sequence[Loss],
) -> RenderableType:
    """Return a plan for a terminal."""
    return hanging(
        (
            *_documents(plan, organisation, units),
            *_proved(plan, len(units)),
            *_changed(changed),
            *_lost(lost),
            *_not_enforced(plan, held),
        )
    )


def _documents(plan: Plan, organisation: Organisation, units: Mapping[str, str]) -> Iterator[RenderableType]:
    for each in plan.attached:
        size = f"{each.packed.characters:,} of {QUOTAS[each.kind].characters:,} characters"
        yield Text.assemble((each.packed.name, "bold"), f"  at {', '.join(each.nodes)}; {size}")
        yield Padding(Text(f"for {', '.join(each.packed.invariants)}", style="dim"), (0, 0, 0, 4))
        found = reach(each.kind, each.nodes, organisation, units)
        unbound = f"; not {', '.join(found.unbound)}" if found.unbound else ""
        bound = f"binds {len(found.bound)} of {len(units)} member accounts{unbound}; never {'; '.join(found.never)}"
        yield Padding(Text(bound, style="dim"), (0, 0, 0, 4))
    for declared in plan.declared:
        yield Text.assemble((declared.name, "bold"), f"  at {', '.join(declared.nodes)}; EC2 policy")
        yield Padding(Text("; ".join(each.title for each in declared.attributes), style="dim"), (0, 0, 0, 4))
    for trouble in plan.troubles:
        yield Text(f"cannot be attached: {trouble}", style="red")


_FINE: Final = (Verdict.PROVED, Verdict.NOT_ABOUT)


def _proved(plan: Plan, accounts: int) -> Iterator[RenderableType]:
    yield Text()
    for names, difference in plan.equal:
        right = difference.comparison is Comparison.EQUAL
        allow = "allows" if len(names) == 1 else "allow"
        said = f"{allow} exactly what the statements one by one do" if right else f"differ: {difference.comparison}"
        yield Text(f"{', '.join(names)} {said}", style="green" if right else "red")
    verdicts = [each.verdict for each in plan.proofs]
    proved = verdicts.count(Verdict.PROVED)
    aside = verdicts.count(Verdict.NOT_ABOUT)
    about = (
        f"{proved} of {len(verdicts) - aside} invariants are proved in all {accounts} member accounts under this plan"
    )
    yield Text(f"{about}; {aside} {'is' if aside == 1 else 'are'} about nothing that is there" if aside else about)
    for proof in plan.proofs:
        if proof.verdict not in _FINE:
            where = "; ".join(
                f"{each.verdict.value} in {', '.join(each.group.accounts)}"
                for each in proof.groups
                if each.verdict not in _FINE
            )
            yield Text(f"  {proof.invariant.id}: {where}", style="yellow")
    denied = sum(each.denied for each in plan.probes)
    yield Text(f"{len(plan.probes)} requests to try: {denied} that must be denied, {len(plan.probes) - denied} allowed")


def _changed(changed: Sequence[Change]) -> Iterator[RenderableType]:
    yield Text()
    yield Text("Against what is attached today", style="bold underline")
    for each in changed:
        some = ", ".join((*each.accounts[:3], *(["…"] if len(each.accounts) > 3 else [])))
        where = f"{each.kind}: {len(each.accounts)} accounts ({some})"
        if each.is_none:
            yield Text(f"{where}: nothing changes", style="green")
            continue
        yield Text(where)
        yield from _direction("become possible", each.new)
        yield from _direction("become impossible", each.lost)


def _direction(what: str, asked: Asked) -> Iterator[RenderableType]:
    if asked.answer.found is Found.YES:
        yield Text(f"  requests {what}, such as")
        yield from request_lines(asked)
    elif asked.answer.found is Found.UNDETERMINED:
        yield Text(f"  whether requests {what} is undetermined: {asked.answer.why}", style="yellow")
    else:
        yield Text(f"  no request {what.replace('become', 'becomes')}: proved", style="dim")


_MOST_LOSSES: Final = 25


def _lost(lost: Sequence[Loss]) -> Iterator[RenderableType]:
    if not lost:
        return
    yield Text()
    yield Text("Roles and users that lose something", style="bold underline")
    columns = (Column(overflow="fold", ratio=each) for each in (4, 6, 2, 8, 5))
    table = Table(*columns, box=None, pad_edge=False, show_header=False)
    for each in lost[:_MOST_LOSSES]:
        resource, request = each.identity.resource, each.asked.answer.request
        example = f"{request.action} on {request.resource}" if request else each.asked.answer.why
        table.add_row(
            f"{resource.name} ({each.identity.account})",
            str(resource.origin.position),
            "loses" if each.certain else "may lose",
            example,
            Text(f"by {each.statement.sid}", style="dim"),
        )
    yield table
    if len(lost) > _MOST_LOSSES:
        yield Text(f"… and {len(lost) - _MOST_LOSSES} more; --format json lists all", style="dim")


def _not_enforced(plan: Plan, held: Sequence[tuple[str, str]]) -> Iterator[RenderableType]:
    if held or plan.left:
        yield Text()
        yield Text("Not enforced by these guardrails", style="bold underline")
    for name, state in held:
        yield Text(f"{name}: its state is {state}", style="yellow")
    for name, why in plan.left:
        yield Text(f"{name}: {why}", style="dim")
    for each in OUTSIDE:
        yield Text(f"outside of this model: {each}", style="dim")


def tried(results: Sequence[Tried]) -> RenderableType:
    """Return the probes that were not decided as stated, and how many were, for a terminal."""
    lines: list[RenderableType] = []
    for each in results:
        if not each.is_right:
            request = each.probe.request
            lines.append(
                Text(f"{each.probe.invariant}: {each.decision.outcome}, expected {each.expected}", style="red")
            )
            lines.append(Text(f"  {request.caller} calls {request.action} on {request.resource}"))
            lines.append(Text(f"  {each.decision.why}; guardrails of {each.probe.account}"))
    right = sum(each.is_right for each in results)
    return hanging((*lines, Text(f"{right} of {len(results)} requests are decided as stated", style="bold")))


def tried_document(results: Sequence[Tried]) -> Mapping[str, Any]:
    """Return the decisions on probes as plain JSON values."""
    return {
        "format": "assay.tried-probes/1",
        "tried": len(results),
        "right": sum(each.is_right for each in results),
        "wrong": [
            {
                "invariant": each.probe.invariant,
                "account": each.probe.account,
                "expected": each.expected.value,
                "found": each.decision.outcome.value,
                "why": each.decision.why,
                "request": request_document(each.probe.request),
            }
            for each in results
            if not each.is_right
        ],
    }
