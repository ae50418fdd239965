"""What is said of findings that are sent, or would be."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

NOBODY = "000000000000"  # the account of a dry run, which asks for none
_SHOWN = 20


class Refused(Protocol):
    """A finding that was not taken."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def code(self) -> str:
        """The receiver's code for why."""

    @property
    def message(self) -> str:
        """The receiver's words for why."""


class Outcome(Protocol):
    """What became of findings."""

    @property
    def taken(self) -> int:
        """How many were taken."""

    @property
    def archived(self) -> int:
        """How many of these are no more."""

    @property
    def failed(self) -> Sequence[Refused]:
        """Those that were not taken."""


def _counts(findings: Sequence[Mapping[str, Any]]) -> Mapping[str, int]:
    return dict(sorted(Counter(each["Compliance"]["Status"] for each in findings).items()))


def planned_document(findings: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return what would be sent, whole, for machines."""
    return {"format": "assay.sending/1", "sent": False, "counts": _counts(findings), "findings": list(findings)}


def planned(findings: Sequence[Mapping[str, Any]], region: str) -> str:
    """Return what would be sent, for people."""
    return (
        f"{len(findings)} findings for Security Hub in {region}: {_words(_counts(findings))}\n"
        f"nothing was sent; --yes sends them, --format json shows them\n"
    )


def _words(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in counts.items()) or "none"


def sent_document(outcome: Outcome) -> Mapping[str, Any]:
    """Return what became of the findings, for machines."""
    failed = [{"id": each.id, "code": each.code, "message": each.message} for each in outcome.failed]
    return {
        "format": "assay.sending/1",
        "sent": True,
        "taken": outcome.taken,
        "archived": outcome.archived,
        "failed": failed,
    }


def sent(outcome: Outcome, region: str) -> str:
    """Return what became of the findings, for people."""
    lines = [
        f"Security Hub in {region} took {outcome.taken} of {outcome.taken + len(outcome.failed)} findings, "
        f"{outcome.archived} of them archived"
    ]
    lines += [f"not taken: {each.id}: {each.code}: {each.message}" for each in outcome.failed[:_SHOWN]]
    rest = len(outcome.failed) - _SHOWN
    return "\n".join([*lines, *([f"… and {rest} more; --format json lists them"] if rest > 0 else [])]) + "\n"
