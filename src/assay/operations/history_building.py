"""Adding looks to the index: what continues a span lengthens it, anything else begins one."""

from dataclasses import dataclass, field

from assay.assessment.history import FOREVER, Moment, Seen, Span, State, continued
from assay.operations.history_index import CODES, Connection, Sheets, seens_of
from assay.operations.history_looks import Key, Look

GONE = Seen(State.GONE, lives=FOREVER)


@dataclass(slots=True)
class _Tail:
    """The newest span of a series. recorded: of its newest look, first_recorded: of its first."""

    id: int
    first_look: int
    last_look: int
    span: Span
    first_recorded: Moment
    recorded: Moment
    stored: bool = False


@dataclass(slots=True)
class _Population:
    id: int
    looks: int = 0
    series: dict[Key, int] = field(default_factory=dict)
    tails: dict[int, _Tail] = field(default_factory=dict)


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
        """Add one look. What a complete one does not find exists no more."""
        population = self._population(look.workload, look.stage)
        population.looks += 1
        self._sheets.add(
            "looks", (population.id, population.looks, look.effective, look.recorded, str(look.complete).lower())
        )
        for key, (effective, seen) in look.points.items():
            series = population.series.get(key) or self._series(population, key)
            self._point(population, series, look, effective, seen)
        if look.complete:
            for series, tail in list(population.tails.items()):
                if tail.last_look != population.looks:
                    self._point(population, series, look, look.effective, GONE)

    def finish(self) -> None:
        """Put everything into the tables."""
        for population in self._populations.values():
            for series, tail in population.tails.items():
                self._close(series, tail)
        if self._replaced:
            self._database.execute("DELETE FROM spans WHERE id IN (SELECT unnest(?))", [self._replaced])
        self._sheets.load(self._database)

    def _point(self, population: _Population, series: int, look: Look, effective: Moment, seen: Seen) -> None:
        number = population.looks
        if effective != look.effective:
            self._sheets.add("sightings", (series, number, effective))
        tail = population.tails.get(series)
        if tail and tail.last_look == number - 1 and tail.recorded <= look.recorded:
            more = continued(tail.span, effective, seen)
            if more:
                if tail.stored:
                    self._replaced.append(tail.id)
                    tail.stored = False
                tail.span, tail.last_look, tail.recorded = more, number, look.recorded
                return
        if tail:
            self._close(series, tail)
        span = Span(effective, effective, seen)
        population.tails[series] = _Tail(self._id("spans"), number, number, span, look.recorded, look.recorded)

    def _close(self, series: int, tail: _Tail) -> None:
        if not tail.stored:
            span = tail.span
            looks = tail.first_look, tail.last_look
            seen = self._number(span.seen)
            self._sheets.add("spans", (tail.id, series, *looks, span.first, span.last, tail.first_recorded, seen))

    def _number(self, seen: Seen) -> int:
        if seen not in self._numbers:
            self._numbers[seen] = len(self._numbers)
            terms = seen.lives, seen.exception, seen.approved, seen.expires, seen.until
            self._sheets.add("seens", (self._numbers[seen], CODES[seen.state], *terms))
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
                self._sheets.add("series", (population.series[each], population.id, *each))
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
            self._sheets.add("populations", (population.id, workload, stage))
            return population
        population = _Population(found[0][0])
        looks = self._database.execute(
            "SELECT number, recorded FROM looks WHERE population = ? ORDER BY number", [population.id]
        ).fetchall()
        recorded = dict(looks)
        population.looks = len(looks)
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
            population.tails[series] = _Tail(
                number, first_look, last_look, Span(first, last, seens[seen]), first_recorded, recorded[last_look], True
            )
        return population
