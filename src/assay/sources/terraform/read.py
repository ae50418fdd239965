"""Plans in, one inventory out."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from assay.errors import Fault
from assay.inventory.normalise import normalise
from assay.inventory.resource import Gap, Inventory, Origin, Position, Resource
from assay.inventory.schema import fields_of
from assay.inventory.values import Cause, Reason, Reference, Unknown, Value
from assay.sources.terraform import cloud_control, policy_documents
from assay.sources.terraform.attributes import Attributes, attributes_of
from assay.sources.terraform.configuration import Configuration, Target
from assay.sources.terraform.mapping import Entry
from assay.sources.terraform.parts import Part, joined
from assay.sources.terraform.plan import MOST_BYTES, Plan, Planned, content_of, looks_like_plan, parse
from assay.sources.terraform.services import ENTRIES
from assay.sources.terraform.translate import Translated, squash, translate

UNMAPPED = "terraform/"
"""Begins the type of what has no counterpart in CloudFormation, or none that is known: "terraform/null_resource"."""

_LONGEST = 20  # resources that name one another in a row
_MOST_NAMED = 12  # attributes that one gap names


@dataclass(frozen=True, slots=True)
class Context:
    """Where a plan is applied, as far as somebody told us; "" for what the plan itself may say.

    label  Begins the ids of resources, to tell two readings of one plan apart.
    """

    account: str = ""
    region: str = ""
    label: str = ""


def find(base: Path, pattern: str = "") -> list[Path]:
    """Return the plans that a file, folder or glob relative to `base` names, by what is in the files; [] for none.

    A folder is searched as for templates: with its folders, but hidden ones, those of fetched modules among them, and
    node_modules.
    """
    path = base / pattern
    if path.exists():
        return _plans(path)
    steps = Path(pattern).parts
    fixed = next((i for i, step in enumerate(steps) if any(each in step for each in "*?[")), len(steps))
    root = Path(os.path.normpath(base.joinpath(*steps[:fixed])))
    if fixed == len(steps) or not root.is_dir() or ".." in steps[fixed:]:
        return []
    matches = sorted(root.glob(str(Path(*steps[fixed:]))))
    found = [plan for match in matches if _is_within(match, root) for plan in _plans(match)]
    return list(dict.fromkeys(found))


def is_plan(path: Path) -> bool:
    """Whether a file is meant as a plan."""
    try:
        if not path.is_file() or path.stat().st_size > MOST_BYTES:
            return path.is_file() and _begins_like_plan(path)
        return looks_like_plan(path.read_bytes())
    except OSError:
        return False


def _begins_like_plan(path: Path) -> bool:
    with path.open("rb") as stream:
        return b'"format_version"' in stream.read(4096)


def _plans(path: Path) -> list[Path]:
    if path.is_file():
        return [path] if is_plan(path) else []
    return sorted(each for each in _within(path) if is_plan(each))


def _within(folder: Path) -> Iterator[Path]:
    for at, folders, names in os.walk(folder):
        folders[:] = [each for each in folders if not each.startswith(".") and each != "node_modules"]
        for name in names:
            path = Path(at) / name
            if name.lower().endswith(".json") and _is_within(path, folder):
                yield path


def _is_within(path: Path, root: Path) -> bool:
    try:
        return path.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError):  # a circle of links
        return False


def read(paths: Sequence[Path], context: Context) -> Inventory:
    """Return what will exist after the plans at `paths` are applied.

    A resource's id is "<file>#<address>". A malformed plan is a fault of its file; the others are read.
    """
    found = _Found()
    for path in {each.resolve(): each for each in paths}.values():
        content = content_of(path)
        plan = content if isinstance(content, Fault) else parse(content, str(path))
        if isinstance(plan, Fault):
            found.faults.append(plan)
        else:
            _Reading(plan, context).collect(found)
    return normalise(found.resources, faults=found.faults, gaps=found.gaps, absent=found.absent)


def read_text(content: bytes, file: str, context: Context) -> Inventory:
    """Return what one plan held in memory declares; `file` is what messages call it."""
    found = _Found()
    plan = parse(content, file)
    if isinstance(plan, Fault):
        found.faults.append(plan)
    else:
        _Reading(plan, context).collect(found)
    return normalise(found.resources, faults=found.faults, gaps=found.gaps, absent=found.absent)


@dataclass(slots=True)
class _Found:
    resources: list[Resource] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    absent: list[tuple[str, str]] = field(default_factory=list)


class _Reading:
    """One plan, read."""

    def __init__(self, plan: Plan, context: Context) -> None:
        self.plan, self.context = plan, context
        self.configuration = Configuration(plan)
        self.account = context.account or _account(plan)
        self._documents: dict[str, Value] = {}
        self._followed: set[str] = set()

    def collect(self, found: _Found) -> None:
        """Add what the plan leaves in existence, what it ends, and what it does not say."""
        resources: list[Resource] = []
        parts: list[Part] = []
        for planned in self.plan.planned.values():
            if planned.mode == "managed":
                self._add(planned, resources, parts, found)
        found.resources += joined(resources, parts)
        found.absent += [(self._id(address), why) for address, why in self.plan.gone]
        for address, why in self.plan.left:
            found.gaps.append(Gap(self._id(address), Reason(Cause.ELSEWHERE, address or self.plan.file, why)))

    def _add(self, planned: Planned, resources: list[Resource], parts: list[Part], found: _Found) -> None:
        entries = _entries(planned.type)
        attributes = self._tagged(attributes_of(planned, self.configuration, self._refer))
        unmapped = self._resource(planned, f"{UNMAPPED}{planned.type}", attributes.values)
        before = len(resources) + len(parts)
        for entry in entries:
            translated = translate(attributes, entry)
            if translated.relevant:
                found.gaps.append(_unplaced(self._id(planned.address), planned, entry, translated))
            if entry.part_of:
                owners = _owners(attributes.values.get(entry.part_of), alone=len(entries) == 1)
                parts += [Part(unmapped, entry, translated.properties, owner) for owner in owners]
            else:
                resources.append(self._resource(planned, entry.type, translated.properties))
        if len(resources) + len(parts) == before:
            resources.append(unmapped)  # nobody knows the type, or it is a part of nothing

    def _tagged(self, attributes: Attributes) -> Attributes:
        """Return the attributes with the tags that the provider gives to all, where the plan leaves them open."""
        tags = attributes.values.get("tags_all")
        if not isinstance(tags, Unknown):
            return attributes
        blocks = self.configuration.provider_block(attributes.planned, "default_tags")
        constant = blocks.get("tags", {}) if isinstance(blocks, dict) else {}
        known = constant.get("constant_value") if isinstance(constant, dict) else None
        if constant and not isinstance(known, dict):
            return attributes  # they are computed, and nobody knows from what
        return replace(attributes, values={**attributes.values, "tags_all": known or {}})

    def _resource(self, planned: Planned, kind: str, properties: Mapping[str, Value]) -> Resource:
        position = Position(self.plan.file)
        return Resource(
            id=self._id(planned.address),
            type=kind,
            name=planned.address,
            properties=properties,
            origin=Origin("terraform", position, self.account, self._region(planned)),
        )

    def _id(self, address: str) -> str:
        return f"{self.context.label}{self.plan.file}#{address}"

    def _region(self, planned: Planned) -> str:
        own = planned.values.get("region")
        stated = own if isinstance(own, str) and own else self.configuration.provider_expression(planned, "region")
        return self.context.region or (stated if isinstance(stated, str) else "")

    def _refer(self, target: Target, reason: Reason) -> Value:
        """Return what an attribute is that another one gives: a reference, or the policy that a data source writes."""
        planned = target.planned
        if planned.mode == "managed":
            owner = self._owner(target)
            if isinstance(owner, str):
                return owner
            planned = planned if owner is None else owner.planned
            reference = Reference(self._id(planned.address), _attribute(planned.type, target.attribute))
            return Unknown(reason, present=True, reference=reference)
        if planned.type == policy_documents.TYPE and target.attribute in ("json", "minified_json", ""):
            written = self._document(planned)
            return Unknown(reason, present=True) if written is None else written
        return Unknown(reason, present=True)

    def _owner(self, target: Target) -> Target | str | None:
        """Return whose part a target is, where the attribute that is asked for names that: the bucket of a policy."""
        planned = target.planned
        name = next((each.same_as or each.part_of for each in _entries(planned.type)), "")
        if not name or target.attribute not in ("", "id", name) or not self._may_follow(planned):
            return None
        known = planned.values.get(name)
        if isinstance(known, str):
            return known
        expressions = self.configuration.expressions(planned) or {}
        self._followed.add(planned.address)  # parts that name one another name nobody
        found = self.configuration.target(expressions.get(name), planned, through_locals=True)
        again = None if found is None else self._owner(found)
        self._followed.discard(planned.address)
        return found if again is None else again

    def _document(self, planned: Planned) -> Value:
        if planned.address not in self._documents and self._may_follow(planned):
            self._documents[planned.address] = None
            self._followed.add(planned.address)
            attributes = attributes_of(planned, self.configuration, self._refer)
            self._documents[planned.address] = policy_documents.document(attributes)
            self._followed.discard(planned.address)
        return self._documents.get(planned.address)

    def _may_follow(self, planned: Planned) -> bool:
        """Whether what a resource takes from others is looked at: not twice on one way, and not for ever."""
        return planned.address not in self._followed and len(self._followed) < _LONGEST


def _entries(terraform: str) -> tuple[Entry, ...]:
    entry = cloud_control.entry(terraform)
    return ENTRIES.get(terraform, ()) if entry is None else (entry,)


def _owners(stated: Value, *, alone: bool) -> Sequence[Value]:
    """Return the owners of a part. Of several kinds of owners, those that are not stated are none."""
    if isinstance(stated, list):
        return stated
    return [stated] if alone or stated is not None else []


def _attribute(terraform: str, attribute: str) -> str:
    """Return what `GetAtt` calls an attribute; "" for what `Ref` gives: the name or id of the resource."""
    entries = _entries(terraform)
    if not entries or attribute in ("", "id", "name", "bucket"):
        return ""
    names = {squash(each): each for each in fields_of(entries[0].type)}
    words = "".join(each.capitalize() for each in attribute.split("_"))
    return names.get(squash(attribute), words)


def _unplaced(where: str, planned: Planned, entry: Entry, translated: Translated) -> Gap:
    named = ", ".join(translated.relevant[:_MOST_NAMED])
    detail = f"{named} of {planned.address} has no known place in {entry.type}, and is not judged"
    return Gap(where, Reason(Cause.NOT_COLLECTED, planned.type, detail))


def _account(plan: Plan) -> str:
    """Return the account that the plan was made in, where it asked who it is; "" when it did not, or of several."""
    found: set[str] = set()
    open_modules: list[Any] = [_at(plan.document, "prior_state", "values", "root_module")]
    while open_modules:
        module = open_modules.pop()
        if not isinstance(module, dict):
            continue
        children = module.get("child_modules")
        open_modules += children if isinstance(children, list) else []
        resources = module.get("resources")
        for each in resources if isinstance(resources, list) else ():
            if isinstance(each, dict) and each.get("type") == "aws_caller_identity":
                found.add(str(_at(each, "values", "account_id")))
    return found.pop() if len(found) == 1 else ""


def _at(value: Any, *steps: str) -> Any:
    for step in steps:
        value = value.get(step) if isinstance(value, dict) else None
    return value
