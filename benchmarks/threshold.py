"""From how many resources of one type on judging in columns costs less than one by one, reasons included.

python benchmarks/threshold.py [--most 20000]
"""

import argparse
import datetime
import random
import time
from collections.abc import Sequence

from documents import TYPES

from assay.assessment import assess
from assay.governance.compiled import CompiledControl
from assay.governance.repository import read_catalogue
from assay.inventory.resource import Inventory, Origin, Position, Resource
from assay.inventory.values import from_json

TODAY = datetime.date(2026, 11, 25)


def inventory(kind: str, count: int) -> Inventory:
    make, _ = TYPES[kind]
    chance = random.Random(kind)
    origin = Origin("aws", Position("account"))
    drawn = (from_json(make(chance)) for _ in range(count))
    return Inventory(
        tuple(
            Resource(f"{number:09}", kind, "", value, origin)
            for number, value in enumerate(drawn)
            if isinstance(value, dict)
        )
    )


def seconds(controls: Sequence[CompiledControl], given: Inventory, many: int) -> float:
    """Return the CPU seconds of an assessment with another threshold."""
    assess.MANY = many
    before = time.process_time()
    assess.evaluate_all(controls, given, read_catalogue().params, TODAY)
    return time.process_time() - before


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=20_000)
    most = parser.parse_args().most
    counts = [each for each in (100, 300, 1_000, 3_000, 10_000, 30_000, 100_000) if each <= most]
    for kind in TYPES:
        controls = [each for each in read_catalogue().controls.values() if each.control.resource == kind]
        for count in counts:
            given = inventory(kind, count)
            one, columns = seconds(controls, given, 10**9), seconds(controls, given, 1)
            print(f"{kind:26} {count:>7,} resources: one by one {one:7.2f} CPU s, in columns {columns:7.2f} CPU s")


if __name__ == "__main__":
    main()
