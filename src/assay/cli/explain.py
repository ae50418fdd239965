"""assay explain WORKLOAD [OBJECTIVE]: walk the chain and name every broken link."""

from pathlib import Path
from typing import Annotated

import typer

from assay.cli.output import AsOf, Listing


def command(
    workload: Annotated[str, typer.Argument(help="Id of the workload.")],
    objective: Annotated[str, typer.Argument(help="Id of an objective; without it, all that apply.")] = "",
    directory: Annotated[Path, typer.Option("--repository", "-C", help="The governance repository.")] = Path(),
    stage: Annotated[str, typer.Option(help="Stage; default: the workload's furthest one.")] = "",
    form: Annotated[Listing, typer.Option("--format", "-f", help="Form of the answer.")] = Listing.TEXT,
    as_of: AsOf = "",
) -> None:
    """Answer for one workload: met or not, right or not, why, and what is missing, link by link.

    Exit code: 0 all met, 1 something is not met, 2 a file is wrong, 3 something could not be decided.
    """
    from assay.cli.output import finish, moment, show
    from assay.operations.explain import explain
    from assay.reports import chain

    answer = explain(directory, workload, objective, stage=stage, now=moment(as_of))
    show(form, chain.document(answer), chain.render(answer))
    finish(answer.verdict, faulty=bool(answer.inventory.faults))
