"""assay collect --out DIR: live accounts into a snapshot."""

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.cli.output import Listing

if TYPE_CHECKING:
    from assay.operations.collect import Wish


def command(
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            help="Folder to write; one that an unfinished run has begun is gone on with.",
            show_default=False,
        ),
    ] = None,
    account: Annotated[
        list[str] | None, typer.Option(help="Account to read; repeatable. Default: the one of the credentials.")
    ] = None,
    organisation: Annotated[bool, typer.Option("--organisation", help="Read every account of the organisation.")] = (
        False
    ),
    role: Annotated[str, typer.Option(help="Name of the role to assume in other accounts.")] = "",
    external_id: Annotated[str, typer.Option(help="External id that the role demands.")] = "",
    region: Annotated[
        list[str] | None, typer.Option(help="Region to read; repeatable. Default: all that are enabled in an account.")
    ] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option("--type", help="Resource type to read; repeatable. Default: the whole catalogue."),
    ] = None,
    fallback: Annotated[
        list[str] | None, typer.Option(help="Type outside of the catalogue, to be read by Cloud Control; repeatable.")
    ] = None,
    finish: Annotated[
        bool, typer.Option("--finish", help="Read nothing more: make a snapshot of what was read, with gaps.")
    ] = False,
    workers: Annotated[int, typer.Option(min=1, max=128, help="How much is read at once.")] = 16,
    catalogue: Annotated[
        bool, typer.Option("--catalogue", help="Read nothing: list the types, and which properties are read.")
    ] = False,
    policy: Annotated[
        bool,
        typer.Option(
            "--policy", help="Read nothing: print the IAM policies that the collector needs; with --out, a file each."
        ),
    ] = False,
    form: Annotated[Listing, typer.Option("--format", "-f", help="Form of the answer.")] = Listing.TEXT,
) -> None:
    """Read live accounts into a snapshot, with read-only calls. Assessing it needs no credentials.

    What is denied, throttled or disabled is unknown, with the reason, and nothing else is. A run that was cut off goes
    on where it stopped. Secrets are replaced before anything is written.

    Exit code: 0 read whole, 2 nothing could be read or the run was cut off, 3 read with gaps.
    """
    from assay.errors import UsageError

    if external_id and not role:
        raise UsageError("--external-id is about a role; add --role")
    if catalogue or policy:
        _describe(kind or (), fallback or (), form, out if policy else None, policy=policy)
        return
    if out is None:
        raise UsageError("where to? add --out DIR")

    from assay.operations.collect import Wish
    from assay.sources.aws.identities import Role

    wish = Wish(
        accounts=tuple(account or ()),
        role=Role(role, external_id) if role else None,
        regions=tuple(region or ()),
        types=tuple(kind or ()),
        fallback=tuple(fallback or ()),
        organisation=organisation,
        finish=finish,
        workers=workers,
    )
    _collect(wish, out, form)


def _collect(wish: "Wish", out: Path, form: Listing) -> None:
    import functools

    from assay.cli.output import progress, show
    from assay.operations.collect import collect
    from assay.operations.stand_ins import STAND_IN
    from assay.reports import collection as report
    from assay.reports.redaction import redacted

    hide = functools.partial(redacted, instead=STAND_IN)
    with progress("collecting", "units") as told:
        found = collect(wish, out, hide, progress=told)
    said = (found.manifest, str(out), found.requests, found.disabled, found.continued)
    show(form, report.document(*said), report.text(*said))
    raise typer.Exit(3 if found.manifest.gaps else 0)


def _describe(types: Sequence[str], fallback: Sequence[str], form: Listing, out: Path | None, *, policy: bool) -> None:
    from assay.cli.output import put, show, write
    from assay.operations.collect import catalogue, permissions
    from assay.reports import collection as report

    if not policy:
        found = catalogue(types)
        show(form, report.catalogue_document(found), report.catalogue(found))
        return
    needed = permissions(types, fallback)
    if out is not None:
        with contextlib.suppress(FileExistsError):
            out.mkdir(parents=True)  # what cannot be written is said file by file
        for number, each in enumerate(needed, 1):
            write(out / f"collector-{number}.json", report.policies_text([each]))
    elif form is Listing.JSON:
        show(form, report.policies_document(needed), "")
    else:
        put(report.policies_text(needed))
