"""How long the reports of a larger organisation take, beside the answer that they are made from.

python benchmarks/reports.py            # sixty workloads, twenty copies each of the example's three
"""

import datetime
import functools
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from assay.operations.report import gather
from assay.reports import context
from assay.reports.audience import forms
from assay.reports.audience.basis import Basis

ACME = Path(__file__).parents[1] / "examples" / "acme"
NOW = datetime.datetime(2026, 11, 25, tzinfo=datetime.UTC)
T = TypeVar("T")


def organisation(folder: Path, copies: int) -> Path:
    """Write the example organisation with copies of its workloads, each in the account of the one it is a copy of."""
    shutil.copytree(ACME, folder)
    for path in sorted((ACME / "workloads").glob("*.yaml")):
        if path.stem != "platform":
            for number in range(2, copies + 1):
                text = path.read_text("utf-8").replace(f"id: {path.stem}\n", f"id: {path.stem}-{number}\n", 1)
                (folder / "workloads" / f"{path.stem}-{number}.yaml").write_text(text, "utf-8")
    return folder


def timed(what: str, work: Callable[[], T]) -> T:
    """Do some work and print what it cost."""
    wall, cpu = time.perf_counter(), time.process_time()
    made = work()
    print(f"{what:28} {time.process_time() - cpu:7.2f} s CPU {time.perf_counter() - wall:7.2f} s")
    return made


def main() -> None:
    """Measure every reader and form."""
    copies = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with tempfile.TemporaryDirectory() as folder:
        repository = organisation(Path(folder) / "acme", copies)
        found = timed("the answer", lambda: gather(repository, now=NOW))
        report = context.from_assessment(found.assessment, found.repository)
        basis = Basis(report, found.repository, found.assessment, files=found.files)
        print(f"{basis.workloads} workloads, {report.counts.total} evaluations, {report.counts.not_met} not met")
        for audience in forms.PAGES:
            for form in ("html", "pdf", "json", "xlsx"):
                made = timed(f"{audience} {form}", functools.partial(forms.files, basis, audience, form))
                print(f"{'':28} {sum(map(len, made.values())):>9} bytes")


if __name__ == "__main__":
    main()
