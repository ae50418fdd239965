"""assay controls, assay objectives: list what is known, show one, or test the examples of controls."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.cli.output import Listing

if TYPE_CHECKING:
    from assay.governance.compiled import CompiledControl

Directory = Annotated[
    Path | None, typer.Option("--repository", "-C", help="A governance repository; default: the catalogue alone.")
]
Form = Annotated[Listing, typer.Option("--format", "-f", help="Form of the listing.")]


def controls(
    name: Annotated[str, typer.Argument(help="Id of a control to show; without it, all are listed.")] = "",
    directory: Directory = None,
    resource: Annotated[str, typer.Option(help="Only controls of this resource type.")] = "",
    objective: Annotated[str, typer.Option(help="Only controls that serve this objective.")] = "",
    test: Annotated[
        bool, typer.Option("--test", help="Judge the examples of the controls; exit code 1 when one is not as it says.")
    ] = False,
    form: Form = Listing.TEXT,
) -> None:
    """List the controls, show one with its expression, examples and remedy, or test their examples."""
    from assay.cli.output import show
    from assay.governance.knowledge import controls_matching, knowledge
    from assay.reports import reference

    known = knowledge(directory)
    found = controls_matching(known, name, resource, objective)
    if test:
        _test(found)
        return
    document = [reference.control_document(known, each) for each in found]
    show(form, document, reference.control(known, found[0]) if name else reference.control_table(known, found))


def _test(found: "Sequence[CompiledControl]") -> None:
    from assay.operations.examples import complaints, surviving_mutants
    from assay.reports.terminal import one_line

    wrong = 0
    for compiled in found:
        said = [*complaints(compiled)]
        said += [f"no example notices this change {mutant}" for mutant in surviving_mutants(compiled)]
        for complaint in said:
            typer.echo(one_line(f"{compiled.control.position}: {compiled.control.id}: {complaint}"))
        wrong += bool(said)
    typer.echo(f"{len(found) - wrong} of {len(found)} controls do what their examples say")
    raise typer.Exit(bool(wrong))


def objectives(
    name: Annotated[str, typer.Argument(help="Id of an objective to show; without it, all are listed.")] = "",
    directory: Directory = None,
    form: Form = Listing.TEXT,
) -> None:
    """List the control objectives by domain, or show one with the requirements, threats and controls around it."""
    from assay.cli.output import show
    from assay.governance.knowledge import knowledge, objectives_matching
    from assay.reports import reference

    known = knowledge(directory)
    found = objectives_matching(known, name)
    document = [reference.objective_document(known, each) for each in found]
    show(form, document, reference.objective(known, found[0]) if name else reference.objective_table(known, found))
