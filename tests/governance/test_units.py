"""Where an account is in an organisation."""

import pytest

from assay.governance.units import down_to


@pytest.mark.parametrize(
    ("unit", "nodes"),
    [("Root", ("Root",)), ("Apps", ("Root", "Apps")), ("Apps/Prod/EU", ("Root", "Apps", "Apps/Prod", "Apps/Prod/EU"))],
)
def test_the_way_to_a_unit_names_every_node_from_the_root_on(unit: str, nodes: tuple[str, ...]) -> None:
    """In the order in which guardrails apply."""
    assert down_to(unit) == nodes
