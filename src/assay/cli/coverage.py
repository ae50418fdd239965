"""assay coverage: how much of what is demanded has an answer."""

from assay.cli.catalogue import Directory, Form
from assay.cli.output import Listing


def command(directory: Directory = None, form: Form = Listing.TEXT) -> None:
    """Show what is covered per framework, domain and resource type, and first of all what is not.

    With a repository also which resources of its workloads no control looks at.
    """
    from assay.cli.output import moment, show, working
    from assay.operations.coverage import cover
    from assay.reports import coverage

    with working("looking at what is covered"):
        survey = cover(directory, moment("").date())
    show(form, coverage.document(survey), coverage.render(survey))
