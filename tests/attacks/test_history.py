"""Hostile names and damaged ledgers: the index says what was recorded, byte for byte, or refuses."""

import json
import random
from pathlib import Path

import pytest
from tests.ledger.worlds import Memory, ledger, signer

from assay.assessment.history import Seen, State
from assay.errors import DamagedLedger
from assay.ledger.following import Follower, Place
from assay.ledger.keys import PublicKey
from assay.operations.history import History, Wanted
from assay.operations.history_index import absorb, open_index
from assay.operations.history_looks import Look
from assay.reports import history as shown
from assay.reports.terminal import plain

KEY = PublicKey("example.org/log", b"\0" * 32)
NAMES = (
    "plain",
    "a,b",
    'a"b',
    '""',
    "'",
    "a\nb",
    "a\r\nb",
    "\\N",
    "NULL",
    " ",
    "a\\",
    "a\tb",
    "'; DROP TABLE spans; --",
    "=cmd()",
    "\u202egnp",
    "\x1b[2J",
    "🦆" * 200,
    "a\x00b",
    "x" * 20_000,
)


@pytest.mark.parametrize("name", NAMES)
def test_any_name_is_what_it_was(name: str) -> None:
    seen = Seen(State.EXCEPTED, 1, exception=name)
    look = Look(name, name, 100, 100, True, {(name, name, name): (100, seen)})
    database = open_index(None, KEY)
    absorb(database, [look])
    found = History(database)
    (status,) = found.as_of(100, Wanted(workloads=(name,), stage=name, objective=name, control=name)).statuses
    subject = status.subject
    assert (subject.workload, subject.stage, subject.objective, subject.control, subject.resource) == (name,) * 5
    assert (status.state, status.exception) == (State.EXCEPTED, name)
    period = found.over(0, 200, Wanted(detail="resource"), timelines=True)
    assert period.rows[0].figures.excepted == 100
    document = json.loads(json.dumps(shown.document(period, name)))
    assert document["subjects"][0]["resource"] == name
    text = plain(shown.status_text(found.as_of(100, Wanted(detail="resource")), 5), 200)
    assert "\x1b" not in text
    assert "\u202e" not in text
    absorb(database, [look])  # and it is found again
    assert found.as_of(100, Wanted(detail="resource")).statuses[0].subject == subject


def test_nothing_that_was_changed_is_followed() -> None:
    """Of every object one byte: the follower refuses, or what it yields is what was appended."""
    sound = ledger([3, 300, 40])
    key = signer().public
    told = [(each.commit.run, each.records, each.predicate) for each in Follower(sound, key, Place())]
    chance = random.Random(5)
    refused = 0
    for name, content in sound.objects.items():
        for at in (0, len(content) - 1, *chance.sample(range(len(content)), min(len(content), 12))):
            changed = bytearray(content)
            changed[at] ^= 1 << chance.randrange(8)
            spoilt = Memory({**sound.objects, name: bytes(changed)})
            try:
                found = [(each.commit.run, each.records, each.predicate) for each in Follower(spoilt, key, Place())]
            except DamagedLedger:
                refused += 1
            else:
                assert found == told[: len(found)], name
                assert len(found) == len(told), name
    assert refused > 50


def test_nothing_that_was_removed_is_passed_over() -> None:
    sound = ledger([3, 300, 40])
    key = signer().public
    for name in sound.objects:
        if name.startswith(("commits/", "tile/entries/")) or name == "checkpoint":
            spoilt = Memory({other: content for other, content in sound.objects.items() if other != name})
            try:
                runs = [each.commit.run for each in Follower(spoilt, key, Place())]
            except DamagedLedger:
                continue
            assert runs == ["run-0", "run-1", "run-2"], name  # a partial tile beside the full one


def test_a_ledger_that_was_set_back_or_replaced_is_not_followed_from_where_it_was() -> None:
    sound, key = ledger([3, 4]), signer().public
    follower = Follower(sound, key, Place())
    assert sum(1 for _ in follower) == 2
    place = follower.place
    assert list(Follower(sound, key, place)) == []
    with pytest.raises(DamagedLedger, match="set back"):
        Follower(ledger([3]), key, place)
    with pytest.raises(DamagedLedger, match=r"others than those|is missing"):
        Follower(ledger([4, 5]), key, place)
    with pytest.raises(DamagedLedger, match="others than those"):
        Follower(sound, key, Place(place.size, "0" * 64))
    grown = ledger([3, 4, 2])
    assert [each.commit.run for each in Follower(grown, key, place)] == ["run-2"]


def test_an_interrupted_catch_up_leaves_the_index_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "index.duckdb"
    database = open_index(path, KEY)
    absorb(database, [Look("shop", "prod", 100, 100, True, {("o", "c", "r"): (100, Seen(State.MET, 1))})])

    class Stopped(Exception):
        pass

    def looks() -> object:
        yield Look("shop", "prod", 200, 200, True, {("o", "c", "r"): (200, Seen(State.FAILING, 1))})
        raise Stopped

    database.execute("BEGIN")
    with pytest.raises(Stopped):
        absorb(database, looks())  # type: ignore[arg-type]
    database.execute("ROLLBACK")
    database.close()
    again = open_index(path, KEY)
    assert History(again).as_of(250).looks == 1
