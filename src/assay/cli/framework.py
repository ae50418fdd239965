"""assay framework: what the organisation is held to, how much of it is answered, and its official texts."""

from pathlib import Path
from typing import Annotated

import typer

from assay.cli.catalogue import Directory, Form
from assay.cli.output import Listing

commands = typer.Typer(help="Frameworks: coverage, and import of their texts.", no_args_is_help=True)


@commands.callback()
def group() -> None:
    """Frameworks."""


@commands.command("show")
def show_framework(
    name: Annotated[str, typer.Argument(help="Id of a framework to show; without it, all are listed.")] = "",
    directory: Directory = None,
    gaps: Annotated[bool, typer.Option("--gaps", help="Only the requirements that nothing answers.")] = False,
    form: Form = Listing.TEXT,
) -> None:
    """List the frameworks with their coverage, or show one: each requirement and what answers it."""
    from assay.cli.output import show
    from assay.governance.knowledge import frameworks_matching, knowledge
    from assay.reports import reference

    known = knowledge(directory)
    found = frameworks_matching(known, name)
    document = [reference.framework_document(known, each) for each in found]
    rendered = reference.framework(known, found[0], gaps=gaps) if name else reference.framework_table(known, found)
    show(form, document, rendered)


@commands.command("import")
def import_catalogue(
    file: Annotated[Path, typer.Argument(help="OSCAL catalogue or profile, JSON.")],
    name: Annotated[str, typer.Option("--as", help="Id of the framework that the texts belong to.")],
    directory: Annotated[Path, typer.Option("--repository", "-C", help="The governance repository.")] = Path(),
) -> None:
    """Read the requirement texts of an OSCAL catalogue or profile into the governance repository."""
    from assay.governance.framework_import import import_into

    result = import_into(file, name, directory)
    withdrawn = f", {result.withdrawn} of them withdrawn" if result.withdrawn else ""
    typer.echo(f"wrote {result.path}: {result.count} requirements{withdrawn}")
    if result.framework:
        typer.echo(f"wrote {result.framework}: nothing answers its requirements yet; adopt it in organisation.yaml")
