"""The page of the named functions, and what a literal argument must look like."""

import inspect
import re
from pathlib import Path

import pytest

from assay.expressions.functions import FUNCTIONS, functions_page
from assay.expressions.functions.literals import objection
from assay.inventory.values import Value

PAGE = Path(__file__).parents[3] / "docs" / "functions.md"


def test_the_page_is_current() -> None:
    assert PAGE.read_text() == functions_page(), "make docs"


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda each: each.name)
def test_every_function_is_documented_with_an_example_and_takes_what_it_declares(function: object) -> None:
    from assay.expressions.function import Function

    assert isinstance(function, Function)
    assert re.search(rf"`{function.name}\(|{function.name}\(", function.doc), function.name
    assert len(inspect.signature(function.call).parameters) == len(function.parameters)


def test_names_are_distinct() -> None:
    assert len({each.name for each in FUNCTIONS}) == len(FUNCTIONS)


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("action", "s3:GetObject"),
        ("action", "*"),
        ("actions", "iam:Pass*"),
        ("accounts", "123456789012"),
        ("cidr", "10.0.0.0/8"),
        ("outer", "fd00::/8"),
        ("port", 22),
        ("lowest", "1.2"),
        ("kind", "lambda"),
        ("now", "2026-11-24"),
        ("anything else", object),
    ],
)
def test_a_proper_literal_meets_no_objection(parameter: str, value: Value) -> None:
    assert objection(parameter, value) == ""


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("action", "GetObject"),
        ("action", "s3:"),
        ("accounts", "root"),
        ("cidr", "10.0.0/8"),
        ("port", 65536),
        ("port", -1),
        ("lowest", "TLSv1.2"),
        ("kind", "lamda"),
        ("now", "today"),
    ],
)
def test_an_improper_literal_is_told_what_is_expected(parameter: str, value: Value) -> None:
    assert objection(parameter, value)
