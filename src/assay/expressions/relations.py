"""The functions that walk from one resource to another; they need the inventory, unlike all other functions."""

from assay.expressions.frame import Frame, Program, failed
from assay.expressions.tree import Call, Literal
from assay.inventory.naming import pointers
from assay.inventory.resource import LISTED, Resource
from assay.inventory.schema import Kind, Type, list_of
from assay.inventory.values import Cause, Choice, Reason, Unknown, Value

RELATIONS = {"target": 2, "targets": 2, "referrers": 3}  # name → number of arguments, the subject included


def relation_type(name: str, resource_type: str) -> Type:
    """Return the type of a relation's result."""
    one = Type(Kind.OBJECT, name=resource_type)
    return one if name == "target" else list_of(one)


def program(node: Call, subject: Program) -> Program:
    """Return the closure of a call of a relation."""
    wanted = [str(each.value) for each in node.arguments[1:] if isinstance(each, Literal)]
    match node.function:
        case "target":
            return lambda frame: target(frame, subject(frame), wanted[0])
        case "targets":
            return lambda frame: targets(frame, subject(frame), wanted[0])
        case _:
            return lambda frame: referrers(frame, subject(frame), wanted[0], wanted[1])


def target(frame: Frame, value: Value, kind: str) -> Value:
    """Return the properties of the resource that a value refers to, unknown when it is not in the inventory."""
    for each in frame.inventory.names.find(value, kind, _file(frame)) if frame.inventory else ():
        found = frame.inventory.by_id.get(each) if frame.inventory else None
        if found is not None and found.type == kind:
            exists = frame.settle(found.condition)
            return frame.meet(found) if exists is True else _elsewhere(value, kind)
    return Unknown(value.reason, value.present) if isinstance(value, Unknown) else _elsewhere(value, kind)


def _elsewhere(value: Value, kind: str) -> Unknown:
    if isinstance(value, str) and value:
        said = f"the {kind} that {value[:80]} names is not among the resources given"
    else:
        said = f"no {kind} is named"
    return Unknown(Reason(Cause.ELSEWHERE, kind, said), present=bool(value))


def targets(frame: Frame, values: Value, kind: str) -> Value:
    """Return the properties of the resources that the elements of a list refer to."""
    if isinstance(values, Unknown) and not values.reference:
        return values
    given = values if isinstance(values, list | tuple) else [values]
    settled = (frame.settle(each) for each in given)
    return [target(frame, each, kind) for each in settled if each is not None]


def referrers(frame: Frame, properties: Value, kind: str, field: str) -> Value:
    """Return the properties of the resources of a type that refer to a resource by a property.

    A resource of which it is not known whether it refers to it, or whether it exists, is an element that may be absent;
    so are those that exist and were not given.
    """
    if isinstance(properties, Unknown):
        return properties
    judged = frame.resources.get(id(properties))
    if judged is None or frame.inventory is None:
        return failed("referrers are asked for of something that is no resource")
    found: list[Value] = []
    for each in frame.inventory.names.pointing(kind, field, judged):
        exists = frame.settle(each.condition)
        refers = _refers(frame, each, field, judged) if exists is not False and exists is not None else False
        doubt = next((doubt for doubt in (exists, refers) if isinstance(doubt, Unknown)), None)
        if refers is not False:
            found.append(frame.meet(each) if doubt is None else Unknown(doubt.reason))
    listed = judged.attributes.get(LISTED)
    if isinstance(listed, list | tuple) and kind not in listed:
        detail = f"not every {kind} beside {judged.name} is among the resources given"
        found.append(Unknown(Reason(Cause.NOT_COLLECTED, kind, detail)))
    return found


def _refers(frame: Frame, source: Resource, field: str, judged: Resource) -> bool | Unknown:
    assert frame.inventory is not None
    doubt: Unknown | None = None
    waiting = [source.properties.get(field)]
    while waiting:
        for pointer in pointers(waiting.pop()):
            if isinstance(pointer, Choice):
                waiting.append(frame.settle(pointer))
                continue
            found = frame.inventory.names.find(pointer, judged.type, source.origin.position.file)
            if judged.id in found:
                return True
            if isinstance(pointer, Unknown) and not found:
                doubt = pointer
    return False if doubt is None else doubt


def _file(frame: Frame) -> str:
    """Return the file of the resource that is judged, whose values are what names are looked up for."""
    return next((each.origin.position.file for each in frame.resources.values()), "")
