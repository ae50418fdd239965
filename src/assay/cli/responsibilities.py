"""assay responsibilities [SERVICE]: which duties are the provider's, the customer's, shared."""

from typing import Annotated

import typer

from assay.cli.catalogue import Directory, Form
from assay.cli.output import AsOf, Listing


def command(
    service: Annotated[str, typer.Argument(help="Name of a service, as in AWS::<name>::…; without it, all.")] = "",
    directory: Directory = None,
    form: Form = Listing.TEXT,
    as_of: AsOf = "",
) -> None:
    """List the services with whose duty is what, or show one with the objectives that each duty belongs to.

    With a repository also the audit reports of the provider that back its part, and whether they are in force.
    """
    from assay.cli.output import moment, show
    from assay.governance.knowledge import knowledge, reports_of, services_matching
    from assay.reports import responsibilities

    known = knowledge(directory)
    register, found, reports = known.register, services_matching(known, service), reports_of(known)
    today = moment(as_of).date()
    if service:
        shown = responsibilities.render_one(register, found[0], reports, today)
    else:
        shown = responsibilities.render(register, found, reports)
    show(form, responsibilities.document(register, found, reports, today), shown)
