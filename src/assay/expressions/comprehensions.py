"""all, exists, exists_one, filter, map: CEL's macros over lists and maps, with unknown elements.

An element that may be absent never decides alone; a filter keeps in its place an element that may be absent when it is
not known whether it passes. The variable of a macro stays bound in the frame when it is done: the checker refuses a
second use of its name within the body, and outside of it nothing can name it.
"""

from collections.abc import Mapping, Sequence

from assay.expressions.frame import Frame, Program, derived, elements, may_be_absent, truth
from assay.inventory.values import Unknown, Value


def quantified(over: Program, name: str, body: Program, *, deciding: bool) -> Program:
    """Return `exists` (one true element decides) or `all` (one false element decides)."""

    def run(frame: Frame) -> Value:
        items = elements(frame, over(frame))
        if isinstance(items, Unknown):
            return derived(items)
        doubt: Unknown | None = None
        for item in items:
            frame.variables[name] = item
            answer = truth(body(frame))
            if answer is deciding:
                if not may_be_absent(item):
                    return deciding
                answer = _doubt(item)
            if doubt is None and isinstance(answer, Unknown):
                doubt = answer
        return (not deciding) if doubt is None else doubt

    return run


def exactly_one(over: Program, name: str, body: Program) -> Program:
    """Return `exists_one`: two true elements refuse, whatever the rest."""

    def run(frame: Frame) -> Value:
        items = elements(frame, over(frame))
        if isinstance(items, Unknown):
            return derived(items)
        answers = [_present(item, truth(_bound(frame, name, item, body))) for item in items]
        doubt = next((each for each in answers if isinstance(each, Unknown)), None)
        certain = sum(each is True for each in answers)
        return certain == 1 if doubt is None or certain > 1 else doubt

    return run


def filtered(over: Program, name: str, body: Program) -> Program:
    """Return `filter`."""

    def run(frame: Frame) -> Value:
        items = elements(frame, over(frame))
        return derived(items) if isinstance(items, Unknown) else list(kept(frame, items, name, body))

    return run


def mapped(over: Program, name: str, body: Program, where: Program | None) -> Program:
    """Return `map`, of those for which `where` holds."""

    def run(frame: Frame) -> Value:
        items = elements(frame, over(frame))
        if isinstance(items, Unknown):
            return derived(items)
        chosen = items if where is None else kept(frame, items, name, where)
        return [_doubt(item) if may_be_absent(item) else _bound(frame, name, item, body) for item in chosen]

    return run


def kept(frame: Frame, items: Sequence[Value], name: str, condition: Program) -> Sequence[Value]:
    """Return the items for which the condition holds, and in the place of a doubtful one what may be absent."""
    answers = ((item, truth(_bound(frame, name, item, condition))) for item in items)
    return [
        Unknown(answer.reason) if isinstance(answer, Unknown) else item
        for item, answer in answers
        if answer is not False
    ]


def _bound(frame: Frame, name: str, item: Value, body: Program) -> Value:
    frame.variables[name] = item
    return body(frame)


def _doubt(item: Value) -> Unknown:
    assert isinstance(item, Unknown)
    return Unknown(item.reason)


def _present(item: Value, answer: bool | Unknown) -> bool | Unknown:
    """Return the answer about an element, unknown when it is true only if the element is there."""
    return _doubt(item) if answer is True and may_be_absent(item) else answer


QUANTIFIERS: Mapping[str, bool] = {"exists": True, "all": False}  # macro → the answer about one element that decides
