"""The largest answer that an operation may give, by botocore's model of it, and what an entry makes of it.

Every member is there, every list has one element, every text is the first of its enumeration, or "text".
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import botocore.session
from botocore.exceptions import DataNotFoundError, UnknownServiceError
from botocore.model import ListShape, MapShape, OperationModel, ServiceModel, Shape, StructureShape


class Text(str):
    """A text of a sample. `enum` are the values that its shape allows, () for any."""

    __slots__ = ("enum",)
    enum: tuple[str, ...]

    def __new__(cls, value: str, enum: tuple[str, ...] = ()) -> "Text":
        """Return the text."""
        made = super().__new__(cls, value)
        made.enum = enum
        return made


class Anything(dict[str, Any]):
    """A map of a sample, whose keys may be any: of each, `value` is what it holds."""

    value: Any = None


class Endless(dict[str, Any]):
    """Where a recursive shape is cut: what more it may hold is not in the sample."""


@lru_cache(maxsize=1)
def session() -> botocore.session.Session:
    """Return a session that is used for the models alone."""
    return botocore.session.get_session()


@lru_cache(maxsize=256)
def service_model(service: str) -> ServiceModel:
    """Return botocore's model of a service. Raises UnknownServiceError."""
    return session().get_service_model(service)


def operation_model(service: str, operation: str) -> OperationModel:
    """Return botocore's model of an operation. Raises OperationNotFoundError."""
    return service_model(service).operation_model(operation)


@lru_cache(maxsize=256)
def paginators(service: str) -> Mapping[str, Any]:
    """Return how botocore pages through the operations of a service."""
    loader = session().get_component("data_loader")
    try:
        found: Mapping[str, Any] = loader.load_service_model(service, "paginators-1")["pagination"]
    except (DataNotFoundError, UnknownServiceError):
        return {}
    return found


def sample(shape: Shape | None, around: tuple[str, ...] = ()) -> Any:
    """Return the largest value of a shape."""
    match shape:
        case None:
            return {}
        case StructureShape() if around.count(shape.name):
            return Endless()
        case StructureShape() if shape.is_document_type:
            return Anything()
        case StructureShape():
            return {name: sample(each, (*around, shape.name)) for name, each in shape.members.items()}
        case ListShape():
            return [sample(shape.member, around)]
        case MapShape():
            return _map(shape, around)
        case _:
            return _scalar(shape)


def _map(shape: MapShape, around: tuple[str, ...]) -> Any:
    value = sample(shape.value, around)
    if keys := getattr(shape.key, "enum", None):
        return dict.fromkeys(keys, value)
    found = Anything({"text": value})
    found.value = value
    return found


def _scalar(shape: Shape) -> Any:
    match shape.type_name:
        case "boolean":
            return True
        case "integer" | "long":
            return 1
        case "float" | "double":
            return 1.5
        case "timestamp":
            return Text("2026-01-01T00:00:00+00:00")
        case "string" | "char":
            enum = tuple(getattr(shape, "enum", None) or ())
            return Text(enum[0] if enum else "text", enum)
        case _:
            return None  # a blob
