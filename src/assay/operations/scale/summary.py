"""What a run says: how many resources each control is met by, account by account, from the rows that were kept."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from assay.assessment.shards import VERDICTS, Rules
from assay.assessment.verdicts import Counts, Verdict
from assay.inventory.snapshot.engine import connect, quoted
from assay.operations.scale.run import Run


@dataclass(frozen=True, slots=True)
class Tally:
    """How many evaluations of one control in one account have which verdict."""

    account: str
    control: str
    verdict: Verdict
    count: int


def tallies(run: Run) -> Iterator[Tally]:
    """Yield the verdicts of a run, counted."""
    files = ", ".join(quoted(run.store.parquet(each.name)) for each in run.done)
    if not files:
        return
    with connect() as connection:
        found = connection.execute(
            f"SELECT account, type, answers, count(*) FROM read_parquet([{files}]) WHERE answers <> '' GROUP BY ALL"
        ).fetchall()
    counted: dict[tuple[str, str, str], int] = defaultdict(int)
    for account, kind, answers, count in found:
        for compiled, code in zip(run.rules.controls[kind], answers, strict=True):
            counted[account, compiled.control.id, code] += count
    for (account, control, code), count in counted.items():
        if code in VERDICTS:
            yield Tally(account, control, VERDICTS[code], count)


def totals(run: Run) -> Counts:
    """Return all verdicts of a run, without exceptions laid over them."""
    counted = dict.fromkeys(VERDICTS.values(), 0)
    for each in tallies(run):
        counted[each.verdict] += each.count
    return Counts(**{verdict.value: count for verdict, count in counted.items()})
