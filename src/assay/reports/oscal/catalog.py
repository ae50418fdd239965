"""OSCAL catalogs and profile: what must hold, and what of it the organisation holds itself to.

An objective is an OSCAL control, grouped by its domain; a control of ours is an assessment method of it, and each of
its parameters a parameter. A framework whose texts were imported is a catalog of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assay.governance.model import Control, Framework, FrameworkTexts, Objective, Parameter, RequirementText
from assay.governance.repository import Repository
from assay.reports.context import ReportContext, requirements_behind
from assay.reports.oscal.writing import (
    identifier,
    line,
    markup,
    metadata,
    paragraphs,
    present,
    prop,
    props,
    target,
    token,
)

CATALOG = "catalog.json"


def objectives_catalog(context: ReportContext, repository: Repository) -> Mapping[str, Any]:
    """Return every objective of the repository, with the controls that serve it."""
    behind = requirements_behind(repository)
    serving: dict[str, list[Control]] = {}
    for each in repository.serving.values():
        serving.setdefault(each.control.objective, []).append(each.control)
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for name, compiled in sorted(repository.objectives.items()):
        stated = _objective(compiled.objective, serving.get(name, ()), behind.get(name, ()))
        groups.setdefault(compiled.objective.domain, []).append(stated)
    return {
        "catalog": {
            "uuid": identifier(context, "catalog"),
            "metadata": metadata(context, f"Security control objectives of {context.subject}"),
            "groups": [
                {"id": token(domain), "class": "domain", "title": markup(domain.replace("-", " ")), "controls": held}
                for domain, held in sorted(groups.items())
            ],
        }
    }


def _objective(objective: Objective, controls: Sequence[Control], requirements: Sequence[str]) -> Mapping[str, Any]:
    name = token(objective.id)
    measured = [
        f"{what}: {said}" for what, said in (("Measure", objective.measure), ("Target", objective.target)) if said
    ]
    parts: list[dict[str, Any]] = [
        {"id": f"{name}_smt", "name": "statement", "prose": markup(objective.statement)},
        {
            "id": target(objective.id),
            "name": "assessment-objective",
            "title": markup(objective.title),
            "prose": paragraphs(objective.statement, *measured),
        },
    ]
    if objective.threats:
        parts.append({"id": f"{name}_gdn", "name": "guidance", "prose": paragraphs(*objective.threats)})
    return present(
        {
            "id": name,
            "class": "objective",
            "title": markup(objective.title),
            "params": [_param(each, *one) for each in controls for one in sorted(each.params.items())],
            "props": [
                {"name": "label", "value": objective.id},
                *props(
                    {
                        "scope": objective.scope,
                        "layer": objective.layer,
                        "applies": objective.applies,
                        "stages": ", ".join(objective.stages),
                    },
                    *(("requirement", each) for each in requirements),
                ),
            ],
            "parts": [*parts, *(_method(each) for each in controls)],
        }
    )


def parameter_id(control: str, name: str) -> str:
    """Return the id of a control's parameter, which is one within the whole catalog."""
    return f"{token(control)}_prm_{token(name)}"


def _param(control: Control, name: str, parameter: Parameter) -> Mapping[str, Any]:
    return {
        "id": parameter_id(control.id, name),
        "props": props({"control": control.id, "parameter": name, "tighter": parameter.tighter}),
        "label": markup(parameter.description or name),
        "values": values(parameter.default),
    }


def values(stated: Any) -> list[str]:
    """Return the value of a parameter as OSCAL's texts; an empty list, which OSCAL has not, is the text (none)."""
    several = stated if isinstance(stated, list | tuple) else (stated,)
    return [_value(each) for each in several] or ["(none)"]


def _value(one: Any) -> str:
    return str(one).lower() if isinstance(one, bool) else line(str(one))


def _method(control: Control) -> Mapping[str, Any]:
    return {
        "id": f"{token(control.id)}_chk",
        "name": "assessment-method",
        "title": markup(control.title),
        "props": [
            {"name": "method", "value": "EXAMINE"},
            *props(
                {
                    "control": control.id,
                    "severity": control.severity,
                    "resource-type": control.resource,
                    "require": control.require,
                    "unless": control.unless,
                },
                *(("behavior", each) for each in control.behavior),
            ),
        ],
        "prose": paragraphs(control.why, f"Remedy: {control.remedy}"),
    }


def framework_file(name: str) -> str:
    """Return the name of the file of a framework's catalog."""
    return f"catalog-{name}.json"


def framework_catalog(context: ReportContext, framework: Framework, texts: FrameworkTexts) -> Mapping[str, Any]:
    """Return a framework with the texts that were imported, and what answers each requirement."""
    head = metadata(context, framework.title)
    head["version"] = line(framework.version)
    head["props"] = [prop("framework", framework.id), prop("source", texts.source)]
    identifiers = _unique(texts.requirements)
    return {
        "catalog": {
            "uuid": identifier(context, "catalog", framework.id),
            "metadata": head,
            "controls": [
                _requirement(identifiers[key], key, text, framework) for key, text in texts.requirements.items()
            ],
        }
    }


def _unique(keys: Iterable[str]) -> Mapping[str, str]:
    """Return key → id; keys that are one id without their marks ("1(a)", "1[a]") are told apart by a number."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for key in keys:
        name, number = token(key), 1
        while name.casefold() in taken:
            number += 1
            name = f"{token(key)}-{number}"
        taken.add(name.casefold())
        found[key] = name
    return found


def _requirement(name: str, key: str, text: RequirementText, framework: Framework) -> Mapping[str, Any]:
    stated = framework.requirements.get(key)
    own: list[Mapping[str, str]] = [{"name": "label", "value": line(key)}]
    own += [{"name": "status", "value": "withdrawn"}] if text.withdrawn else []
    if stated:
        own += [
            *props(
                {"outside": stated.outside},
                *(("objective", each) for each in stated.objectives),
                *(("control", each) for each in stated.controls),
            )
        ]
    return present(
        {
            "id": name,
            "title": markup(text.title),
            "props": own,
            "parts": [_statement(f"{name}_smt", text.text)] if text.text.strip() else [],
        }
    )


def _statement(name: str, text: str) -> Mapping[str, Any]:
    """Return a text as the statement that reading it gives again: a line is an item, indented by two per level."""
    first, *rest = [each for each in text.split("\n") if each.strip()]
    top: dict[str, Any] = {"id": name, "name": "statement", "prose": markup(first)}
    path = [top]
    for each in rest:
        level = (len(each) - len(each.lstrip(" "))) // 2 + 1
        while len(path) < level:
            path.append(_item(path[-1]))
        del path[level:]
        path.append(_item(path[-1], markup(each)))
    return top


def _item(parent: dict[str, Any], prose: str = "") -> dict[str, Any]:
    inner = parent.setdefault("parts", [])
    one = present({"id": f"{parent['id']}.{len(inner) + 1}", "name": "item", "prose": prose})
    inner.append(one)
    return one


def profile(context: ReportContext, repository: Repository) -> Mapping[str, Any]:
    """Return what the organisation holds itself to: every objective, and its own values of the parameters."""
    chosen = [token(each) for each in sorted(repository.objectives)]
    own = [
        {"param-id": parameter_id(name, key), "values": values(value)}
        for name, effective in sorted(repository.params.items())
        for key, value in sorted(effective.items())
        if values(value) != values(repository.controls[name].control.params[key].default)
    ]
    head = metadata(context, f"What {context.subject} holds itself to")
    head["props"] = props({}, *(("framework", f"{each.id} {each.version}") for each in repository.adopted)) or [
        prop("framework", "none adopted")
    ]
    stated: dict[str, Any] = {
        "uuid": identifier(context, "profile"),
        "metadata": head,
        "imports": [{"href": CATALOG, "include-controls": [{"with-ids": chosen}]}],
        "merge": {"as-is": True},
    }
    if own:
        stated["modify"] = {"set-parameters": own}
    return {"profile": stated}
