"""Conditions: decided where their parameters are, else examined both ways, and never against one another."""

from collections.abc import Callable

import pytest

from assay.inventory.resource import Inventory
from assay.inventory.values import Cause, Choice, Unknown, Value

Reader = Callable[..., Inventory]
STAGED = """
    Parameters:
      Stage: {Type: String}
    Conditions:
      IsProd: !Equals [!Ref Stage, prod]
      IsDev: !Equals [dev, !Ref Stage]
      NotProd: !Not [!Condition IsProd]
      Both: !And [!Condition IsProd, !Condition IsDev]
      Either: !Or [!Condition IsProd, !Condition IsDev]
      Known: !Or [!Condition IsProd, !Equals [a, a]]
    Resources:
"""


def _resource(text: str) -> str:
    return STAGED + "      R: {Type: Custom::T, " + text + "}\n"


def _outcomes(value: Value) -> dict[str, Value]:
    assert isinstance(value, Choice)
    return dict(value.options)


@pytest.mark.parametrize(
    ("condition", "stage", "exists"),
    [
        ("IsProd", "prod", True),
        ("IsProd", "test", False),
        ("NotProd", "prod", False),
        ("Both", "prod", False),
        ("Either", "dev", True),
        ("Known", "test", True),
    ],
)
def test_a_decided_condition_decides_whether_a_resource_exists(
    template: Reader, condition: str, stage: str, exists: bool
) -> None:
    inventory = template(_resource(f"Condition: {condition}"), parameters={"Stage": stage})
    assert ("t.yaml#R" in inventory.by_id) is exists
    assert inventory.absent == (() if exists else (("t.yaml#R", f"condition {condition} is false"),))
    assert inventory.complete


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("IsProd", {"dev": False, "prod": True, "any other value": False}),
        ("NotProd", {"dev": True, "prod": False, "any other value": True}),
        ("Either", {"dev": True, "prod": True, "any other value": False}),
    ],
)
def test_an_undecided_condition_is_examined_for_each_value_that_matters(
    template: Reader, condition: str, expected: dict[str, Value]
) -> None:
    """A parameter without a value is compared with two texts; so there are three cases that exclude one another."""
    inventory = template(_resource(f"Condition: {condition}"))
    found = inventory.by_id["t.yaml#R"].condition
    assert isinstance(found, Choice)
    assert (found.variable, found.reason.cause, found.reason.subject) == (
        "t.yaml: parameter Stage",
        Cause.PARAMETER,
        "Stage",
    )
    assert _outcomes(found) == expected


def test_two_conditions_on_one_parameter_agree(template: Reader) -> None:
    """It cannot be prod and dev at once, which both values together would need."""
    inventory = template(_resource("Condition: Both"))
    assert inventory.absent == (("t.yaml#R", "condition Both is false"),)


def test_a_part_that_decides_spares_the_undecided(template: Reader) -> None:
    assert template(_resource("Condition: Known")).by_id["t.yaml#R"].condition is True


def test_if_gives_both_values_and_absence(template: Reader) -> None:
    text = _resource("Properties: {P: !If [IsProd, 1, !Ref AWS::NoValue], Q: [0, !If [IsDev, 1, 2]], S: !Ref Stage}")
    properties = template(text).by_id["t.yaml#R"].properties
    assert _outcomes(properties["P"]) == {"dev": None, "prod": 1, "any other value": None}
    assert isinstance(properties["Q"], list)
    assert _outcomes(properties["Q"][1]) == {"dev": 1, "prod": 2, "any other value": 2}
    assert isinstance(properties["S"], Unknown), "outside of a condition nothing is known of the parameter"


def test_within_a_branch_the_parameter_has_the_value_that_led_there(template: Reader) -> None:
    text = _resource("Properties: {P: !If [IsProd, !Ref Stage, !Sub 'x-${Stage}']}")
    found = _outcomes(template(text).by_id["t.yaml#R"].properties["P"])
    assert (found["prod"], found["dev"]) == ("prod", "x-dev")
    assert isinstance(found["any other value"], Unknown)


def test_ifs_within_ifs_and_around_functions(template: Reader) -> None:
    text = _resource("Properties: {P: !Join ['-', [a, !If [IsProd, !If [IsDev, never, large], small]]]}")
    assert _outcomes(template(text).by_id["t.yaml#R"].properties["P"]) == {
        "dev": "a-small",
        "prod": "a-large",
        "any other value": "a-small",
    }


def test_an_if_whose_values_are_the_same_is_that_value(template: Reader) -> None:
    assert template(_resource("Properties: {P: !If [IsProd, 1, 1]}")).by_id["t.yaml#R"].properties["P"] == 1


def test_an_if_around_all_properties(template: Reader) -> None:
    text = _resource("Properties: !If [IsProd, {A: 1, B: 2}, {A: 3}]")
    properties = template(text, parameters={}).by_id["t.yaml#R"].properties
    assert _outcomes(properties["A"]) == {"dev": 3, "prod": 1, "any other value": 3}
    assert _outcomes(properties["B"]) == {"dev": None, "prod": 2, "any other value": None}


def test_allowed_values_are_all_the_values_there_are(template: Reader) -> None:
    text = """
        Parameters:
          Stage: {Type: String, AllowedValues: [dev, prod]}
        Mappings: {M: {dev: {Size: 1}, prod: {Size: 2}}}
        Conditions: {IsProd: !Equals [!Ref Stage, prod]}
        Resources:
          R:
            Type: Custom::T
            Properties: {P: !Ref Stage, Q: !FindInMap [M, !Ref Stage, Size], S: !If [IsProd, 1, 2], T: !Sub 'x${Stage}'}
        """
    properties = template(text).by_id["t.yaml#R"].properties
    assert {name: _outcomes(each) for name, each in properties.items()} == {
        "P": {"dev": "dev", "prod": "prod"},
        "Q": {"dev": 1, "prod": 2},
        "S": {"dev": 2, "prod": 1},
        "T": {"dev": "xdev", "prod": "xprod"},
    }


def test_a_comparison_that_nobody_can_make_is_one_variable_wherever_it_stands(template: Reader) -> None:
    text = """
        Parameters: {Subnets: {Type: "List<AWS::EC2::Subnet::Id>"}}
        Conditions:
          Given: !Not [!Equals [!Join ['', !Ref Subnets], '']]
          Missing: !Equals ['', !Join ['', !Ref Subnets]]
        Resources:
          A: {Type: Custom::T, Condition: Given}
          B: {Type: Custom::T, Condition: Missing}
        """
    inventory = template(text)
    left, right = (inventory.by_id[f"t.yaml#{name}"].condition for name in "AB")
    assert isinstance(left, Choice)
    assert isinstance(right, Choice)
    assert left.variable == right.variable == 't.yaml: Join ("", Subnets) = ""'
    assert (_outcomes(left)["true"], _outcomes(right)["true"]) == (False, True)


def test_regions_are_compared_like_parameters(template: Reader) -> None:
    text = """
        Conditions:
          East: !Equals [!Ref AWS::Region, us-east-1]
          Other: !Not [!Equals [!Ref AWS::Region, us-east-1]]
        Resources:
          A: {Type: Custom::T, Condition: East}
          B: {Type: Custom::T, Condition: Other}
        """
    assert template(text, region="us-east-1").absent == (("t.yaml#B", "condition Other is false"),)
    found = template(text).by_id["t.yaml#A"].condition
    assert isinstance(found, Choice)
    assert found.variable == "t.yaml: AWS::Region"
    assert _outcomes(found) == {"us-east-1": True, "any other value": False}


def test_a_partly_known_text_is_not_what_it_cannot_be(value: Callable[..., Value]) -> None:
    sections = """
        Parameters: {Open: {Type: String}}
        Conditions: {Same: !Equals [!Sub 'dev-${Open}', prod]}
        """
    assert value("!If [Same, 1, 2]", sections) == 2


@pytest.mark.parametrize(
    ("conditions", "says"),
    [
        ("{A: !Not [!Condition B], B: !Condition A}", "condition A depends on itself; found A → B → A"),
        ("{A: !Condition C}", "no condition 'C'"),
        ("{A: [1]}", "not a condition; found [1]"),
        ("{A: !Not [1, 2]}", "not a condition"),
        ("{A: !Equals [1]}", "not a condition"),
        ("{A: !Equals [!Ref Nothing, 1]}", "no parameter or resource 'Nothing'"),
    ],
)
def test_a_malformed_condition_is_a_fault_and_decides_nothing(template: Reader, conditions: str, says: str) -> None:
    inventory = template(f"Conditions: {conditions}\nResources: {{R: {{Type: Custom::T, Condition: A}}}}\n")
    assert says in str(inventory.faults[0])
    assert isinstance(inventory.by_id["t.yaml#R"].condition, Choice), "neither existing nor absent for certain"


def test_more_combinations_than_are_examined_are_unknown(template: Reader) -> None:
    names = [f"P{number}" for number in range(12)]
    declared = "".join(f"  {name}: {{Type: String, AllowedValues: [a, b]}}\n" for name in names)
    joined = ", ".join(f"!Ref {name}" for name in names)
    conditions = ", ".join(f"!Equals [!Ref {name}, a]" for name in names)
    text = f"Parameters:\n{declared}Conditions: {{C: !And [{conditions}]}}\n"
    properties = f"{{P: !Join ['', [{joined}]], Q: [{joined}]}}"
    text += f"Resources: {{R: {{Type: Custom::T, Condition: C, Properties: {properties}}}}}\n"
    resource = template(text).by_id["t.yaml#R"]
    found = resource.properties["P"]
    assert isinstance(found, Unknown)
    assert found.reason.cause is Cause.CONDITION
    assert "more than 256 combinations" in found.reason.detail
    assert isinstance(resource.properties["Q"], list), "apart from one another they are few"
    assert isinstance(resource.condition, Choice)


def test_rules_are_checked_against_values_that_are_given(template: Reader) -> None:
    text = """\
        Parameters:
          Stage: {Type: String, Default: dev}
          Size: {Type: String, Default: small}
        Rules:
          Large:
            RuleCondition: !Equals [!Ref Stage, prod]
            Assertions:
              - Assert: !Contains [[large, huge], !Ref Size]
                AssertDescription: production is large
          Vpc:
            Assertions:
              - Assert: {Fn::EachMemberEquals: [{Fn::ValueOf: [Size, X]}, y]}
        Resources: {R: {Type: Custom::T}}
        """
    assert template(text, parameters={"Stage": "dev"}).complete
    assert template(text, parameters={"Stage": "prod", "Size": "huge"}).complete
    (fault,) = template(text, parameters={"Stage": "prod"}).faults
    assert str(fault) == "t.yaml:8:9: the parameters do not fulfil rule Large; expected production is large"
