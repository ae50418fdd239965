"""assay explain WORKLOAD [OBJECTIVE]: walk the chain and name every broken link."""

from pathlib import Path
from typing import Annotated

import typer


def command(
    workload: Annotated[str, typer.Argument(help="Id of the workload.")],
    objective: Annotated[str, typer.Argument(help="Id of an objective; without it, all that apply.")] = "",
    directory: Annotated[Path, typer.Option("--repository", "-C", help="The governance repository.")] = Path(),
    stage: Annotated[str, typer.Option(help="Stage; default: the workload's furthest one.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the chain as JSON.")] = False,
) -> None:
    """Answer for one workload: met or not, right or not, why, and what is missing, link by link."""
    import datetime
    import json

    from assay.cli.output import console, finish
    from assay.operations.explain import explain
    from assay.reports import chain

    now = datetime.datetime.now(datetime.UTC)
    answer = explain(directory, workload, objective, stage=stage, now=now)
    if as_json:
        typer.echo(json.dumps(chain.document(answer), indent=2, ensure_ascii=False))
    else:
        console().print(chain.render(answer))
    finish(answer.verdict, faulty=not answer.inventory.complete)
