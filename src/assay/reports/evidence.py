"""The ledger and its verification, shown."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from assay.ledger.verify import State, Verification

_COLUMNS = ("when", "run", "ended", "records", "verdicts", "not reached")
_STYLES = {State.PASSED: "green", State.FAILED: "bold red", State.NOT_CHECKED: "yellow"}


def runs_table(runs: Sequence[Mapping[str, Any]]) -> Table:
    """Return the runs as a table, oldest first."""
    table = Table(*_COLUMNS, box=None, pad_edge=False)
    for each in runs:
        counts = ", ".join(f"{count} {verdict.replace('_', ' ')}" for verdict, count in each["counts"].items())
        missing = "; ".join(f"{one['subject']}: {one['reason']}" for one in each["not_reached"])
        table.add_row(each["recorded"], each["run"], each["status"], str(each["records"]), counts, missing)
    return table


def attestations_table(attestations: Sequence[Mapping[str, Any]]) -> Table:
    """Return what persons have stated as a table, oldest first."""
    table = Table("standing", "about", "statement", "by", "observed", "until", box=None, pad_edge=False)
    for each in attestations:
        about = " of ".join(str(value) for value in each["about"].values())
        table.add_row(each["standing"], about, each["statement"], each["by"], each["observed"], each["valid_until"])
    return table


def verification_text(found: Verification) -> Text:
    """Return the steps as numbered lines, and what they come to."""
    lines = [
        Text.assemble(
            f"{number:2}. ",
            (f"{each.state.replace('_', ' '):11}", _STYLES[each.state]),
            f" {each.name}: {each.detail.removeprefix(f'{each.name}: ')}",
        )
        for number, each in enumerate(found.steps, 1)
    ]
    return Text("\n").join([*lines, Text(conclusion(found))])


def conclusion(found: Verification) -> str:
    """Return what the steps come to in one sentence: wrong is not the same as unverifiable."""
    if found.wrong:
        return f"WRONG: {found.wrong.detail}"
    if found.open:
        return f"UNVERIFIABLE: {found.open.detail}"
    return "VERIFIED: everything that was asked for passed"


def verification_document(found: Verification) -> dict[str, Any]:
    """Return the steps as JSON."""
    steps = [
        {
            "number": number,
            "name": each.name,
            "state": each.state.value,
            "detail": each.detail,
            "subject": each.subject,
            "asked": each.asked,
        }
        for number, each in enumerate(found.steps, 1)
    ]
    verdict = "wrong" if found.wrong else "verified" if found.passed else "unverifiable"
    return {
        "format": "assay.verification/1",
        "conclusion": verdict,
        "first_wrong": found.wrong.subject if found.wrong else "",
        "steps": steps,
    }
