"""Answers made up by botocore's models: any of what AWS may say, within what a control may look at."""

import json
import random
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from assay.sources.aws.calls import Kind, Refused, Request
from assay.sources.aws.entry import Entry
from assay.sources.aws.samples import operation_model

_NAMES = re.compile(r"(^|[^y])(id|arn|name|identifier)$", re.IGNORECASE)
_POLICIES = re.compile(r"(policy.?(document|text)?|document)$", re.IGNORECASE)
_PAGES = re.compile(r"token|marker|truncated|^position$", re.IGNORECASE)
_WORDS = ("text", "true", "false", "Enabled", "Disabled", "0", "1")
_NUMBERS = (0, 1, 22, 80, 443, 3389, 65535, 90, 400)
_STATEMENTS = tuple(
    {"Effect": "Allow", "Action": action, "Resource": "*", "Principal": principal}
    for action in ("*", "s3:GetObject")
    for principal in ("*", {"AWS": "111122223333"})
)


class MadeUp:
    """A port that answers each request always alike, and differently by `seed`; `denies` says which it refuses."""

    def __init__(self, entry: Entry, seed: int, denies: Callable[[Request], bool] = lambda _: False) -> None:
        self.asked: dict[str, Request] = {}
        self._seed = seed
        self._denies = denies
        self._words = (*_WORDS, *sorted(set(_words(entry))))

    def __call__(self, request: Request) -> Mapping[str, Any]:
        key = key_of(request)
        self.asked[key] = request
        if self._denies(request):
            raise Refused(Kind.DENIED, "AccessDenied", "not authorized")
        chance = random.Random(f"{self._seed} {key}")
        answer = self._value(operation_model(request.service, request.operation).output_shape, chance, "", ())
        assert isinstance(answer, dict)
        return answer

    def _value(self, shape: Shape | None, chance: random.Random, name: str, around: tuple[str, ...]) -> Any:
        match shape:
            case StructureShape() if shape.name in around:
                return {}
            case StructureShape():
                inner = {
                    each: self._value(
                        shape.members[each], self._about(each, chance, around), each, (*around, shape.name)
                    )
                    for each in shape.members
                    if each in shape.required_members or self._about(f"{each}?", chance, around).random() < 0.85
                    if not _PAGES.search(each)
                }
                return {each: value for each, value in inner.items() if value is not None}
            case ListShape() if len(around) < 2:  # what is listed
                return [self._value(shape.member, chance, "name", around)]
            case ListShape():
                return [self._value(shape.member, chance, name, around) for _ in range(chance.choice((0, 1, 1, 2)))]
            case MapShape():
                keys = getattr(shape.key, "enum", None) or chance.sample(self._words, 5)
                return {each: self._value(shape.value, chance, name, around) for each in keys if chance.random() < 0.8}
            case None:
                return {}
            case _:
                return self._scalar(shape, chance, name)

    def _about(self, member: str, chance: random.Random, around: tuple[str, ...]) -> random.Random:
        """Of one thing, a list and a description say the same."""
        return random.Random(f"{self._seed} {member}") if len(around) < 3 else chance

    def _scalar(self, shape: Shape, chance: random.Random, name: str) -> Any:
        match shape.type_name:
            case "boolean":
                return chance.random() < 0.5
            case "integer" | "long":
                return chance.choice(_NUMBERS)
            case "float" | "double":
                return 1.5
            case "timestamp":
                return "2026-01-01T00:00:00+00:00"
            case "string" | "char":
                return self._text(getattr(shape, "enum", None) or (), chance, name)
            case _:
                return None

    def _text(self, enum: Any, chance: random.Random, name: str) -> str:
        if enum:
            return str(chance.choice(list(enum)))
        if _NAMES.search(name):
            return "text"
        if "cidr" in name.lower():
            return chance.choice(("0.0.0.0/0", "10.0.0.0/8", "::/0"))
        if _POLICIES.search(name):
            return json.dumps({"Version": "2012-10-17", "Statement": [chance.choice(_STATEMENTS)]})
        return chance.choice(self._words)


def key_of(request: Request) -> str:
    """What tells a request from others."""
    return f"{request.operation} {json.dumps(request.arguments, sort_keys=True, default=str)}"


def _words(entry: Entry) -> Iterator[str]:
    """The literals that an entry looks for."""
    for step in (entry, *([entry.describe] if entry.describe else ()), *entry.calls):
        for expression in step.rows.values():
            yield from re.findall(r"'([^']+)'", expression)
        if step.derive is not None:
            yield from (each for each in step.derive.__code__.co_consts if isinstance(each, str) and " " not in each)
