"""Laws of the ledger: proofs hold for every prefix of every history, and every verdict can be given again."""

import base64
import dataclasses
import datetime
import functools
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.ledger.worlds import Memory, ledger, run, signer

from assay.assessment.verdicts import Counts
from assay.canonical import canonical, exact, inexact
from assay.governance.repository import Repository
from assay.inventory.values import Cause, Choice, Reason, Unknown
from assay.ledger.log import Receipt, append, entries, read_checkpoint, read_tile, runs
from assay.ledger.merkle import (
    consistency_proof,
    consistent,
    included,
    inclusion_proof,
    leaf_hash,
    node_hash,
)
from assay.ledger.tiles import NOTHING, Tile, extend, nodes_of, spans
from assay.ledger.verify import State, verify
from assay.operations.book import Book
from assay.operations.evidence import assess_and_record, run_of
from assay.operations.replay import replay
from assay.operations.stand_ins import pseudonymous
from assay.reports.redaction import redacted

NOW = datetime.datetime(2026, 11, 25, tzinfo=datetime.UTC)
ACME = Path(__file__).parents[2] / "examples" / "acme"

leaves_of = st.integers(0, 700).map(lambda count: [leaf_hash(str(number).encode()) for number in range(count)])


@functools.cache
def defined(start: int, end: int) -> bytes:
    """MTH(D[start:end]) by its definition, of the leaves above."""
    if start == end:
        return hashlib.sha256(b"").digest()
    if end - start == 1:
        return leaf_hash(str(start).encode())
    middle = start + (1 << ((end - start - 1).bit_length() - 1))
    return node_hash(defined(start, middle), defined(middle, end))


def in_batches(leaves: list[bytes], cuts: list[int]) -> Iterator[tuple[int, bytes, list[Tile]]]:
    """Yield (size, root, tiles) after each batch of a history that is cut at these places."""
    edge = NOTHING
    for cut in [*sorted({each % (len(leaves) + 1) for each in cuts}), len(leaves)]:
        edge, made = extend(edge, leaves[edge.size : cut])
        yield edge.size, edge.root, made


@given(leaves_of, st.lists(st.integers(0, 700), max_size=6))
def test_roots_and_tiles_do_not_depend_on_the_batches(leaves: list[bytes], cuts: list[int]) -> None:
    stored: dict[str, Tile] = {}
    for size, root, made in in_batches(leaves, cuts):
        assert root == defined(0, size)
        stored |= {each.name: each for each in made}
        for level in range(3):
            for index, width in spans(size, level):  # the tiles that the specification demands for this size
                tile = stored[Tile(level, index, (b"",) * width).name]
                span = 256**level
                start = index * 256 * span
                assert list(tile.hashes) == [defined(start + at * span, start + (at + 1) * span) for at in range(width)]


@given(st.integers(1, 700), st.data())
def test_inclusion_and_consistency_hold_for_every_prefix_and_for_nothing_else(size: int, data: st.DataObject) -> None:
    leaves = [leaf_hash(str(number).encode()) for number in range(size)]
    tiles = {(each.level, each.index): each.hashes for each in extend(NOTHING, leaves)[1]}
    nodes = nodes_of(size, lambda level, index, width: tiles[level, index])
    root = defined(0, size)
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))
    proof = inclusion_proof(nodes, index, size)
    assert included(leaves[index], index, size, proof, root)
    assert not included(leaf_hash(b"another"), index, size, proof, root)
    assert not included(leaves[index], (index + 1) % size, size, proof, root) or size == 1
    assert not included(leaves[index], index, size, [*proof, root], root)
    assert not proof or not included(leaves[index], index, size, proof[:-1], root)
    path = consistency_proof(nodes, old, size)
    assert consistent(old, defined(0, old), size, root, path)
    assert not consistent(old, leaf_hash(b"another"), size, root, path)
    assert not consistent(old, defined(0, old), size, leaf_hash(b"another"), path) or old == 0
    assert not consistent(old, defined(0, old), size, root, [*path, root])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 300), min_size=1, max_size=5))
def test_every_history_verifies_and_contains_each_of_its_checkpoints(counts: list[int]) -> None:
    memory, key, notes = ledger(()), signer(), []
    for number, count in enumerate(counts):
        receipt = append(memory, key, run(f"run-{number}", count))
        notes.append(receipt.note.encode())
        assert receipt.count == count + 1
    head = read_checkpoint(memory, key.public)
    assert head.size == sum(counts) + len(counts)
    assert [commit.run for commit, _ in runs(memory, key.public)] == [f"run-{number}" for number in range(len(counts))]
    for note in notes:
        assert verify(memory, key.public, note).passed
    nodes = nodes_of(head.size, lambda level, index, width: read_tile(memory, level, index, width))
    for index, entry in enumerate(entries(memory, 0, head.size, head.size)):
        assert included(leaf_hash(entry), index, head.size, inclusion_proof(nodes, index, head.size), head.root)


@given(st.lists(st.integers(0, 4), min_size=1, max_size=12))
def test_a_run_that_is_appended_again_is_there_once(names: list[int]) -> None:
    memory, key = ledger(()), signer()
    first: dict[int, Receipt] = {}
    for name in names:
        receipt = append(memory, key, run(f"run-{name}", 3))
        assert receipt == first.setdefault(name, receipt)
    assert read_checkpoint(memory, key.public).size == 4 * len(set(names))
    assert verify(memory, key.public).passed


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
)  # fmt: skip


@given(json_values)
def test_canonical_text_is_that_of_rfc_8785_and_reads_back(value: object) -> None:
    text = canonical(value)  # type: ignore[arg-type]
    assert text == rfc8785.dumps(value)  # type: ignore[arg-type]
    assert canonical(json.loads(text, parse_int=float)) == text


@given(json_values | st.text(st.characters()) | st.integers() | st.floats(allow_nan=False))
def test_stored_values_keep_their_types(value: object) -> None:
    """1.0 stays a float and 2**60 whole, though canonical JSON knows one kind of number, of 53 bits."""
    back = inexact(json.loads(canonical(exact(value))))
    assert repr(sorted_keys(back)) == repr(sorted_keys(value))


def sorted_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: sorted_keys(value[key]) for key in sorted(value)}
    return [sorted_keys(each) for each in value] if isinstance(value, list) else value


@given(st.lists(st.emails(), min_size=1, max_size=5))
def test_pseudonyms_are_equal_where_addresses_are(addresses: list[str]) -> None:
    plain = [each for each in addresses if re.fullmatch(r"[A-Za-z0-9._%+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]+", each)]
    reason = Reason(Cause.PARAMETER, "Host")
    hole, choice = Unknown(reason, parts=("to ", *plain)), Choice("v", reason, (("a", plain),))
    for value in ([*plain], {"list": plain}, hole, choice):
        hidden = pseudonymous(value, lambda each: f"<{plain.index(each)}>")
        assert not any(each in repr(hidden) for each in plain)
        again = pseudonymous(hidden, lambda each: "another")
        assert hidden == again
    hidden = pseudonymous(plain, lambda each: f"<{plain.index(each)}>")
    assert isinstance(hidden, list)
    assert [hidden.index(each) for each in hidden] == [plain.index(each) for each in plain]


def test_what_has_no_canonical_text_is_refused() -> None:
    for value in (float("nan"), float("inf"), 2**53, "\ud800"):
        with pytest.raises(ValueError):  # several sentences
            canonical(value)


@pytest.fixture(scope="module")
def acme() -> tuple[Memory, Repository]:
    """A ledger with one run about the example organisation."""
    memory = ledger(())
    repository, _, _ = assess_and_record(ACME, book(memory), now=NOW)
    return memory, repository


def book(memory: Memory, name: str = "acme") -> Book:
    from assay.operations.stand_ins import STAND_IN

    return Book(memory, signer(), functools.partial(redacted, instead=STAND_IN), name, NOW)


def test_every_automated_verdict_of_acme_is_given_again_byte_for_byte(acme: tuple[Memory, Repository]) -> None:
    memory, _ = acme
    key = signer().public
    verified = verify(memory, key)
    step = replay(memory, key, verified)
    assert verified.passed, verified.wrong or verified.open
    assert step.state is State.PASSED, step
    assert int(step.detail.split()[0]) > 500


def test_verdicts_given_in_columns_are_given_again_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assay.assessment.assess.MANY", 1)
    memory = ledger(())
    assess_and_record(ACME, book(memory), now=NOW)
    step = replay(memory, signer().public, verify(memory, signer().public))
    assert step.state is State.PASSED, step


def test_as_many_verdicts_are_recorded_as_the_answer_counts(acme: tuple[Memory, Repository]) -> None:
    from assay.operations.assess import assess_repository

    memory, _ = acme
    repository, assessment = assess_repository(ACME, now=NOW)
    counted = sum(each.counts.total for each in (assessment.organisation, *assessment.workloads))
    again = run_of(repository, assessment, book(memory), {})
    assert len(again.records) == counted
    assert [canonical(each) for each in again.records] == [
        canonical({key: value for key, value in json.loads(each).items() if key != "run"})
        for each in entries(memory, 0, counted, counted + 1)
    ]


def test_a_verdict_that_does_not_follow_is_named(acme: tuple[Memory, Repository]) -> None:
    """A signer who lies: everything is signed and complete, and the verdict is not what the configuration says."""
    from assay.operations.assess import assess_repository

    repository, assessment = assess_repository(ACME, now=NOW)
    honest = run_of(repository, assessment, book(Memory()), {})
    judged = Counter((each["control"], each["inventory"]) for each in honest.records)
    at = next(
        number
        for number, each in enumerate(honest.records)
        if each["verdict"] == "not_met" and judged[each["control"], each["inventory"]] > 1
    )
    lying = {**honest.records[at], "verdict": "met"}
    for records, said in (
        ([*honest.records[:at], lying, *honest.records[at + 1 :]], "and is"),
        ([*honest.records[:at], *honest.records[at + 1 :]], "has no verdict on"),
        ([*honest.records, honest.records[at]], "a second verdict"),
    ):
        memory = ledger(())
        append(memory, signer(), type(honest)(honest.id, honest.manifest, records, honest.blobs))
        verified = verify(memory, signer().public)
        assert verified.passed
        step = replay(memory, signer().public, verified)
        assert step.state is State.FAILED
        assert said in step.detail


def test_a_verdict_that_hiding_would_change_is_kept_and_said_and_not_replayed() -> None:
    """Everything is taken for a secret here, so that hardly a verdict follows from what is stored."""
    from assay.operations.assess import assess_repository

    memory = ledger(())
    secretive = dataclasses.replace(book(memory), redact=lambda value: {})
    assess_and_record(ACME, secretive, now=NOW)
    _, assessment = assess_repository(ACME, now=NOW)
    verified = verify(memory, signer().public)
    assert verified.passed
    (stated,) = [
        json.loads(base64.b64decode(json.loads(each)["payload"]))["predicate"]
        for each in memory.objects.values()
        if b"payloadType" in each
    ]
    counts = sum((each.counts for each in (assessment.organisation, *assessment.workloads)), Counts())
    assert stated["counts"]["met"] == counts.met
    step = replay(memory, signer().public, verified)
    assert step.state is State.NOT_CHECKED
    assert "rest on values that are not stored" in step.detail
