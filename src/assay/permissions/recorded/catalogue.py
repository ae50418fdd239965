"""The actions that AWS publishes, with the kinds of resources that each is about: dated data that `cfn-lint` ships.

The list is open: an action that it does not have may exist. It serves to tell what an event asks for, never a proof.
"""

import importlib.util
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from assay.errors import InternalError

_PLACE: Final = re.compile(r"\$\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Action:
    """One action. `resources`: kind → ARNs of it, with ${Partition}, ${Region}, ${Account}; none: asked for on `*`."""

    name: str
    resources: Mapping[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def _document() -> Mapping[str, Any]:
    found = importlib.util.find_spec("cfnlint")
    if found is None or not found.submodule_search_locations:
        raise InternalError("cfn-lint, whose data holds the actions of IAM, is not installed")
    path = Path(found.submodule_search_locations[0]) / "data" / "AdditionalSpecs" / "Policies.json"
    document: Mapping[str, Any] = json.loads(path.read_bytes())
    return document


def is_service(prefix: str) -> bool:
    """Return whether a prefix of actions is known."""
    return prefix in _document()


@lru_cache(maxsize=4096)
def action_named(name: str) -> Action | None:
    """Return the action "service:Name", in any case, or None when the catalogue does not have it."""
    prefix, _, rest = name.lower().partition(":")
    service = _document().get(prefix, {})
    stated = service.get("Actions", {}).get(rest)
    if stated is None:
        return None
    kinds: Mapping[str, Any] = service.get("Resources", {})
    found = {each.lower(): kinds.get(each.lower(), {}) for each in stated.get("Resources", ())}
    return Action(name, {kind: tuple(each.get("ARNFormats", ())) for kind, each in found.items()})


def shaped(arn: str, partition: str, region: str, account: str) -> str:
    """Return the ARN of a kind as a pattern of IAM, as narrow as is known; "" leaves a part open."""
    known = {"Partition": partition, "Region": region, "Account": account}
    return _PLACE.sub(lambda match: known.get(match[1]) or "*", arn).replace(".*", "*")


@lru_cache(maxsize=4096)
def shape(arn: str) -> re.Pattern[str]:
    """Return the ARN of a kind as an expression that a whole ARN can match."""
    parts = re.split(r"\$\{\w+\}|\.\*", arn)
    return re.compile(".*".join(map(re.escape, parts)), re.DOTALL)
