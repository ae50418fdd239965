"""Patterns of IAM: text in which `*` stands for any characters and `?` for one. Matching, and the search for a text
that matches some patterns and not others.

A pattern is a tuple of tokens: one character, or one of the four wildcards below. The narrow wildcards do not match a
colon; they are what `*` and `?` mean inside the fields of an ARN. Matching simulates the pattern's automaton with one
integer as the set of its states, so that it takes time linear in the text, whatever the wildcards. The search walks the
product of these automata breadth first; its budget counts product states.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Final

MANY: Final = "**"  # tokens of two characters: no literal is ever longer than one
ONE: Final = "??"
MANY_NARROW: Final = "*:"
ONE_NARROW: Final = "?:"
_NARROW = {MANY: MANY_NARROW, ONE: ONE_NARROW}

BUDGET = 20_000

_UPPER, _LOWER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"
_FOLD = str.maketrans(_UPPER, _LOWER)
_FRESH = "xyzqjwkvuhgfbodn0123456789ZQXJKWVYUHGFBODNacegilmprstACEGILMPRST_-~"


def fold(text: str) -> str:
    """Return the text with the letters A to Z in lower case; IAM states no rule for other alphabets."""
    return text.translate(_FOLD)


class BudgetExceeded(Exception):  # an answer ("not decided"), no error
    """The search passed its budget of states: nothing is known."""


@dataclass(frozen=True)
class Glob:
    """One pattern. `folded`: letters match without regard to case."""

    tokens: tuple[str, ...]
    folded: bool = False
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.tokens, self.folded)))

    def __hash__(self) -> int:
        return self._hash

    def __str__(self) -> str:
        return "".join(token[0] for token in self.tokens)

    @cached_property
    def literal(self) -> str | None:
        """The one text that matches, up to case, or None when there are wildcards."""
        return "".join(self.tokens) if all(len(token) == 1 for token in self.tokens) else None

    @cached_property
    def prefix(self) -> str | None:
        """P when the pattern is P followed by one unrestricted `*`, else None."""
        if not self.tokens or self.tokens[-1] != MANY or any(len(token) > 1 for token in self.tokens[:-1]):
            return None
        return "".join(self.tokens[:-1])

    @cached_property
    def automaton(self) -> "Automaton":
        """The automaton of the pattern."""
        return Automaton(self.tokens, self.folded)

    def matches(self, text: str) -> bool:
        """Return whether the whole text matches."""
        text = fold(text) if self.folded else text
        if self.literal is not None:
            return text == self.literal
        if self.prefix is not None:
            return text.startswith(self.prefix)
        return self.automaton.accepts(text)


class Automaton:
    """The states of one pattern as bits: bit i is set when the first i tokens have matched."""

    def __init__(self, tokens: Sequence[str], folded: bool) -> None:
        self.final = 1 << len(tokens)
        self.stars = self.wide = self.narrow = self.one = self.one_narrow = 0
        self.letters: dict[str, int] = {}
        for index, token in enumerate(tokens):
            self._place(token, 1 << index, folded)
        self.start = self._closed(1)
        # Once the last token is an unrestricted star and its state is reached, every longer text matches.
        self.sink = self.final >> 1 if tokens and tokens[-1] == MANY else 0

    def _place(self, token: str, bit: int, folded: bool) -> None:
        if token == MANY:
            self.stars, self.wide = self.stars | bit, self.wide | bit
        elif token == MANY_NARROW:
            self.stars, self.narrow = self.stars | bit, self.narrow | bit
        elif token == ONE:
            self.one |= bit
        elif token == ONE_NARROW:
            self.one_narrow |= bit
        else:
            for letter in {token, token.upper()} if folded and token in _LOWER else {token}:
                self.letters[letter] = self.letters.get(letter, 0) | bit

    def _closed(self, states: int) -> int:
        skipped = states & self.stars
        while skipped:  # two stars can stand side by side where a narrow one meets a wide one
            added = (skipped << 1) & ~states
            states |= added
            skipped = added & self.stars
        return states

    def step(self, states: int, letter: str) -> int:
        """Return the states after one more character; 0 when no continuation matches."""
        consumed, stay = self.letters.get(letter, 0) | self.one, self.wide
        if letter != ":":
            consumed, stay = consumed | self.one_narrow, stay | self.narrow
        return self._closed(((states & consumed) << 1) | (states & stay))

    def accepts(self, text: str) -> bool:
        """Return whether the text matches; its letters are folded already where the pattern's are."""
        states = self.start
        for letter in text:
            states = self.step(states, letter)
            if not states:
                return False
        return bool(states & self.final)


@lru_cache(maxsize=65_536)
def glob(pattern: str, *, folded: bool = False) -> Glob:
    """Return the pattern in which `*` and `?` match any characters, colons included: actions, StringLike."""
    return Glob(_collapse(_wild(letter) for letter in (fold(pattern) if folded else pattern)), folded)


@lru_cache(maxsize=65_536)
def exactly(text: str, *, folded: bool = False) -> Glob:
    """Return the pattern that matches this text only; `*` and `?` in it are characters like others."""
    return Glob(tuple(fold(text) if folded else text), folded)


def narrowed(tokens: Sequence[str], fields: int | None) -> tuple[str, ...]:
    """Return the tokens with narrow wildcards in all fields between colons but the last.

    `fields`: how many fields there are at most; None when every colon ends a field.
    """
    colons = [index for index, each in enumerate(tokens) if each == ":"]
    if fields is not None:
        colons = colons[: fields - 1]
    last = colons[-1] if colons else 0
    return _collapse(_NARROW.get(token, token) if index < last else token for index, token in enumerate(tokens))


def wild_tokens(pattern: str) -> tuple[str, ...]:
    """Return the tokens of a pattern as written, every wildcard unrestricted."""
    return tuple(_wild(letter) for letter in pattern)


def _wild(letter: str) -> str:
    return MANY if letter == "*" else ONE if letter == "?" else letter


def _collapse(tokens: Iterable[str]) -> tuple[str, ...]:
    kept: list[str] = []
    for token in tokens:
        if kept and token == kept[-1] and token in (MANY, MANY_NARROW):
            continue
        kept.append(token)
    return tuple(kept)


# -- search ------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=200_000)
def disjoint(left: Glob, right: Glob) -> bool:
    """Return whether no text matches both. Raises BudgetExceeded."""
    if left.literal is not None and not left.folded:
        return not right.matches(left.literal)
    if right.literal is not None and not right.folded:
        return not left.matches(right.literal)
    if left.prefix is not None and right.prefix is not None and left.folded == right.folded:
        return not (left.prefix.startswith(right.prefix) or right.prefix.startswith(left.prefix))
    return find((left, right), ()) is None


@lru_cache(maxsize=200_000)
def within(left: Glob, right: Glob) -> bool:
    """Return whether every text that matches `left` matches `right`. Raises BudgetExceeded."""
    if left.literal is not None and (not left.folded or right.folded):
        return right.matches(left.literal)
    if left.prefix is not None and right.prefix is not None and left.folded == right.folded:
        return left.prefix.startswith(right.prefix)
    if right.literal is not None and left.prefix is not None:
        return False
    return find((left,), (right,)) is None


def find(
    matching: Sequence[Glob], avoiding: Sequence[Glob], hints: Iterable[str] = (), budget: int = BUDGET
) -> str | None:
    """Return a text that matches all of `matching` and none of `avoiding`, or None when there is none.

    `hints` are tried first; then the patterns themselves with plain fillings; then the product is searched. The empty
    text is never returned: a value that is empty counts as absent. Raises BudgetExceeded after `budget` states.
    """
    for text in _likely(matching, hints):
        if text and all(each.matches(text) for each in matching) and not any(each.matches(text) for each in avoiding):
            return text
    if any(each.literal is not None and not each.folded for each in matching):
        return None
    return _search(matching, avoiding, budget)


def _likely(matching: Sequence[Glob], hints: Iterable[str]) -> Iterable[str]:
    single = next((each.literal for each in matching if each.literal is not None and not each.folded), None)
    if single is not None:
        return (single,)
    if not matching:
        return (*hints, "other", "zq-other")
    longest = max(matching, key=lambda each: len(each.tokens))
    shapes = [longest, *matching] if len(matching) > 1 else [longest]
    return (*hints, *(filled(each, text) for each in shapes for text in ("example", "", "zq7")))


def filled(pattern: Glob, text: str) -> str:
    """Return the pattern with `text` for every `*` and "x" for every `?`."""
    return "".join(
        text if token in (MANY, MANY_NARROW) else "x" if len(token) > 1 else token for token in pattern.tokens
    )


def _search(matching: Sequence[Glob], avoiding: Sequence[Glob], budget: int) -> str | None:
    """Breadth first over the product. A state is dead when a pattern to match has no state left, or one to avoid will
    match whatever follows.
    """
    wanted, unwanted = [each.automaton for each in matching], [each.automaton for each in avoiding]
    letters = _alphabet(matching, avoiding)
    start = (tuple(each.start for each in wanted), tuple(each.start for each in unwanted))
    if any(states & each.sink for states, each in zip(start[1], unwanted, strict=True)):
        return None
    frontier: list[_State] = [start]
    seen: set[_State] = set()  # not the start: a text that leads back to it may fit; the empty text does not count
    came: dict[_State, tuple[_State, str]] = {}
    while frontier:
        following = []
        for state in frontier:
            for letter in letters:
                after = _advance(state, letter, wanted, unwanted)
                if after is None or after in seen:
                    continue
                seen.add(after)
                came[after] = (state, letter)
                if _accepting(after, wanted, unwanted):
                    return _spell(after, start, came)
                following.append(after)
            if len(seen) > budget:
                raise BudgetExceeded
        frontier = following
    return None


_State = tuple[tuple[int, ...], tuple[int, ...]]


def _advance(state: _State, letter: str, wanted: Sequence[Automaton], unwanted: Sequence[Automaton]) -> _State | None:
    matched = []
    for states, automaton in zip(state[0], wanted, strict=True):
        after = automaton.step(states, letter)
        if not after:
            return None
        matched.append(after)
    avoided = []
    for states, automaton in zip(state[1], unwanted, strict=True):
        after = automaton.step(states, letter)
        if after & automaton.sink:
            return None
        avoided.append(after)
    return tuple(matched), tuple(avoided)


def _accepting(state: _State, wanted: Sequence[Automaton], unwanted: Sequence[Automaton]) -> bool:
    return all(states & each.final for states, each in zip(state[0], wanted, strict=True)) and not any(
        states & each.final for states, each in zip(state[1], unwanted, strict=True)
    )


def _spell(state: _State, start: _State, came: dict[_State, tuple[_State, str]]) -> str:
    letters = []
    while True:
        state, letter = came[state]
        letters.append(letter)
        if state == start:
            return "".join(reversed(letters))


def _alphabet(matching: Sequence[Glob], avoiding: Sequence[Glob]) -> list[str]:
    """Return the characters that can matter.

    A character that only patterns to avoid name is never better than one that no pattern names: it leads them to more
    states and the others to the same. A colon can be better, where a narrow wildcard is to be avoided.
    """
    everything = (*matching, *avoiding)
    named = {token for each in everything for token in each.tokens if len(token) == 1}
    used = {token for each in matching for token in each.tokens if len(token) == 1}
    if any(each.folded for each in everything) and not all(each.folded for each in everything):
        named |= {token.upper() for token in named} | {token.lower() for token in named}
        used |= {token.upper() for token in used} | {token.lower() for token in used}
    fresh = next((letter for letter in _FRESH if letter not in named and fold(letter) not in named), None)
    fresh = fresh or next(chr(code) for code in range(0xA1, 0x10FFFF) if chr(code) not in named)
    colon = {":"} if any(token in (MANY_NARROW, ONE_NARROW) for each in avoiding for token in each.tokens) else set()
    return [fresh, *sorted(used | colon)]
