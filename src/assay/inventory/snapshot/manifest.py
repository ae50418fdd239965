"""The manifest of a snapshot: what was asked, what was reached, what was not, and the parts that hold the rest."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

from assay import canonical
from assay.inventory.resource import Gap
from assay.inventory.values import Cause, Reason

FORMAT = "assay.snapshot/1"
NAME = "snapshot.json"
JOURNAL = "unfinished.jsonl"
NONE = "none"
"""What stands for no account and for no day in the path of a part."""

ACCOUNT = re.compile(r"[0-9]{12}")
_PART = re.compile(
    r"documents/account=(?P<account>[0-9]{12}|none)/day=(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2}|none)"
    r"/(?P<sha256>[0-9a-f]{64})\.parquet"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the snapshot was to hold; () for everything that the source has."""

    accounts: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Reached:
    """The types of which every resource in one account and region is in the snapshot, also when there is none."""

    account: str
    region: str
    types: tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """One file of documents: resources of one account that were observed on one day.

    path         Below the snapshot's folder.
    sha256       Of the file, in hexadecimal; also its name.
    rows         How many resources.
    account      Twelve digits, or "" when nobody said.
    day          Of observation, UTC; "" when the source does not say.
    first, last  Between which moments they were observed, ISO 8601 UTC.
    """

    path: str
    sha256: str
    rows: int
    account: str
    day: str
    first: str
    last: str


@dataclass(frozen=True)
class Manifest:
    """What is in a snapshot.

    collector  What wrote it, with its version: "assay 0.1.0".
    sources    Names of the folders under sources/ that the facts came from.
    gone       (id, why) of resources that a source says to exist no longer.
    """

    collector: str
    sources: tuple[str, ...]
    asked: Asked
    reached: tuple[Reached, ...]
    gaps: tuple[Gap, ...]
    parts: tuple[Part, ...]
    gone: tuple[tuple[str, str], ...] = ()

    @property
    def rows(self) -> int:
        """How many resources there are."""
        return sum(each.rows for each in self.parts)

    @property
    def first(self) -> str:
        """The earliest moment of observation; "" when no source says."""
        return min((each.first for each in self.parts if each.first), default="")

    @property
    def last(self) -> str:
        """The latest moment of observation; "" when no source says."""
        return max((each.last for each in self.parts if each.last), default="")

    @cached_property
    def listed(self) -> Mapping[tuple[str, str], frozenset[str]]:
        """(account, region) → the types of which everything there is in the snapshot."""
        return MappingProxyType({(each.account, each.region): frozenset(each.types) for each in self.reached})

    @cached_property
    def departed(self) -> frozenset[str]:
        """Ids of what a source says to exist no longer."""
        return frozenset(identity for identity, _ in self.gone)

    @cached_property
    def accounts(self) -> frozenset[str]:
        """The accounts of which anything is known: that it is there, or that there is nothing."""
        return frozenset(each.account for each in self.parts) | frozenset(each.account for each in self.reached)

    @cached_property
    def digest(self) -> str:
        """The name of the snapshot: the SHA-256 of the manifest's canonical JSON without it."""
        return canonical.digest(canonical.canonical(_body(self)))


def account_of(gap: Gap) -> str:
    """Return the account that a gap is about: its subject is "<account>/<region>/<type>…"; "" when it names none."""
    first = gap.subject.partition("/")[0]
    return first if ACCOUNT.fullmatch(first) else ""


def united(reached: Iterable[Reached]) -> tuple[Reached, ...]:
    """Return one entry for each account and region, in order."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for each in reached:
        found[each.account, each.region] |= set(each.types)
    return tuple(Reached(*place, tuple(sorted(types))) for place, types in sorted(found.items()))


def to_json(manifest: Manifest) -> dict[str, Any]:
    """Return the manifest as its file states it."""
    return {**_body(manifest), "digest": manifest.digest}


def _body(manifest: Manifest) -> dict[str, Any]:
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for each in manifest.reached:
        alike[each.types].append(f"{each.account}/{each.region}")
    return {
        "format": FORMAT,
        "collector": manifest.collector,
        "sources": list(manifest.sources),
        "observed": {"first": manifest.first, "last": manifest.last},
        "resources": manifest.rows,
        "asked": {
            "accounts": list(manifest.asked.accounts),
            "regions": list(manifest.asked.regions),
            "types": list(manifest.asked.types),
        },
        "reached": [{"types": list(types), "places": sorted(places)} for types, places in sorted(alike.items())],
        "gaps": [gap_to_json(each) for each in manifest.gaps],
        "gone": [list(each) for each in manifest.gone],
        "parts": [part_to_json(each) for each in manifest.parts],
    }


def gap_to_json(gap: Gap) -> dict[str, Any]:
    """Return a gap as JSON."""
    reason = gap.reason
    stated = [reason.cause.value, reason.subject, reason.detail]
    return {"subject": gap.subject, "reason": stated, "types": list(gap.types)}


def part_to_json(part: Part) -> dict[str, Any]:
    """Return a part as JSON."""
    return {name: getattr(part, name) for name in Part.__slots__}


def from_json(document: Mapping[str, Any]) -> Manifest:
    """Return the manifest that `to_json` made. Raises KeyError, TypeError or ValueError on anything else."""
    asked = document["asked"]
    return Manifest(
        collector=_text(document["collector"]),
        sources=tuple(map(_text, document["sources"])),
        asked=Asked(*(tuple(map(_text, asked[name])) for name in ("accounts", "regions", "types"))),
        reached=united(
            Reached(*_place(place), tuple(map(_text, group["types"])))
            for group in document["reached"]
            for place in group["places"]
        ),
        gaps=tuple(map(gap_from_json, document["gaps"])),
        parts=tuple(map(part_from_json, document["parts"])),
        gone=tuple((_text(identity), _text(why)) for identity, why in document["gone"]),
    )


def gap_from_json(stated: Mapping[str, Any]) -> Gap:
    """Return the gap that `gap_to_json` made."""
    cause, subject, detail = stated["reason"]
    reason = Reason(Cause(cause), _text(subject), _text(detail))
    return Gap(_text(stated["subject"]), reason, tuple(map(_text, stated["types"])))


def part_from_json(stated: Mapping[str, Any]) -> Part:
    """Return the part that `part_to_json` made. Raises ValueError when its path is not the one of what it holds."""
    part = Part(**stated)
    found = _PART.fullmatch(_text(part.path))
    here = (part.account or NONE, part.day or NONE, part.sha256)
    if found is None or (found["account"], found["day"], found["sha256"]) != here:
        raise ValueError(
            f"the part {str(part.path)[:120]!r} does not lie where a part of its account, day and digest lies"
        )
    if (
        type(part.rows) is not int
        or part.rows < 0
        or not all(isinstance(each, str) for each in (part.first, part.last))
    ):
        raise ValueError(f"the part {part.path} does not say how much it holds")
    return part


def _place(text: Any) -> tuple[str, str]:
    account, slash, region = _text(text).rpartition("/")
    if not slash:
        raise ValueError(f"{text!r} is no <account>/<region>")
    return account, region


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{str(value)[:80]!r} is no text")
    return value
