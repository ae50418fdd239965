"""Laws of expressions: the reference implementation agrees, knowledge only adds, and answers show their grounds."""

from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import assume, event, given, settings
from hypothesis import strategies as st
from tests.expressions.oracle import FAILS, reference
from tests.expressions.test_conformance import same
from tests.laws.expression_texts import texts

from assay.expressions import Environment, Outcome, evaluate, parse
from assay.expressions.interpreter import Frame, program
from assay.expressions.tree import Call, Comprehension, ListOf, Node, walk
from assay.inventory.normalise import normalise
from assay.inventory.resource import Inventory, Origin, Position, Resource
from assay.inventory.schema import BOOLEAN, INTEGER, STRING, STRINGS, list_of, object_of, resource_schema
from assay.inventory.values import Cause, Choice, Path, Reason, Unknown, Value

words = st.sampled_from(["", "a", "b", "ab", "12", "é", "ba"])
numbers = st.one_of(st.integers(-3, 9), st.sampled_from([2**63 - 1, -(2**63)]))


# The reference implementation agrees wherever nothing is unknown.

PLAIN = {
    "bool": ["x.b", "x.c"],
    "int": ["x.n", "x.m"],
    "str": ["x.s", "x.t"],
    "strs": ["x.l", "x.k"],
    "objects": ["x.o"],
}
SHAPE = object_of(
    b=BOOLEAN,
    c=BOOLEAN,
    n=INTEGER,
    m=INTEGER,
    s=STRING,
    t=STRING,
    l=STRINGS,
    k=STRINGS,
    o=list_of(object_of(Key=STRING, Value=STRING)),
)
objects = st.lists(st.fixed_dictionaries({"Key": words, "Value": words}), max_size=3)
documents = st.fixed_dictionaries(
    {
        **{name: st.booleans() for name in "bc"},
        **dict.fromkeys("nm", numbers),
        **dict.fromkeys("st", words),
        **{name: st.lists(words, max_size=3) for name in "lk"},
        "o": objects,
    }
)


def is_kinder(node: Node) -> bool:
    """Where a part that fails makes the whole fail in CEL, and only itself unknown in ours: the rest may decide."""
    return isinstance(node, ListOf | Comprehension) or (isinstance(node, Call) and node.function in ("@in", "_?_:_"))


@settings(max_examples=600, deadline=None)
@given(texts(PLAIN), documents)
def test_the_reference_implementation_agrees_where_nothing_is_unknown(text: str, document: dict[str, Any]) -> None:
    tree = parse(text, Environment({"x": SHAPE})).root
    here = program(tree)(Frame({"x": document}, {}))
    there = reference(text, {"x": document}, unchecked=True)
    if there is FAILS:
        assert isinstance(here, Unknown) or any(map(is_kinder, walk(tree)))
    else:
        assert same(here, there)
    event("fails" if there is FAILS else "is answered")


# More knowledge never changes what was decided, on a real resource type.

KIND = "AWS::RDS::DBInstance"
PROPERTIES = {
    "bool": ["resource.MultiAZ", "resource.DeletionProtection", "has(resource.KmsKeyId)", "has(resource.Tags)"],
    "int": ["resource.MonitoringInterval", "resource.PromotionTier"],
    "str": ["resource.KmsKeyId", "resource.DBName"],
    "strs": ["resource.EnableCloudwatchLogsExports", "resource.VPCSecurityGroups"],
    "objects": ["resource.Tags"],
}
READING = Environment({"resource": resource_schema(KIND).properties})
UNREAD, OPEN = Reason(Cause.PARAMETER, "P"), Reason(Cause.PARAMETER, "Stage")


def holes(known: st.SearchStrategy[Any], *, text: bool = False) -> st.SearchStrategy[Any]:
    """A known value, an unknown one, or one that depends on a stage."""
    unknown = st.builds(lambda present: Unknown(UNREAD, present), st.booleans())
    partly = st.builds(lambda parts: Unknown(UNREAD, True, parts), st.tuples(words, words)) if text else unknown
    outcome = st.one_of(known, known, st.none(), unknown)
    choice = st.builds(
        lambda variable, dev, prod: Choice(variable, OPEN, (("dev", dev), ("prod", prod))),
        st.sampled_from(["Stage", "Size"]),
        outcome,
        outcome,
    )
    return st.one_of(known, known, unknown, partly, choice)


text_holes = holes(words, text=True)
texts_holes = holes(st.lists(text_holes, max_size=3))
tags_holes = holes(
    st.lists(holes(st.fixed_dictionaries({}, optional={"Key": text_holes, "Value": text_holes})), max_size=3)
)
partly_known = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("MultiAZ", "DeletionProtection"), holes(st.booleans())),
        **dict.fromkeys(("MonitoringInterval", "PromotionTier"), holes(st.integers(-2, 9))),
        **dict.fromkeys(("KmsKeyId", "DBName"), text_holes),
        **dict.fromkeys(("EnableCloudwatchLogsExports", "VPCSecurityGroups"), texts_holes),
        "Tags": tags_holes,
    },
)


class Filler:
    """Replaces what is not known by what it could be: an unknown by a value, a choice by one of its outcomes."""

    def __init__(self, data: st.DataObject, world: Mapping[str, str], *, whole: bool) -> None:
        self.data, self.world, self.whole = data, world, whole

    def properties(self, document: Mapping[str, Any]) -> dict[str, Any]:
        filled = {key: self.value(each, FILLINGS[key]) for key, each in document.items()}
        return {key: each for key, each in filled.items() if each is not None}

    def value(self, value: Value, filling: st.SearchStrategy[Any]) -> Any:
        """None: it turns out to be absent."""
        if isinstance(value, Choice):
            return self.value(dict(value.options)[self.world[value.variable]], filling)
        if isinstance(value, Unknown):
            return self._known(value, filling)
        if isinstance(value, list):
            return [one for each in value for one in self._element(each)]
        if isinstance(value, dict):
            filled = {key: self.value(each, words) for key, each in value.items()}
            return {key: each for key, each in filled.items() if each is not None}
        return value

    def _known(self, value: Unknown, filling: st.SearchStrategy[Any]) -> Any:
        if not self.whole and self.data.draw(st.booleans()):
            return value
        if value.parts:
            return value.parts[0] + "".join(self.data.draw(words) + part for part in value.parts[1:])
        return self.data.draw(filling if value.present else st.one_of(st.none(), filling))

    def _element(self, value: Value) -> Iterator[Any]:
        """An unknown element that need not be present stands for any number of elements."""
        is_tag = isinstance(value, dict)
        settled = dict(value.options)[self.world[value.variable]] if isinstance(value, Choice) else value
        if isinstance(settled, Unknown) and not settled.present and (self.whole or self.data.draw(st.booleans())):
            yield from self.data.draw(st.lists(words, max_size=2))
            return
        filled = self.value(settled, FILLINGS["Tag"] if is_tag else words)
        if filled is not None:
            yield filled


FILLINGS: Mapping[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(("MultiAZ", "DeletionProtection"), st.booleans()),
    **dict.fromkeys(("MonitoringInterval", "PromotionTier"), st.integers(-2, 9)),
    **dict.fromkeys(("KmsKeyId", "DBName"), words),
    **dict.fromkeys(("EnableCloudwatchLogsExports", "VPCSecurityGroups"), st.lists(words, max_size=3)),
    "Tags": objects,
    "Tag": st.fixed_dictionaries({"Key": words, "Value": words}),
}


def judged(text: str, properties: Mapping[str, Value]) -> tuple[Outcome, frozenset[Path], Inventory]:
    origin = Origin("test", Position("t.yaml", 1))
    inventory = normalise([Resource("t.yaml#Db", KIND, "Db", properties, origin)])
    expression = parse(text, READING)
    return evaluate(expression, {"resource": inventory.resources[0]}, inventory), expression.reads, inventory


@settings(max_examples=800, deadline=None)
@given(texts(PROPERTIES), partly_known, st.booleans(), st.data())
def test_more_knowledge_never_changes_what_was_decided(
    text: str, document: dict[str, Any], whole: bool, data: st.DataObject
) -> None:
    before, _, _ = judged(text, document)
    world = {name: data.draw(st.sampled_from(["dev", "prod"])) for name in ("Stage", "Size")}
    filled = Filler(data, world, whole=whole).properties(document)
    after, _, _ = judged(text, filled)
    event(f"{before.truth} became {after.truth}")
    assert before.truth is None or after.truth is before.truth, filled
    if before.truth is None:
        assert before.reasons


@settings(max_examples=800, deadline=None)
@given(texts(PROPERTIES), partly_known)
def test_an_answer_that_is_not_true_shows_properties_that_the_expression_reads(
    text: str, document: dict[str, Any]
) -> None:
    outcome, reads, _ = judged(text, document)
    assume(outcome.truth is not True and reads)
    assert outcome.evidence
    for each in outcome.evidence:
        assert each.resource == "t.yaml#Db"
        place = tuple("*" if isinstance(step, int) else step for step in each.path)
        assert any(place[: len(read)] == read or read[: len(place)] == place for read in reads), each
