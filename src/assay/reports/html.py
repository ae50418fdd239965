"""One self-contained page: no script, no font, no image from anywhere; light and dark, narrow and wide, printable."""

from collections import Counter
from collections.abc import Mapping, Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from assay.assessment.verdicts import Verdict
from assay.governance.model import Domain, Scope
from assay.reports.context import ObjectiveRow, ReportContext, Section, gathered

BAR_ORDER = (
    Verdict.MET,
    Verdict.INHERITED,
    Verdict.EXCEPTED,
    Verdict.UNKNOWN,
    Verdict.PARTLY_MET,
    Verdict.NOT_MET,
)
_ATTENTION = (Verdict.NOT_MET, Verdict.UNKNOWN, Verdict.EXCEPTED)


def render(context: ReportContext) -> str:
    """Return the page."""
    environment = Environment(
        loader=PackageLoader("assay.reports"),
        autoescape=select_autoescape(default=True, default_for_string=True),  # names come from strangers' templates
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["words"] = lambda text: str(text).replace("_", " ")
    return environment.get_template("report.html.j2").render(
        context=context,
        tally=tally,
        by_domain=by_domain,
        attention=list(gathered(row for row in context.rows if row.effective in _ATTENTION)),
        matrix=matrix(context),
        bar_order=BAR_ORDER,
        Verdict=Verdict,
    )


def tally(section: Section) -> Sequence[tuple[Verdict, int]]:
    """Return the number of applicable objectives by verdict, in the order of the bar, zeros left out."""
    counted = Counter(each.verdict for each in section.applicable)
    return [(verdict, counted[verdict]) for verdict in BAR_ORDER if counted[verdict]]


def by_domain(section: Section) -> Mapping[Domain, Sequence[ObjectiveRow]]:
    """Return the applicable objectives of every domain, domains without any included, those to act on first."""
    grouped: dict[Domain, list[ObjectiveRow]] = {domain: [] for domain in Domain}
    for row in section.applicable:
        grouped[Domain(row.domain)].append(row)
    for rows in grouped.values():
        rows.sort(key=lambda row: (row.verdict.passes, row.verdict is Verdict.NOT_APPLICABLE, row.id))
    return grouped


def matrix(context: ReportContext) -> Sequence[tuple[Domain, Sequence[tuple[str, int, Mapping[Verdict, int]]]]]:
    """Return domain × section: (section name, objectives that apply, how many have which verdict).

    A domain without any objective stays a row, so that a hole is seen (it is shown red).
    """
    rows = []
    for domain in Domain:
        cells = []
        for section in context.sections:
            wanted = [
                each
                for each in section.applicable
                if each.domain == domain and (section.id or each.scope == Scope.ORGANISATION)
            ]
            cells.append((section.id or "organisation", len(wanted), Counter(each.verdict for each in wanted)))
        rows.append((domain, cells))
    return rows
