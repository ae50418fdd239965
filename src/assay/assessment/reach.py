"""Whether what guardrails prove for the organisation reaches a workload: only where they bind its account.

Organizations user guide, "Service control policies": no SCP and no RCP binds the management account. An answer that
rests on guardrails is no answer for a workload that lives there.
"""

from collections.abc import Iterator
from dataclasses import replace

from assay.assessment.evaluation import Evaluation
from assay.assessment.objectives import ControlResult, ObjectiveResult
from assay.assessment.verdicts import Method, Verdict
from assay.governance.compiled import ACCOUNT
from assay.governance.model import Account


def with_reach(answer: ObjectiveResult, account: Account | None) -> ObjectiveResult:
    """Return an inherited answer with what of its guardrails reaches the account that the workload lives in.

    account  None: nobody says which account that is.
    """
    about_accounts = [each for each in answer.controls if each.method is Method.PROVED and _accounts(each.evaluations)]
    if not about_accounts:
        return answer
    if account is None:
        return _without(answer, Verdict.UNKNOWN, "whether guardrails reach it is not known: it names no account")
    here = [_at(each.evaluations, account) for each in about_accounts]
    bound = [each for each in here if each is not None and each.verdict is not Verdict.NOT_APPLICABLE]
    if not bound:
        return _without(answer, Verdict.NOT_MET, f"no guardrail binds its account {account.id}")
    said = f"guardrails bind its account {account.id}: {_met(bound)} of {len(bound)} proved there"
    return replace(answer, reason=f"{answer.reason}; {said}")


def reach(result: ControlResult) -> str:
    """Return whom a guardrail binds, in words; "" for what is no guardrail."""
    found = _accounts(result.evaluations) if result.method is Method.PROVED else []
    if not found:
        return ""
    names = {each.resource.partition("/")[2]: each.verdict is not Verdict.NOT_APPLICABLE for each in found}
    bound, others = (
        [name for name, binds in names.items() if binds],
        [name for name, binds in names.items() if not binds],
    )
    never = ", ".join([*others, "service-linked roles"])
    return f"binds {len(bound)} of {len(names)} accounts; never {never}"


def _accounts(evaluations: tuple[Evaluation, ...]) -> list[Evaluation]:
    return [each for each in evaluations if each.resource.startswith(f"{ACCOUNT}/")]


def _at(evaluations: tuple[Evaluation, ...], account: Account) -> Evaluation | None:
    found: Iterator[Evaluation] = (each for each in evaluations if each.resource == f"{ACCOUNT}/{account.name}")
    return next(found, None)


def _met(evaluations: list[Evaluation]) -> int:
    return sum(each.verdict is Verdict.MET for each in evaluations)


def _without(answer: ObjectiveResult, verdict: Verdict, why: str) -> ObjectiveResult:
    """Return the answer without what does not reach the workload: it passes no longer; what failed still does."""
    kept = answer.verdict if answer.verdict in (Verdict.NOT_MET, Verdict.PARTLY_MET) else verdict
    others = (each for each in answer.controls if each.method is not Method.PROVED)
    if kept is Verdict.NOT_MET and any(each.verdict is Verdict.MET for each in others):
        kept = Verdict.PARTLY_MET
    return replace(answer, verdict=kept, reason=f"{answer.reason}; {why}")
