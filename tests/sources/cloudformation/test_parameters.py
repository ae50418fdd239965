"""What a parameter is worth: the value given, else its default, else nothing that anybody could know."""

from collections.abc import Callable

import pytest

from assay.inventory.resource import Inventory
from assay.inventory.values import Cause, Choice, Unknown, Value

Reader = Callable[..., Inventory]
Evaluator = Callable[..., Value]


@pytest.mark.parametrize(
    ("declared", "given", "expected"),
    [
        ("Type: String, Default: a", None, "a"),
        ("Type: String, Default: ''", None, ""),
        ("Type: String, Default: true", None, "true"),
        ("Type: String, Default: 10", None, "10"),
        ("Type: String, Default: a", "b", "b"),
        ("Type: String", True, "true"),
        ("Type: Number, Default: 5", None, "5"),
        ("Type: Number", 7, "7"),
        ("Type: CommaDelimitedList, Default: 'a, b'", None, ["a", "b"]),
        ("Type: CommaDelimitedList, Default: ''", None, []),
        ("Type: CommaDelimitedList", ["x", 1], ["x", "1"]),
        ("Type: List<Number>", "1,2", ["1", "2"]),
        ("Type: List<AWS::EC2::Subnet::Id>", "subnet-1", ["subnet-1"]),
        ("Type: AWS::EC2::VPC::Id, Default: vpc-1", None, "vpc-1"),
        ("Type: AWS::SSM::Parameter::Name, Default: /a", None, "/a"),
        ("Type: String, Default: secret, NoEcho: true", None, "secret"),
    ],
)
def test_a_value_has_the_type_of_its_parameter(value: Evaluator, declared: str, given: Value, expected: Value) -> None:
    parameters = {} if given is None else {"P": given}
    assert value("!Ref P", f"Parameters: {{P: {{{declared}}}}}\n", parameters=parameters) == expected


@pytest.mark.parametrize("given", [{}, {"P": "/other"}])
def test_a_stored_parameter_is_read_at_deployment_whatever_its_name(value: Evaluator, given: dict[str, Value]) -> None:
    sections = "Parameters: {P: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /aws/ami}}\n"
    found = value("!Ref P", sections, parameters=given)
    assert isinstance(found, Unknown)
    assert (found.reason.cause, found.reason.subject) == (Cause.PARAMETER, "P")
    assert str(found.reason) == f"parameter P is read from Systems Manager ({given.get('P', '/aws/ami')}) at deployment"


def test_a_value_that_is_not_to_be_shown_decides_and_is_not_shown(value: Evaluator) -> None:
    sections = """
        Parameters: {P: {Type: String, NoEcho: true}}
        Conditions: {Given: !Not [!Equals [!Ref P, '']]}
        """
    found = value("[!Ref P, !If [Given, 1, 2], !Sub 'x${P}']", sections, parameters={"P": "hunter2"})
    assert isinstance(found, list)
    assert isinstance(found[0], Unknown)
    assert found[1] == 1
    assert "hunter2" not in repr(found)


@pytest.mark.parametrize(
    ("declared", "given", "says"),
    [
        ("AllowedValues: [a, b]", "c", "is given a value that it does not allow; found 'c'; expected one of a, b"),
        ("AllowedPattern: '[a-z]+'", "C", "expected text like [a-z]+"),
        ("MinLength: 2, MaxLength: 3", "abcd", "expected a length from 2 to 3"),
        ("MinLength: 2, MaxLength: 3", "a", "expected a length from 2 to 3"),
        ("Type: Number", "x", "expected a number"),
        ("Type: Number, MinValue: 1, MaxValue: 5", 6, "expected a number from 1 to 5"),
        ("Type: List<Number>", "1,x", "found 'x'; expected a number"),
        ("Type: CommaDelimitedList, AllowedValues: [a, b]", "a,c", "found 'c'"),
        ("AllowedValues: [a], NoEcho: true", "hunter2", "found a text that is not shown"),
    ],
)
def test_a_value_that_cloudformation_would_refuse_is_a_fault(
    template: Reader, declared: str, given: Value, says: str
) -> None:
    text = f"Parameters:\n  P: {{Type: String, {declared}}}\nResources: {{R: {{Type: Custom::T}}}}\n"
    (fault,) = template(text, parameters={"P": given}).faults
    assert says in str(fault)
    assert "hunter2" not in str(fault)
    assert (fault.line, fault.column) == (2, 6)


def test_a_value_that_is_allowed_is_no_fault(template: Reader) -> None:
    text = "Parameters: {P: {Type: String, AllowedPattern: '(a+)+$', AllowedValues: [aaa]}}\nResources: {}\n"
    assert template(text, parameters={"P": "aaa"}).complete


def test_a_parameter_without_a_type_is_a_fault_and_unknown(template: Reader) -> None:
    inventory = template("Parameters: {P: {Default: 1}}\nResources: {R: {Type: Custom::T, Properties: {P: !Ref P}}}\n")
    assert "parameter P has no Type" in str(inventory.faults[0])
    assert isinstance(inventory.by_id["t.yaml#R"].properties["P"], Unknown)


def test_many_allowed_values_are_not_examined_one_by_one(value: Evaluator) -> None:
    allowed = ", ".join(f"v{number}" for number in range(40))
    found = value("!Ref P", f"Parameters: {{P: {{Type: String, AllowedValues: [{allowed}]}}}}\n")
    assert isinstance(found, Unknown)


def test_a_list_is_never_a_choice(value: Evaluator) -> None:
    found = value("!Ref P", "Parameters: {P: {Type: CommaDelimitedList, AllowedValues: [a, b]}}\n")
    assert isinstance(found, Unknown)
    assert not isinstance(found, Choice)
