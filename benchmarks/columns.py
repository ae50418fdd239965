"""How fast the columnar form is: a million documents of five resource types, judged by every control of the catalogue.

    python benchmarks/columns.py [--resources 1000000] [--memory 2GB] [--interpreter 2000]

Making the documents is not counted. Reading them from Parquet, parsing their JSON and storing the answers is.
"""

import argparse
import collections
import datetime
import json
import os
import platform
import random
import resource
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import duckdb
from documents import TYPES

from assay.expressions import evaluate
from assay.expressions.columns import ASK, Engine, Query, Question
from assay.governance.compiled import CompiledControl
from assay.governance.repository import read_catalogue
from assay.inventory.values import Value, from_json

TODAY = datetime.date(2026, 11, 25)


def texts(kind: str, count: int) -> Iterator[str]:
    make, _ = TYPES[kind]
    chance = random.Random(f"assay {kind}")  # the same documents each time
    for _ in range(count):
        yield json.dumps(make(chance), separators=(",", ":"))


def prepare(folder: Path, total: int) -> dict[str, tuple[Path, int]]:
    """Write one Parquet file per type."""
    files = {}
    for kind, (_, share) in TYPES.items():
        count = round(total * share)
        lines, parquet = folder / "lines", folder / f"{kind.replace('::', '-')}.parquet"
        with lines.open("w") as out:
            for number, text in enumerate(texts(kind, count)):
                out.write(f"{kind}-{number}\x01{text}\n")
        form = "header=false, delim='\x01', quote='', escape='', columns={'id': 'VARCHAR', 'document': 'VARCHAR'}"
        source = f"read_csv('{lines}', {form})"
        duckdb.sql(f"COPY (SELECT * FROM {source}) TO '{parquet}'")
        lines.unlink()
        files[kind] = (parquet, count)
    return files


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def question(compiled: CompiledControl, params: Mapping[str, Value]) -> Question:
    return Question(
        compiled.control.id, compiled.require, compiled.unless, {"params": params, "today": TODAY.isoformat()}
    )


def interpreted(questions: Sequence[Question], kind: str, count: int) -> float:
    """Return how many verdicts the interpreter gives in a second, without reasons."""
    documents = [from_json(json.loads(text)) for text in texts(kind, count)]
    start = time.perf_counter()
    for document in documents:
        for each in questions:
            given = {"resource": document, **each.variables}
            if each.unless is None or evaluate(each.unless, given, explain=False).truth is False:
                evaluate(each.require, given, explain=False)
    return count * len(questions) / (time.perf_counter() - start)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--resources", type=int, default=1_000_000)
    parser.add_argument("--memory", default="2GB")
    parser.add_argument(
        "--interpreter", type=int, default=2_000, help="documents per type given to the interpreter too"
    )
    asked = parser.parse_args()
    catalogue = read_catalogue()
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, DuckDB {duckdb.__version__}"
    )
    verdicts = seconds = spent = 0.0
    with tempfile.TemporaryDirectory() as folder:
        files = prepare(Path(folder), asked.resources)
        size = sum(path.stat().st_size for path, _ in files.values())
        print(f"{asked.resources:,} documents, {size / 2**20:,.0f} MiB as Parquet")
        for kind, (path, count) in files.items():
            controls = [each for each in catalogue.controls.values() if each.control.resource == kind]
            params = {each.control.id: catalogue.params.get(each.control.id, {}) for each in controls}
            start, before = time.perf_counter(), cpu()
            query = Query([question(each, params[each.control.id]) for each in controls])
            with Engine(memory=asked.memory) as engine:
                engine.judge_table(query, f"SELECT id, document FROM '{path}'", "judged")
                took, used = time.perf_counter() - start, cpu() - before
                patterns = engine.connection.execute("SELECT answers, count(*) FROM judged GROUP BY answers").fetchall()
            tally: collections.Counter[str] = collections.Counter()
            for pattern, many in patterns:
                for each in query.questions:
                    answer = pattern[query.questions.index(each)]
                    if each.id not in query.interpreted:
                        tally[answer] += many
            compiled = [each for each in query.questions if each.id not in query.interpreted]
            here = count * len(compiled)
            verdicts, seconds, spent = verdicts + here, seconds + took, spent + used
            slow = interpreted(compiled, kind, asked.interpreter)
            print(
                f"{kind:26} {count:>9,} × {len(compiled):>2} controls {took:6.2f} s {used:6.2f} CPU s"
                f" {here / took:>12,.0f} verdicts/s; interpreter {slow:>9,.0f}/s; asked {tally[ASK] / here:.1%}"
                f" ({len(query.interpreted)} controls look at other resources)"
            )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"in all {verdicts:,.0f} verdicts in {seconds:.2f} s and {spent:.2f} CPU s:"
        f" {verdicts / seconds:,.0f} verdicts/s, {verdicts / spent:,.0f} per CPU second; peak memory {peak:,.0f} MiB"
    )


if __name__ == "__main__":
    main()
