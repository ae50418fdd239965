"""assay policy: questions about IAM policies, answered with a request that gets through or with a proof."""

import enum
from pathlib import Path
from typing import Annotated, Any

import typer

from assay.cli.output import Listing

commands = typer.Typer(help="IAM policies: what they allow, proved or shown by a request.", no_args_is_help=True)


class PolicyKind(enum.StrEnum):
    """Kinds of policies."""

    IDENTITY = "identity"
    RESOURCE = "resource"
    SCP = "scp"
    RCP = "rcp"
    BOUNDARY = "boundary"
    SESSION = "session"
    ENDPOINT = "endpoint"


class CheckFormat(enum.StrEnum):
    """Forms of what `policy check` answers."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"


Form = Annotated[Listing, typer.Option("--format", "-f", help="Form of the answer.")]
KindOption = Annotated[
    PolicyKind | None,
    typer.Option("--kind", "-k", help="Kind of policy; default: resource when it names principals, else identity."),
]


@commands.callback()
def group() -> None:
    """IAM policies."""


@commands.command("check")
def check_policies(
    files: Annotated[list[Path], typer.Argument(help="Policy documents, or folders of them.")],
    kind: KindOption = None,
    grants: Annotated[
        list[str] | None, typer.Option(help="Ask whether it allows this action or pattern; repeatable.")
    ] = None,
    on: Annotated[str, typer.Option(help="The resource that --grants is about; default: any.")] = "",
    within: Annotated[
        list[Path] | None,
        typer.Option(help="A policy that must allow --grants as well: a boundary, an SCP of each level; repeatable."),
    ] = None,
    organisation: Annotated[str, typer.Option(help="Ask about access from outside of this organisation (o-…).")] = "",
    account: Annotated[list[str] | None, typer.Option(help="An account that is inside; repeatable.")] = None,
    form: Annotated[CheckFormat, typer.Option("--format", "-f", help="Form of the answer.")] = CheckFormat.TEXT,
) -> None:
    """Find what AWS would refuse or ignore in policies, and the access that they give.

    Resource policies are always asked whether they let everybody in. Exit code: 0 nothing wrong and no such access,
    1 AWS would refuse a policy or the access exists, 2 a file cannot be read, 3 undetermined.
    """
    from assay.cli.output import show, working
    from assay.operations import policy as operation
    from assay.reports import policy as report

    ask = operation.Questions(tuple(grants or ()), on, tuple(within or ()), organisation, tuple(account or ()))
    with working("checking policies"):
        checked = operation.check(files, _kind(kind), ask)
    if form is CheckFormat.SARIF:
        typer.echo(report.sarif(checked), nl=False)
    else:
        show(Listing(form.value), report.checks_document(checked), report.checks(checked))
    failed = any(each.fails for each in checked)
    raise typer.Exit(1 if failed else 3 if any(each.undetermined for each in checked) else 0)


@commands.command("diff")
def compare_policies(
    before: Annotated[Path, typer.Argument(help="The policy as it is.")],
    after: Annotated[Path, typer.Argument(help="The policy as it is to be.")],
    kind: KindOption = None,
    form: Form = Listing.TEXT,
) -> None:
    """Show what one policy allows that the other does not, each direction with an example request.

    Exit code: 0 equal, 1 different, 2 a file is wrong, 3 undetermined.
    """
    from assay.cli.output import show, working
    from assay.operations import policy as operation
    from assay.permissions.questions import Comparison
    from assay.reports import policy as report

    with working("comparing policies"):
        compared = operation.compare(before, after, _kind(kind))
    show(form, report.difference_document(compared), report.difference(compared))
    raise typer.Exit({Comparison.EQUAL: 0, Comparison.UNDETERMINED: 3}.get(compared.comparison, 1))


@commands.command("explain")
def explain_request(
    request: Annotated[Path, typer.Argument(help="A request file; docs/permissions.md describes it.")],
    form: Form = Listing.TEXT,
) -> None:
    """Decide one request by all policies that apply to it, with the statements that decide.

    Exit code: 0 allowed, 1 denied, 2 a file is wrong, 3 undetermined.
    """
    from assay.cli.output import show
    from assay.operations import policy as operation
    from assay.permissions.evaluate import Outcome
    from assay.reports import policy as report

    case, decision = operation.explain(request)
    show(form, report.decision_document(case, decision), report.decision(case, decision))
    raise typer.Exit({Outcome.ALLOWED: 0, Outcome.DENIED: 1, Outcome.UNDETERMINED: 3}[decision.outcome])


@commands.command("minimise")
def minimise_policy(
    file: Annotated[Path, typer.Argument(help="The policy document.")],
    kind: KindOption = None,
    form: Form = Listing.TEXT,
) -> None:
    """Find statements and conditions that change nothing, and show the policy without them.

    Exit code: 0 nothing is superfluous, 1 something is, 2 the file is wrong, 3 undetermined.
    """
    from assay.cli.output import show, working
    from assay.operations import policy as operation
    from assay.reports import policy as report

    with working("minimising"):
        result = operation.minimise(file, _kind(kind))
    show(form, report.minimised_document(result), report.minimised(result))
    raise typer.Exit(1 if result.superfluous else 3 if result.undecided else 0)


def _kind(kind: PolicyKind | None) -> Any:
    from assay.permissions.policy import Kind

    return Kind(kind.value) if kind else None
