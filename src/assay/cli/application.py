"""The commands, in the order in which `assay --help` lists them. A command's work is imported only when it runs."""

import inspect

import typer

from assay.cli import (
    assess,
    catalogue,
    check,
    collect,
    coverage,
    decisions,
    drift,
    explain,
    export,
    framework,
    guardrail,
    history,
    init,
    judge,
    ledger,
    policy,
    prove,
    reference,
    report,
    responsibilities,
    schema,
    scope,
    send,
    snapshot,
    verify,
)

application = typer.Typer(
    name="assay",
    help="Are this workload's security control objectives met, are they the right ones, and how do we know?",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)

application.command("check")(check.command)
application.command("assess")(assess.command)
application.command("judge")(judge.command)
application.command("report")(report.command)
application.command("collect")(collect.command)
application.command("explain")(explain.command)
application.command("controls")(catalogue.controls)
application.command("objectives")(catalogue.objectives)
application.command("coverage")(coverage.command)
application.command("responsibilities")(responsibilities.command)
application.command("scope")(scope.command)
application.command("verify")(verify.command)
application.command("history")(history.command)
application.command("decisions")(decisions.command)
application.command("prove")(prove.command)
application.command("drift")(drift.command)
application.command("reference")(reference.command)
application.command("init")(init.command)
application.command("schema")(schema.command)
application.add_typer(decisions.deciding, name="decide")
application.add_typer(export.commands, name="export")
application.add_typer(framework.commands, name="framework")
application.add_typer(guardrail.commands, name="guardrail")
application.add_typer(ledger.commands, name="ledger")
application.add_typer(policy.commands, name="policy")
application.add_typer(send.commands, name="send")
application.add_typer(snapshot.commands, name="snapshot")


def _flow(commands: typer.Typer) -> None:
    """Let help wrap where the terminal ends: typer keeps the line ends of a docstring's later paragraphs."""
    for command in commands.registered_commands:
        paragraphs = (inspect.getdoc(command.callback) or "").split("\n\n")
        command.help = "\n\n".join(paragraph.replace("\n", " ") for paragraph in paragraphs)
    for group in commands.registered_groups:
        if group.typer_instance is not None:
            _flow(group.typer_instance)


_flow(application)


@application.callback(invoke_without_command=True)
def options(
    context: typer.Context,
    version: bool = typer.Option(False, "--version", help="Print the version and exit."),
) -> None:
    """Options of assay itself."""
    if version:
        from assay import __version__

        typer.echo(__version__)
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
