"""Decisions, shown: what was decided about what, by which rule, why, and whether it comes out the same again."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Column, Table
from rich.text import Text

from assay.reports.terminal import one_line

FORMAT = "assay.decisions/1"
_STYLES = {
    **dict.fromkeys(("accepted", "granted", "open", "reproduced"), "green"),
    **dict.fromkeys(("refused", "closed", "differs"), "bold red"),
    **dict.fromkeys(("undetermined", "rule unknown"), "yellow"),
}


def document(several: Sequence[Mapping[str, Any]], ledger: str) -> dict[str, Any]:
    """Return decisions as JSON."""
    return {"format": FORMAT, "ledger": ledger, "decisions": [dict(each) for each in several]}


def table(several: Sequence[Mapping[str, Any]]) -> Table | Text:
    """Return decisions as a table, oldest first."""
    if not several:
        return Text("no decisions")
    columns = ("from", "what", "about", "outcome", "by", "rule", "again", "why")
    found = Table(*(Column(each, overflow="fold") for each in columns), box=None, pad_edge=False)
    for each in several:
        found.add_row(
            one_line(str(each["effective"])[:10]),
            one_line(str(each["what"])),
            one_line(str(each["subject"])),
            _styled(each["outcome"]),
            one_line(str(each["by"])),
            one_line(f"{each['rule']}/{each['version']}"),
            _styled(each["again"] or "–"),
            one_line(each["why"] or "; ".join(each["reasons"])),
        )
    return found


def _styled(word: str) -> Text:
    return Text(one_line(word), style=_STYLES.get(word, ""))
