"""All OSCAL documents of one assessment, as files of one folder that refer to one another by their names."""

from collections.abc import Mapping, Sequence
from typing import Any

from assay.errors import UsageError
from assay.governance.repository import Repository
from assay.reports.context import ReportContext
from assay.reports.oscal import actions, catalog, components, results, system

MODELS = ("catalog", "profile", "component-definition", "ssp", "assessment-results", "poam")
PROFILE = "profile.json"
RESULTS = "assessment-results.json"


def documents(context: ReportContext, repository: Repository) -> Mapping[str, Mapping[str, Any]]:
    """Return file name → document of every model, in the order in which one reads them."""
    plans = {each.id: system.plan_file(each) for each in context.sections}
    found: dict[str, Mapping[str, Any] | None] = {catalog.CATALOG: catalog.objectives_catalog(context, repository)}
    for name, texts in sorted(repository.texts.items()):
        framework = repository.frameworks[name]
        found[catalog.framework_file(name)] = catalog.framework_catalog(context, framework, texts)
    found[PROFILE] = catalog.profile(context, repository)
    found[components.FILE] = components.component_definition(context, repository, PROFILE)
    for each in context.sections:
        found[plans[each.id]] = system.system_plan(context, repository, each, PROFILE)
    found[RESULTS] = results.document(context, plans)
    for each in context.sections:
        found[actions.actions_file(each)] = actions.plan_of_action(context, each, plans[each.id])
    return {name: each for name, each in found.items() if each is not None}


def chosen(names: Sequence[str], models: Sequence[str]) -> list[str]:
    """Return the file names of the models asked for, all when none is. Raises UsageError on an unknown model."""
    for each in models:
        if each not in MODELS:
            raise UsageError(f"no OSCAL model {each!r}; known: {', '.join(MODELS)}")
    wanted = tuple(each for model in models or MODELS for each in (f"{model}.json", f"{model}-"))
    return [each for each in names if each.startswith(wanted)]
