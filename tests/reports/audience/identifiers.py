"""Every name, number and path that identifies something of an organisation, collected from all that is known of it."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from assay.inventory.values import to_json
from assay.reports.audience.basis import Basis

_TELLING = re.compile(
    r"arn:[\w:/.*+=@-]+|\b\d{12}\b|[\w.+-]+@[\w.-]+\w|\bo-[a-z0-9]{8,}\b|\b[\w-]+(?:/[\w.*-]+)+|[\w-]+\.(?:ya?ml|json)\b"
)
_NOT_FREE = {  # fields whose values the format or AWS lays down
    "tier", "exposure", "domain", "scope", "layer", "severity", "behavior", "jurisdictions", "regions", "frameworks",
    "series", "acceptance", "services", "resource", "measure", "source", "region", "types",
}  # fmt: skip


def identifiers(basis: Basis, directory: Path) -> set[str]:
    """Return what must not be told: longer than two characters, and not made of digits or punctuation alone."""
    found = {each for part in (_governance(directory), _inventory(basis), _answer(basis)) for each in part}
    return {each for each in found if len(each) > 2 and re.search("[^\\W_]", each)}


def _governance(directory: Path) -> Iterator[str]:
    for path in sorted(directory.rglob("*.*")):
        yield path.name
        yield path.stem
        yield str(path.relative_to(directory))
        text = path.read_text("utf-8")
        yield from _TELLING.findall(text)
        if "templates" not in path.relative_to(directory).parts:
            yield from _leaves(yaml.safe_load(text), "")


def _leaves(value: Any, name: str) -> Iterator[str]:
    match value:
        case Mapping():
            for key, each in value.items():
                if key not in _NOT_FREE:
                    yield from _leaves(each, str(key))
        case list():
            for each in value:
                yield from _leaves(each, name)
        case str():
            yield value.strip()
            yield from _TELLING.findall(value)


def _inventory(basis: Basis) -> Iterator[str]:
    for answer in (basis.assessment.organisation, *basis.assessment.workloads):
        for each in answer.inventory.resources:
            yield from (each.id, each.name, each.origin.account, each.origin.position.file)
            for name in (
                "BucketName",
                "RoleName",
                "DBInstanceIdentifier",
                "Name",
                "TableName",
                "QueueName",
                "TopicName",
            ):
                if isinstance(value := each.properties.get(name), str):
                    yield value
            yield from _TELLING.findall(str(to_json(each.properties)))


def _answer(basis: Basis) -> Iterator[str]:
    for section in basis.context.sections:
        yield from (section.id, section.owner, section.stage)
        for row in section.rows:
            yield from (row.resource, row.name, row.exception, str(row.position))
            yield from _TELLING.findall(row.explanation)
        for objective in section.objectives:
            yield from _TELLING.findall(objective.reason)


def told(identifier: str, text: str) -> bool:
    """Whether a text says it, as a word or words of its own."""
    return identifier in text and re.search(rf"(?<![\w]){re.escape(identifier)}(?![\w])", text) is not None
