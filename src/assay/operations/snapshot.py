"""Snapshots: made of recordings, shown, and compared."""

import hashlib
import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assay.errors import Fault, UsageError
from assay.inventory.identity import identified
from assay.inventory.resource import Gap, Resource
from assay.inventory.snapshot import (
    Asked,
    Manifest,
    Redact,
    Survey,
    Unit,
    Writer,
    moment,
    open_snapshot,
    surveyed,
    verify,
)
from assay.inventory.values import Cause, Reason
from assay.operations import reading
from assay.operations.deployed import RELATED
from assay.sources import aws_config, cloud_control, cloudformation


@dataclass(frozen=True, slots=True)
class Description:
    """One thing that a recording says: resources as they are, or that one is gone."""

    id: str
    observed: str
    resources: tuple[Resource, ...]
    gone: str = ""
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Whole:
    """Every resource of a type, in an account and region, is described."""

    account: str
    region: str
    type: str


def write(
    paths: Sequence[Path], target: Path, where: cloudformation.Context, redact: Redact, *, observed: str = ""
) -> Manifest:
    """Make a snapshot of recordings: files of AWS Config, answers of Cloud Control, folders of them.

    where     Account and region of answers that do not say theirs; observed: when they were given, "" when not known.
    Of a resource that is described several times, the latest description counts. The recordings are read twice, so that
    memory holds one description at a time, and of each resource only which one counts.

    Raises UsageError for a path that holds no recording.
    """
    files = reading.recordings(paths)
    if not files:
        raise UsageError("there is no recording of AWS Config or Cloud Control among the files; see docs/snapshots.md")
    undated = next((str(each) for each, form in files if form == reading.CLOUD_CONTROL), "")
    if undated and not moment(observed):
        raise UsageError(
            f"{undated}: Cloud Control does not say when it answered; say it: --observed 2026-11-25T08:00Z"
        )
    latest = _latest(files, where, observed)
    writer = Writer(target, Asked(), redact=redact)
    numbers = itertools.count(1)
    for path, form in files:
        said = _said(path, form, where, observed)
        if str(path) in writer.done:
            _ = [next(numbers) for each in said if isinstance(each, Description)]  # whole already: only counted
            continue
        with writer.unit(str(path)) as unit:
            _fill(unit, path, form, said, lambda each: latest[_key(each.id)][1] == next(numbers))
    return writer.finish()


def _fill(
    unit: Unit,
    path: Path,
    form: str,
    said: Iterable[Description | Whole | Gap | Fault],
    counts: Callable[[Description], bool],
) -> None:
    """Add to a unit what a recording says, of resources the descriptions that count."""
    seen: dict[tuple[str, str], set[str]] = defaultdict(set)
    faulty = False
    for each in said:
        match each:
            case Fault():
                faulty = True
                unit.gap(Gap(str(path), Reason(Cause.MALFORMED, str(path), str(each))))
            case Gap():
                unit.gap(each)
            case Whole(account, region, kind):
                unit.reached(account, region, (kind,))
            case Description(resources=resources):
                for one in resources:
                    seen[one.origin.account, one.origin.region].add(one.type)
                if counts(each):
                    unit.append(resources)
                    if each.gone:
                        unit.gone(each.id, each.gone)
    if form == reading.AWS_CONFIG and not faulty and aws_config.is_snapshot(path):
        for (account, region), types in seen.items():
            unit.reached(account, region, types)


def _latest(
    files: Sequence[tuple[Path, str]], where: cloudformation.Context, observed: str
) -> dict[bytes, tuple[tuple[bool, str], int]]:
    """Return for each resource which of its descriptions counts: the latest of those that are whole."""
    latest: dict[bytes, tuple[tuple[bool, str], int]] = {}
    number = 0
    for path, form in files:
        for each in _said(path, form, where, observed):
            if isinstance(each, Description):
                number += 1
                key, rank = _key(each.id), (each.whole, moment(each.observed))
                known = latest.get(key)
                if known is None or rank >= known[0]:
                    latest[key] = (rank, number)
    return latest


def _key(identity: str) -> bytes:
    return hashlib.sha256(identity.encode("utf-8", "surrogatepass")).digest()[:16]


def _said(
    path: Path, form: str, where: cloudformation.Context, observed: str
) -> Iterator[Description | Whole | Gap | Fault]:
    if form == reading.CLOUD_CONTROL:
        for each in cloud_control.stream(path, cloud_control.Context(where.account, where.region)):
            match each:
                case cloud_control.Described(resource, whole):
                    seen = replace(resource, origin=replace(resource.origin, observed=observed))
                    yield Description(identified(seen).id, observed, (seen,), whole=whole)
                case cloud_control.Listed(kind):
                    yield Whole(where.account, where.region, kind)
                case _:
                    yield each
        return
    for one in aws_config.stream(path):
        if not isinstance(one, aws_config.Recorded):
            yield one
            continue
        if not one.resources:
            yield Description(one.id, one.observed, (), one.gone)
            continue
        first, *parts = one.resources
        if one.related:
            related = [list(each) for each in sorted(one.related)]
            first = replace(first, attributes={**first.attributes, RELATED: related})
        yield Description(one.id, one.observed, (first, *parts))


def survey(directory: Path, *, thorough: bool) -> Survey:
    """Return what is in a snapshot, or in each of those in a folder. thorough: check every document's digest.

    Raises NotASnapshot when there is none, or a part of it was changed, is missing or cut short.
    """
    opened = [open_snapshot(each) for each in reading.find_snapshots(directory)] or [open_snapshot(directory)]
    for each in opened if thorough else ():
        verify(each)
    return surveyed(opened)
