"""The search finds the difference of policies, in each direction, and proves that there is none."""

import pytest
from tests.permissions.differences import DIFFERENCES, check


@pytest.mark.parametrize("name", DIFFERENCES)
def test_difference(name: str) -> None:
    check(name)
