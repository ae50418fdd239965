"""Instance types that encrypt the traffic between instances."""

import pytest

from assay.expressions.functions.instance_families import ENCRYPTING, NOT_ENCRYPTING
from assay.expressions.functions.instances import encrypts_in_transit
from assay.inventory.values import Cause, Reason, Unknown, Value

SIZE = Reason(Cause.PARAMETER, "Size")


@pytest.mark.parametrize(
    "kind", ["m7g.large", "m5n.metal", "c7i-flex.xlarge", "u7i-12tb.224xlarge", "p3dn.24xlarge", "m8a.*"]
)
def test_types_of_encrypting_families_encrypt(kind: str) -> None:
    assert encrypts_in_transit(kind) is True


@pytest.mark.parametrize("kind", ["t3.micro", "m5.large", "m6g.large", "c5d.9xlarge", "r4.large", "t4g.*", "", None])
def test_types_of_other_families_and_no_type_do_not(kind: Value) -> None:
    assert encrypts_in_transit(kind) is False


def test_the_family_decides_when_the_size_is_not_known() -> None:
    assert encrypts_in_transit(Unknown(SIZE, parts=("m7g.", ""))) is True
    assert encrypts_in_transit(Unknown(SIZE, parts=("m5.", ""))) is False


@pytest.mark.parametrize(
    "kind",
    ["m99x.large", "m7*", "m*.large", "large", Unknown(SIZE), Unknown(SIZE, parts=("m7", ".large"))],
)
def test_a_family_that_is_not_known_is_unknown(kind: Value) -> None:
    assert isinstance(encrypts_in_transit(kind), Unknown)


def test_no_family_is_in_both_sets() -> None:
    assert not ENCRYPTING & NOT_ENCRYPTING
    assert len(ENCRYPTING) > 100
    assert len(NOT_ENCRYPTING) > 30
