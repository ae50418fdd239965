"""A plan: relations of columns, and in which round each column can be computed.

The documents are one relation. A comprehension adds a relation of elements, one row per element of the list in each row
of its parent; its answer is an aggregate joined back. A call that Python answers once per distinct argument is a join
with a dictionary. Everything else is a column computed from columns of the same row. Whatever needs an aggregate or a
dictionary waits for the next round.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum

from assay.expressions.columns.sql import is_object, keys, pointer


class Lane(Enum):
    """In which form SQL holds a value: as BOOLEAN, as a whole number, or as JSON text; unknown is NULL in each."""

    TRUTH = "BOOLEAN"
    COUNT = "BIGINT"
    JSON = "VARCHAR"
    LIST = "VARCHAR[]"


@dataclass(eq=False, slots=True)
class Relation:
    """Rows with columns. A child has the rows that unnesting its parent's column `over` gives, without absent ones."""

    name: str
    parent: "Relation | None" = None
    over: "Column | None" = None
    columns: list["Column"] = field(default_factory=list)
    depth: int = 0


@dataclass(eq=False, slots=True)
class Column:
    """A column of a relation. `uses` are the columns that it is computed from."""

    relation: Relation
    name: str
    lane: Lane
    uses: "tuple[Column, ...]" = ()


@dataclass(eq=False, slots=True)
class Input(Column):
    """The documents themselves; of a relation of elements, the element."""


@dataclass(eq=False, slots=True)
class Carried(Column):
    """A column of the parent, repeated for each element."""


@dataclass(eq=False, slots=True)
class Let(Column):
    """SQL over columns of the same row."""

    sql: str = ""


@dataclass(eq=False, slots=True)
class Fields(Column):
    """Several properties of one object, read in one pass; NULL when it is no object.

    trusted: no object has a key twice, of which readers of JSON take the first or the last.
    """

    names: list[str] = field(default_factory=list)
    trusted: bool = True

    @property
    def sql(self) -> str:
        """The list of the properties' JSON texts."""
        of = self.uses[0].name
        pointers = ", ".join(map(pointer, self.names))
        known = is_object(of) if self.trusted else f"{is_object(of)} AND {keys(of)} IS NOT NULL"
        return f"(CASE WHEN {known} THEN CAST(json_extract({of}, [{pointers}]) AS VARCHAR[]) END)"

    def field(self, name: str) -> str:
        """Return the SQL of one property, NULL when there is none; reads it too from now on."""
        if name not in self.names:
            self.names.append(name)
        return f"{self.name}[{self.names.index(name) + 1}]"


@dataclass(eq=False, slots=True)
class Aggregate(Column):
    """SQL aggregating `uses`, columns of a child relation; NULL for a row without elements."""

    child: Relation | None = None
    sql: str = ""


@dataclass(eq=False, slots=True)
class Answer(Column):
    """What a dictionary holds for the key, the one column in `uses`."""

    dictionary: int = 0


class Plan:
    """Columns under construction; the same SQL over the same columns is one column. trusted: see `Fields`."""

    def __init__(self, *, trusted: bool = True) -> None:
        self.trusted = trusted
        self._names = (f"c{number}" for number in itertools.count())
        self.documents = Relation("documents")
        self.relations = [self.documents]
        self.document = self._add(Input(self.documents, next(self._names), Lane.JSON))
        self._known: dict[tuple[object, ...], Column] = {}
        self._rounds: dict[Column, int] = {}
        self._levels: dict[Column, int] = {}

    def _add(self, column: Column) -> Column:
        column.relation.columns.append(column)
        return column

    def let(self, relation: Relation, lane: Lane, sql: str, uses: Sequence[Column]) -> Column:
        """Return the column that SQL computes from other columns, lifted to the relation where they are not of it."""
        if len(uses) == 1 and sql == uses[0].name:
            return uses[0]
        return self._once(Let(relation, "", lane, tuple(uses), sql), (relation, sql))

    def fields(self, column: Column) -> Fields:
        """Return the reader of an object's properties."""
        found = self._once(Fields(column.relation, "", Lane.LIST, (column,), trusted=self.trusted), (column, "fields"))
        assert isinstance(found, Fields)
        return found

    def lifted(self, column: Column, relation: Relation) -> Column:
        """Return the column as one of a relation below its own."""
        if column.relation is relation:
            return column
        assert relation.parent is not None
        above = self.lifted(column, relation.parent)
        return self._once(Carried(relation, "", column.lane, (above,)), (relation, above))

    def elements(self, over: Column, *, apart: object = None) -> tuple[Relation, Column]:
        """Return the relation of a list column's elements, and the element; `apart` keeps it from being shared."""
        key = (over, "elements", apart)
        if key not in self._known:
            relation = Relation(f"elements{len(self.relations)}", over.relation, over, depth=over.relation.depth + 1)
            self.relations.append(relation)
            self._known[key] = self._add(Input(relation, next(self._names), Lane.JSON))
        element = self._known[key]
        return element.relation, element

    def aggregate(self, child: Relation, lane: Lane, sql: str, uses: Sequence[Column]) -> Column:
        """Return the parent's column that aggregates columns of the child."""
        assert child.parent is not None
        return self._once(Aggregate(child.parent, "", lane, tuple(uses), child, sql), (child, "aggregate", sql))

    def answer(self, key: Column, lane: Lane, dictionary: int) -> Column:
        """Return the column of a dictionary's answers."""
        return self._once(Answer(key.relation, "", lane, (key,), dictionary), (key, "answer", dictionary))

    def _once(self, column: Column, key: tuple[object, ...]) -> Column:
        if key not in self._known:
            column.name = next(self._names)
            self._known[key] = self._add(column)
        return self._known[key]

    # When.

    def begins(self, relation: Relation) -> int:
        """Return the round in which the relation's rows come to be."""
        if relation.over is None:
            return 0
        carried = [each.uses[0] for each in relation.columns if isinstance(each, Carried)]
        return 1 + max(self.round(each) for each in [relation.over, *carried])

    def round(self, column: Column) -> int:
        """Return the round in which the column is computed. Call it only when the plan is complete."""
        if column not in self._rounds:
            self._rounds[column] = self._round(column)
        return self._rounds[column]

    def _round(self, column: Column) -> int:
        match column:
            case Input() | Carried():
                return self.begins(column.relation)
            case Aggregate() | Answer():
                return 1 + max((self.round(each) for each in column.uses), default=0)
            case _:
                begin = self.begins(column.relation)
                return max((self.round(each) for each in column.uses), default=begin)

    def level(self, column: Column) -> int:
        """Return after how many steps of its round the column can be computed."""
        if column not in self._levels:
            now = self.round(column)
            before = (self.level(each) for each in column.uses if self.round(each) == now)
            self._levels[column] = 1 + max(before, default=0) if isinstance(column, Let | Fields) else 0
        return self._levels[column]

    def consumers(self) -> Iterator[tuple[Column, int]]:
        """Yield every column that another one needs, with the round in which it does."""
        for relation in self.relations:
            if relation.over is not None:
                yield relation.over, self.begins(relation)
            for column in relation.columns:
                for used in column.uses:
                    yield used, self.round(column)
