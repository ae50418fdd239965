"""assay guardrail plan and probe: the guardrails that an organisation needs, compiled, proved, and tried."""

from pathlib import Path
from typing import Annotated

import typer

from assay.cli.output import Listing


def plan(
    directory: Annotated[Path, typer.Argument(help="The governance repository.")] = Path(),
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="New folder for the policies, a template, the plan and the requests to try."),
    ] = None,
    state: Annotated[
        str, typer.Option(help="Compile what is at this state or further: observe, warn or enforce.")
    ] = "enforce",
    snapshot: Annotated[
        Path | None,
        typer.Option(help="Compare with what a snapshot says is attached, and with its roles; default: the templates."),
    ] = None,
    ledger: Annotated[
        str,
        typer.Option(help="Refuse what no granted step in this ledger is for: a folder or bucket.", show_default=False),
    ] = "",
    promotions: Annotated[
        Path | None,
        typer.Option(help="The same by a file that `assay guardrail replay --record` wrote.", show_default=False),
    ] = None,
    form: Annotated[Listing, typer.Option("--format", "-f", help="Form of the answer.")] = Listing.TEXT,
) -> None:
    """Compile the invariants of a governance repository into SCPs, RCPs and EC2 policies for its tree of units.

    Packed under AWS's quotas, proved to say what the invariants say, compared with what is attached today,
    with the roles and users that would lose something. Exit code: 0 it can be attached; 1 it forbids too much, or a
    quota or a step that was not granted stands in the way; 2 a file is wrong; 3 undetermined.
    """
    from assay.cli.output import show, working
    from assay.operations.guardrail import plan_guardrails, write_plan
    from assay.operations.promoting import granted_by
    from assay.permissions.proof import Verdict
    from assay.permissions.questions import Comparison
    from assay.reports import guardrail as report

    granted = granted_by(ledger, promotions)
    with working("compiling guardrails"):
        planned = plan_guardrails(directory, state, snapshot, granted)
    made, ground = planned.plan, planned.ground
    said = (made, ground.organisation, ground.units, planned.held, planned.changes, planned.losses)
    if out is not None:
        probes = report.probes_document(made, ground.organisation, ground.units)
        write_plan(made, report.document(*said), probes, out)
    show(form, report.document(*said), report.render(*said))
    compared = {difference.comparison for _, difference in made.equal}
    wrong = compared - {Comparison.EQUAL, Comparison.UNDETERMINED}
    if wrong or made.troubles or any(each.verdict is Verdict.VACUOUS for each in made.proofs):
        raise typer.Exit(1)
    unsure = Comparison.UNDETERMINED in compared or any(each.verdict is Verdict.UNDETERMINED for each in made.proofs)
    raise typer.Exit(3 if unsure else 0)


def probe(
    folder: Annotated[Path, typer.Argument(help="Folder that `assay guardrail plan --out` wrote.")],
    form: Annotated[Listing, typer.Option("--format", "-f", help="Form of the answer.")] = Listing.TEXT,
) -> None:
    """Try the requests of a plan against the policies in its folder, as they are now.

    Exit code: 0 every request is decided as stated, 1 one is not, 2 a file is wrong.
    """
    from assay.cli.output import show
    from assay.permissions.compiler.probe_file import read_probes
    from assay.permissions.compiler.probing import try_probes
    from assay.reports import guardrail as report

    read = read_probes(folder)
    results = list(try_probes(read.probes, read.guardrails, read.units))
    show(form, report.tried_document(results), report.tried(results))
    raise typer.Exit(0 if results and all(each.is_right for each in results) else 1)
