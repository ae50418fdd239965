"""The steps, in the order in which each rests on those before it."""

from collections.abc import Callable, Iterable

from assay.errors import DamagedLedger
from assay.ledger.keys import PublicKey
from assay.ledger.store import Denied, Objects
from assay.ledger.timestamp import Authority
from assay.ledger.verify.countersigned import check_attestations, check_stamps
from assay.ledger.verify.inclusion import check_inclusion
from assay.ledger.verify.reading import Reading
from assay.ledger.verify.runs import check_completeness, check_digests, check_signatures
from assay.ledger.verify.states import check_checkpoint, check_history, check_older
from assay.ledger.verify.steps import State, Step, Unverifiable, Verification, Wrong

_STEPS: tuple[tuple[str, Callable[[Reading], str]], ...] = (
    ("checkpoint", check_checkpoint),
    ("history", check_history),
    ("inclusion", check_inclusion),
    ("older checkpoint", check_older),
    ("digests", check_digests),
    ("signatures", check_signatures),
    ("completeness", check_completeness),
    ("attestations", check_attestations),
    ("time-stamps", check_stamps),
)


def verify(
    objects: Objects,
    key: PublicKey,
    older: bytes | None = None,
    persons: Iterable[PublicKey] = (),
    authority: Authority | None = None,
) -> Verification:
    """Verify a ledger or a pack.

    older      A checkpoint kept from an earlier time, which the log must still contain.
    persons    Keys of those whose attestations are to be believed.
    authority  Whose time-stamps are to be believed.
    """
    reading = Reading(objects, key, older, {each.id: each for each in persons}, authority)
    return Verification(tuple(_step(name, check, reading) for name, check in _STEPS))


def _step(name: str, check: Callable[[Reading], str], reading: Reading) -> Step:
    if check is check_older and reading.older is None:
        return Step(name, State.NOT_CHECKED, "no older checkpoint was given", asked=False)
    try:
        return Step(name, State.PASSED, check(reading))
    except Wrong as error:
        return Step(name, State.FAILED, str(error), error.subject)
    except DamagedLedger as error:
        return Step(name, State.FAILED, str(error), str(error).split(":")[0].split(" ")[0])
    except Unverifiable as error:
        asked = check is not check_stamps or reading.authority is not None
        return Step(name, State.NOT_CHECKED, str(error), error.subject, asked)
    except Denied as error:
        return Step(name, State.NOT_CHECKED, str(error), str(error).partition(" ")[0])
