"""One character for each control and resource: in columns where SQL decides it, by the interpreter elsewhere.

    1  met    0  not met    u  unknown    -  not applicable    .  not in scope: what it reads is declared elsewhere

What SQL leaves to the interpreter is mostly the same few things a million times over (what a source never says, say):
the answer of a control that looks at no other resource is found once for all that are alike in what it reads.
"""

import marshal
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from pydantic_core import from_json as parsed

from assay.assessment.evaluation import in_scope
from assay.assessment.shards.account import Account, Case
from assay.assessment.shards.rules import Rules, relations_of
from assay.assessment.verdicts import Verdict, from_kleene
from assay.expressions import Expression, evaluate
from assay.expressions.columns import ASK, FAILS, HOLDS, NOT_APPLICABLE, Engine, Query, Question, properties_read
from assay.governance.compiled import CompiledControl
from assay.inventory.resource import Inventory, Resource
from assay.inventory.values import Value

UNKNOWN, OUT_OF_SCOPE = "u", "."
VERDICTS: Mapping[str, Verdict] = {
    HOLDS: Verdict.MET,
    FAILS: Verdict.NOT_MET,
    NOT_APPLICABLE: Verdict.NOT_APPLICABLE,
    UNKNOWN: Verdict.UNKNOWN,
}
_CODES = {verdict: code for code, verdict in VERDICTS.items()}
FEW = 1000  # cases of one type below which running SQL costs more than it saves
_REMEMBERED = 200_000  # answers by what was read


@dataclass(frozen=True, slots=True)
class _Asked:
    """A control as it is asked. `reads`: the properties that decide, None when other resources may decide too."""

    compiled: CompiledControl
    params: Mapping[str, Value]
    reads: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Judged:
    """A case with its answers, one for each control of its type; reads: ids of the other resources that were asked."""

    case: Case
    answers: str
    reads: tuple[str, ...] = ()


class Judge:
    """Judges by one set of rules. Use it as a context manager; it keeps what it compiled and found out.

    memory  What DuckDB may use, as it writes it.
    """

    def __init__(self, rules: Rules, *, memory: str = "600MB", threads: int = 1) -> None:
        self.rules = rules
        self._engine = Engine(memory=memory, threads=threads)
        self._asked = {
            kind: tuple(_Asked(each, rules.params.get(each.control.id, {}), _reads(each)) for each in several)
            for kind, several in rules.controls.items()
        }
        self._queries: dict[str, Query] = {}
        self._known: dict[tuple[str, int, bytes], str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._engine.__exit__(kind, error, at)

    def answers(self, accounts: Sequence[Account], wanted: Callable[[Case], bool] | None = None) -> Iterator[Judged]:
        """Yield every case of the accounts that is wanted (None: all) with its answers, by type."""
        by_type: dict[str, list[tuple[Account, Case]]] = defaultdict(list)
        for account in accounts:
            for case in account.cases:
                if wanted is None or wanted(case):
                    by_type[case.kind].append((account, case))
        for kind, cases in sorted(by_type.items()):
            if kind not in self._asked:
                yield from (Judged(case, "") for _, case in cases)
                continue
            for (account, case), pattern in zip(cases, self._patterns(kind, cases), strict=True):
                yield self._completed(account, case, pattern) if ASK in pattern else Judged(case, pattern)

    def _patterns(self, kind: str, cases: Sequence[tuple[Account, Case]]) -> Iterable[str]:
        if len(cases) < FEW:
            return [ASK * len(self._asked[kind])] * len(cases)
        if kind not in self._queries:
            self._queries[kind] = Query([self._question(each) for each in self._asked[kind]])
        return self._engine.judge(self._queries[kind], (case.text for _, case in cases))

    def _question(self, asked: _Asked) -> Question:
        given: dict[str, Value] = {"params": asked.params, "today": self.rules.today.isoformat()}
        return Question(asked.compiled.control.id, asked.compiled.require, asked.compiled.unless, given)

    def _completed(self, account: Account, case: Case, pattern: str) -> Judged:
        asked = self._asked[case.kind]
        raw: dict[str, Any] | None = parsed(case.text) if case.text is not None else None
        looked_at: set[str] | None = None
        if any(asked[number].reads is None for number, code in enumerate(pattern) if code == ASK):
            looked_at = account.inventory.looked_at
            looked_at.clear()
        answers = "".join(
            code if code != ASK else self._one(account, case, number, asked[number], raw)
            for number, code in enumerate(pattern)
        )
        return Judged(case, answers, tuple(sorted(looked_at - {case.row.id})) if looked_at else ())

    def _one(self, account: Account, case: Case, number: int, asked: _Asked, raw: dict[str, Any] | None) -> str:
        if asked.reads is None or raw is None:
            inventory = account.inventory if asked.reads is None else _NOBODY
            return self._interpreted(asked, case.whole(), inventory, account.settled)
        key = (case.kind, number, marshal.dumps([raw.get(name) for name in asked.reads], 2))
        found = self._known.get(key)
        if found is None:
            if len(self._known) > _REMEMBERED:
                self._known.clear()
            found = self._known[key] = self._interpreted(asked, case.whole(), _NOBODY, account.settled)
        return found

    def _interpreted(self, asked: _Asked, resource: Resource, inventory: Inventory, settled: bool) -> str:
        compiled = asked.compiled
        if not in_scope(compiled, resource):
            return OUT_OF_SCOPE
        given: dict[str, Value | Resource] = {
            "resource": resource,
            "params": asked.params,
            "today": self.rules.today.isoformat(),
        }

        def truth(expression: Expression) -> bool | None:
            exists = resource.condition
            return evaluate(expression, given, inventory, given=exists, explain=False, settled=settled).truth

        unless = truth(compiled.unless) if compiled.unless is not None else False
        return _CODES[from_kleene(unless, truth(compiled.require) if unless is False else None)]


_NOBODY = Inventory(())


def _reads(compiled: CompiledControl) -> tuple[str, ...] | None:
    """Return the properties by which resources are alike to a control; None when it looks beyond them."""
    roots = [each.root for each in (compiled.require, compiled.unless) if each is not None]
    names = {name for root in roots for name in properties_read(root)}
    return None if "" in names or any(relations_of(compiled)) else tuple(sorted(names))
