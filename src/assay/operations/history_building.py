"""Adding looks to the index: what continues a span lengthens it, anything else begins one."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from assay.assessment.history import DAY, FOREVER, Moment, Seen, Span, State, continued
from assay.operations.history_index import CODES, Connection, Sheets, seens_of
from assay.operations.history_looks import Key, Look

GONE = Seen(State.GONE, days=FOREVER // DAY)


@dataclass(frozen=True, slots=True)
class _Run:
    """Consecutive looks that saw the same, from number `first` to `last`, the last of them recorded at `recorded`."""

    first: int
    last: int
    span: Span
    first_recorded: Moment
    recorded: Moment

    def with_look(self, number: int, effective: Moment, recorded: Moment, seen: Seen) -> "_Run | None":
        """Return it with one more look, None when that does not continue it: each look between saw it, in order."""
        if number != self.last + 1 or recorded < self.recorded:
            return None
        span = continued(self.span, effective, seen)
        return _Run(self.first, number, span, self.first_recorded, recorded) if span else None


def _begun(number: int, effective: Moment, recorded: Moment, seen: Seen) -> _Run:
    return _Run(number, number, Span(effective, effective, seen), recorded, recorded)


def _absences(looks: Sequence[tuple[Moment, Moment, bool]]) -> list[_Run]:
    """Return what complete looks saw of something that none of them found."""
    found: list[_Run] = []
    for number, (effective, recorded, complete) in enumerate(looks, 1):
        if complete:
            more = found[-1].with_look(number, effective, recorded, GONE) if found else None
            found[-1:] = [more] if more else [*found[-1:], _begun(number, effective, recorded, GONE)]
    return found


@dataclass(slots=True)
class _Tail:
    """The newest run of a series. stored: it is in the table as it is."""

    id: int
    run: _Run
    stored: bool = False


@dataclass(slots=True)
class _Population:
    id: int
    looks: list[tuple[Moment, Moment, bool]] = field(default_factory=list)  # effective, recorded, complete
    series: dict[Key, int] = field(default_factory=dict)
    tails: dict[int, _Tail] = field(default_factory=dict)
    absences: tuple[int, Sequence[_Run]] = (0, ())  # before which look, what was not found until then


class Builder:
    """Adds looks. Everything stays outside the tables until `finish`."""

    def __init__(self, database: Connection, sheets: Sheets) -> None:
        self._database, self._sheets = database, sheets
        self._numbers = {seen: number for number, seen in seens_of(database).items()}
        self._populations: dict[tuple[str, str], _Population] = {}
        self._replaced: list[int] = []
        self._next = {table: self._first_free(table) for table in ("populations", "series", "spans")}

    @property
    def touched(self) -> list[int]:
        """The populations that were looked at."""
        return [each.id for each in self._populations.values()]

    def look(self, look: Look) -> None:
        """Add one look. What a complete one does not find exists no more, or not yet."""
        population = self._population(look.workload, look.stage)
        when = look.effective, look.recorded, look.complete
        population.looks.append(when)
        number = len(population.looks)
        self._sheets.add("looks", population.id, number, *when[:2], str(look.complete).lower())
        for key, (effective, seen) in look.points.items():
            series = population.series.get(key) or self._series(population, key)
            if effective != look.effective:
                self._sheets.add("sightings", series, number, effective)
            self._point(population, series, number, effective, seen)
        if look.complete:
            for series, tail in list(population.tails.items()):
                if tail.run.last != number:
                    self._point(population, series, number, look.effective, GONE)

    def finish(self) -> None:
        """Put everything into the tables."""
        for population in self._populations.values():
            for series, tail in population.tails.items():
                self._close(series, tail)
        if self._replaced:
            self._database.execute("DELETE FROM spans WHERE id IN (SELECT unnest(?))", [self._replaced])
        self._sheets.load(self._database)

    def _point(self, population: _Population, series: int, number: int, effective: Moment, seen: Seen) -> None:
        recorded = population.looks[number - 1][1]
        if series not in population.tails:
            self._begin(population, series, number)
        tail = population.tails.get(series)
        more = tail.run.with_look(number, effective, recorded, seen) if tail else None
        if tail and more:
            if tail.stored:
                self._replaced.append(tail.id)
            population.tails[series] = _Tail(tail.id, more)
            return
        if tail:
            self._close(series, tail)
        population.tails[series] = _Tail(self._id("spans"), _begun(number, effective, recorded, seen))

    def _begin(self, population: _Population, series: int, number: int) -> None:
        """Note that no complete look before this one found what is new, in whatever order they are effective."""
        if population.absences[0] != number:
            population.absences = number, _absences(population.looks[: number - 1])
        for run in population.absences[1]:
            if series in population.tails:
                self._close(series, population.tails[series])
            population.tails[series] = _Tail(self._id("spans"), run)

    def _close(self, series: int, tail: _Tail) -> None:
        if not tail.stored:
            run, span = tail.run, tail.run.span
            looks = run.first, run.last
            seen = self._number(span.seen)
            self._sheets.add("spans", tail.id, series, *looks, span.first, span.last, run.first_recorded, seen)

    def _number(self, seen: Seen) -> int:
        if seen not in self._numbers:
            self._numbers[seen] = len(self._numbers)
            terms = seen.days, seen.exception, seen.approved, seen.expires, seen.until
            self._sheets.add("seens", self._numbers[seen], CODES[seen.state], *terms)
        return self._numbers[seen]

    def _id(self, table: str) -> int:
        self._next[table] += 1
        return self._next[table]

    def _first_free(self, table: str) -> int:
        (found,) = self._database.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchall()  # noqa: S608
        return int(found[0])

    def _series(self, population: _Population, key: Key) -> int:
        """Return the series of a subject, and see to it that its control and its objective have one."""
        objective, control, resource = key
        above = [(objective, "", "")] if control else []
        above += [(objective, control, "")] if resource else []
        for each in (*above, key):
            if each not in population.series:
                population.series[each] = self._id("series")
                self._sheets.add("series", population.series[each], population.id, *each)
        return population.series[key]

    def _population(self, workload: str, stage: str) -> _Population:
        if (workload, stage) not in self._populations:
            self._populations[workload, stage] = self._stored(workload, stage)
        return self._populations[workload, stage]

    def _stored(self, workload: str, stage: str) -> _Population:
        """Return what the tables have of a population, a new one when they have nothing."""
        found = self._database.execute(
            "SELECT id FROM populations WHERE workload = ? AND stage = ?", [workload, stage]
        ).fetchall()
        if not found:
            population = _Population(self._id("populations"))
            self._sheets.add("populations", population.id, workload, stage)
            return population
        population = _Population(found[0][0])
        population.looks = self._database.execute(
            "SELECT effective, recorded, complete FROM looks WHERE population = ? ORDER BY number", [population.id]
        ).fetchall()
        for number, *key in self._database.execute(
            "SELECT id, objective, control, resource FROM series WHERE population = ?", [population.id]
        ).fetchall():
            population.series[key[0], key[1], key[2]] = number
        seens = {number: seen for seen, number in self._numbers.items()}
        for series, number, first_look, last_look, first, last, first_recorded, seen in self._database.execute(
            "SELECT spans.series, spans.id, first_look, last_look, first, last, recorded, seen FROM spans "
            "JOIN series ON series.id = spans.series WHERE population = ? "
            "QUALIFY row_number() OVER (PARTITION BY spans.series ORDER BY spans.id DESC) = 1",
            [population.id],
        ).fetchall():
            latest = population.looks[last_look - 1][1]
            run = _Run(first_look, last_look, Span(first, last, seens[seen]), first_recorded, latest)
            population.tails[series] = _Tail(number, run, stored=True)
        return population
