"""The Deny statements of one invariant: what must never happen, as an SCP or an RCP says it.

An SCP denies to principals of our accounts, whatever they reach for; an RCP denies at our resources, whoever asks. Whom
an invariant about resources is about (outsiders, but no AWS service) becomes conditions, because RCPs name no one.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from assay.permissions.invariants import Invariant, conditions
from assay.permissions.policy import Condition, Kind, PrincipalName, PrincipalType, Statement

_EVERYBODY: Final = (PrincipalName(PrincipalType.EVERYBODY),)
_SERVICE: Final = "aws:principalisawsservice"


@dataclass(frozen=True)
class Denial:
    """One Deny statement and the invariant that it is for."""

    invariant: str
    kind: Kind
    statement: Statement


def denials(invariant: Invariant, organisation: str) -> Iterator[Denial]:
    """Yield the statements that make an invariant true; none for one that no guardrail alone can prove.

    organisation  Its id, o-….

    Of a way of several steps the first is denied: one step that nobody can take closes it.
    """
    if invariant.kind is None or invariant.missing:
        return
    for way in invariant.ways:
        step = way.steps[0]
        denied = replace(step, allow=False, principals=None, sid=sid(invariant.id))
        if invariant.kind is Kind.RCP:
            outside = () if _about_services(step) else _strangers(organisation)
            denied = replace(denied, principals=_EVERYBODY, conditions=(*denied.conditions, *outside))
        yield Denial(invariant.id, invariant.kind, denied)


def sid(name: str) -> str:
    """Return an id in the form that Organizations takes: letters and digits."""
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", name))


def _about_services(statement: Statement) -> bool:
    return any(each.key == _SERVICE for each in statement.conditions)


def _strangers(organisation: str) -> tuple[Condition, ...]:
    # …IfExists: an anonymous caller has no organisation. A service has none either, and says so.
    block = {
        "StringNotEqualsIfExists": {"aws:PrincipalOrgID": organisation},
        "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
    }
    found: tuple[Condition, ...] = conditions(json.dumps(block))
    return found
