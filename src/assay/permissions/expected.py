"""Denials that somebody approved, so that a guardrail may be enforced although they will happen: read from a file."""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from assay.documents import Document, Json, kind
from assay.documents import Path as Within
from assay.errors import Fault, nearest
from assay.permissions.globs import glob
from assay.permissions.replay import Case


@dataclass(frozen=True, slots=True)
class Expected:
    """A denial that somebody approved. `who` and `action` are patterns; `expires` is the first day that it is over."""

    who: str
    action: str
    reason: str
    approver: str
    expires: datetime.date
    account: str = ""
    place: str = field(default="", compare=False)

    def explains(self, case: Case, today: datetime.date) -> bool:
        """Return whether it explains what would become of these events."""
        return (
            today < self.expires
            and self.account in ("", case.account)
            and glob(self.who).matches(case.principal)
            and glob(self.action, folded=True).matches(case.action)
        )


_FIELDS: Final = ("who", "action", "account", "reason", "approver", "expires", "exception")


def read_expected(document: Document, exceptions: Mapping[str, Expected]) -> tuple[tuple[Expected, ...], list[Fault]]:
    """Return the expected denials that a file lists, and what is wrong with it.

    exceptions  Approved exceptions by id, which an entry may rest on instead of a reason, approver and expiry.
    """
    faults: list[Fault] = []
    value = document.value if isinstance(document.value, list) else []
    if value is not document.value:
        faults.append(_fault(document, (), f"found {kind(document.value)}", "a list of expected denials"))
    found = [_entry(document, index, each, exceptions, faults) for index, each in enumerate(value)]
    return tuple(each for each in found if each), faults


def _entry(
    document: Document, index: int, value: Json, exceptions: Mapping[str, Expected], faults: list[Fault]
) -> Expected | None:
    at: Within = (index,)
    if not isinstance(value, dict):
        faults.append(_fault(document, at, f"found {kind(value)}", "a mapping"))
        return None
    before = len(faults)
    for name in value:
        if name not in _FIELDS:
            told = f"unknown field {name!r}"
            faults.append(_fault(document, (*at, name), told, ", ".join(_FIELDS), nearest(name, _FIELDS)))
    base = _base(document, at, value, exceptions, faults)
    texts = {name: _text(document, at, value, name, faults, base) for name in ("who", "action", "reason", "approver")}
    expires = base.expires if base else _day(document, (*at, "expires"), value.get("expires"), faults)
    account = value.get("account", "")
    if not isinstance(account, str) or (account and not re.fullmatch(r"[0-9]{12}", account)):
        faults.append(_fault(document, (*at, "account"), "no account", "twelve digits in quotes"))
    if not texts["who"].strip("*") and not texts["action"].strip("*:"):
        faults.append(_fault(document, at, "an entry that expects every denial", "a principal or an action"))
    if len(faults) > before or expires is None:
        return None
    line, _ = document.key_place(at)
    return Expected(**texts, expires=expires, account=str(account), place=f"{document.file}:{line}")


def _base(
    document: Document,
    at: Within,
    value: Mapping[str, Json],
    exceptions: Mapping[str, Expected],
    faults: list[Fault],
) -> Expected | None:
    name = value.get("exception")
    if name is None:
        return None
    found = exceptions.get(str(name))
    if found is None:
        told = f"no approved exception {str(name)!r}"
        faults.append(_fault(document, (*at, "exception"), told, "the id of one", nearest(str(name), exceptions)))
    return found


def _text(
    document: Document, at: Within, value: Mapping[str, Json], name: str, faults: list[Fault], base: Expected | None
) -> str:
    given = value.get(name)
    if given is None and base is not None and name in ("reason", "approver"):
        return str(getattr(base, name))
    if isinstance(given, str) and given:
        return given
    if name not in value:
        if name in ("reason", "approver") and "exception" in value:
            return ""  # that there is no such exception is said already
        faults.append(_fault(document, at, f"the field {name!r} is missing", "text"))
    else:
        faults.append(_fault(document, (*at, name), f"{name} is {kind(given)}", "text"))
    return ""


def _day(document: Document, at: Within, value: Json, faults: list[Fault]) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(str(value))
    except ValueError:
        faults.append(_fault(document, at, f"expires is {value!r}"[:80], "a day such as 2026-12-31"))
        return None


def _fault(document: Document, at: Within, message: str, expected: str, remedy: str = "") -> Fault:
    line, column = document.key_place(at)
    return Fault(document.file, line, column, message, expected=expected, remedy=remedy)
