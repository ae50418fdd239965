"""The terminal form, for the engineer at 17:00: worst first, each with its line, the reason and the fix.

Returns rich renderables; the command line decides about width and colour.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from assay.assessment.verdicts import Method, Verdict
from assay.reports import terminal
from assay.reports.context import ObjectiveRow, ReportContext, Row, Section, gathered
from assay.reports.terminal import one_line

STYLE = {
    Verdict.MET: "green",
    Verdict.INHERITED: "green",
    Verdict.NOT_APPLICABLE: "dim",
    Verdict.EXCEPTED: "magenta",
    Verdict.UNKNOWN: "yellow",
    Verdict.PARTLY_MET: "red",
    Verdict.NOT_MET: "bold red",
}
_SEVERITY_STYLE = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "cyan"}


def word(verdict: Verdict) -> Text:
    """Return the verdict as people read it, coloured."""
    return Text(verdict.replace("_", " "), style=STYLE[verdict])


def render(context: ReportContext, *, limit: int = 20) -> RenderableType:
    """Return the whole report. At most `limit` findings of each section are spelled out; the rest are counted."""
    parts = _check(context, limit) if context.kind == "check" else _assessment(context, limit)
    return Group(*parts)


def plain(context: ReportContext, *, limit: int = 20, width: int = 120) -> str:
    """Return the whole report as text without colours."""
    return terminal.plain(render(context, limit=limit), width)


def _check(context: ReportContext, limit: int) -> Iterator[RenderableType]:
    section = context.sections[0]
    yield from _faults(section)
    yield from _findings(context.rows, limit)
    yield from _unread(section)
    if context.unjudged:
        named = ", ".join(
            f"{kind} ({count})" for kind, count in sorted(context.unjudged.items(), key=lambda each: -each[1])
        )
        yield Text(one_line(f"No control looks at: {named}"), style="dim")
    yield Text()
    yield _summary(
        context.verdict,
        f"{context.counts}; {_many(section.resources, 'resource')}, {_many(len(context.controls), 'control')}",
    )


def _assessment(context: ReportContext, limit: int) -> Iterator[RenderableType]:
    yield Text.assemble(("Security control objectives of ", "bold"), (context.subject, "bold"))
    yield Text(f"as of {context.as_of:%Y-%m-%d %H:%M} UTC, Assay {context.version}", style="dim")
    yield Text()
    yield _overview(context)
    for section in context.sections:
        yield from _section(section, limit)
    yield from _appropriateness(context)
    yield from _outside(context, limit)
    yield Text()
    yield _summary(context.verdict, f"{context.counts} (evaluations over all workloads)")


def _outside(context: ReportContext, limit: int) -> Iterator[RenderableType]:
    if context.outside:
        count = sum(each.resources for each in context.outside)
        yield Text()
        yield Text(f"{_many(count, 'deployed resource')} of no workload", style="bold")
    for each in context.outside[:limit]:
        where = " ".join(part for part in (each.account or "no account", each.region) if part)
        yield Text(one_line(f"  {where}: {each.resources}; {each.why}"), style="yellow")
    if len(context.outside) > limit:
        yield Text(f"  … and {len(context.outside) - limit} more places; --limit 0 shows all", style="dim")


def _overview(context: ReportContext) -> RenderableType:
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, header_style="bold")  # fits 80 columns
    for name, justify in (("workload", "left"), ("stage", "left"), ("answer", "left")):
        table.add_column(name, justify=justify, no_wrap=name != "answer")  # type: ignore[arg-type]  # rich's literal
    for name in ("met", "inherited", "not met", "unknown", "excepted", "n/a", "resources"):
        table.add_column(name, justify="right", no_wrap=name != "not met")
    for section in context.sections:
        tally = Counter(each.verdict for each in section.objectives)
        table.add_row(
            section.id or "organisation",
            section.stage,
            word(section.verdict),
            str(tally[Verdict.MET]),
            str(tally[Verdict.INHERITED]),
            str(tally[Verdict.NOT_MET] + tally[Verdict.PARTLY_MET]),
            str(tally[Verdict.UNKNOWN]),
            str(tally[Verdict.EXCEPTED]),
            str(tally[Verdict.NOT_APPLICABLE]),
            str(section.resources),
        )
    return Group(Text("Objectives by answer", style="dim"), table)


def _section(section: Section, limit: int) -> Iterator[RenderableType]:
    yield Text()
    title = section.title if not section.id else f"{section.id}: {section.title}"
    facts = ", ".join(
        filter(None, (section.stage, section.tier and f"tier {section.tier}", section.exposure, section.owner))
    )
    yield Text.assemble((title, "bold underline"), f"  {facts}")
    yield from _faults(section)
    pending = [each for each in section.applicable if not each.verdict.passes]
    own = [each for each in pending if each.provider != "organisation"]
    if own:
        yield _objectives(own)
    if len(pending) > len(own):
        waiting = ", ".join(each.id for each in pending if each.provider == "organisation")
        yield Text(f"{len(pending) - len(own)} more wait for the organisation: {waiting}", style="dim")
    passing = len(section.applicable) - len(pending)
    yield Text(f"{passing} of {len(section.applicable)} applicable objectives need nothing now", style="dim")
    yield from _findings(section.rows, limit)
    yield from _unread(section)
    kinds = Counter(each.kind for each in section.inappropriate)
    if kinds:
        named = ", ".join(f"{count} × {kind.replace('_', ' ')}" for kind, count in sorted(kinds.items()))
        hint = f" (assay explain {section.id})" if section.id else ""
        yield Text(f"Appropriateness: {named}{hint}", style="yellow")


def _objectives(rows: Sequence[ObjectiveRow]) -> RenderableType:
    table = Table(box=None, pad_edge=False, show_header=False)
    for row in rows:
        table.add_row(word(row.verdict), row.id, Text(row.reason, style="dim"))
    return Padding(table, (0, 0, 0, 2))


def _findings(rows: Sequence[Row], limit: int) -> Iterator[RenderableType]:
    open_rows = [each for each in rows if each.effective in (Verdict.NOT_MET, Verdict.UNKNOWN, Verdict.EXCEPTED)]
    shown = list(gathered(open_rows))
    shown.sort(key=lambda row: (row.effective is not Verdict.NOT_MET, _SEVERITIES.index(row.severity), row.position))
    for row in shown[:limit]:
        yield _finding(row)
    if len(shown) > limit:
        rest = Counter(row.effective.replace("_", " ") for row in shown[limit:])
        named = ", ".join(f"{count} {name}" for name, count in rest.items())
        yield Text(f"… and {len(shown) - limit} more ({named}); --limit 0 shows all", style="dim")


_SEVERITIES = tuple(_SEVERITY_STYLE)


def _finding(row: Row) -> RenderableType:
    head = Text.assemble(
        (one_line(f"{row.position}"), "bold"),
        "  ",
        word(row.effective),
        "  ",
        (row.severity, _SEVERITY_STYLE[row.severity]),
        "  ",
        row.control,
        (f"  {row.method}" if row.method != Method.EXAMINED else "", "dim"),
    )
    said = [Text(one_line(f"{row.name} ({row.type}): {row.title}"))]
    if row.explanation:
        said.append(Text(one_line(f"because {row.explanation}"), style="dim"))
    if row.exception:
        said.append(Text(f"exception {row.exception} is laid over: {row.verdict.replace('_', ' ')}", style="magenta"))
    elif row.effective is Verdict.NOT_MET:
        said.append(Text(f"fix: {row.remedy}", style="cyan"))
    return Group(Text(), head, Padding(Group(*said), (0, 0, 0, 2)))


def _faults(section: Section) -> Iterator[RenderableType]:
    for fault in section.faults:
        yield Text(one_line(f"error: {fault}"), style="red")


def _unread(section: Section) -> Iterator[RenderableType]:
    for stranger in section.unrecognised:
        said = f"{stranger.position}  {stranger.message} (AWS refuses it at deployment)"
        yield Text(one_line(said), style="yellow")
    for gap in section.gaps:
        yield Text(one_line(f"not read: {gap.subject}: {gap.reason}"), style="yellow")
    for name, why in section.absent:
        yield Text(one_line(f"not created: {name}: {why}"), style="dim")


def _appropriateness(context: ReportContext) -> Iterator[RenderableType]:
    if context.inappropriate:
        yield Text()
        yield Text("Are they the right objectives?", style="bold underline")
        kinds: dict[str, list[str]] = {}
        for each in context.inappropriate:
            kinds.setdefault(each.kind, []).append(f"{each.subject}: {each.message}")
        for kind, messages in kinds.items():
            yield Text(f"{len(messages)} × {kind.replace('_', ' ')}", style="yellow")
            for message in messages[:3]:
                yield Text(f"  {message}")
            if len(messages) > 3:
                yield Text(f"  … and {len(messages) - 3} more", style="dim")
    for loosened in context.loosenings:
        said = f"{loosened.control}.{loosened.parameter} is {loosened.value}, the catalogue says {loosened.default}"
        yield Text(f"loosened: {said} ({loosened.position})", style="yellow")
    for exception, live in context.exceptions:
        if not live:
            said = f"approved {exception.approved}, expires {exception.expires}"
            yield Text(f"exception {exception.id} is not in force ({said})", style="yellow")


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _summary(verdict: Verdict, figures: str) -> RenderableType:
    return Text.assemble("Answer: ", word(verdict), f"; {figures}")
