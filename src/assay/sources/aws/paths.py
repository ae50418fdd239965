"""JMESPath as the entries use it, with functions of our own.

after(text, mark)   what follows the last `mark` in a text; the text itself when it is not in it
is(value, word, …)  whether a value is one of the words; null when it is null, where == would say false
parsed(text)        the value of a JSON text; anything else as it is
account(), region(), partition()   where the call is made
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jmespath
from jmespath import functions
from jmespath.exceptions import JMESPathError
from jmespath.parser import ParsedResult

from assay.errors import AssayError
from assay.inventory import shaping


class Unanswerable(AssayError):
    """An expression met an answer of a shape that it is not written for."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a call is made. `partition` is that of ARNs: aws, aws-cn, aws-us-gov."""

    account: str
    region: str
    partition: str = "aws"


class Functions(functions.Functions):  # type: ignore[misc]  # jmespath has no types
    """The built-in functions of JMESPath, and ours."""

    def __init__(self, place: Place) -> None:
        self._place = place

    @functions.signature({"types": ["string", "null"]}, {"types": ["string"]})  # type: ignore[untyped-decorator]
    def _func_after(self, text: str | None, mark: str) -> str | None:
        return None if text is None else text.rpartition(mark)[2]

    @functions.signature({"types": ["string", "null", "object", "array"]})  # type: ignore[untyped-decorator]
    def _func_parsed(self, text: Any) -> Any:
        return shaping.policy(text)

    @functions.signature({"types": []}, {"types": ["string"], "variadic": True})  # type: ignore[untyped-decorator]
    def _func_is(self, value: Any, *words: str) -> bool | None:
        return None if value is None else value in words

    @functions.signature()  # type: ignore[untyped-decorator]
    def _func_account(self) -> str:
        return self._place.account

    @functions.signature()  # type: ignore[untyped-decorator]
    def _func_region(self) -> str:
        return self._place.region

    @functions.signature()  # type: ignore[untyped-decorator]
    def _func_partition(self) -> str:
        return self._place.partition


def options(known: Functions) -> jmespath.Options:
    """Return how expressions are evaluated, with the functions that they may use."""
    return jmespath.Options(custom_functions=known)


@lru_cache(maxsize=8192)
def compiled(expression: str) -> ParsedResult:
    """Return the expression, parsed. Raises JMESPathError."""
    return jmespath.compile(expression)


@dataclass(frozen=True, slots=True)
class Eyes:
    """How expressions look at answers from one place."""

    options: jmespath.Options

    @classmethod
    def at(cls, place: Place) -> "Eyes":
        """Return how they look at answers that were given at a place."""
        return cls(options(Functions(place)))

    def find(self, expression: str, value: Any) -> Any:
        """Return what an expression finds; None for nothing. Raises Unanswerable."""
        try:
            return compiled(expression).search(value, self.options)
        except JMESPathError as error:
            raise Unanswerable(f"{expression}: {error}") from error


def plain(value: Any) -> Any:
    """Return an answer of botocore as plain JSON: moments in ISO 8601, what is no text left out."""
    if isinstance(value, Mapping):
        return {key: plain(each) for key, each in value.items() if key != "ResponseMetadata"}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    return value if isinstance(value, str | bool | int | float) else None
