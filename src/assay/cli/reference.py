"""assay reference DIR: the objectives, controls and frameworks as pages to browse."""

from pathlib import Path
from typing import Annotated

import typer

from assay.cli.catalogue import Directory


def command(
    target: Annotated[Path, typer.Argument(help="Folder to write the Markdown pages to.")],
    directory: Directory = None,
) -> None:
    """Write one Markdown page per objective, control and framework, with examples and crosswalks."""
    from assay.governance.knowledge import knowledge
    from assay.operations.reference import write_pages
    from assay.reports.pages import pages

    found = dict(pages(knowledge(directory)))
    written, deleted = write_pages(found, target)
    typer.echo(f"{target}: {len(found)} pages, {written} written, {deleted} stale ones deleted")
