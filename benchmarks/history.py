"""A year of daily status of many workloads: building the index, catching up with a day, asking.

    python benchmarks/history.py [--workloads 200] [--controls 250] [--days 365]

Every workload is looked at once a day, completely: one resource for each control, and what says that the control and
its objective were asked about. One verdict in a hundred changes each day. The looks are generated, not read from a
ledger; reading is measured by `--ledger`, which appends them to one and reads them from there.
"""

import argparse
import datetime
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from assay.assessment.history import DAY, Seen, State
from assay.ledger.keys import PublicKey
from assay.operations.history import History, Wanted
from assay.operations.history_index import absorb, open_index
from assay.operations.history_looks import Key, Look

START = int(datetime.datetime(2025, 11, 25, tzinfo=datetime.UTC).timestamp())
STATES = (State.MET, State.MET, State.MET, State.FAILING, State.UNKNOWN)
SEEN = {state: Seen(state, 1) for state in (*STATES, State.NOT_APPLICABLE)}
OBJECTIVES = 25
CHANGED = 0.01  # of the verdicts, each day


class Organisation:
    """Workloads whose controls change their verdicts now and then."""

    def __init__(self, workloads: int, controls: int) -> None:
        self.random = random.Random(7)
        self.names = [f"workload-{number:03}" for number in range(workloads)]
        self.keys = [(f"objective-{each % OBJECTIVES}", f"control-{each}", "resource") for each in range(controls)]
        self.asked: dict[Key, Seen] = {}
        for objective, control, _ in self.keys:
            self.asked[objective, control, ""] = SEEN[State.NOT_APPLICABLE]
            self.asked[objective, "", ""] = SEEN[State.NOT_APPLICABLE]
        self.states = {name: [self._state() for _ in self.keys] for name in self.names}

    def _state(self) -> Seen:
        return SEEN[self.random.choice(STATES)]

    def looks(self, first: int, days: int) -> Iterator[Look]:
        """Yield the looks of some days, day by day."""
        for day in range(first, first + days):
            at = START + day * DAY
            for name in self.names:
                yield Look(name, "prod", at, at + 60, True, self._points(name, at))

    def _points(self, name: str, at: int) -> Mapping[Key, tuple[int, Seen]]:
        states = self.states[name]
        for _ in range(round(CHANGED * len(states)) or 1):
            states[self.random.randrange(len(states))] = self._state()
        found = {key: (at, seen) for key, seen in self.asked.items()}
        found.update({key: (at, seen) for key, seen in zip(self.keys, states, strict=True)})
        return found


def timed(what: str, work: Callable[[], object], times: int = 1) -> float:
    """Print the median on the clock, and of the processor: on a busy machine the latter says more."""
    taken, used = [], []
    for _ in range(times):
        begin, cpu = time.perf_counter(), time.process_time()
        work()
        taken.append(time.perf_counter() - begin)
        used.append(time.process_time() - cpu)
    median, busy = statistics.median(taken) * 1000, statistics.median(used) * 1000
    print(
        f"{what:58} {median:10.1f} ms {busy:10.1f} ms CPU" + (f"  (medians of {times})" if times > 1 else ""),
        flush=True,
    )
    return median / 1000


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--workloads", type=int, default=200)
    parser.add_argument("--controls", type=int, default=250)
    parser.add_argument("--days", type=int, default=365)
    asked = parser.parse_args()
    organisation = Organisation(asked.workloads, asked.controls)
    points = asked.workloads * asked.controls * asked.days
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "index.duckdb"
        database = open_index(path, PublicKey("example.org/log", b"\0" * 32))
        print(f"{points:,} verdicts of {asked.workloads} workloads, {asked.controls} controls, {asked.days} days")
        built = timed("build the index", lambda: absorb(database, organisation.looks(0, asked.days - 1)))
        print(f"{'':58} {points / built:10,.0f} verdicts/s")
        timed("catch up with one more day", lambda: absorb(database, organisation.looks(asked.days - 1, 1)))
        database.execute("CHECKPOINT")
        print(f"{'size of the index':58} {path.stat().st_size / 1e6:10.1f} MB")
        end = START + asked.days * DAY
        history, middle, last_week = History(database), START + asked.days * DAY // 2, end - 7 * DAY
        detail = Wanted(detail="control")
        timed("as of a day, every control, by workload", lambda: history.tally(middle, detail), 15)
        timed("period of all days, every control, by workload", lambda: history.sums(START, end, detail), 15)
        timed("as of a day, every objective, by workload", lambda: history.tally(middle), 15)
        timed("period of all days, every objective, by workload", lambda: history.sums(START, end), 15)
        timed("as of a day, every control listed", lambda: history.as_of(middle, detail), 5)
        one = Wanted(workloads=("workload-007",), detail="control")
        timed("period of all days, controls of one workload listed", lambda: history.over(START, end, one), 15)
        timed(
            "as of a day as recorded a week ago, one workload", lambda: fresh(history).as_of(middle, one, last_week), 5
        )
        timed(
            "as of a day as recorded a week ago, every control", lambda: fresh(history).tally(middle, detail, last_week)
        )


def fresh(history: History) -> History:
    """The same history, which has nothing at hand from the question before."""
    return History(history._database)


if __name__ == "__main__":
    main()
