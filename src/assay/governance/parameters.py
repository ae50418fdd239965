"""The values of controls' parameters: the control's defaults with the organisation's laid over them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from assay.errors import Fault, nearest
from assay.governance.compiled import CompiledControl
from assay.governance.files import Entry
from assay.governance.model import Organisation, Parameter
from assay.inventory.resource import Position
from assay.inventory.schema import BOOLEAN, INTEGER, STRING, STRINGS, Type, list_of

OWN_ACCOUNTS = "accounts"  # the name of a parameter that lists accounts that are trusted


@dataclass(frozen=True, slots=True)
class Loosening:
    """A parameter that the organisation has set less strictly than the control does. Shown in every report."""

    control: str
    parameter: str
    default: Any
    value: Any
    position: Position


@dataclass(frozen=True, slots=True)
class Parameters:
    """control id → parameter → value, for every control that has parameters; and what was loosened."""

    values: Mapping[str, Mapping[str, Any]]
    loosenings: tuple[Loosening, ...]


def defaults(controls: Mapping[str, CompiledControl]) -> dict[str, dict[str, Any]]:
    """Return the parameters as the controls themselves set them."""
    return {
        name: {key: plain(each.default) for key, each in compiled.control.params.items()}
        for name, compiled in controls.items()
        if compiled.control.params
    }


def plain(value: Any) -> Any:
    """Return a parameter's value as expressions read it: lists, not tuples."""
    return list(value) if isinstance(value, tuple) else value


def effective(
    controls: Mapping[str, CompiledControl], organisation: Entry[Organisation], faults: list[Fault]
) -> Parameters:
    """Return the parameters in force. Unknown names and values of another type are faults.

    A list of texts by the name `OWN_ACCOUNTS` has the organisation's own accounts as its default. That is no loosening:
    the catalogue cannot know them, and the list names whom the organisation is.
    """
    values = defaults(controls)
    own = _own_accounts(organisation.value)
    for control, compiled in controls.items():
        if _takes_own_accounts(compiled.control.params):
            values[control][OWN_ACCOUNTS] = list(own)
    loosenings = []
    for control, given in organisation.value.parameters.items():
        where = ("parameters", control)
        if control not in controls:
            faults.append(
                organisation.key_fault(where, "there is no such control", control, "", nearest(control, controls))
            )
            continue
        params = controls[control].control.params
        for name, value in given.items():
            if name not in params:
                known = nearest(name, params) or f"it has {', '.join(params) or 'none'}"
                message = f"the control {control} has no such parameter"
                faults.append(organisation.key_fault((*where, name), message, name, "", known))
            elif not _fits(value, params[name].default):
                expected = str(parameter_type(params[name].default))
                message = f"the parameter {name} of {control} is of another type"
                faults.append(organisation.fault((*where, name), message, repr(value), expected))
            else:
                own_default = name == OWN_ACCOUNTS and _takes_own_accounts(params)
                stated = replace(params[name], default=own) if own_default else params[name]
                values[control][name] = plain(value)
                if loosens(stated, value):
                    place = organisation.document.place((*where, name))
                    position = Position(organisation.document.file, *place)
                    loosenings.append(Loosening(control, name, plain(stated.default), plain(value), position))
    return Parameters(values, tuple(loosenings))


def _takes_own_accounts(params: Mapping[str, Parameter]) -> bool:
    return OWN_ACCOUNTS in params and parameter_type(params[OWN_ACCOUNTS].default) == STRINGS


def _own_accounts(organisation: Organisation) -> tuple[str, ...]:
    """Return the ids of the organisation's accounts, in order."""
    return tuple(sorted({organisation.management_account, *(each.id for each in organisation.accounts)} - {""}))


def parameter_type(value: object) -> Type:
    """Return the type of a parameter in expressions; an empty list is one of texts."""
    match value:
        case bool():
            return BOOLEAN
        case int():
            return INTEGER
        case str():
            return STRING
        case tuple() | list():
            return list_of(INTEGER) if value and all(type(each) is int for each in value) else STRINGS
    raise TypeError(f"a parameter cannot be {value!r}")


def _fits(value: Any, default: Any) -> bool:
    if isinstance(default, tuple):
        texts = not default or isinstance(default[0], str)
        return isinstance(value, list | tuple) and all(type(each) is (str if texts else int) for each in value)
    return type(value) is type(default)


def loosens(parameter: Parameter, value: Any) -> bool:
    """Whether `value`, of the parameter's type, is less strict than its default, or not comparable in strictness."""
    default: Any = parameter.default
    return plain(value) != plain(default) and not _STRICTER[parameter.tighter](value, default)


_STRICTER: Mapping[str, Callable[[Any, Any], bool]] = {
    "higher": lambda value, default: value > default,
    "lower": lambda value, default: value < default,
    "subset": lambda value, default: set(value) <= set(default),
    "superset": lambda value, default: set(value) >= set(default),
    "true": lambda value, _: bool(value),
    "false": lambda value, _: not value,
    "none": lambda *_: False,
}
