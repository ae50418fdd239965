"""Laws 2, 5 and 7 on live accounts: what is denied makes verdicts unknown, never others, and no list is empty for it;
what is known of a live resource is judged as if it were declared so.

Over every entry of the catalogue, with made-up answers, each of its requests denied in turn, judged by every control.
"""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from tests.sources.aws.made_answers import MadeUp, key_of

from assay.assessment.assess import evaluate_all
from assay.assessment.verdicts import Verdict
from assay.governance.compiled import CompiledControl
from assay.governance.knowledge import Knowledge, knowledge
from assay.inventory.identity import identified
from assay.inventory.normalise import normalise
from assay.inventory.observed import with_parts
from assay.inventory.resource import Origin, Position
from assay.inventory.values import Unknown
from assay.sources.aws import translate
from assay.sources.aws.calls import Request
from assay.sources.aws.collecting import Asking, Collected
from assay.sources.aws.entry import Entry
from assay.sources.aws.paths import Place
from assay.sources.aws.services import ENTRIES

SEEDS = 3
TODAY = datetime.date(2026, 11, 25)
Verdicts = Mapping[tuple[str, str], Verdict]
"""(control, type and name of the resource) → verdict."""


def _collected(
    entry: Entry, seed: int, denies: Callable[[Request], bool] = lambda _: False
) -> tuple[Collected, MadeUp]:
    port = MadeUp(entry, seed, denies)
    place = Place("111122223333", "eu-west-1")
    return Asking(entry, port, place, lambda: "2026-11-25T08:00:00Z").collect(), port


def _is_about(key: str) -> Callable[[Request], bool]:
    return lambda request: key_of(request) == key


def _asks(operation: str) -> Callable[[Request], bool]:
    return lambda request: request.operation == operation


@cache
def _known() -> Knowledge:
    return knowledge(None)


def _controls(entry: Entry) -> list[CompiledControl]:
    kinds = {entry.type, *entry.declares}
    return [each for each in _known().controls.values() if each.control.resource in kinds]


def _judged(entry: Entry, found: Collected, controls: list[CompiledControl]) -> Verdicts:
    listed = frozenset({entry.type, *entry.holds, *entry.declares}) if found.whole else frozenset[str]()
    named = {each.id: each for each in map(identified, found.resources)}
    inventory = normalise(with_parts(each, "the collector", listed) for each in named.values())
    called = {each.id: f"{each.type}/{each.name}" for each in inventory.resources}
    judged = evaluate_all(controls, inventory, _known().params, TODAY)
    return {(each.control, called[each.resource]): each.verdict for each in judged}


@pytest.mark.parametrize("kind", sorted(ENTRIES))
def test_what_is_denied_decides_nothing(kind: str) -> None:
    entry = ENTRIES[kind]
    controls = _controls(entry)
    lists = {each.operation for each in entry.listing}
    for seed in range(SEEDS):
        whole, port = _collected(entry, seed)
        known = _judged(entry, whole, controls)
        for key, request in port.asked.items():
            less, _ = _collected(entry, seed, _is_about(key))
            if request.operation in lists:
                assert not less.whole, key
            decided = {
                each: verdict
                for each, verdict in _judged(entry, less, controls).items()
                # What a description would show to be none of the type, or to be going, is judged by what the list says.
                if verdict is not Verdict.UNKNOWN and each in known
            }
            assert decided == {each: known[each] for each in decided}, key


def _known_of(value: Any) -> Any:
    """A value without what is unknown in it."""
    match value:
        case Mapping():
            return {key: _known_of(each) for key, each in value.items() if not isinstance(each, Unknown)}
        case list():
            return [_known_of(each) for each in value if not isinstance(each, Unknown)]
        case _:
            return value


def _declared(found: Collected) -> Collected:
    """The resources as a template would declare what is known of them, and nothing else."""
    origin = Origin("cloudformation", Position("template.yaml", 1), "111122223333", "eu-west-1")
    resources = tuple(replace(each, properties=_known_of(each.properties), origin=origin) for each in found.resources)
    return replace(found, resources=resources)


# A bucket without ownership controls has ACLs; one that a template makes without them has none since April 2023.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
DIFFERENT = ("s3-bucket-acls-disabled",)


@pytest.mark.parametrize("kind", sorted(ENTRIES))
def test_what_is_collected_and_what_is_declared_so_are_judged_alike(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a live description leaves out and what a template leaves out come to the same, wherever both decide."""
    entry = ENTRIES[kind]
    controls = _controls(entry)
    live = [_judged(entry, _collected(entry, seed)[0], controls) for seed in range(SEEDS)]
    monkeypatch.setattr(translate, "observed", lambda _kind, properties, *_, **__: properties)
    for seed, seen in enumerate(live):
        declared = _judged(entry, _declared(_collected(entry, seed)[0]), controls)
        both = [each for each in seen if Verdict.UNKNOWN not in (seen[each], declared.get(each, Verdict.UNKNOWN))]
        compared = [each for each in both if each[0] not in DIFFERENT]
        assert {each: seen[each] for each in compared} == {each: declared[each] for each in compared}


@pytest.mark.parametrize("kind", sorted(each for each, entry in ENTRIES.items() if entry.listing))
def test_a_list_that_is_denied_is_a_gap_for_all_that_it_would_have_given(kind: str) -> None:
    entry = ENTRIES[kind]
    for step in {each.operation for each in entry.listing}:
        found, port = _collected(entry, 0, _asks(step))
        if not any(each.operation == step for each in port.asked.values()):
            continue  # what it would have been listed under is not there
        assert not found.whole
        assert {name for gap in found.gaps for name in gap.types} == {kind, *entry.holds, *entry.declares}
