"""assay init DIR: a governance repository that works, to change from there."""

from pathlib import Path
from typing import Annotated

import typer


def command(directory: Annotated[Path, typer.Argument(help="Folder to make; must be new or empty.")]) -> None:
    """Scaffold a governance repository that `assay assess` answers for at once."""
    from assay.governance.scaffold import scaffold

    for path in scaffold(directory):
        typer.echo(f"wrote {path}")
    typer.echo(f"Next: assay assess {directory}")
