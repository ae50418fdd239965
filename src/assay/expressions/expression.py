"""An expression ready to use, and what evaluating it says."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from assay.expressions import evidence as tracing
from assay.expressions.evidence import Evidence
from assay.expressions.frame import Frame, Program, Split, truth
from assay.expressions.interpreter import program
from assay.expressions.tree import Node
from assay.inventory.resource import Inventory, Resource
from assay.inventory.schema import BOOLEAN, Type
from assay.inventory.values import Cause, Choice, Path, Reason, Unknown, Value

WORLDS = 64  # outcomes of undecided variables that one evaluation examines


@dataclass(frozen=True)
class Expression:
    """A checked expression. Picklable; the closures are made when it is first evaluated.

    reads  Property paths of the judged resource that it reads, "*" for any element.
    """

    text: str
    root: Node
    reads: frozenset[Path]

    @cached_property
    def program(self) -> Program:
        """The closures that evaluate it."""
        return program(self.root)

    @cached_property
    def programs(self) -> dict[int, Program]:
        """The closures of its parts that explanations have asked for, by the identity of the part."""
        return {}

    def __getstate__(self) -> dict[str, object]:
        return {"text": self.text, "root": self.root, "reads": self.reads}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an expression says. truth None: unknown, for the reasons given.

    evidence  The properties that decided, as they were read; empty for a plain truth that nobody asks about.
    """

    truth: bool | None
    reasons: tuple[Reason, ...] = ()
    evidence: tuple[Evidence, ...] = ()


_HOLDS = Outcome(True)
_TOO_MANY = Reason(Cause.CONDITION, "conditions", f"it depends on more than {WORLDS} combinations of undecided values")


@dataclass(frozen=True)
class Environment:
    """The variables that a text may use, with their types."""

    variables: Mapping[str, Type] = field(default_factory=dict)


def parse(text: str, environment: Environment, expects: Type = BOOLEAN) -> Expression:
    """Return the expression of a CEL text. Raises ExpressionFaults with every fault found."""
    from assay.expressions.check import check  # the parser is slow to start and a warm cache never needs it

    checked = check(text, environment.variables, expects)
    return Expression(text, checked.root, checked.reads)


def evaluate(
    expression: Expression,
    variables: Mapping[str, Value | Resource],
    inventory: Inventory | None = None,
    *,
    given: Value = True,
    explain: bool = True,
    settled: bool = False,
) -> Outcome:
    """Return what the expression says of the variables.

    given    A condition under which the question is asked at all (a resource's existence): only worlds where it holds
             count.
    explain  Whether to trace the evidence of an answer that is not true.
    settled  That nothing in variables and inventory depends on a choice, nor is absent within a list or map.
    """
    plain = _without_choices(expression, variables, inventory, settled) if given is True else None
    if plain is not None and (plain.truth is True or not explain):
        return _HOLDS if plain.truth is True else Outcome(plain.truth, plain.reasons)
    leaves = [plain] if plain is not None else list(_leaves(expression, variables, inventory, given))
    if not leaves:
        return Outcome(None, (Reason(Cause.CONDITION, "condition", "it exists in no case that was examined"),))
    first = leaves[0]
    if leaves[-1].reasons == (_TOO_MANY,) and len({each.truth for each in leaves}) < 3:
        chosen = leaves[-1]
    elif all(each.truth == first.truth for each in leaves):
        chosen = first if first.truth is not None else _joined(leaves)
    else:
        chosen = _divided(leaves)
    if chosen.truth is True or not explain:
        return Outcome(chosen.truth, chosen.reasons)
    telling = [each for each in leaves if each.truth is not True]
    traced = (
        tracing.trace(expression.root, each.frame, wanted=False, programs=expression.programs) for each in telling
    )
    return Outcome(chosen.truth, chosen.reasons, tuple(dict.fromkeys(one for many in traced for one in many)))


@dataclass(frozen=True, slots=True)
class _Leaf:
    """The answer in one world."""

    truth: bool | None
    reasons: tuple[Reason, ...]
    frame: Frame
    choices: tuple[Choice, ...] = ()


def _leaves(
    expression: Expression, variables: Mapping[str, Value | Resource], inventory: Inventory | None, given: Value
) -> Iterator[_Leaf]:
    """Yield the answer in every world that matters; more than `WORLDS` of them are one unknown."""
    pending: list[tuple[Choice, ...]] = [()]
    worlds: list[dict[str, str]] = [{}]
    examined = 0
    while worlds:
        world, path = worlds.pop(), pending.pop()
        examined += 1
        frame = _frame(variables, world, inventory)
        if examined > WORLDS:
            yield _Leaf(None, (_TOO_MANY,), frame, path)
            return
        try:
            if frame.settle(given) is False or frame.settle(given) is None:
                continue
            answer = truth(expression.program(frame))
        except Split as split:
            for outcome, _ in reversed(split.choice.options):
                worlds.append({**world, split.choice.variable: outcome})
                pending.append((*path, split.choice))
            continue
        yield _leaf(answer, frame, path)


def _without_choices(
    expression: Expression,
    variables: Mapping[str, Value | Resource],
    inventory: Inventory | None,
    settled: bool,
) -> _Leaf | None:
    """Return the answer when it depends on no undecided variable, as nearly all do; else None."""
    frame = _frame(variables, {}, inventory)
    frame.settled = settled
    try:
        return _leaf(truth(expression.program(frame)), frame, ())
    except Split:
        return None


def _leaf(answer: bool | Unknown, frame: Frame, path: tuple[Choice, ...]) -> _Leaf:
    if isinstance(answer, Unknown):
        return _Leaf(None, (answer.reason,), frame, path)
    return _Leaf(answer, (), frame, path)


def _frame(variables: Mapping[str, Value | Resource], world: Mapping[str, str], inventory: Inventory | None) -> Frame:
    frame = Frame({}, world, inventory)
    for name, value in variables.items():
        frame.variables[name] = frame.meet(value) if isinstance(value, Resource) else value
    return frame


def _joined(leaves: Iterable[_Leaf]) -> _Leaf:
    """Return one unknown of several."""
    several = list(leaves)
    reasons = dict.fromkeys(reason for leaf in several for reason in leaf.reasons)
    return _Leaf(None, tuple(reasons), several[0].frame)


def _divided(leaves: Sequence[_Leaf]) -> _Leaf:
    """Return the unknown of an answer that is not the same in every world, saying which world gives which."""
    said: dict[bool | None, list[str]] = {}
    for leaf in leaves:
        worlds = " and ".join(
            f"{_named(each.variable)} is {leaf.frame.world[each.variable] or 'empty'}" for each in _distinct(leaf)
        )
        said.setdefault(leaf.truth, []).append(worlds)
    words = {True: "holds", False: "does not hold", None: "is unknown"}
    parts = [f"{words[key]} when {' or '.join(worlds[:3])}" for key, worlds in said.items()]
    choice = next(each for leaf in leaves for each in leaf.choices)
    detail = f"{'; '.join(parts)} ({choice.reason})"
    own = Reason(choice.reason.cause, choice.reason.subject, detail)
    rest = dict.fromkeys(reason for leaf in leaves for reason in leaf.reasons if reason != choice.reason)
    return _Leaf(None, (own, *rest), leaves[0].frame)


def _distinct(leaf: _Leaf) -> Iterable[Choice]:
    return {each.variable: each for each in leaf.choices}.values()


def _named(variable: str) -> str:
    """Return a variable as people say it: without the file that it belongs to."""
    return variable.rsplit(": ", 1)[-1]
