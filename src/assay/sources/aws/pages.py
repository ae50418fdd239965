"""Answers that go on in pages, read to their end, as botocore's model of the operation says where that is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import jmespath

from assay.sources.aws import samples
from assay.sources.aws.calls import Kind, Port, Refused, Request

_MOST = 100_000  # pages; more is a service that never ends


@dataclass(frozen=True, slots=True)
class Paging:
    """How one operation goes on: the arguments that take the tokens, and where answers give them."""

    asked: tuple[str, ...]
    given: tuple[str, ...]
    more: str = ""
    results: tuple[str, ...] = ()


def paging(service: str, operation: str, tokens: tuple[str, str] | None = None) -> Paging | None:
    """Return how an operation goes on; None when it answers at once."""
    if tokens is not None:
        return Paging((tokens[0],), (tokens[1],))
    stated = samples.paginators(service).get(operation)
    if stated is None:
        return None
    return Paging(
        _several(stated["input_token"]),
        _several(stated["output_token"]),
        stated.get("more_results", ""),
        _several(stated["result_key"]),
    )


def _several(stated: str | list[str]) -> tuple[str, ...]:
    return (stated,) if isinstance(stated, str) else tuple(stated)


def pages(ask: Port, request: Request, how: Paging | None) -> Iterator[Mapping[str, Any]]:
    """Yield the pages of an answer. Raises Refused, also when pages repeat themselves: what follows is not known."""
    seen: set[tuple[Any, ...]] = set()
    for _ in range(_MOST):
        answer = ask(request)
        yield answer
        tokens = _next(answer, how) if how else None
        if how is None or tokens is None:
            return
        if tokens in seen:
            break
        seen.add(tokens)
        given = {name: token for name, token in zip(how.asked, tokens, strict=True) if token is not None}
        kept = {name: value for name, value in request.arguments.items() if name not in how.asked}
        request = replace(request, arguments={**kept, **given})
    raise Refused(Kind.MALFORMED, "", "the pages of the answer repeat themselves")


def _next(answer: Mapping[str, Any], how: Paging) -> tuple[Any, ...] | None:
    if how.more and not jmespath.search(how.more, answer):
        return None
    tokens = tuple(jmespath.search(each, answer) or None for each in how.given)
    return tokens if any(tokens) else None


def whole(ask: Port, request: Request) -> Mapping[str, Any]:
    """Return an answer with what all of its pages list. Raises Refused."""
    how = paging(request.service, request.operation)
    first, *others = pages(ask, request, how)
    if not others or how is None:
        return first
    merged = dict(first)
    for path in how.results:
        lists = [jmespath.search(path, each) or [] for each in (first, *others)]
        if all(isinstance(each, list) for each in lists):
            _set(merged, path, [one for each in lists for one in each])
    return merged


def _set(answer: dict[str, Any], path: str, value: Any) -> None:
    *outer, last = path.split(".")
    for step in outer:
        answer[step] = dict(answer.get(step) or {})
        answer = answer[step]
    answer[last] = value
