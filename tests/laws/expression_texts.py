"""Well-typed expressions at random, as text."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from hypothesis import strategies as st

Scope: TypeAlias = Mapping[str, Sequence[str]]  # kind → texts of that kind; kinds: bool, int, str, strs, objects
Draw: TypeAlias = Callable[[st.SearchStrategy[str]], str]

LITERALS: Scope = {
    "bool": ["true", "false"],
    "int": ["0", "1", "2", "7", "9223372036854775807"],
    "str": ["''", "'a'", "'b'", "'ab'", "'12'", "'é'"],
    "strs": ["[]", "['a']", "['a', 'b', 'a']"],
    "objects": [],
}
ELEMENT_FIELDS = ("Key", "Value")  # of the elements of `objects`, both text

# Productions: {B} {I} {S} {L} {O} are an expression of that kind; {V} and {W} a body over a new variable, bool and str.
PRODUCTIONS: Mapping[str, Sequence[str]] = {
    "bool": [
        "!{B}",
        "({B} && {B})",
        "({B} || {B})",
        "({I} == {I})",
        "({I} != {I})",
        "({I} < {I})",
        "({I} >= {I})",
        "({S} == {S})",
        "({S} < {S})",
        "({S} in {L})",
        "({L} == {L})",
        "({B} ? {B} : {B})",
        "{S}.startsWith({S})",
        "{S}.endsWith({S})",
        "{S}.contains({S})",
        "{S}.matches('^a.?$')",
        "{L}.exists({V})",
        "{L}.all({V})",
        "{L}.exists_one({V})",
        "{O}.exists({E})",
        "{O}.all({E})",
    ],
    "int": [
        "({I} + {I})",
        "({I} - {I})",
        "({I} * {I})",
        "({I} / {I})",
        "({I} % {I})",
        "-({I})",
        "size({S})",
        "size({L})",
        "int({S})",
        "({B} ? {I} : {I})",
        "size({O})",
    ],
    "str": ["({S} + {S})", "string({I})", "({B} ? {S} : {S})", "{L}[{I}]", "{L}[0]"],
    "strs": ["[{S}, {S}]", "({L} + {L})", "{L}.filter({V})", "{L}.map({W})", "{L}.map({Q})", "{O}.map({F})"],
    "objects": ["{O}.filter({E})"],
}
_KINDS = {"B": "bool", "I": "int", "S": "str", "L": "strs", "O": "objects"}


@st.composite
def texts(draw: Draw, scope: Scope, kind: str = "bool", depth: int = 4) -> str:
    """An expression of a kind whose free names are those of the scope."""
    atoms = [*scope.get(kind, ()), *LITERALS[kind]]
    if depth == 0:
        # What is read counts more than constants.
        return draw(st.sampled_from([*scope.get(kind, ()), *scope.get(kind, ()), *atoms]))
    production = draw(st.sampled_from([*PRODUCTIONS[kind], *(["{atom}"] if atoms else [])]))
    if production == "{atom}":
        return draw(st.sampled_from(atoms))
    text = production
    for mark, inner in _KINDS.items():
        while f"{{{mark}}}" in text:
            if inner == "objects" and not scope.get("objects"):
                return draw(texts(scope, kind, depth - 1))
            text = text.replace(f"{{{mark}}}", draw(texts(scope, inner, depth - 1)), 1)
    return _bodies(draw, text, scope, depth)


def _bodies(draw: Draw, text: str, scope: Scope, depth: int) -> str:
    """Fill in the bodies of macros; a variable's name tells its depth, so that none hides another."""
    name = f"v{depth}"
    of_text = {**scope, "str": [*scope.get("str", ()), name]}
    of_object = {**scope, "str": [*scope.get("str", ()), *(f"{name}.{field}" for field in ELEMENT_FIELDS)]}
    for mark, inner, kinds in (
        ("V", of_text, ("bool",)),
        ("W", of_text, ("str",)),
        ("Q", of_text, ("bool", "str")),
        ("E", of_object, ("bool",)),
        ("F", of_object, ("str",)),
    ):
        while f"{{{mark}}}" in text:
            body = ", ".join(draw(texts(inner, kind, depth - 1)) for kind in kinds)
            text = text.replace(f"{{{mark}}}", f"{name}, {body}", 1)
    return text
