"""assay schema KIND: JSON Schemas for editors."""

from typing import Annotated

import typer


def command(kind: Annotated[str, typer.Argument(help="Document kind; without it, the kinds are listed.")] = "") -> None:
    """Print the JSON Schema (2020-12) of a governance document, for editors and other tools."""
    import json

    from assay.errors import UsageError, nearest
    from assay.governance.schemas import KINDS, schema

    if not kind:
        for each in KINDS:
            typer.echo(each)
        return
    if kind not in KINDS:
        raise UsageError(f"no document kind {kind!r}; {nearest(kind, KINDS) or 'known: ' + ', '.join(KINDS)}")
    typer.echo(json.dumps(schema(kind), indent=2))
