"""Fragments of SQL about one JSON value: what it is, whether it is known, how it compares; as in the interpreter.

A value is JSON text as DuckDB writes it: minified, strings escaped in one way only. NULL is a value of which nothing is
known, `null` an absent one, and an object whose only key is "$unknown" an unknown with what is known of it. Every
fragment answers NULL for what it cannot decide. Arguments are names of columns, since they are repeated.
"""

import json
import re
from collections.abc import Mapping, Sequence

from assay.expressions.regex import matcher
from assay.inventory.values import Choice, Unknown, Value, to_json


class NotCompilable(Exception):
    """The expression has no columnar form; it is answered by the interpreter. The text says why."""


OPAQUE = '{"$unknown":{"reason":["error","expression","unknown"]}}'  # stands for NULL where text is needed
UNFIT = '{"$unknown":{"reason":["malformed","object","not an object"],"present":true}}'  # there, and no object
EXACT = 2**53  # below it every integer is a double


def canonical(value: Value) -> str:
    """Return the JSON text of a value, byte for byte as DuckDB would extract it. Raises NotCompilable."""
    if isinstance(value, Choice):
        raise NotCompilable("a constant that is one of several")
    try:
        text = json.dumps(to_json(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        text.encode()
    except ValueError:
        raise NotCompilable("a constant that JSON cannot hold") from None
    return re.sub(r"\\\\|\\u00[01][a-f]", _upper, text)


def _upper(found: re.Match[str]) -> str:
    """Return an escape with its hexadecimal digits in upper case, as DuckDB's JSON library writes them."""
    return found[0] if found[0] == "\\\\" else "\\u" + found[0][2:].upper()


def quoted(text: str) -> str:
    """Return a SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def literal(value: Value) -> str:
    """Return the SQL literal of a value's JSON text."""
    return quoted(canonical(value))


def pointer(name: str) -> str:
    """Return the JSON pointer (RFC 6901) of a key, as a SQL literal: unlike a path it can name every key."""
    return quoted("/" + name.replace("~", "~0").replace("/", "~1"))


def marker(j: str) -> str:
    """Whether it stands for something that is not known."""
    return f"""(starts_with({j}, '{{"$unknown":') OR starts_with({j}, '{{"$choice":'))"""


def unknown(j: str) -> str:
    """Whether it is not known: true or false, never NULL."""
    return f"({j} IS NULL OR {marker(j)})"


def may_be_absent(j: str) -> str:
    """Of an element: whether it is unknown and may not even be there."""
    return f"(CASE WHEN {marker(j)} THEN coalesce(NOT {stated(j)}, true) ELSE {j} IS NULL END)"


def is_object(j: str) -> str:
    """Whether it is a known object."""
    return f"(starts_with({j}, '{{') AND NOT {marker(j)})"


def not_read(j: str) -> str:
    """Of a value whose properties could not be read: whether it may have some all the same."""
    return f"({j} IS NULL OR starts_with({j}, '{{'))"


def is_number(j: str) -> str:
    """Whether it is a number; NaN and Infinity, which DuckDB's reader admits, are none."""
    return f"(ascii({j}) BETWEEN 48 AND 57 OR ascii({j}) = 45)"


def number(j: str) -> str:
    """It as a double, NULL for what is no number. Compare it only with numbers below `EXACT`."""
    return f"(CASE WHEN {is_number(j)} THEN TRY_CAST({j} AS DOUBLE) END)"


def text(j: str) -> str:
    """It as decoded text, NULL for what is no text."""
    decoded = (
        f"CASE WHEN contains({j}, '\\') THEN json_extract_string({j}, '$') ELSE substr({j}, 2, length({j}) - 2) END"
    )
    return f"(CASE WHEN starts_with({j}, '\"') THEN {decoded} END)"


def truth(j: str) -> str:
    """It as true or false, absent as false; everything else is unknown."""
    return f"(CASE {j} WHEN 'true' THEN true WHEN 'false' THEN false WHEN 'null' THEN false END)"


def from_truth(sql: str) -> str:
    """A truth as JSON text."""
    return f"(CASE WHEN {sql} THEN 'true' WHEN NOT ({sql}) THEN 'false' END)"


def decided(value: bool | None) -> str:
    """The literal of a truth."""
    return {True: "true", False: "false", None: "CAST(NULL AS BOOLEAN)"}[value]


def equals(j: str, constant: Value) -> str:
    """Whether it equals a constant. Known text around a hole is left to the interpreter."""
    match constant:
        case Unknown():
            return decided(None)
        case None:
            present = f"WHEN {marker(j)} THEN CASE WHEN {stated(j)} THEN false END"
            return f"(CASE WHEN {j} IS NULL THEN NULL {present} ELSE {j} = 'null' END)"
        case bool() | str():
            return f"(CASE WHEN {unknown(j)} THEN NULL ELSE {j} = {literal(constant)} END)"
        case int() | float():
            same = f"WHEN {is_number(j)} THEN {number(j)} = {double(constant)}"
            return f"(CASE WHEN {unknown(j)} THEN NULL {same} ELSE false END)"
        case Choice():
            raise NotCompilable("a constant that is one of several")
        case _:
            return _equals_whole(j, constant)


def _equals_whole(j: str, constant: Sequence[Value] | Mapping[str, Value]) -> str:
    """Lists and objects: the same text is equal; another one may be too, unless it is sure to be written otherwise."""
    same = literal(constant)
    members = constant.values() if isinstance(constant, Mapping) else constant
    one_text = all(isinstance(each, str | bool) for each in members) and not (
        isinstance(constant, Mapping) and len(constant) > 1
    )
    rest = "false" if one_text else f"CASE WHEN starts_with({j}, left({same}, 1)) THEN NULL ELSE false END"
    doubtful = f"""contains({j}, '"$unknown":')"""
    return f"(CASE WHEN {unknown(j)} THEN NULL WHEN {j} = {same} THEN true WHEN {doubtful} THEN NULL ELSE {rest} END)"


def double(constant: float) -> str:
    """The literal of a number. Raises NotCompilable for one that a double does not hold exactly or nearly."""
    if not abs(constant) < EXACT:
        raise NotCompilable(f"the number {constant} is too large to be compared exactly")
    return f"CAST({constant!r} AS DOUBLE)"


def stated(j: str) -> str:
    """Of an unknown: whether it says that there is a value."""
    return f"(json_extract_string({j}, '/$unknown/present') = 'true')"


def equals_each_other(a: str, b: str) -> str:
    """Whether two values are equal; different lists or objects are left to the interpreter."""
    small = f"abs({number(a)}) < {EXACT} AND abs({number(b)}) < {EXACT}"
    return (
        f"(CASE WHEN {unknown(a)} OR {unknown(b)} THEN NULL"
        f" WHEN {is_number(a)} AND {is_number(b)} THEN CASE WHEN {small} THEN {number(a)} = {number(b)} END"
        f" WHEN ascii({a}) = ascii({b}) AND ascii({a}) IN (91, 123)"
        f" THEN CASE WHEN {a} = {b} AND NOT contains({a}, '\"$unknown\":') AND NOT contains({a}, 'NaN') THEN true END"
        f" WHEN {a} = 'NaN' THEN false"
        f" ELSE {a} = {b} END)"
    )


def ordered(a: str, operator: str, b: str) -> str:
    """Compare two values that are both numbers, both text or both truths; others have no order."""
    small = f"abs({number(a)}) < {EXACT} AND abs({number(b)}) < {EXACT}"
    return (
        f"(CASE WHEN {is_number(a)} AND {is_number(b)}"
        f" THEN CASE WHEN {small} THEN {number(a)} {operator} {number(b)} END"
        f" WHEN starts_with({a}, '\"') AND starts_with({b}, '\"') THEN {text(a)} {operator} {text(b)}"
        f" WHEN {a} IN ('true', 'false') AND {b} IN ('true', 'false') THEN {a} {operator} {b} END)"
    )


def ordered_with(j: str, operator: str, constant: Value) -> str:
    """Compare it with a constant; text by code point, which is the order of its UTF-8 bytes."""
    if isinstance(constant, Unknown):
        return decided(None)
    if isinstance(constant, str):
        return f"({text(j)} {operator} {plain(constant)})"
    if isinstance(constant, bool):
        return f"(CASE WHEN {j} IN ('true', 'false') THEN {j} {operator} {literal(constant)} END)"
    if isinstance(constant, int | float):
        return f"({number(j)} {operator} {double(constant)})"
    raise NotCompilable(f"the order of {constant!r}")


def plain(constant: str) -> str:
    """The SQL literal of a text itself, not of its JSON; through JSON where SQL text cannot hold a character."""
    if all(each >= " " for each in constant):
        canonical(constant)  # refuses what is not UTF-8
        return quoted(constant)
    return f"json_extract_string({literal(constant)}, '$')"


TEXT_QUESTIONS = {"startsWith": "starts_with", "endsWith": "suffix", "contains": "contains"}


def about_text(j: str, question: str, constant: Value) -> str:
    """startsWith, endsWith, contains; what is absent is empty text, NULL of what is no text."""
    asked = "" if constant is None else constant
    if not isinstance(asked, str):
        return decided(None)
    return (
        f"(CASE WHEN {j} = 'null' THEN {decided(not asked)}"
        f" ELSE {TEXT_QUESTIONS[question]}({text(j)}, {plain(asked)}) END)"
    )


def matches(j: str, pattern: str) -> str:
    """Whether a regular expression matches somewhere; DuckDB's are RE2's, as the interpreter's are."""
    try:
        found = matcher(pattern)("")
    except ValueError:
        return decided(None)
    return f"(CASE WHEN {j} = 'null' THEN {decided(found)} ELSE regexp_matches({text(j)}, {plain(pattern)}) END)"


def same_scalar(a: str, b: str) -> str:
    """Whether two values are known, no lists and no objects, and written alike; never NULL."""
    return f"coalesce({a} = {b} AND ascii({a}) NOT IN (91, 123) AND {a} <> 'NaN', false)"


def size(j: str) -> str:
    """The number of characters, elements or keys; NULL when one of them may be absent."""
    parts = f"CASE WHEN starts_with({j}, '[') THEN json_extract({j}, '$[*]') ELSE json_extract({j}, '$.*') END"
    listed = f"CAST({parts} AS VARCHAR[])"
    doubtful = f"len(list_filter({listed}, lambda e: {may_be_absent('e')})) > 0"
    return (
        f"(CASE WHEN starts_with({j}, '\"') THEN length({text(j)})"
        f" WHEN {j} = 'null' THEN 0"
        f" WHEN {unknown(j)} OR ascii({j}) NOT IN (91, 123) THEN NULL"
        f" WHEN contains({j}, '\"$unknown\":') AND {doubtful} THEN NULL"
        f" WHEN starts_with({j}, '[') THEN json_array_length({j})"
        f" ELSE len({keys(j)}) END)"
    )


def keys(j: str) -> str:
    """The keys of an object as a list of text; NULL when one comes twice, since readers of JSON differ about it."""
    return f"(CASE WHEN list_unique(json_keys({j})) = len(json_keys({j})) THEN json_keys({j}) END)"


def entry(j: str, key: str) -> str:
    """The value of a key of an object, the key given as SQL of a text; NULL when there is none."""
    escaped = f"replace(replace({key}, '~', '~0'), '/', '~1')"
    return f"CAST(json_extract({j}, '/' || {escaped}) AS VARCHAR)"


def elements(j: str) -> str:
    """The elements of a list or the keys of a map, as JSON texts; in place of a key an entry that may be absent."""
    value = entry(j, "key")
    name = f"CASE WHEN {value} = 'null' OR {may_be_absent(value)} THEN {value} ELSE CAST(to_json(key) AS VARCHAR) END"
    return (
        f"(CASE WHEN starts_with({j}, '[') THEN CAST(json_extract({j}, '$[*]') AS VARCHAR[])"
        f" WHEN {is_object(j)} THEN list_transform({keys(j)}, lambda key: {name}) END)"
    )


def element(j: str, index: int) -> str:
    """One element of a list, NULL when there is none or one up to it may be absent."""
    before = f"list_slice(CAST(json_extract({j}, '$[*]') AS VARCHAR[]), 1, {index + 1})"
    doubtful = f"len(list_filter({before}, lambda e: {may_be_absent('e')})) > 0"
    known = f"CAST(json_extract({j}, '$[{index}]') AS VARCHAR)"
    return f"(CASE WHEN starts_with({j}, '[') AND NOT {doubtful} THEN {known} END)"


def has_elements(j: str) -> str:
    """Whether its elements are known: it is a list, a map or absent."""
    listed = f"starts_with({j}, '[') OR {j} = 'null'"
    return f"(CASE WHEN {listed} THEN true WHEN {is_object(j)} THEN {keys(j)} IS NOT NULL END)"


def holds(j: str, constants: Sequence[Value]) -> str:
    """Whether it is one of the constants."""
    if all(isinstance(each, str) for each in constants) and constants:
        several = ", ".join(map(literal, constants))
        return f"(CASE WHEN {unknown(j)} THEN NULL ELSE {j} IN ({several}) END)"
    return "(" + " OR ".join([*(equals(j, each) for each in constants), "false"]) + ")"


def contains_text(j: str, constant: str) -> str:
    """Whether a text is an element of a list or a key of a map."""
    listed = f"CAST(json_extract({j}, '$[*]') AS VARCHAR[])"
    doubtful = f"len(list_filter({listed}, lambda e: {marker('e')})) > 0"
    return (
        f"(CASE WHEN starts_with({j}, '[') THEN CASE WHEN list_contains({listed}, {literal(constant)}) THEN true"
        f" WHEN {doubtful} THEN NULL ELSE false END"
        f" WHEN {is_object(j)} THEN {has_key(j, plain(constant))}"
        f" WHEN {j} = 'null' THEN false END)"
    )


def has_key(j: str, key: str) -> str:
    """Whether an object has a key, given as SQL of a text; NULL when its entry may be absent."""
    value = entry(j, key)
    doubtful = f"WHEN {may_be_absent(value)} THEN NULL"
    return f"CASE WHEN {keys(j)} IS NULL THEN NULL WHEN {value} IS NULL THEN false {doubtful} ELSE true END"
