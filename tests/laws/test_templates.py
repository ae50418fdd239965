"""Laws of the template reader: it never falls, the form of a template does not matter, and knowledge only refines."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assay.inventory.resource import Inventory, Resource
from assay.inventory.values import Choice, Unknown, Value
from assay.sources.cloudformation import Context, read_text
from assay.sources.cloudformation.functions import FUNCTIONS
from assay.sources.cloudformation.parameters import OTHER

_SETTINGS = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
_TEXTS = ["x", "y", "z", "", "a${A}b", "${B}-${R.Arn}", "${!A}", "{{resolve:ssm:a}}", "true", "1"]


def _read(template: Any, **given: Any) -> Inventory:
    return read_text(json.dumps(template).encode(), "t", Context(**given))


# -- anything at all ----

_scalars = (
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(-2, 2) | st.sampled_from(_TEXTS) | st.text(max_size=5)
)
_names = st.sampled_from(
    [
        *(
            *FUNCTIONS,
            "Fn::ForEach::L",
            "Fn::Nothing",
            "Condition",
            "Type",
            "Properties",
            "Name",
            "Parameters",
            "Location",
        ),
        *(
            "A",
            "B",
            "C",
            "R",
            "Value",
            "Default",
            "AllowedValues",
            "Transform",
            "AWS::Include",
            "AWS::Region",
            "Outputs",
        ),
    ]
)
_anything = st.recursive(
    _scalars | _names,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_names, inner, max_size=3),
    max_leaves=12,
)
_sections = st.fixed_dictionaries(
    {
        "Resources": st.dictionaries(
            _names,
            _anything | st.fixed_dictionaries({"Type": st.just("Custom::T"), "Properties": _anything}),
            max_size=3,
        )
    },
    optional={
        name: _anything | st.dictionaries(_names, _anything, max_size=2)
        for name in (
            "Conditions",
            "Mappings",
            "Outputs",
            "Parameters",
            "Rules",
            "Transform",
            "Metadata",
            "Fn::Transform",
        )
    },
)


@_SETTINGS
@given(_sections)
def test_whatever_a_template_says_the_reader_does_not_fall(template: dict[str, Any]) -> None:
    inventory = _read(template)
    assert len(inventory.by_id) == len(inventory.resources)


@_SETTINGS
@given(_anything)
def test_whatever_is_no_template_is_a_fault(template: Any) -> None:
    if not isinstance(template, dict) or "Resources" not in template:
        assert not _read(template).complete


# -- expressions that mean something ----

_operands = st.sampled_from([{"Ref": "A"}, {"Ref": "B"}, {"Ref": "AWS::Region"}, "x", "y", "z", {"Fn::Sub": "${A}"}])
_truths = st.recursive(
    st.tuples(_operands, _operands).map(lambda pair: {"Fn::Equals": list(pair)}),
    lambda inner: (
        inner.map(lambda one: {"Fn::Not": [one]})
        | st.lists(inner, min_size=2, max_size=3).map(lambda some: {"Fn::And": some})
        | st.lists(inner, min_size=2, max_size=3).map(lambda some: {"Fn::Or": some})
    ),
    max_leaves=4,
)


def _compound(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    condition = st.sampled_from(["C", "D"])
    return st.one_of(
        st.tuples(condition, inner, inner).map(lambda each: {"Fn::If": list(each)}),
        st.lists(inner, max_size=3).map(lambda some: {"Fn::Join": ["-", some]}),
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from("PQ"), inner, max_size=2),
        inner.map(lambda one: {"Fn::Base64": one}),
        st.tuples(st.integers(0, 1), st.lists(inner, min_size=2, max_size=2)).map(
            lambda each: {"Fn::Select": list(each)}
        ),
        inner.map(lambda one: {"Fn::Split": ["-", one]}),
        inner.map(lambda one: {"Fn::FindInMap": ["M", one, "K"]}),
        inner.map(lambda one: {"Fn::Sub": ["<${V}>", {"V": one}]}),
        inner.map(lambda one: {"Fn::ToJsonString": one}),
    )


_leaves = st.sampled_from(
    [
        *({"Ref": name} for name in ("A", "B", "L", "Q", "AWS::Region", "AWS::NoValue")),
        *("x", "y", 1, True, {"Fn::GetAtt": ["Q", "Arn"]}, {"Fn::Sub": "a${A}b"}, {"Fn::ImportValue": "e"}),
    ]
)
_expressions = st.recursive(_leaves, _compound, max_leaves=8)


def _template(c: Any, d: Any, condition: str | None, p: Any) -> dict[str, Any]:
    resource = {"Type": "Custom::T", "Properties": {"P": p}} | ({"Condition": condition} if condition else {})
    return {
        "Parameters": {
            "A": {"Type": "String"},
            "B": {"Type": "String", "AllowedValues": ["x", "y"]},
            "L": {"Type": "CommaDelimitedList"},
        },
        "Mappings": {"M": {"x": {"K": 1}, "y": {"K": 2}, "a": {"K": 3}}},
        "Conditions": {"C": c, "D": d},
        "Resources": {"R": resource, "Q": {"Type": "AWS::SQS::Queue"}},
    }


_templates = st.builds(_template, _truths, _truths, st.sampled_from([None, "C", "D"]), _expressions)

_TAGS = {name: f"!{name.removeprefix('Fn::')}" for name in FUNCTIONS if name not in ("Fn::Length", "Fn::ToJsonString")}


def _yaml(value: Any, indent: int = 0, *, tagged: bool = False) -> str:
    """Write a value as block YAML, functions in their short form; a value has one tag, so not one in another."""
    pad = "\n" + " " * indent
    tag = _TAGS.get(next(iter(value))) if isinstance(value, dict) and len(value) == 1 and not tagged else None
    if tag:
        return f"{tag} {_yaml(next(iter(value.values())), indent, tagged=True)}"
    if isinstance(value, dict) and value:
        return "".join(f"{pad}{json.dumps(key)}: {_yaml(each, indent + 2)}" for key, each in value.items())
    if isinstance(value, list) and value:
        return "".join(f"{pad}- {_yaml(each, indent + 2)}" for each in value)
    return json.dumps(value)


@_SETTINGS
@given(_templates)
def test_json_and_yaml_say_the_same(template: dict[str, Any]) -> None:
    block = read_text(_yaml(template).encode(), "t", Context())
    plain = _read(template)
    assert block.resources == tuple(_placed_like(each, block.by_id[each.id]) for each in plain.resources)
    assert block.absent == plain.absent
    assert {fault.message for fault in block.faults} == {fault.message for fault in plain.faults}


def _placed_like(resource: Resource, other: Resource) -> Resource:
    return Resource(**{name: getattr(resource, name) for name in Resource.__slots__} | {"origin": other.origin})


@_SETTINGS
@given(_templates, st.sampled_from("ABL"), st.sampled_from("xyza"))
def test_a_value_for_a_parameter_only_refines(template: dict[str, Any], name: str, value: str) -> None:
    if name == "B" and value not in "xy":
        return
    before, after = _read(template), _read(template, parameters={name: value})
    world = {f"t: parameter {name}": value}
    assert {each for each, _ in before.absent} <= {each for each, _ in after.absent}
    for resource in before.resources:
        exists = _settled(resource.condition, world)
        refined = after.by_id.get(resource.id)
        assert _refines(exists, refined.condition if refined else False), (exists, refined)
        if refined is not None:
            assert _refines(_settled(resource.properties, world), refined.properties)


def _settled(value: Value, world: Mapping[str, str]) -> Value:
    """Return the value with what is fixed in the world taken; a value that nobody compared with is any other value."""
    match value:
        case Choice(variable, reason, options):
            settled = {outcome: _settled(each, world) for outcome, each in options}
            if variable in world:
                return settled.get(world[variable], settled.get(OTHER))
            return Choice(variable, reason, tuple(settled.items()))
        case Mapping():
            found = {key: _settled(each, world) for key, each in value.items()}
            return {key: each for key, each in found.items() if each is not None}
        case list():
            return [each for each in (_settled(each, world) for each in value) if each is not None]
        case _:
            return value


def _refines(before: Value, after: Value) -> bool:
    """Whether more knowledge may turn the one value into the other."""
    match before, after:
        case Unknown(), _:
            return not (before.present and after is None) and _fits(before, after)
        case Choice(), Choice() if before.variable == after.variable:
            later = dict(after.options)
            return all(_refines(each, later.get(outcome)) for outcome, each in before.options)
        case _, Choice():
            return all(_refines(before, each) for _, each in after.options)
        case Choice(), _:
            return any(_refines(each, after) for _, each in before.options)
        case dict(), dict():
            return all(_refines(before.get(key), after.get(key)) for key in before.keys() | after.keys())
        case list(), list():
            return len(before) == len(after) and all(map(_refines, before, after))
        case _:
            return type(before) is type(after) and before == after


def _fits(before: Unknown, after: Value) -> bool:
    """Whether a text is one that the known parts allow."""
    if isinstance(after, Choice):
        return all(_fits(before, each) for _, each in after.options)
    if not before.parts or not isinstance(after, str):
        return True
    return after.startswith(before.parts[0]) and after.endswith(before.parts[-1])


@pytest.mark.parametrize("value", ["x", "q", ""])
def test_the_law_of_refinement_notices_a_wrong_answer(value: str) -> None:
    assert not _refines("a", value)
    assert not _refines({"P": 1}, {})
    assert not _refines(Choice("v", next(iter(_reasons())), (("a", 1), ("b", 2))), 3)


def _reasons() -> list[Any]:
    from assay.inventory.values import Cause, Reason

    return [Reason(Cause.PARAMETER, "A")]
