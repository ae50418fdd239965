"""Small inventories and questions about them, for the tests of expressions."""

from collections.abc import Mapping
from typing import Any

from assay.expressions import Environment, Outcome, evaluate, parse
from assay.inventory.normalise import normalise
from assay.inventory.resource import Inventory, Origin, Position, Resource
from assay.inventory.schema import resource_schema
from assay.inventory.values import Cause, Choice, Reason, Reference, Unknown, Value

UNREAD = Unknown(Reason(Cause.PARAMETER, "P"), present=True)
MAYBE = Unknown(Reason(Cause.CONDITION, "C"))
OPEN = Reason(Cause.PARAMETER, "Stage", "parameter Stage has no value")


def resource(kind: str, name: str, properties: Mapping[str, Value] | None = None, **more: Any) -> Resource:
    file = more.pop("file", "t.yaml")
    return Resource(f"{file}#{name}", kind, name, properties or {}, Origin("test", Position(file, 1)), **more)


def ref(name: str, attribute: str = "") -> Unknown:
    return Unknown(Reason(Cause.ATTRIBUTE, name), present=True, reference=Reference(f"t.yaml#{name}", attribute))


def by_stage(dev: Value, prod: Value) -> Choice:
    return Choice("t.yaml: parameter Stage", OPEN, (("dev", dev), ("prod", prod)))


def ask(inventory: Inventory, name: str, text: str) -> Outcome:
    judged = next(each for each in inventory.resources if each.id.endswith(f"#{name}"))
    environment = Environment({"resource": resource_schema(judged.type).properties})
    return evaluate(parse(text, environment), {"resource": judged}, inventory, given=judged.condition)


def ask_one(kind: str, properties: Mapping[str, Value], text: str) -> Outcome:
    return ask(normalise([resource(kind, "This", properties)]), "This", text)
