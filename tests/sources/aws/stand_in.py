"""A stand-in for AWS behind the collector's port: as strict as botocore about questions, and about our answers too."""

import threading
from collections.abc import Callable, Mapping
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape
from botocore.validate import ParamValidator

from assay.sources.aws.calls import Kind, Refused, Request
from assay.sources.aws.samples import operation_model

Answer = Mapping[str, Any] | Refused | Callable[[Request], Any]


def denied(operation: str) -> Refused:
    return Refused(Kind.DENIED, "AccessDenied", f"User: collector is not authorized to perform: {operation}")


def refused(code: str, message: str = "no such thing") -> Refused:
    return Refused(Kind.REFUSED, code, message)


def throttled() -> Refused:
    return Refused(Kind.THROTTLED, "ThrottlingException", "Rate exceeded")


def expired() -> Refused:
    return Refused(Kind.EXPIRED, "ExpiredToken", "The security token included in the request is expired")


class StandIn:
    """Answers "service:Operation" by what it was given: an answer, a refusal, or what a function makes of a request."""

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self.answers = dict(answers)
        self.asked: list[Request] = []
        self._lock = threading.Lock()

    def __call__(self, request: Request) -> Mapping[str, Any]:
        with self._lock:
            self.asked.append(request)
        model = operation_model(request.service, request.operation)
        if model.input_shape is not None:
            report = ParamValidator().validate(dict(request.arguments), model.input_shape)
            assert not report.has_errors(), report.generate_report()
        answer = self.answers[f"{request.service}:{request.operation}"]
        found = answer(request) if callable(answer) else answer
        if isinstance(found, Refused):
            raise found
        _check(found, model.output_shape, request.operation)
        return found

    def count(self, operation: str) -> int:
        return sum(each.operation == operation for each in self.asked)


def _check(value: Any, shape: Shape | None, where: str) -> None:
    """Our own answers have no member that AWS's have not."""
    match shape:
        case StructureShape():
            for name, each in value.items():
                assert name in shape.members, f"{where} has no {name}"
                _check(each, shape.members[name], f"{where}.{name}")
        case ListShape():
            for each in value:
                _check(each, shape.member, f"{where}.*")
        case MapShape():
            for each in value.values():
                _check(each, shape.value, f"{where}.*")
        case _:
            pass
