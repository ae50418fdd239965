"""assay check PATH…: the pipeline gate."""

from pathlib import Path
from typing import Annotated

import typer

from assay.cli.output import AsOf, Format


def command(
    paths: Annotated[
        list[Path],
        typer.Argument(
            help="Templates, Terraform plans written by `terraform show -json`, files of AWS Config, answers of Cloud "
            "Control, or folders of them.",
            show_default=False,
        ),
    ],
    parameter: Annotated[
        list[str] | None, typer.Option("--parameter", "-p", metavar="NAME=VALUE", help="Value of a template parameter.")
    ] = None,
    account: Annotated[
        str,
        typer.Option(
            help="Account id that AWS::AccountId stands for, and that a plan and descriptions of resources are of."
        ),
    ] = "",
    region: Annotated[
        str,
        typer.Option(help="Region that AWS::Region stands for, and that a plan and descriptions of resources are of."),
    ] = "",
    repository: Annotated[
        Path | None,
        typer.Option(
            "--repository", "-C", help="Governance repository whose controls, parameters and exceptions count."
        ),
    ] = None,
    workload: Annotated[
        str, typer.Option("--workload", "-w", help="The workload whose exceptions count; with --repository.")
    ] = "",
    stage: Annotated[str, typer.Option(help="The stage whose exceptions count; with --repository.")] = "",
    control: Annotated[
        list[str] | None, typer.Option("--control", "-c", help="Judge with this control only; repeatable.")
    ] = None,
    severity: Annotated[
        str, typer.Option(help="Judge only with controls at least this severe: critical, high, medium or low.")
    ] = "low",
    form: Annotated[Format, typer.Option("--format", "-f", help="Form of the report.")] = Format.TEXT,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write the report to a file.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write the HTML page as well.")] = None,
    limit: Annotated[int, typer.Option(min=0, help="Findings to spell out in text; 0 for all.")] = 20,
    ledger: Annotated[
        str, typer.Option(help="Append the run, and what the gate decides, to this ledger.", show_default=False)
    ] = "",
    key: Annotated[Path | None, typer.Option(help="Private key of the ledger; default: LEDGER.key.")] = None,
    run: Annotated[
        str, typer.Option(help="Id of the run in the ledger; tried again with the same id, it is there once.")
    ] = "",
    as_of: AsOf = "",
) -> None:
    """Judge templates, Terraform plans and recorded live resources; no governance repository needed.

    Exit code: 0 all met, 1 something is not met, 2 a file is wrong, 3 something could not be decided.
    """
    from assay.cli.output import emit, finish, moment, working, write
    from assay.errors import UsageError
    from assay.operations.check import Selection, check
    from assay.reports import context
    from assay.sources.cloudformation import Context

    if (workload or stage) and repository is None:
        raise UsageError("--workload and --stage say whose exceptions of a repository count; add --repository")
    if (key or run) and not ledger:
        raise UsageError("--key and --run are about a ledger; add --ledger")
    given = Context(parameters=assignments(parameter or []), account=account, region=region)
    selection = Selection(tuple(control or ()), severity, repository, workload, stage)
    recorded = ""
    with working("reading and judging"):
        if ledger:
            from assay.cli.ledger import open_book, receipt_text
            from assay.operations.evidence import check_and_record

            book = open_book(ledger, key, run)
            found, receipt = check_and_record(paths, given, selection, book, now=moment(as_of))
            recorded = receipt_text(receipt, ledger)
        else:
            found = check(paths, given, selection, now=moment(as_of))
        report = context.from_check(found)
    emit(report, form, output, limit)
    if html:
        from assay.reports import html as page

        write(html, page.render(report))
    if recorded:
        typer.echo(recorded, err=True)
    finish(report.verdict, faulty=bool(report.faults))


def assignments(given: list[str]) -> dict[str, str]:
    """Return NAME=VALUE pairs as a mapping. Raises UsageError on anything else, and on two values for one name."""
    from assay.errors import UsageError

    found: dict[str, str] = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not name or not equals:
            raise UsageError(f"--parameter {each!r}: expected NAME=VALUE")
        if found.setdefault(name, value) != value:
            raise UsageError(f"--parameter {name} is given as {found[name]!r} and as {value!r}; leave one out")
    return found
