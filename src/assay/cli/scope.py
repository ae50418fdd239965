"""assay scope PATH… or -C DIR: what could be a managed service, and whose duties would change."""

from pathlib import Path
from typing import Annotated

import typer

from assay.cli.output import Listing


def command(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Templates, plans, recordings, or folders of them.", show_default=False)
    ] = None,
    parameter: Annotated[
        list[str] | None, typer.Option("--parameter", "-p", metavar="NAME=VALUE", help="Value of a template parameter.")
    ] = None,
    repository: Annotated[
        Path | None,
        typer.Option("--repository", "-C", help="Governance repository: look at its workloads unless PATH is given."),
    ] = None,
    workload: Annotated[
        list[str] | None, typer.Option("--workload", "-w", help="Only this workload; repeatable; with --repository.")
    ] = None,
    stage: Annotated[str, typer.Option(help="Stage; default: the furthest one of each workload.")] = "",
    form: Annotated[Listing, typer.Option("--format", "-f", help="Form of the answer.")] = Listing.TEXT,
) -> None:
    """Find software that is run by oneself and could be had as a managed service, by evidence.

    Each with the line that proves it, the managed alternatives, and the customer's duties that go, stay and come.

    Exit code: 0 also when something is found, for it is advice; 2 when a file is wrong.
    """
    from assay.cli.check import assignments
    from assay.cli.output import show, working
    from assay.errors import UsageError
    from assay.operations.scope import scope_of_files, scope_of_repository
    from assay.reports import scope
    from assay.sources.cloudformation import Context

    if not paths and repository is None:
        raise UsageError("name templates, or a governance repository with --repository")
    if paths and (workload or stage):
        raise UsageError("--workload and --stage are of a repository's workloads; leave PATH out")
    with working("looking for self-managed software"):
        if paths:
            found = [scope_of_files(paths, Context(parameters=assignments(parameter or [])), repository)]
        else:
            assert repository is not None
            found = list(scope_of_repository(repository, workload or (), stage))
    sections = [(each.workload, each.findings) for each in found]
    show(form, scope.document(sections), scope.render(sections))
    if any(findings.inventory.faults for _, findings in sections):
        raise typer.Exit(2)
