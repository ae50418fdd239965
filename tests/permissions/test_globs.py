"""Wildcards of IAM: matching is what a regular expression says, and the search over texts misses nothing."""

import itertools
import re
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.permissions.globs import (
    MANY,
    MANY_NARROW,
    ONE,
    ONE_NARROW,
    BudgetExceeded,
    Glob,
    disjoint,
    exactly,
    find,
    glob,
    narrowed,
    wild_tokens,
    within,
)

TEXTS = ["".join(letters) for size in range(1, 5) for letters in itertools.product("ab:x", repeat=size)]
tokens = st.lists(st.sampled_from(("a", "b", ":", MANY, ONE, MANY_NARROW, ONE_NARROW)), max_size=5).map(tuple)
globs = st.builds(Glob, tokens)
_REGEX = {MANY: "[\\s\\S]*", ONE: "[\\s\\S]", MANY_NARROW: "[^:]*", ONE_NARROW: "[^:]"}


def regex(pattern: Glob) -> str:
    return "".join(_REGEX.get(each, re.escape(each)) for each in pattern.tokens)


@given(globs)
def test_matching_is_what_a_regular_expression_says(pattern: Glob) -> None:
    for text in TEXTS:
        assert pattern.matches(text) == bool(re.fullmatch(regex(pattern), text)), (regex(pattern), text)


@given(st.text("aAbB*?", max_size=5), st.text("aAbB", max_size=4))
def test_folding_is_both_in_lower_case(pattern: str, text: str) -> None:
    assert glob(pattern, folded=True).matches(text) == glob(pattern.lower()).matches(text.lower())


def _fits(text: str, matching: Sequence[Glob], avoiding: Sequence[Glob]) -> bool:
    return all(each.matches(text) for each in matching) and not any(each.matches(text) for each in avoiding)


@settings(max_examples=400, deadline=None)
@given(st.lists(globs, max_size=3), st.lists(globs, max_size=3))
def test_a_text_that_is_found_fits_and_none_means_none(matching: list[Glob], avoiding: list[Glob]) -> None:
    found = find(matching, avoiding)
    if found is None:
        assert not any(_fits(text, matching, avoiding) for text in TEXTS)
    else:
        assert found
        assert _fits(found, matching, avoiding)


@settings(max_examples=300, deadline=None)
@given(globs, globs)
def test_within_and_disjoint_are_so_on_all_short_texts(left: Glob, right: Glob) -> None:
    if within(left, right):
        assert not any(left.matches(text) and not right.matches(text) for text in TEXTS)
    if disjoint(left, right):
        assert not any(left.matches(text) and right.matches(text) for text in TEXTS)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text("aAbB*?", min_size=1, max_size=4), min_size=1, max_size=3), st.booleans())
def test_letters_without_case_are_searched_in_both(patterns: list[str], last_folded: bool) -> None:
    made = [glob(each, folded=index > 0 or last_folded) for index, each in enumerate(patterns)]
    found = find(made[:1], made[1:])
    texts = ["".join(letters) for size in range(1, 5) for letters in itertools.product("aAbBz", repeat=size)]
    if found is None:
        assert not any(_fits(text, made[:1], made[1:]) for text in texts)
    else:
        assert _fits(found, made[:1], made[1:])


def test_wildcards_are_narrow_before_the_last_colon() -> None:
    assert narrowed(wild_tokens("a*:b?:c*"), None) == ("a", MANY_NARROW, ":", "b", ONE_NARROW, ":", "c", MANY)
    assert narrowed(wild_tokens("*:*:*"), 2) == (MANY_NARROW, ":", MANY, ":", MANY)
    assert narrowed(wild_tokens("*"), None) == (MANY,)


def test_a_text_that_leads_back_to_the_beginning_is_found() -> None:
    assert find((glob("*"),), (Glob((MANY, ONE_NARROW)),)) == ":"
    assert not within(glob("*"), Glob((MANY, ONE_NARROW)))


def test_a_value_is_never_empty() -> None:
    assert find((glob("*"),), (glob("?*"),)) is None
    assert find((exactly(""),), ()) is None


def test_a_budget_is_kept() -> None:
    infixes = [glob(f"*{each}*") for each in ("abab", "baba", "aabb", "bbaa", "abba")]
    with pytest.raises(BudgetExceeded):
        find(infixes, [glob("*c*"), glob("*example*"), glob("*a")], budget=20)
