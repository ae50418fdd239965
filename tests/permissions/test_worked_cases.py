"""The worked cases hold."""

import pytest
from tests.permissions.cases import CASES


@pytest.mark.parametrize("name", CASES)
def test_worked_case(name: str) -> None:
    CASES[name]()
