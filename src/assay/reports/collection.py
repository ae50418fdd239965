"""What a collection came to, what the collector's catalogue holds, and the permissions that it needs."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from assay.inventory.snapshot import Manifest
from assay.reports import snapshot
from assay.sources.aws.verification import Coverage

COLLECTED = "assay.collection/1"
CATALOGUE = "assay.collector-catalogue/1"
POLICY = "assay.collector-policy/1"

Requests = Mapping[tuple[str, str], int]
Disabled = Mapping[str, Sequence[str]]


def text(manifest: Manifest, where: str, requests: Requests, disabled: Disabled, continued: int) -> RenderableType:
    """Return what came of collecting, for a terminal."""
    lines = [f"{sum(requests.values())} requests"]
    lines += [f"{continued} units were collected by an earlier run"] if continued else []
    for regions, accounts in _alike(disabled):
        shown = f"account {accounts[0]}" if len(accounts) == 1 else f"{len(accounts)} accounts"
        lines.append(f"not enabled in {shown}, and not looked at: {', '.join(regions)}")
    return Group(snapshot.written(manifest, where), *(Text(each) for each in lines))


def _alike(disabled: Disabled) -> list[tuple[Sequence[str], list[str]]]:
    found: dict[tuple[str, ...], list[str]] = {}
    for account, regions in disabled.items():
        if regions:
            found.setdefault(tuple(regions), []).append(account)
    return list(found.items())


def document(manifest: Manifest, where: str, requests: Requests, disabled: Disabled, continued: int) -> dict[str, Any]:
    """Return what came of collecting, for machines."""
    return {
        "format": COLLECTED,
        "path": where,
        "digest": manifest.digest,
        "resources": manifest.rows,
        "gaps": [{"subject": each.subject, "reason": str(each.reason)} for each in manifest.gaps],
        "requests": {f"{service}:{name}": count for (service, name), count in sorted(requests.items())},
        "continued": continued,
        "disabled_regions": {account: list(regions) for account, regions in sorted(disabled.items()) if regions},
    }


def catalogue(coverages: Sequence[Coverage]) -> RenderableType:
    """Return what each entry of the catalogue gives and leaves out, for a terminal."""
    table = Table(box=None, pad_edge=False)
    for heading in ("type", "properties", "not read, and unknown"):
        table.add_column(heading, overflow="fold", justify="right" if heading == "properties" else "left")
    for each in coverages:
        unread = [*each.missing, *each.within]
        shown = ", ".join(unread[:6]) + (f" and {len(unread) - 6} more" if len(unread) > 6 else "")
        table.add_row(each.type, f"{len(each.given)}/{len(each.given) + len(each.missing)}", shown)
    given, missing = sum(len(each.given) for each in coverages), sum(len(each.missing) for each in coverages)
    summary = f"{len(coverages)} types; {given} of {given + missing} properties that can be read of a live resource"
    return Group(table, Text(), Text(summary))


def catalogue_document(coverages: Sequence[Coverage]) -> dict[str, Any]:
    """Return the same for machines."""
    return {
        "format": CATALOGUE,
        "types": [
            {
                "type": each.type,
                "given": list(each.given),
                "missing": list(each.missing),
                "missing_within": list(each.within),
            }
            for each in coverages
        ],
    }


def policies_text(policies: Sequence[Mapping[str, Any]]) -> str:
    """Return policies as IAM takes them: one document, or a list of several."""
    return json.dumps(policies[0] if len(policies) == 1 else policies, indent=2) + "\n"


def policies_document(policies: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the same for machines that expect a format."""
    return {"format": POLICY, "policies": list(policies)}
