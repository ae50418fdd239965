"""Parameters of a template: what each is worth, or over which outcomes it is undecided."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from assay.documents import Document, Path
from assay.errors import Fault
from assay.inventory.values import Cause, Choice, Reason, Unknown, Value

OTHER = "any other value"
_MANY = 16  # allowed values that are examined one by one


@dataclass(frozen=True, slots=True)
class Parameters:
    """Parameter name → value: text, a list, an unknown, or a choice over the outcomes that matter."""

    values: Mapping[str, Value]
    enumerated: frozenset[str] = field(default=frozenset())  # undecided, and every outcome is known


def decide(document: Document, given: Mapping[str, Value]) -> tuple[Parameters, list[Fault]]:
    """Return what every declared parameter is worth under the values given, and what is wrong with them."""
    declared = document.value.get("Parameters", {}) if isinstance(document.value, dict) else {}
    compared = _compared(document.value)
    values: dict[str, Value] = {}
    enumerated: set[str] = set()
    faults: list[Fault] = []
    for name, stated in declared.items():
        path: Path = ("Parameters", name)
        if not isinstance(stated, dict) or not isinstance(stated.get("Type"), str):
            faults.append(
                Fault(
                    document.file, *document.place(path), f"parameter {name} has no Type", "", "a mapping with a Type"
                )
            )
            values[name] = Unknown(Reason(Cause.PARAMETER, name, f"parameter {name} is malformed"), present=True)
            continue
        if name in given:
            values[name] = _typed(stated, given[name])
            faults += _refused(document, name, stated, given[name])
        else:
            values[name] = _undecided_or_default(document, name, stated, compared.get(name, ()))
            if isinstance(values[name], Choice) and _allowed(stated):
                enumerated.add(name)
    return Parameters(values, frozenset(enumerated)), faults


def _allowed(stated: Mapping[str, Any]) -> list[str]:
    allowed = stated.get("AllowedValues")
    return [_text(each) for each in allowed] if isinstance(allowed, list) and len(allowed) <= _MANY else []


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _undecided_or_default(document: Document, name: str, stated: Mapping[str, Any], compared: tuple[str, ...]) -> Value:
    kind = stated["Type"]
    if kind.startswith("AWS::SSM::Parameter::Value"):
        # The default is the *name* of a parameter in Systems Manager; its value is read at deployment.
        key = stated.get("Default", "")
        said = f"parameter {name} is read from Systems Manager ({key}) at deployment"
        return Unknown(Reason(Cause.PARAMETER, name, said), present=True)
    if stated.get("Default") is not None:
        return _typed(stated, stated["Default"])
    reason = Reason(Cause.PARAMETER, name, f"parameter {name} has neither a value nor a default")
    unknown = Unknown(reason, present=True)
    if _is_list(kind):
        return unknown
    variable = f"{document.file}: parameter {name}"
    if allowed := _allowed(stated):
        return Choice(variable, reason, tuple((each, each) for each in dict.fromkeys(allowed)))
    if compared:
        return Choice(variable, reason, (*((each, each) for each in compared), (OTHER, unknown)))
    return unknown


def _is_list(kind: str) -> bool:
    return kind == "CommaDelimitedList" or kind.startswith("List<")


def _typed(stated: Mapping[str, Any], value: Value) -> Value:
    """Return the value in the parameter's type: text, or a list of text."""
    if isinstance(value, Unknown | Choice):
        return value
    if _is_list(stated["Type"]):
        if isinstance(value, list | tuple):
            return [each if isinstance(each, Unknown | Choice) else _text(each) for each in value]
        return [each.strip() for each in _text(value).split(",")] if _text(value) else []
    if isinstance(value, list | tuple) and all(isinstance(each, str) for each in value):
        return ",".join(str(each) for each in value)
    return _text(value)


def _refused(document: Document, name: str, stated: Mapping[str, Any], value: Value) -> Iterator[Fault]:
    """Yield what CloudFormation would refuse of a value."""
    if isinstance(value, Unknown | Choice | list | tuple):
        return
    place = document.place(("Parameters", name))
    text = _text(value)
    allowed = stated.get("AllowedValues")
    if isinstance(allowed, list) and not _is_list(stated["Type"]) and text not in [_text(each) for each in allowed]:
        known = ", ".join(_text(each) for each in allowed)
        yield Fault(
            document.file, *place, f"parameter {name} is given a value that it does not allow", repr(text), known
        )
    pattern = stated.get("AllowedPattern")
    if isinstance(pattern, str) and not _is_list(stated["Type"]) and _mismatch(pattern, text):
        yield Fault(
            document.file,
            *place,
            f"parameter {name} is given a value that it does not allow",
            repr(text),
            f"text like {pattern}",
        )


def _mismatch(pattern: str, text: str) -> bool:
    try:
        return re.fullmatch(pattern, text[:4096]) is None
    except re.error:
        return False  # Java's dialect has forms that Python's has not; then nobody here can say


def _compared(value: Any) -> Mapping[str, tuple[str, ...]]:
    """Return parameter → the literals that the template compares it with, anywhere."""
    found: dict[str, dict[str, None]] = {}
    agenda = [value]
    while agenda:
        each = agenda.pop()
        if isinstance(each, dict):
            pair = each.get("Fn::Equals")
            if isinstance(pair, list) and len(pair) == 2:
                for one, other in (pair, pair[::-1]):
                    if isinstance(one, dict) and isinstance(one.get("Ref"), str) and not isinstance(other, dict | list):
                        found.setdefault(one["Ref"], {})[_text(other)] = None
            agenda.extend(each.values())
        elif isinstance(each, list):
            agenda.extend(each)
    return {name: tuple(literals) for name, literals in found.items()}
