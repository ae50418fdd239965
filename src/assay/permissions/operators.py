"""The condition operators of IAM, as one table.

Source: IAM user guide, "IAM JSON policy elements: Condition operators", "Set operators for multi-valued context keys".
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Final


class Family(enum.StrEnum):
    """What an operator compares."""

    STRING = "string"
    ARN = "ARN"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"
    BINARY = "binary"
    ADDRESS = "IP address"
    NULL = "presence"


class Comparison(enum.StrEnum):
    """How an operator compares, before negation."""

    EQUAL = "equal"
    LIKE = "like"
    LESS = "less"
    LESS_EQUAL = "less or equal"
    GREATER = "greater"
    GREATER_EQUAL = "greater or equal"


class Quantifier(enum.StrEnum):
    """How a key with several values is read."""

    NONE = ""
    ALL = "ForAllValues"
    ANY = "ForAnyValue"


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator with its prefix and suffix. `folded`: letters match without regard to case."""

    name: str
    family: Family
    comparison: Comparison = Comparison.EQUAL
    negated: bool = False
    folded: bool = False
    if_exists: bool = False
    quantifier: Quantifier = Quantifier.NONE

    def __str__(self) -> str:
        prefix = f"{self.quantifier}:" if self.quantifier else ""
        return f"{prefix}{self.name}{'IfExists' if self.if_exists else ''}"

    @property
    def takes_variables(self) -> bool:
        """Whether policy variables may stand in the values: only in text and ARNs."""
        return self.family in (Family.STRING, Family.ARN)

    @property
    def takes_wildcards(self) -> bool:
        """Whether `*` and `?` in the values are wildcards. ArnEquals means ArnLike."""
        return self.family is Family.ARN or self.comparison is Comparison.LIKE


_S, _N, _D, _A = Family.STRING, Family.NUMBER, Family.DATE, Family.ARN
_ORDER = {
    "LessThan": Comparison.LESS,
    "LessThanEquals": Comparison.LESS_EQUAL,
    "GreaterThan": Comparison.GREATER,
    "GreaterThanEquals": Comparison.GREATER_EQUAL,
}
_ALL = (
    Operator("StringEquals", _S),
    Operator("StringNotEquals", _S, negated=True),
    Operator("StringEqualsIgnoreCase", _S, folded=True),
    Operator("StringNotEqualsIgnoreCase", _S, negated=True, folded=True),
    Operator("StringLike", _S, Comparison.LIKE),
    Operator("StringNotLike", _S, Comparison.LIKE, negated=True),
    Operator("NumericEquals", _N),
    Operator("NumericNotEquals", _N, negated=True),
    *(Operator(f"Numeric{name}", _N, how) for name, how in _ORDER.items()),
    Operator("DateEquals", _D),
    Operator("DateNotEquals", _D, negated=True),
    *(Operator(f"Date{name}", _D, how) for name, how in _ORDER.items()),
    Operator("Bool", Family.BOOLEAN),
    Operator("BinaryEquals", Family.BINARY),
    Operator("IpAddress", Family.ADDRESS),
    Operator("NotIpAddress", Family.ADDRESS, negated=True),
    Operator("ArnEquals", _A, Comparison.LIKE),
    Operator("ArnLike", _A, Comparison.LIKE),
    Operator("ArnNotEquals", _A, Comparison.LIKE, negated=True),
    Operator("ArnNotLike", _A, Comparison.LIKE, negated=True),
    Operator("Null", Family.NULL),
)
OPERATORS: Final[Mapping[str, Operator]] = MappingProxyType({each.name.lower(): each for each in _ALL})
NAMES: Final = tuple(each.name for each in _ALL)


@lru_cache(maxsize=4096)
def operator(written: str) -> Operator | None:
    """Return the operator that is written so, or None when there is none. Case does not matter."""
    prefix, colon, rest = written.partition(":")
    quantifier = Quantifier.NONE
    if colon:
        found = next((each for each in Quantifier if each and each.lower() == prefix.lower()), None)
        if found is None:
            return None
        quantifier = found
    else:
        rest = prefix
    name = rest.lower()
    if_exists = name.endswith("ifexists")
    known = OPERATORS.get(name.removesuffix("ifexists"))
    if known is None or (if_exists and known.family is Family.NULL):
        return None
    return replace(known, if_exists=if_exists, quantifier=quantifier)
