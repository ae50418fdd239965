"""Laws of the whole way from a template to the reports, on small templates made of the catalogue's own examples."""

import dataclasses
import datetime
import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assay.assessment.assess import evaluate_all, overall
from assay.assessment.check import Check, unjudged
from assay.assessment.evaluation import Evaluation, Place, lay_exceptions
from assay.assessment.verdicts import Counts, Verdict
from assay.governance.compiled import CompiledControl
from assay.governance.model import ApprovedException, ExceptionScope
from assay.governance.repository import read_catalogue
from assay.inventory.resource import Inventory
from assay.operations import examples
from assay.reports import context, junit, sarif, text
from assay.reports import json as json_report
from assay.reports.context import ReportContext
from assay.sources.cloudformation import Context, read, read_text

CATALOGUE = read_catalogue()
NOW = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)
TODAY = NOW.date()
CONTROLS = {name: each for name, each in CATALOGUE.controls.items() if not name.startswith("assay-")}
_SETTINGS = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
_REFERRING = ("Ref", "Fn::GetAtt", "Fn::Sub", "DependsOn")


def _named(value: Any, names: Mapping[str, str], key: str = "") -> Any:
    """Return a part of a template with the logical ids that it refers to renamed."""
    match value:
        case dict():
            return {name: _named(each, names, name) for name, each in value.items()}
        case list():
            return [_named(each, names, key) for each in value]
        case str() if key in _REFERRING:
            return re.sub(r"\w+", lambda word: names.get(word[0], word[0]), value)
        case _:
            return value


def _resources(compiled: CompiledControl, heading: str, index: int) -> dict[str, Any]:
    example = getattr(compiled.control.examples, heading)[index]
    return json.loads(json.dumps(examples.template(compiled, example)["Resources"]))  # type: ignore[no-any-return]


EXAMPLES: Sequence[dict[str, Any]] = [
    _resources(compiled, heading, index)
    for compiled in CONTROLS.values()
    if not compiled.control.resource.startswith("Assay::")
    for heading in examples.HEADINGS
    for index in range(len(getattr(compiled.control.examples, heading)))
]
_examples = st.sampled_from(EXAMPLES)


def joined(parts: Sequence[dict[str, Any]], first: int = 0) -> dict[str, Any]:
    """Return the resources of several examples together; each keeps to its own."""
    found: dict[str, Any] = {}
    for number, part in enumerate(parts, first):
        names = {name: f"{name}N{number}" for name in part}
        found.update({names[name]: _named(each, names) for name, each in part.items()})
    return found


templates = st.lists(_examples, min_size=1, max_size=4).map(joined)


def inventory_of(
    resources: Mapping[str, Any], parameters: Mapping[str, str] | None = None, **sections: Any
) -> Inventory:
    body = json.dumps({**sections, "Resources": resources}).encode()
    return read_text(body, "t.json", Context(parameters=dict(parameters or {}), undeclared_parameters=True))


def judged(inventory: Inventory) -> tuple[Evaluation, ...]:
    return evaluate_all(CONTROLS.values(), inventory, CATALOGUE.params, TODAY)


def verdicts(inventory: Inventory) -> dict[tuple[str, str], Verdict]:
    return {(each.control, each.resource): each.verdict for each in judged(inventory)}


def report(inventory: Inventory, evaluations: tuple[Evaluation, ...]) -> ReportContext:
    return context.from_check(
        Check(NOW, ("t.json",), CONTROLS, inventory, evaluations, unjudged(inventory, evaluations))
    )


@_SETTINGS
@given(templates)
def test_every_control_judges_every_resource_in_its_scope_exactly_once(resources: dict[str, Any]) -> None:
    inventory = inventory_of(resources)
    pairs = Counter((each.control, each.resource) for each in judged(inventory))
    assert set(pairs.values()) <= {1}
    whole = {
        (name, resource.id)
        for name, each in CONTROLS.items()
        for resource in inventory.resources
        if resource.type == each.control.resource and not resource.fragment
    }
    parts = {
        (name, resource.id)
        for name, each in CONTROLS.items()
        for resource in inventory.resources
        if resource.type == each.control.resource and resource.fragment
        if {path[0] for path in each.require.reads if path} & resource.properties.keys()
    }
    assert pairs.keys() == whole | parts


@_SETTINGS
@given(templates)
def test_unknown_has_a_reason_and_every_verdict_a_place(resources: dict[str, Any]) -> None:
    for each in judged(inventory_of(resources)):
        assert bool(each.reasons) is (each.verdict is Verdict.UNKNOWN), each
        assert each.positions
        assert all(place.file == "t.json" and place.line for place in each.positions)


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict) and not any(key in _REFERRING or key.startswith("Fn::") for key in value):
        return [leaf for key, each in value.items() for leaf in _leaves(each, (*path, key))]
    if isinstance(value, list):
        return [leaf for index, each in enumerate(value) for leaf in _leaves(each, (*path, index))]
    return [path] if isinstance(value, str | int | bool) and path else []


@st.composite
def parametrised(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, str]]:
    """A template some of whose values come from parameters without a default, and a value for each of them."""
    resources = json.loads(json.dumps(draw(templates)))
    given: dict[str, str] = {}
    for resource in resources.values():
        leaves = _leaves(resource.get("Properties", {}))
        for path in draw(st.lists(st.sampled_from(leaves), max_size=3, unique=True)) if leaves else ():
            *steps, last = path
            holder = resource["Properties"]
            for step in steps:
                holder = holder[step]
            value = holder[last]
            name = f"P{len(given)}"
            original = json.dumps(value) if isinstance(value, bool) else str(value)
            given[name] = draw(st.sampled_from([original, original, "false", "22", "x"]))
            holder[last] = {"Ref": name}
    return resources, given


@settings(_SETTINGS, max_examples=150)
@given(parametrised())
def test_a_value_for_a_parameter_never_turns_one_decided_verdict_into_the_other(
    drawn: tuple[dict[str, Any], dict[str, str]],
) -> None:
    resources, given = drawn
    declared = {name: {"Type": "String"} for name in given}
    unset, known = inventory_of(resources, Parameters=declared), inventory_of(resources, given, Parameters=declared)
    before, after = verdicts(unset), verdicts(known)
    flipped = {
        pair: (verdict, after[pair])
        for pair, verdict in before.items()
        if verdict is not Verdict.UNKNOWN and after.get(pair, verdict) is not verdict
    }
    assert not flipped


@_SETTINGS
@given(templates, templates, st.sampled_from(["{", "Resources: {A: {Type: [", "\x00", "[]", ""]))
def test_a_file_that_is_broken_or_gone_changes_nothing_about_the_others_and_never_passes(
    tmp_path: Path, one: dict[str, Any], other: dict[str, Any], broken: str
) -> None:
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    first.write_text(json.dumps({"Resources": one}))
    second.write_text(json.dumps({"Resources": other}))
    given = Context(undeclared_parameters=True)
    both, alone = read([first, second], given), read([first], given)
    second.write_text(broken)
    partly = read([first, second], given)
    of_first = {pair: each for pair, each in verdicts(both).items() if pair[1].startswith(str(first))}
    assert of_first == verdicts(alone)
    assert of_first == verdicts(partly)
    assert partly.faults
    assert not report(partly, judged(partly)).verdict.passes


@_SETTINGS
@given(templates, _examples)
def test_a_stranger_beside_it_never_turns_not_met_into_met(resources: dict[str, Any], stranger: dict[str, Any]) -> None:
    before = verdicts(inventory_of(resources))
    more = inventory_of({**resources, **joined([stranger], 9)})
    after = verdicts(more)
    related = {end for each in more.relations for end in (each.source, each.target)}
    owners = {each.folded_into for each in more.resources if each.folded_into}
    turned = {
        pair
        for pair, verdict in before.items()
        if verdict is Verdict.NOT_MET and after.get(pair) is Verdict.MET and pair[1] not in related | owners
    }
    assert not turned


def _exception(**scope: str) -> ApprovedException:
    return ApprovedException(
        "e", ExceptionScope(**scope), "r", "c", "a", "b", TODAY - datetime.timedelta(1), TODAY + datetime.timedelta(1)
    )


@st.composite
def excepted(draw: st.DrawFn) -> tuple[Inventory, tuple[Evaluation, ...], tuple[Evaluation, ...]]:
    """An inventory, its evaluations, and these with an exception laid over."""
    inventory = inventory_of(draw(templates))
    plain = judged(inventory)
    scope: dict[str, str] = {"resource": draw(st.sampled_from(["*", "*N0", "This*", "nothing"]))}
    if draw(st.booleans()) and plain:
        scope["control"] = draw(st.sampled_from(plain)).control
    laid = lay_exceptions(
        plain,
        [_exception(**scope)],
        place=Place(),
        objective_of={name: each.control.objective for name, each in CONTROLS.items()},
        names={each.id: each.name for each in inventory.resources},
        today=TODAY,
    )
    return inventory, plain, laid


@_SETTINGS
@given(excepted())
def test_an_exception_changes_no_verdict_and_covers_what_fails_only(
    drawn: tuple[Inventory, tuple[Evaluation, ...], tuple[Evaluation, ...]],
) -> None:
    _, plain, laid = drawn
    assert [dataclasses.replace(each, exception="") for each in laid] == list(plain)
    for each in laid:
        covered = bool(each.exception)
        assert each.effective is (Verdict.EXCEPTED if covered else each.verdict)
        assert not covered or each.verdict in (Verdict.NOT_MET, Verdict.UNKNOWN)


@_SETTINGS
@given(excepted())
def test_every_report_of_one_context_gives_the_same_figures(
    drawn: tuple[Inventory, tuple[Evaluation, ...], tuple[Evaluation, ...]],
) -> None:
    inventory, _, laid = drawn
    shown = report(inventory, laid)
    expected = Counts.of(each.effective for each in laid)
    assert shown.counts == expected == sum((each.counts for each in shown.sections), Counts())
    assert shown.verdict is overall(each.effective for each in laid) or not inventory.complete

    document = json.loads(json_report.render(shown))
    tally = Counter(each["effective"] for section in document["sections"] for each in section["evaluations"])
    stated = {name: document["counts"][name] for name in ("met", "not_met", "unknown", "not_applicable", "excepted")}
    assert stated == {name: tally[name] for name in stated}
    assert document["counts"]["total"] == sum(stated.values()) == len(laid)
    assert document["counts"]["applicable"] == len(laid) - expected.not_applicable

    suites = ET.fromstring(junit.render(shown))
    cases = list(suites.iter("testcase"))
    assert int(suites.get("tests", "")) == len(cases) == len(laid) + len(inventory.faults)
    assert int(suites.get("failures", "")) == len(list(suites.iter("failure"))) == expected.not_met
    assert int(suites.get("errors", "")) == len(list(suites.iter("error"))) == expected.unknown + len(inventory.faults)
    skipped = sum(int(each.get("skipped", "")) for each in suites)
    assert skipped == len(list(suites.iter("skipped"))) == expected.not_applicable + expected.excepted

    results = sarif.document(shown)["runs"][0]["results"]
    open_results = [each for each in results if "suppressions" not in each]
    kinds = Counter(each["kind"] for each in open_results)
    assert (kinds["fail"], kinds["review"]) == (expected.not_met, expected.unknown)
    assert len(results) - len(open_results) == expected.excepted

    printed = text.plain(shown, limit=10_000)
    assert str(expected) in " ".join(printed.split())
    assert printed.count(" is laid over: ") == expected.excepted


def test_the_examples_are_templates_of_many_kinds() -> None:
    kinds = {each["Type"] for part in EXAMPLES for each in part.values() if "Type" in each}
    assert len(EXAMPLES) > 1000
    assert len(kinds) > 40


@pytest.mark.parametrize("name", ["t.json"])
def test_an_empty_template_is_not_called_met(name: str) -> None:
    shown = report(inventory_of({}), ())
    assert shown.verdict is Verdict.UNKNOWN
    assert shown.sections[0].title == name
