"""What texts can satisfy the atoms of one subject: a value, or a small set of atoms that no value satisfies.

A subject is the action, the resource or a context key. Its tests are globs, or typed comparisons that a finite table of
representatives decides: the ends of every range, and one value in each gap between them.
"""

import datetime
import ipaddress
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise, product
from typing import Any, Final

from assay.permissions import typed
from assay.permissions.globs import BUDGET, BudgetExceeded, Glob, find
from assay.permissions.operators import Family, Operator
from assay.permissions.patterns import Pattern


@dataclass(frozen=True, slots=True)
class Typed:
    """The test of one typed comparison with one stated value, before negation."""

    operator: Operator
    stated: str


Test = Glob | Typed
"""What one value either satisfies or not."""


@dataclass(frozen=True, slots=True)
class Some:
    """The test of a key with several values: one of them satisfies one of the tests (none of them, when negated).

    Without tests and negated: there is a value at all.
    """

    tests: tuple[Test | Pattern, ...]
    negated: bool


PRESENT: Final = Some((), True)


@dataclass(frozen=True, slots=True)
class Domain:
    """What values a subject has at all. `choices` None: any text that matches `required` and none of `avoided`.

    sent  The key is in every request of such callers.
    """

    required: tuple[Glob, ...] = ()
    avoided: tuple[Glob, ...] = ()
    choices: tuple[str, ...] | None = None
    absent: bool = False
    sent: bool = False
    hints: tuple[str, ...] = ()


ANY: Final = Domain()
MOST_PRODUCTS: Final = 128


def satisfies(test: Test, value: str) -> bool:
    """Return whether a value satisfies a test."""
    if isinstance(test, Glob):
        return test.matches(value)
    return bool(typed.accepts(test.operator, test.stated, value))


def choose(wanted: Sequence[Test], unwanted: Sequence[Test], domain: Domain, budget: int = BUDGET) -> str | None:
    """Return a value of the domain that satisfies all of `wanted` and none of `unwanted`, or None.

    Typed tests are decided over the domain's choices only. Raises BudgetExceeded when that takes too long.
    """
    if domain.absent:
        return None
    if domain.choices is not None:
        return next((each for each in domain.choices if _fits(each, wanted, unwanted, domain)), None)
    globs = [each for each in wanted if isinstance(each, Glob)]
    others = [each for each in unwanted if isinstance(each, Glob)]
    if len(globs) + len(others) != len(wanted) + len(unwanted):
        raise BudgetExceeded  # a key under both text and typed operators, whose table does not decide
    return find((*domain.required, *globs), (*domain.avoided, *others), domain.hints, budget)


def _fits(value: str, wanted: Sequence[Test], unwanted: Sequence[Test], domain: Domain) -> bool:
    return (
        all(satisfies(each, value) for each in (*domain.required, *wanted))
        and not any(satisfies(each, value) for each in (*domain.avoided, *unwanted))
    )  # fmt: skip


def choose_many(
    wanted: Sequence[Some], unwanted: Sequence[Some], domain: Domain
) -> tuple[tuple[str, ...], None] | tuple[None, Some]:
    """Return values such that each wanted test holds for one and no unwanted for any; or the test that fails."""
    values: dict[str, None] = {}
    for each in wanted:
        value = _member(each, unwanted, domain)
        if value is None:
            return None, each
        values[value] = None
    return tuple(values), None


def _member(one: Some, unwanted: Sequence[Some], domain: Domain) -> str | None:
    """Return one value that the set may hold and that makes `one` true."""
    never = [test for each in unwanted if not each.negated for test in _plain(each)]
    ways = [_plain(each) for each in unwanted if each.negated]  # every value satisfies one of these
    if one.negated:
        never += _plain(one)
    else:
        ways.append(_plain(one))
    size = 1
    for way in ways:
        size *= max(len(way), 1)
    if size > MOST_PRODUCTS:
        raise BudgetExceeded
    found = (choose(picked, never, domain) for picked in product(*ways))
    return next((each for each in found if each is not None), None)


def _plain(some: Some) -> list[Test]:
    if any(isinstance(each, Pattern) for each in some.tests):
        raise BudgetExceeded  # a variable inside a set operator: not decided
    return [each for each in some.tests if not isinstance(each, Pattern)]


def minimal(literals: Sequence[int], refuted: Callable[[Sequence[int]], bool]) -> list[int]:
    """Return a small part of the literals that is refuted alone (QuickXplain). The whole is refuted."""

    def explain(background: list[int], candidates: list[int], *, changed: bool) -> list[int]:
        if changed and refuted(background):
            return []
        if len(candidates) == 1:
            return candidates
        half = len(candidates) // 2
        left, right = candidates[:half], candidates[half:]
        second = explain(background + left, right, changed=bool(left))
        first = explain(background + second, left, changed=bool(second))
        return first + second

    return explain([], list(literals), changed=True) if literals else []


# -- tables of representatives -----------------------------------------------------------------------------------------


def representatives(tests: Iterable[Typed]) -> tuple[str, ...]:
    """Return values such that every combination of these tests that some value has, one of them has."""
    by_family: dict[Family, set[str]] = {}
    for test in tests:
        by_family.setdefault(test.operator.family, set()).add(test.stated)
    found: dict[str, None] = {}
    for family, stated in by_family.items():
        found |= dict.fromkeys(_TABLES[family](stated))
    return tuple(found)


def _numbers(stated: set[str]) -> list[str]:
    return [format(each, "f") for each in _gaps([typed.number(each) for each in stated], Decimal(1))]


def _dates(stated: set[str]) -> list[str]:
    found = _gaps([typed.date(each) for each in stated], datetime.timedelta(seconds=1))
    return [each.isoformat().replace("+00:00", "Z") for each in found]


def _gaps(bounds: Sequence[Any], step: Any) -> list[Any]:
    known = sorted(each for each in set(bounds) if each is not None)
    between = [low + (high - low) / 2 for low, high in pairwise(known)]
    ends = [known[0] - step, known[-1] + step] if known else []
    return [*known, *between, *ends]


def _addresses(stated: set[str]) -> list[str]:
    """Each range's first address, and the first after it; the truth of every test changes only there."""
    networks = [known for each in sorted(stated) if (known := typed.network(each)) is not None]
    found = ["198.51.100.7", "2001:db8::7", *(str(each.network_address) for each in networks)]
    for each in networks:
        after = int(each.broadcast_address) + 1
        if after < 2**each.max_prefixlen:
            kind = ipaddress.IPv4Address if each.version == 4 else ipaddress.IPv6Address
            found.append(str(kind(after)))
    return [*found, "0.0.0.0", "::"]  # noqa: S104 - the first address of all, not a socket


_TABLES: Final[dict[Family, Callable[[set[str]], list[str]]]] = {
    Family.NUMBER: _numbers,
    Family.DATE: _dates,
    Family.ADDRESS: _addresses,
    Family.BOOLEAN: lambda stated: ["true", "false"],
    Family.BINARY: lambda stated: [*sorted(stated), "b3RoZXI="],
}
