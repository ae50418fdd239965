"""The answer for one workload as a walk along the chain: for people (terminal) and as JSON."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text
from rich.tree import Tree

from assay.assessment.chain import Link
from assay.assessment.explanation import Explanation
from assay.assessment.objectives import ObjectiveResult
from assay.assessment.verdicts import Verdict
from assay.reports.terminal import hanging, one_line
from assay.reports.text import word

FORMAT = "assay.explanation/1"
_SPELLED_OUT = 4  # evaluations per control and requirements per objective; the rest is counted


def render(answer: Explanation) -> RenderableType:
    """Return the explanation for a terminal."""
    return hanging(_parts(answer))


def _parts(answer: Explanation) -> Iterator[RenderableType]:
    workload = answer.workload
    yield Text.assemble((f"{workload.id}: {workload.title}", "bold underline"), f"  at stage {answer.stage}")
    yield Text(workload.purpose, style="dim")
    yield Text(f"owner {workload.owner}; tier {workload.tier}; exposure {workload.exposure}; {_drivers(answer)}")
    yield Text()
    yield Text.assemble("Are its objectives met? ", word(answer.verdict))
    yield from _met(answer)
    yield from _chains(answer)
    yield from _right(answer)
    yield from _broken(answer)
    yield from _unread(answer)


def _drivers(answer: Explanation) -> str:
    named = {
        "data": answer.workload.data_classes,
        "jurisdictions": answer.workload.jurisdictions,
        "contracts": answer.workload.contracts,
    }
    said = [f"{name} {', '.join(values)}" for name, values in named.items() if values]
    return "; ".join(said) or "no drivers declared"


def _met(answer: Explanation) -> Iterator[RenderableType]:
    groups: dict[Verdict, list[ObjectiveResult]] = {}
    for result, _ in answer.answers:
        groups.setdefault(result.verdict, []).append(result)
    for verdict in Verdict:
        if verdict in groups:
            count = len(groups[verdict])
            yield Text.assemble(f"  {count:3} of {len(answer.answers)} applicable objectives: ", word(verdict))
    if answer.excluded:
        yield Text(f"  {len(answer.excluded)} more do not apply; their rules are listed at the end", style="dim")


def _chains(answer: Explanation) -> Iterator[RenderableType]:
    order = sorted(answer.answers, key=lambda each: (each[0].verdict.passes, each[0].verdict != Verdict.NOT_MET))
    detailed = len(answer.answers) == 1
    for result, link in order:
        quiet = result.verdict.passes and not detailed and not any(link.breaks())
        if not quiet:
            yield Text()
            yield _tree(result, link, detailed)
    calm = [result.objective for result, link in order if result.verdict.passes and not any(link.breaks())]
    if calm and not detailed:
        yield Text()
        yield Text("Whole and calm: " + ", ".join(calm), style="dim")


def _tree(result: ObjectiveResult, link: Link, detailed: bool) -> RenderableType:
    tree = Tree(Text.assemble(word(result.verdict), "  ", (link.subject, "bold"), f"  {link.detail}"))
    tree.add(Text.assemble(("applies because ", "dim"), result.applicability.rule))
    tree.add(Text.assemble(("answer ", "dim"), result.reason, (f"; examined to depth: {result.depth}", "dim")))
    if link.broken:
        tree.add(Text(f"broken link: {link.broken}", style="bold yellow"))
    behind = [each for each in link.children if each.kind in ("requirement", "threat")]
    limit = len(behind) if detailed else _SPELLED_OUT
    for each in behind[:limit]:
        tree.add(_line(each))
    if behind[limit:]:
        tree.add(Text(f"… {len(behind) - limit} more requirements and threats", style="dim"))
    for each in link.children:
        if each.kind in ("control", "invariant"):
            _add_control(tree, each, detailed)
        elif each.kind == "attestation":
            tree.add(_line(each))
        elif each.kind == "provider" and (detailed or any(each.breaks())):
            _add_provider(tree, each)
    return tree


def _add_provider(tree: Tree, link: Link) -> None:
    branch = tree.add(_line(link))
    for each in link.children:
        branch.add(_line(each))


def _add_control(tree: Tree, link: Link, detailed: bool) -> None:
    telling = (
        link.children
        if detailed
        else [each for each in link.children if not each.detail.startswith(("met", "not applicable"))]
    )
    if all(each.kind == "reach" for each in telling) and not detailed:
        return
    branch = tree.add(_line(link))
    limit = len(telling) if detailed else _SPELLED_OUT
    for each in telling[:limit]:
        branch.add(_line(each))
    if telling[limit:]:
        branch.add(Text(f"… {len(telling) - limit} more", style="dim"))


def _line(link: Link) -> Text:
    text = Text.assemble((f"{link.kind} ", "dim"), one_line(link.subject))
    if link.detail:
        text.append(one_line(f"  {link.detail}"), style="dim")
    if link.broken:
        text.append(one_line(f"  broken link: {link.broken}"), style="yellow")
    return text


def _right(answer: Explanation) -> Iterator[RenderableType]:
    kinds: dict[str, list[str]] = {}
    for each in answer.inappropriate:
        place = f" ({each.position})" if each.position.file else ""
        kinds.setdefault(each.kind, []).append(f"{each.subject}: {each.message}{place}")
    yield Text()
    found = "not entirely" if kinds else "nothing speaks against it"
    yield Text.assemble("Are they the right ones? ", (found, "yellow" if kinds else "green"))
    for kind, messages in kinds.items():
        yield Text(f"  {kind.replace('_', ' ')} ({len(messages)})", style="yellow")
        for message in messages:
            yield Padding(Text(message), (0, 0, 0, 4))
    for result in answer.excluded:
        yield Text(f"  does not apply: {result.objective}  ({result.applicability.rule})", style="dim")


def _broken(answer: Explanation) -> Iterator[RenderableType]:
    if answer.broken:
        yield Text()
        yield Text("Links that lead nowhere:", style="bold yellow")
        for link in answer.broken:
            yield Text(f"  {link.detail}")


def _unread(answer: Explanation) -> Iterator[RenderableType]:
    inventory = answer.inventory
    for fault in inventory.faults:
        yield Text(one_line(f"could not be read: {fault}"), style="red")
    for gap in inventory.gaps:
        yield Text(one_line(f"not read: {gap.subject}: {gap.reason}"), style="yellow")
    for name, why in inventory.absent:
        yield Text(one_line(f"not created: {name}: {why}"), style="dim")


def document(answer: Explanation) -> Mapping[str, Any]:
    """Return the explanation as plain JSON values."""
    return {
        "format": FORMAT,
        "workload": answer.workload.id,
        "stage": answer.stage,
        "as_of": answer.assessment.as_of.isoformat(),
        "verdict": answer.verdict,
        "objectives": [
            {
                "objective": result.objective,
                "verdict": result.verdict,
                "applies": result.applicability.applies,
                "rule": result.applicability.rule,
                "reason": result.reason,
                "depth": result.depth,
                "provider": result.provider or None,
                "chain": _link(link),
                "broken": [
                    {"kind": each.kind, "subject": each.subject, "broken": each.broken} for each in link.breaks()
                ],
            }
            for result, link in answer.answers
        ],
        "not_applicable": [{"objective": each.objective, "rule": each.applicability.rule} for each in answer.excluded],
        "appropriateness": [
            {"kind": each.kind, "subject": each.subject, "message": each.message} for each in answer.inappropriate
        ],
        "broken": [_link(each) for each in answer.broken],
    }


def _link(link: Link) -> Mapping[str, Any]:
    return {
        "kind": link.kind,
        "subject": link.subject,
        "detail": link.detail,
        "broken": link.broken or None,
        "children": [_link(each) for each in link.children],
    }
