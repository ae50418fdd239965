"""assay controls, assay objectives: list what is known, or show one."""

import json as json_form
from pathlib import Path
from typing import Annotated

import typer

Directory = Annotated[
    Path | None, typer.Option("--repository", help="A governance repository; default: the catalogue alone.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def controls(
    name: Annotated[str, typer.Argument(help="Id of a control to show; without it, all are listed.")] = "",
    directory: Directory = None,
    resource: Annotated[str, typer.Option(help="Only controls of this resource type.")] = "",
    as_json: Json = False,
) -> None:
    """List the controls, or show one with its expression, examples and remedy."""
    from assay.operations.catalogue import control_document, controls_matching, knowledge
    from assay.reports import reference

    known = knowledge(directory)
    found = controls_matching(known, name, resource)
    if as_json:
        typer.echo(json_form.dumps([control_document(known, each) for each in found], indent=2))
    elif name:
        _print(reference.control(known, found[0]))
    else:
        _print(reference.control_table(known, found))


def objectives(
    name: Annotated[str, typer.Argument(help="Id of an objective to show; without it, all are listed.")] = "",
    directory: Directory = None,
    as_json: Json = False,
) -> None:
    """List the control objectives by domain, or show one with the requirements, threats and controls around it."""
    from assay.operations.catalogue import knowledge, objective_document, objectives_matching
    from assay.reports import reference

    known = knowledge(directory)
    found = objectives_matching(known, name)
    if as_json:
        typer.echo(json_form.dumps([objective_document(known, each) for each in found], indent=2))
    elif name:
        _print(reference.objective(known, found[0]))
    else:
        _print(reference.objective_table(known, found))


def _print(renderable: object) -> None:
    from assay.cli.output import console

    console().print(renderable)
