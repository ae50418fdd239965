"""Steps of guardrails from observing over warning to enforcing: asked for after a replay, granted or not, on record.

One rule decides, and its decision goes into a ledger, to a file of records, or both. A step is granted to each of what
was replayed, by what it is and where it is attached (`Guardrail.digest`).
"""

import datetime
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from assay.assessment.decisions import RULES, Decided
from assay.errors import UsageError
from assay.ledger.log import Receipt, stated_key
from assay.ledger.store import open_objects
from assay.operations.book import Book
from assay.operations.deciding import STEP_RULE, Steps, granted_steps, is_warned, promotion
from assay.operations.replay_events import Replayed
from assay.permissions.guardrails import Guardrail
from assay.permissions.ramp import FORMAT, Asked, Promotion, Stage, ask


def take_step(
    replayed: Replayed,
    to: Stage,
    now: datetime.datetime,
    *,
    record: Path | None = None,
    book: Book | None = None,
    by: str = "",
) -> tuple[Promotion, Receipt | None]:
    """Decide a step and put the decision on record. Raises UsageError.

    record  File that the decision is appended to. Without a book it also says what was announced.
    book    The ledger that the decision is appended to, and that says what was announced.
    by      Who asks for the step: for the ledger.
    """
    attached = replayed.attached
    against = [f"{each} denies nothing while FullAWSAccess is attached" for each in attached.idle]
    found = attached.guardrails.found
    asked = ask(to, replayed.tally, replayed.findings, found, now, replayed.incomplete, against)
    before = steps_in_file(record) if record and record.exists() else {}
    receipt = None
    if book:
        made, receipt = promotion(asked.inputs(), book, by, now)
        step = _decided(asked, made.decided)
    else:
        step = _decided(asked, decide_step(asked, before))
    if record:
        _append(step, record)
    return step, receipt


def decide_step(asked: Asked, granted: Steps) -> Decided:
    """Return what the rule says of a step. granted: the steps on record."""
    inputs = asked.inputs()
    return RULES[STEP_RULE].decide({**inputs, "warned": is_warned(inputs["policies"], granted)})


def _decided(asked: Asked, decided: Decided) -> Promotion:
    return Promotion(asked, () if decided.outcome == "granted" else decided.reasons)


def _append(step: Promotion, record: Path) -> None:
    line = json.dumps(step.document(), ensure_ascii=False)
    try:
        with record.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
    except OSError as error:
        raise UsageError(f"cannot write {record}: {error.strerror}") from error


# -- what was granted --------------------------------------------------------------------------------------------------


def granted_by(ledger: str, record: Path | None) -> Steps | None:
    """Return the steps that a ledger or a file has as granted; None: neither is given. Raises UsageError on both."""
    if ledger and record:
        raise UsageError("--ledger and --promotions: give one of them")
    return steps_in_ledger(ledger) if ledger else steps_in_file(record) if record else None


def steps_in_ledger(address: str) -> Steps:
    """Return the steps that a ledger has as granted. Raises UsageError without one, DamagedLedger."""
    objects = open_objects(address)
    return granted_steps(objects, stated_key(objects))


def steps_in_file(path: Path) -> Steps:
    """Return the steps that a file of records has as granted. Raises UsageError on what is no such file."""
    found: dict[str, frozenset[str]] = {}
    for each in _records(path):
        if each["granted"]:
            found[each["to"]] = found.get(each["to"], frozenset()) | set(each["policies"])
    return found


def _records(path: Path) -> Iterator[Mapping[str, Any]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeError) as error:
        raise UsageError(f"cannot read {path}: {error}") from error
    for number, line in enumerate(lines, 1):
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            value = None
        if not _is_record(value):
            raise UsageError(f"{path}:{number}: expected a record of a decision ({FORMAT}), one JSON object a line")
        yield value


def _is_record(value: Any) -> bool:
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        return False
    listed, to, granted = value.get("policies"), value.get("to"), value.get("granted")
    texts = [to, *listed] if isinstance(listed, list) else [None]
    return isinstance(granted, bool) and all(isinstance(each, str) for each in texts)


def without_step(guardrails: Sequence[Guardrail], states: Mapping[str, str], granted: Steps) -> Iterator[str]:
    """Yield, by name, the invariants whose state no granted step is on record for. states: invariant → its state."""
    for each in guardrails:
        state = states[each.name]
        if state != Stage.OBSERVE and each.digest not in granted.get(state, frozenset()):
            where = ", ".join(sorted(each.nodes))
            yield f"{each.name}: its state is {state}, and no granted step to {state} at {where} is on record"
