"""assay framework: what the organisation is held to."""

from pathlib import Path
from typing import Annotated

import typer

commands = typer.Typer(help="Frameworks: import the texts of a catalogue.", no_args_is_help=True)


@commands.callback()
def group() -> None:
    """Frameworks."""


@commands.command("import")
def import_catalogue(
    file: Annotated[Path, typer.Argument(help="OSCAL catalogue or profile, JSON.")],
    name: Annotated[str, typer.Option("--as", help="Id of the framework that the texts belong to.")],
    directory: Annotated[Path, typer.Option("--repository", help="The governance repository.")] = Path(),
) -> None:
    """Read the requirement texts of an OSCAL catalogue into the governance repository."""
    from assay.governance.framework_import import import_into

    result = import_into(file, name, directory)
    typer.echo(f"wrote {result.path}: {result.count} requirements")
