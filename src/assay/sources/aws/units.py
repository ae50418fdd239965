"""The units of a collection: one service of one account and region each, collected as a whole or not at all."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from assay.inventory.identity import GLOBAL
from assay.sources.aws.calls import Kind, Port, Refused, Request
from assay.sources.aws.collecting import Asking, Collected
from assay.sources.aws.entry import Entry, Scope
from assay.sources.aws.paths import Place

_AHEAD = 4  # units that wait, for each that is collected; an organisation has hundreds of thousands


@dataclass(frozen=True, slots=True)
class Unit:
    """Entries of one service, asked for at one place. `scope`: "global" for what belongs to no region."""

    place: Place
    scope: str
    service: str
    entries: tuple[Entry, ...]

    @property
    def name(self) -> str:
        """What tells the unit from others, in every run: "<account>/<region>/<service>"."""
        return f"{self.place.account}/{self.scope}/{self.service}"


@dataclass(frozen=True, slots=True)
class Done:
    """A unit, collected: each entry with what was read of it."""

    unit: Unit
    collected: tuple[tuple[Entry, Collected], ...]


def units(
    entries: Iterable[Entry],
    accounts: Mapping[str, Sequence[str]],
    *,
    home: str,
    partition: str = "aws",
    management: str = "",
) -> Iterator[Unit]:
    """Yield the units for some entries.

    accounts    Account → its regions.
    home        Region where services with one endpoint are asked.
    management  Account of which the organisation is asked; "" for none.

    Accounts follow one another within a service, so that requests spread over all of them.
    """

    def key(entry: Entry) -> tuple[str, str]:
        return entry.scope.value, entry.service

    for (scope, service), several in groupby(sorted(entries, key=key), key):
        chosen = tuple(several)
        for account, regions in accounts.items():
            if scope == Scope.ORGANISATION and account != management:
                continue
            if scope == Scope.REGIONAL:
                for region in regions:
                    yield Unit(Place(account, region, partition), region, service, chosen)
            else:
                yield Unit(Place(account, home, partition), GLOBAL, f"{service}:{scope}", chosen)


@dataclass(slots=True)
class Crew:
    """Collects units, several at once.

    workers   How many units at once, and how many calls about items of them.
    now       The moment, in ISO 8601.
    stopped   Set when nothing more is to be begun.
    """

    port: Port
    now: Callable[[], str]
    workers: int = 16
    stopped: threading.Event = field(default_factory=threading.Event)

    def collect(self, wanted: Iterable[Unit], keep: Callable[[Done], None]) -> Refused | None:
        """Collect units and hand each to `keep`, in the thread that collected it.

        Returns why it ended early, when credentials expired: what was not kept is to be collected again.
        """
        ended: Refused | None = None
        with ThreadPoolExecutor(self.workers, "items") as items, ThreadPoolExecutor(self.workers, "units") as pool:
            spread = _Spread(items)
            running: set[Future[Refused | None]] = set()
            try:
                for each in wanted:
                    running.add(pool.submit(self._one, each, spread, keep))
                    if len(running) >= _AHEAD * self.workers:
                        done, running = wait(running, return_when=FIRST_COMPLETED)
                        ended = _first(ended, done)
                ended = _first(ended, wait(running).done)
            finally:  # also when the person has had enough
                self.stopped.set()
                pool.shutdown(wait=True, cancel_futures=True)
        return ended

    def _one(self, unit: Unit, spread: "_Spread", keep: Callable[[Done], None]) -> Refused | None:
        if self.stopped.is_set():
            return None
        try:
            found = tuple(
                (entry, Asking(entry, self._ask, unit.place, self.now, spread).collect()) for entry in unit.entries
            )
        except _Stopped:
            return None
        except Refused as refused:
            assert refused.kind is Kind.EXPIRED
            self.stopped.set()
            return refused
        keep(Done(unit, found))
        return None

    def _ask(self, request: Request) -> Mapping[str, Any]:
        if self.stopped.is_set():
            raise _Stopped(Kind.EXPIRED, "", "nothing more is asked")
        return self.port(request)


def _first(ended: Refused | None, done: Iterable[Future[Refused | None]]) -> Refused | None:
    for each in done:
        ended = ended or each.result()
    return ended


class _Stopped(Refused):
    """The collection has ended while a unit was collected; it is not kept."""


@dataclass(frozen=True, slots=True)
class _Spread:
    """Makes calls about several items at once; those about one are made here."""

    pool: ThreadPoolExecutor

    def __call__(self, work: Callable[[Any], Any], things: Iterable[Any], /) -> Iterable[Any]:
        several = list(things)
        if len(several) < 2:
            return [work(each) for each in several]
        futures: list[Future[Any]] = [self.pool.submit(work, each) for each in several]
        return [each.result() for each in futures]
