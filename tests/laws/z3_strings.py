"""An encoding of the policy language of its own, in z3's theory of strings and regular expressions: a test's oracle.

It reads the JSON document itself and shares nothing with `assay.permissions`: no parser, no patterns, no formulas. It
covers the constructs of `tests.permissions.worlds`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import z3

Json = Any
SINGLE, SEVERAL = ("k", "number", "flag"), "set"
MOST_VALUES = 4  # values of the key with several values; more are never needed for policies of a few statements


class World:
    """The unknowns of one request."""

    def __init__(self) -> None:
        self.action = z3.String("action")
        self.resource = z3.String("resource")
        self.present = {key: z3.Bool(f"has {key}") for key in SINGLE}
        self.k = z3.String("k")
        self.number = z3.Real("number")
        self.flag = z3.Bool("flag")
        self.members = [(z3.Bool(f"member {index}"), z3.String(f"value {index}")) for index in range(MOST_VALUES)]

    def sane(self) -> list[Any]:
        """What holds of every request."""
        printable = z3.Range(" ", "~")
        star = z3.Star(printable)
        arn = z3.Concat(z3.Re("arn:"), z3.Plus(printable), z3.Re(":"), z3.Plus(printable), *[z3.Re(":"), star] * 2)
        arn = z3.Concat(arn, z3.Re(":"), z3.Plus(printable))
        letters = z3.Union(z3.Range("a", "z"), z3.Range("0", "9"), z3.Re("-"))
        texts = [self.k, *(value for _, value in self.members)]
        return [
            z3.InRe(self.action, z3.Concat(z3.Plus(letters), z3.Re(":"), z3.Plus(letters))),
            z3.Or(self.resource == "*", z3.InRe(self.resource, arn)),
            *(z3.InRe(each, z3.Plus(printable)) for each in texts),
        ]


def _pattern(text: str, *, colons: str) -> Any:
    """Return the regular expression of a pattern. `colons`: "any", or "last": only in the last segment."""
    last = text.rfind(":") if colons == "last" else -1
    any_character = z3.Range(" ", "~")
    no_colon = z3.Union(z3.Range(" ", "9"), z3.Range(";", "~"))
    parts = []
    for index, letter in enumerate(text):
        one = no_colon if index < last else any_character
        parts.append(z3.Star(one) if letter == "*" else one if letter == "?" else z3.Re(letter))
    return parts[0] if len(parts) == 1 else z3.Concat(*parts)


def _list(value: Json) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _resource(world: World, text: str) -> Any:
    variable = re.search(r"\$\{k(?:, '(\w+)')?\}", text)
    if variable is None:
        return z3.InRe(world.resource, _pattern(text, colons="last"))
    before, after, default = text[: variable.start()], text[variable.end() :], variable[1]
    filled = _filled(world.resource, before, world.k, after)
    if default is None:
        return z3.And(world.present["k"], filled)
    other = z3.InRe(world.resource, _pattern(before + default + after, colons="last"))
    return z3.If(world.present["k"], filled, other)


def _filled(subject: Any, before: str, value: Any, after: str) -> Any:
    """`before` and `after` have no wildcard but a last star."""
    stem = z3.Concat(z3.StringVal(before), value)
    return z3.PrefixOf(stem, subject) if after == "*" else subject == stem


def _folded(text: str) -> Any:
    parts = [z3.Union(z3.Re(each.lower()), z3.Re(each.upper())) if each.isalpha() else z3.Re(each) for each in text]
    return parts[0] if len(parts) == 1 else z3.Concat(*parts)


def _text_matches(name: str, subject: Any, values: Sequence[str]) -> Any:
    if "IgnoreCase" in name:
        return z3.Or([z3.InRe(subject, _folded(each)) for each in values])
    if "Like" in name:
        return z3.Or([z3.InRe(subject, _pattern(each, colons="any")) for each in values])
    return z3.Or([subject == z3.StringVal(each) for each in values])


def _condition(world: World, operator: str, key: str, values: list[Any]) -> Any:
    name = operator.removesuffix("IfExists")
    if name == "Null":
        return z3.Or([z3.Not(world.present[key]) if each == "true" else world.present[key] for each in values])
    if ":" in name:
        quantifier, _, name = name.partition(":")
        tests = [
            (
                member,
                z3.Not(_text_matches(name, value, values)) if "Not" in name else _text_matches(name, value, values),
            )
            for member, value in world.members
        ]
        if quantifier == "ForAllValues":
            return z3.And([z3.Implies(member, test) for member, test in tests])
        return z3.Or([z3.And(member, test) for member, test in tests])
    present = world.present[key]
    if operator.endswith("IfExists") and "Not" not in name:
        return z3.Or(z3.Not(present), _plain(world, name, values))
    if "Not" in name:
        return z3.Or(z3.Not(present), z3.Not(_plain(world, name.replace("Not", ""), values)))
    return z3.And(present, _plain(world, name, values))


def _plain(world: World, name: str, values: list[Any]) -> Any:
    if name == "Bool":
        return z3.Or([world.flag if str(each).lower() == "true" else z3.Not(world.flag) for each in values])
    if name.startswith("Numeric"):
        comparisons: dict[str, Callable[[int], Any]] = {
            "NumericLessThan": lambda bound: world.number < bound,
            "NumericGreaterThanEquals": lambda bound: world.number >= bound,
            "NumericEquals": lambda bound: world.number == bound,
        }
        compare = comparisons[name]
        return z3.Or([compare(int(each)) for each in values])
    return _text_matches(name, world.k, values)


def _statement(world: World, statement: Mapping[str, Json]) -> Any:
    parts = []
    for name, subject in (("Action", world.action), ("Resource", world.resource)):
        values = _list(statement.get(name, statement.get(f"Not{name}")))
        if name == "Action":
            matched = z3.Or([z3.InRe(subject, _pattern(each, colons="any")) for each in values])
        else:
            matched = z3.Or([_resource(world, each) for each in values])
        parts.append(matched if name in statement else z3.Not(matched))
    for operator, block in statement.get("Condition", {}).items():
        parts += [_condition(world, operator, key, _list(values)) for key, values in block.items()]
    return z3.And(parts)


def _allowed(world: World, statements: Sequence[Mapping[str, Json]]) -> Any:
    effects = {"Allow": [], "Deny": []}  # type: dict[str, list[Any]]
    for each in statements:
        effects[each["Effect"]].append(_statement(world, each))
    return z3.And(z3.Or(effects["Allow"]), z3.Not(z3.Or(effects["Deny"])))


def more_access(
    allowed: Sequence[Mapping[str, Json]], refused: Sequence[Mapping[str, Json]], milliseconds: int = 500
) -> bool | None:
    """Return whether some request is allowed by the first statements and not by the second; None when z3 gives up."""
    world = World()
    solver = z3.Solver()
    solver.set("timeout", milliseconds)
    solver.add(*world.sane(), _allowed(world, allowed), z3.Not(_allowed(world, refused)))
    found = solver.check()
    return None if found == z3.unknown else bool(found == z3.sat)
