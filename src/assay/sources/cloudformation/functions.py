"""The intrinsic functions, each from its argument to its value in one world.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
"""

import base64
import ipaddress
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from assay.documents import Path
from assay.errors import nearest
from assay.inventory.values import MAPPED, Cause, Reason, Unknown, Value, to_json
from assay.sources.cloudformation.conditions import named, truth
from assay.sources.cloudformation.scope import Function, Places, Scope, World
from assay.sources.cloudformation.template import NOT_PACKAGED, PREPROCESSOR
from assay.sources.cloudformation.texts import as_text, derived, hole_in, shown

_MOST_BLOCKS = 256  # of Fn::Cidr, as in its documentation


def _ref(scope: Scope, argument: Any, path: Path, world: World, _: Places | None) -> Value:
    name = argument if isinstance(argument, str) else scope.plain(argument, path, world)
    if isinstance(name, Unknown):
        return derived(name, "Ref")
    if not isinstance(name, str):
        return scope.fault(path, "Ref takes a name", shown(argument))
    return scope.ref(name, path, world)


def _get_att(scope: Scope, argument: Any, path: Path, world: World, _: Places | None) -> Value:
    parts = argument.split(".", 1) if isinstance(argument, str) else argument
    if not isinstance(parts, list) or len(parts) < 2:
        return scope.fault(path, "Fn::GetAtt takes a resource and an attribute", shown(argument), "Name.Attribute")
    names = [each if isinstance(each, str) else scope.plain(each, (*path, i), world) for i, each in enumerate(parts)]
    for each in names:
        if isinstance(each, Unknown):
            return derived(each, "Fn::GetAtt")
        if isinstance(each, list | dict):
            return scope.mishap(path, world, "Fn::GetAtt takes a resource and an attribute", shown(argument))
    return scope.attribute(as_text(names[0]), ".".join(map(as_text, names[1:])), path)


_VARIABLE = re.compile(r"\$\{(!?)([^${}]*)\}")


def _sub(scope: Scope, argument: Any, path: Path, world: World, _: Places | None) -> Value:
    own: Mapping[str, Any] = {}
    text = argument
    if isinstance(argument, list) and len(argument) == 2 and isinstance(argument[1], dict):
        text, own = argument
    if not isinstance(text, str):
        return scope.fault(path, "Fn::Sub takes a text, or a text and a mapping", shown(argument))
    pieces: list[Value] = []
    last = 0
    for match in _VARIABLE.finditer(text):
        pieces.append(text[last : match.start()])
        last = match.end()
        name = match[2].strip()
        if match[1]:
            pieces.append("${" + match[2] + "}")
        elif name in own:
            pieces.append(scope.plain(own[name], (*path, 1, name), world))
        elif "." in name:
            logical_id, _dot, attribute = name.partition(".")
            pieces.append(scope.single(scope.attribute(logical_id, attribute, path), world))
        else:
            pieces.append(scope.single(scope.ref(name, path, world), world))
    return scope.text([*(_one_text(each) for each in pieces), text[last:]], path)


def _one_text(value: Value) -> Value:
    """Return a value as a piece of a text; what is no text cannot be one."""
    if isinstance(value, list | dict):
        return Unknown(Reason(Cause.MALFORMED, "Fn::Sub", "a list stands where Fn::Sub takes a text"), present=True)
    return value


def _join(scope: Scope, argument: Any, path: Path, world: World, _: Places | None) -> Value:
    if not isinstance(argument, list) or len(argument) != 2:
        return scope.fault(path, "Fn::Join takes a delimiter and a list", shown(argument))
    delimiter = scope.plain(argument[0], (*path, 0), world)
    items = scope.plain(argument[1], (*path, 1), world)
    if isinstance(items, Unknown):
        return derived(items, "Fn::Join")
    if not isinstance(items, list) or not isinstance(delimiter, str):
        return scope.mishap(path, world, "Fn::Join takes a delimiter and a list", shown(argument))
    pieces: list[Value] = []
    for index, each in enumerate(items):
        pieces += [delimiter, _one_text(each)] if index else [_one_text(each)]
    return scope.text(pieces, path)


def _split(scope: Scope, argument: Any, path: Path, world: World, _: Places | None) -> Value:
    if not isinstance(argument, list) or len(argument) != 2:
        return scope.fault(path, "Fn::Split takes a delimiter and a text", shown(argument))
    delimiter = scope.plain(argument[0], (*path, 0), world)
    text = scope.plain(argument[1], (*path, 1), world)
    if isinstance(text, Unknown) and _is_one_identifier(text) and delimiter == ",":
        return [text]
    for each in (delimiter, text):
        if isinstance(each, Unknown):
            return derived(each, "Fn::Split")
    if not isinstance(delimiter, str) or not delimiter or isinstance(text, list | dict) or text is None:
        return scope.mishap(path, world, "Fn::Split takes a delimiter and a text", shown(argument))
    return list(as_text(text).split(delimiter))


def _is_one_identifier(text: Unknown) -> bool:
    """Return whether the text is the id or ARN of a declared resource and nothing else; neither holds a comma."""
    return text.reference is not None and not any(text.parts) and text.reference.attribute.endswith(("Id", "Arn"))


def _select(scope: Scope, argument: Any, path: Path, world: World, _: Places | None) -> Value:
    if not isinstance(argument, list) or len(argument) != 2:
        return scope.fault(path, "Fn::Select takes an index and a list", shown(argument))
    index = scope.plain(argument[0], (*path, 0), world)
    items = scope.plain(argument[1], (*path, 1), world)
    if unknown := hole_in(index):
        return derived(unknown, "Fn::Select")
    try:
        place = int(as_text(index))
    except ValueError:
        return scope.mishap(path, world, "Fn::Select takes a whole number", shown(index))
    if isinstance(items, Unknown):
        return derived(items, f"element {place}")
    if not isinstance(items, list) or not 0 <= place < len(items):
        count = len(items) if isinstance(items, list) else 0
        return scope.mishap(path, world, f"Fn::Select takes element {place} of {count}")
    found: Value = items[place]
    return found


def _find_in_map(scope: Scope, argument: Any, path: Path, world: World, _: Places | None) -> Value:
    if not isinstance(argument, list) or len(argument) not in (3, 4):
        return scope.fault(path, "Fn::FindInMap takes a map and two keys", shown(argument))
    mappings = scope.template.section("Mappings")
    keys = [scope.plain(each, (*path, i), world) for i, each in enumerate(argument[:3])]
    if any(isinstance(each, list | dict) for each in keys):
        return scope.mishap(path, world, "Fn::FindInMap takes texts as keys", shown(argument))
    found = list(_mapped(mappings, keys))
    if unknown := next((each for each in keys if isinstance(each, Unknown)), None):
        # A key that is not there would fail the deployment; so when all that are there agree, the value is known.
        agreed = found and len(argument) == 3 and all(each == found[0] for each in found)
        return scope.value(found[0], path, world) if agreed else _one_of(unknown, found, argument)
    if found:
        return scope.value(found[0], path, world)
    if len(argument) == 4 and isinstance(argument[3], dict) and "DefaultValue" in argument[3]:
        return scope.value(argument[3]["DefaultValue"], (*path, 3, "DefaultValue"), world)
    return _not_mapped(scope, mappings, [as_text(each) for each in keys], path, world)


def _one_of(key: Unknown, found: Sequence[Any], argument: Sequence[Any]) -> Value:
    """Return the unknown that one of several mapped values is; of plain identifiers that is said in the subject."""
    plain = all(isinstance(each, str) and not {"*", "?"} & set(each) for each in found)
    reason = key.reason
    known = reason.cause is Cause.ENVIRONMENT and len(argument) == 3 and isinstance(argument[0], str)
    if not found or not plain or not known:
        return derived(key, "Fn::FindInMap")
    return Unknown(
        Reason(reason.cause, f"{reason.subject}{MAPPED}{argument[0]}", str(reason)), present=True, parts=_shared(found)
    )


def _shared(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the text that all begin with and the text that all end with, as the parts around a hole; () for none."""
    start = _beginning(texts)
    end = _beginning([each[len(start) :][::-1] for each in texts])[::-1]
    return (start, end) if start or end else ()


def _beginning(texts: Sequence[str]) -> str:
    """Return the longest text that all begin with: the first and the last in order differ earliest."""
    first, last = min(texts), max(texts)
    return next((first[:i] for i, each in enumerate(first) if i >= len(last) or each != last[i]), first)


def _mapped(mappings: Any, keys: Sequence[Value]) -> Iterator[Any]:
    """Yield what stands under the keys; under every key where one is not known."""
    if not keys:
        yield mappings
    elif isinstance(mappings, dict):
        first = keys[0]
        below = mappings.values() if isinstance(first, Unknown) else [mappings.get(as_text(first))]
        for each in below:
            if each is not None:
                yield from _mapped(each, keys[1:])


def _not_mapped(scope: Scope, mappings: Any, keys: Sequence[str], path: Path, world: World) -> Value:
    for key in keys:
        if not isinstance(mappings, dict) or key not in mappings:
            break
        mappings = mappings[key]
    if "Mappings" in scope.template.open:
        return Unknown(Reason(Cause.MACRO, keys[0], f"what {keys[0]} maps is not declared before macros run"))
    known = mappings if isinstance(mappings, dict) else ()
    return scope.mishap(path, world, f"no {key!r} in mapping {keys[0]}", key, nearest(key, known))


def _if(scope: Scope, argument: Any, path: Path, world: World, at: Places | None) -> Value:
    if not isinstance(argument, list) or len(argument) != 3 or not isinstance(argument[0], str | bool):
        return scope.fault(path, "Fn::If takes the name of a condition and two values", shown(argument))
    chosen = 1 if named(scope, as_text(argument[0]), (*path, 0), world) else 2
    if at is not None and not world:
        at.decided(scope.template, (*path, chosen))
    return scope.value(argument[chosen], (*path, chosen), world, at)


def _condition(scope: Scope, argument: Any, path: Path, world: World, _: Places | None) -> Value:
    return truth(scope, {path[-1]: argument}, path[:-1], world)


def _base64(scope: Scope, argument: Any, path: Path, world: World, _: Places | None) -> Value:
    text = scope.plain(argument, path, world)
    if isinstance(text, Unknown):
        return derived(text, "Fn::Base64")
    if isinstance(text, list | dict):
        return scope.mishap(path, world, "Fn::Base64 takes a text", shown(argument))
    return base64.b64encode(as_text(text).encode()).decode()


def _cidr(scope: Scope, argument: Any, path: Path, world: World, _: Places | None) -> Value:
    if not isinstance(argument, list) or len(argument) not in (2, 3):
        return scope.fault(path, "Fn::Cidr takes a block, a count and bits", shown(argument))
    given = [scope.plain(each, (*path, i), world) for i, each in enumerate(argument)]
    if unknown := next(filter(None, map(hole_in, given)), None):
        return derived(unknown, "Fn::Cidr")
    try:
        block = ipaddress.ip_network(as_text(given[0]), strict=False)
        count = int(as_text(given[1]))
        bits = int(as_text(given[2])) if len(given) > 2 else 8
        blocks = [str(each) for each in islice(block.subnets(new_prefix=block.max_prefixlen - bits), _MOST_BLOCKS + 1)]
    except ValueError as error:
        return scope.mishap(path, world, f"Fn::Cidr: {error}")
    if not 1 <= count <= min(len(blocks), _MOST_BLOCKS):
        return scope.mishap(path, world, f"Fn::Cidr takes {count} blocks of {len(blocks)} in {block}")
    return list(blocks[:count])


def _zones(scope: Scope, argument: Any, path: Path, world: World, _: Places | None) -> Value:
    region = scope.plain(argument, path, world)
    where = region if isinstance(region, str) and region else scope.context.region
    said = f"the availability zones{f' of {where}' if where else ''} depend on the account"
    return Unknown(Reason(Cause.ENVIRONMENT, "Fn::GetAZs", said), present=True)


def _import(scope: Scope, argument: Any, path: Path, world: World, _: Places | None) -> Value:
    name = scope.plain(argument, path, world)
    if isinstance(name, str) and (found := scope.exported(name)) is not None:
        return found
    called = "…".join(name.parts) if isinstance(name, Unknown) else as_text(name)
    unsure = f", of which {name.reason}" if isinstance(name, Unknown) else ""
    said = f"export {called or '?'} is of another stack{unsure}"
    return Unknown(Reason(Cause.IMPORT, called or "?", said), present=True)


def _stack_output(scope: Scope, argument: Any, path: Path, world: World, _: Places | None) -> Value:
    wanted = scope.plain(argument, path, world)
    if not isinstance(wanted, dict) or not {"StackName", "OutputName"} <= wanted.keys():
        return scope.mishap(path, world, "Fn::GetStackOutput takes a StackName and an OutputName", shown(argument))
    parts = (wanted["StackName"], wanted["OutputName"])
    what = ".".join("…".join(each.parts) or "?" if isinstance(each, Unknown) else as_text(each) for each in parts)
    return Unknown(Reason(Cause.IMPORT, what, f"output {what} is of another stack"), present=True)


def _transform(scope: Scope, argument: Any, path: Path, world: World, _: Places | None) -> Value:
    name = as_text(argument.get("Name", "?")) if isinstance(argument, dict) else shown(argument)
    return Unknown(Reason(Cause.MACRO, name, f"only AWS can run the macro {name}"))


def _not_packaged(scope: Scope, argument: Any, path: Path, world: World, _: Places | None) -> Value:
    said = f"where {argument} lies is decided when it is packaged"
    return Unknown(Reason(Cause.ENVIRONMENT, as_text(argument), said), present=True)


def _preprocessed(scope: Scope, argument: Any, path: Path, world: World, _: Places | None) -> Value:
    name = f"!{path[-1]} {argument if isinstance(argument, str) else ''}".strip()
    return Unknown(Reason(Cause.MACRO, name, f"only a preprocessor can say what {name} becomes"))


def _length(scope: Scope, argument: Any, path: Path, world: World, _: Places | None) -> Value:
    items = scope.plain(argument, path, world)
    if isinstance(items, Unknown):
        return derived(items, "Fn::Length")
    return len(items) if isinstance(items, list) else scope.mishap(path, world, "Fn::Length takes a list")


def _to_json_string(scope: Scope, argument: Any, path: Path, world: World, _: Places | None) -> Value:
    value = scope.plain(argument, path, world)
    if unknown := hole_in(value):
        return derived(unknown, "Fn::ToJsonString")
    return json.dumps(to_json(value), separators=(",", ":"))


def _rule(scope: Scope, argument: Any, path: Path, world: World, _: Places | None) -> Value:
    said = f"{path[-1]} {shown(argument)} is known only at deployment"
    return Unknown(Reason(Cause.ENVIRONMENT, f"{path[-1]} {shown(argument)}", said), present=True)


FUNCTIONS: Mapping[str, Function] = {
    "Ref": _ref,
    "Fn::GetAtt": _get_att,
    "Fn::Sub": _sub,
    "Fn::Join": _join,
    "Fn::Split": _split,
    "Fn::Select": _select,
    "Fn::FindInMap": _find_in_map,
    "Fn::If": _if,
    "Fn::And": _condition,
    "Fn::Or": _condition,
    "Fn::Not": _condition,
    "Fn::Equals": _condition,
    "Fn::Contains": _condition,
    "Fn::EachMemberIn": _condition,
    "Fn::EachMemberEquals": _condition,
    "Fn::Base64": _base64,
    "Fn::Cidr": _cidr,
    "Fn::GetAZs": _zones,
    "Fn::ImportValue": _import,
    "Fn::GetStackOutput": _stack_output,
    "Fn::Transform": _transform,
    NOT_PACKAGED: _not_packaged,
    "Fn::Length": _length,
    "Fn::ToJsonString": _to_json_string,
    "Fn::ValueOf": _rule,
    "Fn::ValueOfAll": _rule,
    "Fn::RefAll": _rule,
    **dict.fromkeys(PREPROCESSOR, _preprocessed),
}
