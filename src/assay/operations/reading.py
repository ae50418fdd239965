"""Reading what people point at, whatever it is: templates, plans, folders of both."""

from collections.abc import Sequence
from pathlib import Path

from assay.errors import UsageError
from assay.inventory.normalise import merge
from assay.inventory.resource import Inventory
from assay.sources import cloudformation, terraform


def read(paths: Sequence[Path], context: cloudformation.Context) -> Inventory:
    """Return what the templates and plans at `paths`, files or folders, declare together.

    A plan is told from a template by what is in it. Raises UsageError for a path that holds neither, and for parameters
    where there is no template to take them.
    """
    plans = [plan for path in paths for plan in terraform.find(path)]
    templates = [path for path in paths if not _holds_only_plans(path, plans)]
    if context.parameters and not templates:
        raise UsageError(
            "plans take no parameters: a plan holds the values that it was made with; leave the parameters out"
        )
    where = terraform.Context(context.account, context.region, context.label)
    inventories = [cloudformation.read(templates, context)] if templates or not plans else []
    inventories += [terraform.read(plans, where)] if plans else []
    return inventories[0] if len(inventories) == 1 else merge(inventories)


def find(base: Path, pattern: str) -> list[Path]:
    """Return the templates and plans that a file, folder or glob relative to `base` names.

    Raises UsageError when it names neither.
    """
    plans = terraform.find(base, pattern)
    try:
        templates = cloudformation.find(base, pattern)
    except UsageError:
        if not plans:
            raise
        templates = []
    return list(dict.fromkeys([*templates, *plans]))


def _holds_only_plans(path: Path, plans: Sequence[Path]) -> bool:
    """Whether a path is a plan, or a folder with plans and without any template."""
    if path.is_file():
        return path in plans
    if not any(plan.is_relative_to(path) for plan in plans):
        return False
    try:
        cloudformation.find(path, ".")
    except UsageError:
        return True
    return False
