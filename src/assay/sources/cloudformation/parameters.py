"""Parameters of a template: what each is worth, or over which outcomes it is undecided."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from assay.errors import Fault
from assay.inventory.values import Cause, Choice, Reason, Unknown, Value
from assay.sources.cloudformation.context import Context
from assay.sources.cloudformation.template import Template
from assay.sources.cloudformation.texts import apart, as_text

OTHER = "any other value"
_MANY = 16  # values that are examined one by one
_LONGEST = 4096  # characters of a value (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter, declared or of AWS itself.

    value     What Ref gives: text, a list, an unknown, or a choice when every possible value is known.
    compared  What conditions see: the same, but of an unknown the choice between the texts that the template compares
              it with and `OTHER`; and the given value of a parameter that is not to be shown (NoEcho).
    """

    value: Value
    compared: Value


def decide(
    template: Template, context: Context, given: Mapping[str, Value], label: str
) -> tuple[dict[str, Parameter], list[Fault]]:
    """Return what every parameter is worth under the values given, and what is wrong with them.

    label: what the deployment is called in the names of undecided variables.
    """
    literals = _compared(template.sections)
    parameters = {
        name: _undecided(name, value, literals.get(name, ()), f"{label}: {name}")
        for name, value in _pseudo(context).items()
    }
    faults: list[Fault] = []
    for name, stated in template.section("Parameters").items():
        if name == "Fn::Transform":
            continue  # a macro, which leaves the section open
        variable = f"{label}: parameter {name}"
        if not isinstance(stated, dict) or not isinstance(stated.get("Type"), str):
            place = template.position(("Parameters", name))
            message, expected = f"parameter {name} has no Type", "a mapping with a Type"
            faults.append(Fault(place.file, place.line, place.column, message, "", expected))
            value: Value = Unknown(Reason(Cause.MALFORMED, name, message), present=True)
            parameters[name] = _undecided(name, value, literals.get(name, ()), variable)
        elif given.get(name) is None:
            faults += _too_long(template, name, stated)
            parameters[name] = _by_default(name, stated, literals.get(name, ()), variable)
        else:
            faults += _refused(template, name, stated, given[name])
            parameters[name] = _given(name, stated, given[name], literals.get(name, ()), variable)
    return parameters, faults


def _pseudo(context: Context) -> Mapping[str, Value]:
    """Return the parameters that every template has.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
    """
    suffix = "amazonaws.com.cn" if context.partition == "aws-cn" else "amazonaws.com"
    known = {
        "AWS::AccountId": context.account,
        "AWS::Partition": context.partition,
        "AWS::Region": context.region,
        # The isolated partitions have suffixes of their own, which nobody documents publicly.
        "AWS::URLSuffix": suffix if context.partition in ("aws", "aws-cn", "aws-us-gov") else "",
    }
    names = (*known, "AWS::NotificationARNs", "AWS::StackId", "AWS::StackName")
    return {
        name: known.get(name)
        or Unknown(Reason(Cause.ENVIRONMENT, name, f"{name} depends on where it is deployed"), present=True)
        for name in names
    }


def _undecided(name: str, value: Value, literals: tuple[str, ...], variable: str) -> Parameter:
    """Return a parameter whose value may be unknown; then comparisons see the texts that it is compared with."""
    if not isinstance(value, Unknown) or not literals or len(literals) > _MANY:
        return Parameter(value, value)
    possible = tuple((each, each) for each in literals if not apart(value, each))
    return Parameter(value, Choice(variable, value.reason, (*possible, (OTHER, value)))) if possible else _fixed(value)


def _fixed(value: Value) -> Parameter:
    return Parameter(value, value)


def _by_default(name: str, stated: Mapping[str, Any], literals: tuple[str, ...], variable: str) -> Parameter:
    default = stated.get("Default")
    if len(as_text(default)) > _LONGEST:
        return _fixed(Unknown(Reason(Cause.MALFORMED, name, f"the default of {name} is too long"), present=True))
    if default is not None and not _is_stored(stated):
        return _fixed(_typed(stated, default))
    if _is_stored(stated):
        return _undecided(name, _stored(name, default), literals, variable)
    reason = Reason(Cause.PARAMETER, name, f"parameter {name} has neither a value nor a default")
    allowed = _allowed(stated)
    if allowed and not _is_list(stated):
        return _fixed(Choice(variable, reason, tuple((each, each) for each in dict.fromkeys(allowed))))
    unknown = Unknown(reason, present=True)
    return _fixed(unknown) if _is_list(stated) else _undecided(name, unknown, literals, variable)


def _given(name: str, stated: Mapping[str, Any], value: Value, literals: tuple[str, ...], variable: str) -> Parameter:
    if _is_stored(stated):
        return _undecided(name, _stored(name, value), literals, variable)
    typed = _typed(stated, value)
    if isinstance(typed, Unknown | Choice):
        return _undecided(name, typed, literals, variable)
    if as_text(stated.get("NoEcho", False)).lower() == "true":
        hidden = Unknown(
            Reason(Cause.PARAMETER, name, f"the value given for {name} is not shown (NoEcho)"), present=True
        )
        return Parameter(hidden, typed)
    return _fixed(typed)


def _is_stored(stated: Mapping[str, Any]) -> bool:
    """Whether the value is a *name* of a parameter in Systems Manager, whose value is read at deployment."""
    return str(stated["Type"]).startswith("AWS::SSM::Parameter::Value")


def _stored(name: str, key: Value) -> Unknown:
    shown = f" ({as_text(key)})" if isinstance(key, str) else ""
    said = f"parameter {name} is read from Systems Manager{shown} at deployment"
    return Unknown(Reason(Cause.PARAMETER, name, said), present=True)


def _allowed(stated: Mapping[str, Any]) -> list[str]:
    allowed = stated.get("AllowedValues")
    return [as_text(each) for each in allowed] if isinstance(allowed, list) and len(allowed) <= _MANY else []


def _is_list(stated: Mapping[str, Any]) -> bool:
    kind = str(stated["Type"])
    return kind == "CommaDelimitedList" or kind.startswith("List<")


def _typed(stated: Mapping[str, Any], value: Value) -> Value:
    """Return the value in the parameter's type: text, or a list of text."""
    if isinstance(value, Choice):
        # A nested stack that is given nothing for a parameter takes the default.
        options = [(outcome, stated.get("Default") if each is None else each) for outcome, each in value.options]
        return replace(value, options=tuple((outcome, _typed(stated, each)) for outcome, each in options))
    if isinstance(value, Unknown):
        return value
    if _is_list(stated):
        if isinstance(value, list | tuple):
            return [each if isinstance(each, Unknown | Choice) else as_text(each) for each in value]
        return [each.strip() for each in as_text(value).split(",")] if as_text(value) else []
    if isinstance(value, list | tuple) and all(isinstance(each, str) for each in value):
        return ",".join(str(each) for each in value)
    return as_text(value)


def _refused(template: Template, name: str, stated: Mapping[str, Any], value: Value) -> Iterator[Fault]:
    """Yield what CloudFormation would refuse of a value.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
    """
    typed = _typed(stated, value)
    items = typed if isinstance(typed, list) else [typed]
    texts = [each for each in items if isinstance(each, str)]
    place = template.position(("Parameters", name))
    for text in texts:
        for expected in _violated(stated, text):
            message = f"parameter {name} is given a value that it does not allow"
            found = "a text that is not shown" if stated.get("NoEcho") else repr(text)
            yield Fault(place.file, place.line, place.column, message, found, expected)


def _too_long(template: Template, name: str, stated: Mapping[str, Any]) -> Iterator[Fault]:
    length = len(as_text(stated.get("Default")))
    if length > _LONGEST:
        place = template.position(("Parameters", name, "Default"))
        message, found = f"the default of parameter {name} is too long", f"{length:,} characters"
        yield Fault(place.file, place.line, place.column, message, found, f"at most {_LONGEST:,}")


def _violated(stated: Mapping[str, Any], text: str) -> Iterator[str]:
    allowed = stated.get("AllowedValues")
    if isinstance(allowed, list) and text not in [as_text(each) for each in allowed]:
        yield "one of " + ", ".join(as_text(each) for each in allowed)
    pattern = stated.get("AllowedPattern")
    if isinstance(pattern, str) and not _is_list(stated) and _mismatch(pattern, text):
        yield f"text like {pattern}"
    shortest, longest = _number(stated.get("MinLength")), _number(stated.get("MaxLength"))
    if (shortest is not None and len(text) < shortest) or (longest is not None and len(text) > longest):
        yield f"a length from {as_text(stated.get('MinLength', 0))} to {as_text(stated.get('MaxLength', _LONGEST))}"
    if stated["Type"] in ("Number", "List<Number>"):
        number, least, most = (_number(each) for each in (text, stated.get("MinValue"), stated.get("MaxValue")))
        if number is None:
            yield "a number"
        elif (least is not None and number < least) or (most is not None and number > most):
            yield f"a number from {as_text(stated.get('MinValue'))} to {as_text(stated.get('MaxValue'))}"


def _number(value: Any) -> float | None:
    try:
        return float(as_text(value))
    except ValueError:
        return None


def _mismatch(pattern: str, text: str) -> bool:
    """Whether a text is not as the pattern demands. Patterns that could take for ever, or are not Python's, pass."""
    if re.search(r"[*+}]\)?[*+{]|\([^)]*[*+][^)]*\)[*+{]", pattern) or len(pattern) > 1000:
        return False
    try:
        return re.fullmatch(pattern, text[:_LONGEST]) is None
    except (re.error, RecursionError):
        return False  # Java's dialect has forms that Python's has not; then nobody here can say


def _compared(value: Any) -> Mapping[str, tuple[str, ...]]:
    """Return parameter → the texts that the template compares it with, anywhere."""
    found: dict[str, dict[str, None]] = {}
    agenda = [value]
    while agenda:
        each = agenda.pop()
        if isinstance(each, dict):
            pair = each.get("Fn::Equals")
            if isinstance(pair, list) and len(pair) == 2:
                for one, other in (pair, pair[::-1]):
                    if isinstance(one, dict) and isinstance(one.get("Ref"), str) and not isinstance(other, dict | list):
                        found.setdefault(one["Ref"], {})[as_text(other)] = None
            agenda.extend(each.values())
        elif isinstance(each, list):
            agenda.extend(each)
    return {name: tuple(sorted(literals)) for name, literals in found.items()}
