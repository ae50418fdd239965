"""assay judge SNAPSHOT: every resource of an organisation, however many there are."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assay.cli.output import AsOf, Listing

if TYPE_CHECKING:
    from assay.operations.scale.judging import Judgement
    from assay.operations.scale.summary import Answer


def command(
    snapshot: Annotated[Path, typer.Argument(help="A snapshot, as `assay collect` and `assay snapshot` write it.")],
    governance: Annotated[Path, typer.Option("--repository", "-C", help="The governance repository.")] = Path(),
    results: Annotated[
        Path, typer.Option("--results", "-r", help="Folder that keeps the verdicts; what is in it is not judged again.")
    ] = Path("results"),
    workload: Annotated[
        list[str] | None, typer.Option("--workload", "-w", help="Sum up this workload only; repeatable.")
    ] = None,
    stage: Annotated[str, typer.Option(help="Stage to sum up; default: the furthest one of each workload.")] = "",
    processes: Annotated[int, typer.Option(min=0, help="Processes on this machine; 0: one for each processor.")] = 0,
    scheduler: Annotated[
        str, typer.Option(help="Use the workers of this dask scheduler: tcp://host:8786.", show_default=False)
    ] = "",
    form: Annotated[Listing, typer.Option("--format", "-f", help="Form of the answer.")] = Listing.TEXT,
    as_of: AsOf = "",
) -> None:
    """Judge every resource of a snapshot, however many there are, and sum it up by workload and objective.

    A run that is ended goes on where it stopped; after a change, only what it affects is judged again.

    Exit code: 0 all met, 1 something is not met, 2 a file is wrong, 3 something could not be decided or assessed.
    """
    from assay.cli.output import finish, moment, progress, show
    from assay.operations.scale import Options
    from assay.operations.scale.judging import judge_snapshot

    with progress("judging", "resources") as told:
        options = Options(processes=processes, scheduler=scheduler, told=told)
        found = judge_snapshot(
            governance, snapshot, results, options, now=moment(as_of), stage=stage, workloads=workload or ()
        )
    show(form, document(found), "\n".join(_lines(found)))
    finish(found.verdict)


def document(found: "Judgement") -> dict[str, Any]:
    """Return the answer as JSON; see docs/scale.md."""
    from assay.operations.scale.plan import FORMAT

    run = found.run
    return {
        "format": FORMAT,
        "as_of": found.as_of.isoformat(timespec="seconds"),
        "snapshot": found.snapshot.manifest.digest,
        "rules": run.rules.digest,
        "results": str(run.store.directory),
        "complete": run.complete,
        "verdict": found.verdict.value,
        "counts": asdict(found.counts),
        "resources": run.resources,
        "judged": sum(each.judged for each in run.fresh),
        "answers": [_answer(each) for each in found.answers],
        "failed": [
            {"accounts": list(each.accounts), "resources": each.rows, "attempts": each.attempts, "why": each.why}
            for each in run.failed
        ],
    }


def _answer(answer: "Answer") -> dict[str, Any]:
    return {
        "workload": answer.workload,
        "stage": answer.stage,
        "accounts": list(answer.accounts),
        "resources": answer.resources,
        "verdict": answer.verdict.value,
        "counts": asdict(answer.counts),
        "objectives": [
            {
                "id": each.objective,
                "applies": each.applicability.applies,
                "verdict": each.verdict.value,
                "reason": each.reason,
                "counts": asdict(each.counts),
                "controls": {one.control: asdict(one.counts) for one in each.controls if one.counts.total},
            }
            for each in answer.objectives
        ],
    }


def _lines(found: "Judgement") -> Iterator[str]:
    from assay.assessment.verdicts import Verdict

    run = found.run
    judged = sum(each.judged for each in run.fresh)
    yield f"{run.resources:,} resources, {judged:,} of them judged now; the verdicts are in {run.store.directory}"
    for each in found.answers:
        where = f" at {each.stage}" if each.workload else ""
        accounts = f"{len(each.accounts)} account{'' if len(each.accounts) == 1 else 's'}"
        yield ""
        yield f"{each.workload or found.repository.organisation.name}{where}: {each.verdict.value.replace('_', ' ')}"
        yield f"  {each.counts} of {each.resources:,} resources in {accounts}"
        asked = [one for one in each.objectives if one.applicability.applies is not False]
        unknown = sum(one.verdict is Verdict.UNKNOWN for one in asked)
        yield f"  {unknown} of {len(asked)} objectives unknown"
        worst = sorted((one for one in each.objectives if one.counts.not_met), key=lambda one: -one.counts.not_met)
        yield from (f"  {one.verdict.value.replace('_', ' ')}: {one.objective}: {one.counts}" for one in worst[:10])
        if len(worst) > 10:
            more = f"{len(worst) - 10} more objective{'' if len(worst) == 11 else 's'}"
            yield f"  and {more} of which something is not met: --format json has all"
        if each.workload and each.counts.not_met:
            where = f"{found.repository.directory} --snapshot {found.snapshot.directory}"
            yield f"  why, resource by resource: assay assess {where} -w {each.workload}"
    for lost in run.failed:
        yield ""
        accounts = ", ".join(lost.accounts[:5]) + (
            f" and {len(lost.accounts) - 5} more" if len(lost.accounts) > 5 else ""
        )
        tried = f"tried {lost.attempts} time{'' if lost.attempts == 1 else 's'}"
        yield f"could not be assessed: {lost.rows:,} resources of {accounts} ({tried}): {lost.why}"
