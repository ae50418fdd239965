"""Patterns as policies write them: wildcards, policy variables, and the rule of colons in ARNs.

A pattern without variables is one glob. With variables it becomes a glob when their values are known.
"""

import enum
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Final

from assay.permissions.globs import MANY, MANY_NARROW, Glob, fold, narrowed, wild_tokens


class Mode(enum.Enum):
    """What `*` and `?` mean in a pattern."""

    EXACT = "characters like others"
    WILD = "any characters"
    RESOURCE = "any characters; no colon but in the pattern's last segment"
    ARN = "any characters; no colon but in the sixth component"


@dataclass(frozen=True, slots=True)
class Variable:
    """One policy variable: ${key} or ${key, 'default'}. The key is in lower case: keys have no case."""

    key: str
    default: str | None = None


UNKNOWN: Final = object()
"""What a lookup returns for a key whose value is not known."""

_VARIABLE = re.compile(r"\$\{\s*(?:([*?$])|([^{},\s][^{},]*?)\s*(?:,\s*'([^']*)'\s*)?)\s*\}")
_MARK = "$\0"


@dataclass(frozen=True)
class Pattern:
    """One value of a policy. `variables` are in the order of their marks among the tokens."""

    text: str
    mode: Mode
    folded: bool
    tokens: tuple[str, ...] = field(repr=False)
    variables: tuple[Variable, ...] = ()

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.text, self.mode, self.folded, self.variables))

    @cached_property
    def glob(self) -> Glob:
        """The glob of the pattern; with variables, of what it can match at most: any text for each of them."""
        return Glob(tuple(MANY if each.startswith(_MARK) else each for each in self.tokens), self.folded)

    @cached_property
    def lower(self) -> Glob:
        """The glob of a folded pattern, for texts in lower case only."""
        return Glob(self.glob.tokens)

    def resolve(self, lookup: Callable[[str], object]) -> Glob | None:
        """Return the glob with the variables' values put in; None when one has no value and no default.

        `lookup` returns the one value of a key, or None when it is absent or has several. Values count as written:
        wildcards in them are plain characters.
        """
        if not self.variables:
            return self.glob
        tokens: list[str] = []
        for token in self.tokens:
            if not token.startswith(_MARK):
                tokens.append(token)
                continue
            variable = self.variables[int(token[2:])]
            value = lookup(variable.key)
            value = variable.default if value is None else value
            if not isinstance(value, str):
                return None
            tokens.extend(fold(value) if self.folded else value)
        return Glob(tuple(tokens), self.folded)

    @cached_property
    def whole(self) -> bool:
        """Whether the pattern matches everything."""
        return self.tokens in ((MANY,), (MANY_NARROW,))


@lru_cache(maxsize=65_536)
def pattern(text: str, mode: Mode, *, folded: bool = False, variables: bool = False) -> Pattern:
    """Return a pattern. `variables`: ${…} is a policy variable (only under Version 2012-10-17)."""
    tokens: list[str] = []
    found: list[Variable] = []
    at = 0
    for match in _VARIABLE.finditer(text) if variables else ():
        tokens += _plain(text[at : match.start()], mode, folded)
        escaped, key, default = match.groups()
        if escaped:
            tokens.append(escaped)
        else:
            tokens.append(f"{_MARK}{len(found)}")
            found.append(Variable(key.lower(), default))
        at = match.end()
    tokens += _plain(text[at:], mode, folded)
    if mode is Mode.RESOURCE:
        tokens = list(narrowed(tokens, None))
    elif mode is Mode.ARN:
        tokens = list(narrowed(tokens, 6))
    return Pattern(text, mode, folded, _without_repeats(tokens), tuple(found))


def _plain(text: str, mode: Mode, folded: bool) -> tuple[str, ...]:
    text = fold(text) if folded else text
    return tuple(text) if mode is Mode.EXACT else wild_tokens(text)


def _without_repeats(tokens: list[str]) -> tuple[str, ...]:
    kept: list[str] = []
    for token in tokens:
        if not (kept and token == kept[-1] and token in (MANY, MANY_NARROW)):
            kept.append(token)
    return tuple(kept)


def malformed_variable(text: str) -> str:
    """Return the first ${… that is no variable, or ""."""
    rest = _VARIABLE.sub("", text)
    at = rest.find("${")
    return rest[at : at + 20] if at >= 0 else ""
