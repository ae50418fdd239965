"""OSCAL component definition: which kind of thing can meet which objective, and by which control.

A resource type that controls judge is a component; so are the guardrails, for what they must make impossible, and the
provider, for the duties that are its own. What a control demands of a type is how that type implements the control's
objective.
"""

from collections.abc import Mapping, Sequence, Set
from typing import Any

from assay.governance.model import Control, Duty, Layer
from assay.governance.repository import Repository
from assay.governance.responsibilities import PROVIDER
from assay.reports.context import ReportContext
from assay.reports.oscal.writing import identifier, markup, metadata, paragraphs, present, prop, props, token

FILE = "component-definition.json"
_POLICIES = ("AWS::Organizations::", "AWS::ControlTower::", "AWS::CloudFormation::GuardHook", "AWS::IAM::")


def component_definition(context: ReportContext, repository: Repository, source: str) -> Mapping[str, Any]:
    """Return every component. source: name of the file beside this one whose controls they implement."""
    by_type: dict[str, list[Control]] = {}
    for each in repository.controls.values():
        by_type.setdefault(each.control.resource, []).append(each.control)
    known = repository.objectives.keys()
    components = [
        _component(context, source, (kind, _type(kind), "what is declared or recorded of it"), held, known)
        for kind, held in sorted(by_type.items())
    ]
    if guardrails := [each.control for _, each in sorted(repository.invariants.items())]:
        named = ("Guardrails", "policy", "proved over the policies that AWS decides by")
        components.append(_component(context, source, named, guardrails, known))
    if provided := _provided(repository):
        components.append(_provider(context, source, provided))
    document: dict[str, Any] = {
        "uuid": identifier(context, "component-definition"),
        "metadata": metadata(context, f"What can meet the objectives of {context.subject}"),
    }
    return {"component-definition": document | ({"components": components} if components else {})}


def _component(
    context: ReportContext,
    source: str,
    named: tuple[str, str, str],
    controls: Sequence[Control],
    objectives: Set[str],
) -> Mapping[str, Any]:
    """Return a component: `named` is its title, its type in OSCAL, and how its controls are judged."""
    kind, of_type, how = named
    serving: dict[str, list[Control]] = {}
    for each in controls:
        serving.setdefault(each.objective, []).append(each)
    lost = [each for each in controls if each.objective not in objectives]
    implementation = {
        "uuid": identifier(context, "component", kind, "implementation"),
        "source": source,
        "description": "What is demanded of it.",
        "implemented-requirements": [
            _implemented(context, kind, name, held) for name, held in sorted(serving.items()) if name in objectives
        ],
    }
    return present(
        {
            "uuid": identifier(context, "component", kind),
            "type": of_type,
            "title": markup(kind),
            "description": markup(f"{kind}: {len(controls)} controls, {how}."),
            "props": [prop("resource-type" if "::" in kind else "component", kind)],
            "control-implementations": [implementation] if implementation["implemented-requirements"] else [],
            "remarks": paragraphs(*(f"{each.id} serves {each.objective}, which there is not." for each in lost)),
        }
    )


def _type(kind: str) -> str:
    """Return OSCAL's type of a component: guardrails are policies, facts about the organisation are procedures."""
    if kind.startswith("Assay::"):
        return "process-procedure"
    return "policy" if kind.startswith(_POLICIES) else "service"


def _implemented(context: ReportContext, kind: str, objective: str, controls: Sequence[Control]) -> Mapping[str, Any]:
    return {
        "uuid": identifier(context, "component", kind, "objective", objective),
        "control-id": token(objective),
        "description": paragraphs(*(f"{each.title} ({each.id})." for each in controls)),
        "props": props(
            {},
            *(("control", each.id) for each in controls),
            *(("behavior", each) for each in sorted({one for each in controls for one in each.behavior})),
            *(("layer", each) for each in sorted({each.layer for each in controls})),
        ),
    }


def _provided(repository: Repository) -> Mapping[str, Sequence[Duty]]:
    """Return objective → the duties that belong to it and are the provider's with every service."""
    found: dict[str, list[Duty]] = {}
    for duty in repository.register.duties.values():
        for objective in duty.objectives:
            known = repository.objectives.get(objective)
            if known and (duty.always == "provider" or known.objective.layer is Layer.INHERITED):
                found.setdefault(objective, []).append(duty)
    return dict(sorted(found.items()))


def provider_component(context: ReportContext) -> str:
    """Return the identifier of the provider as a component."""
    return identifier(context, "component", PROVIDER)


def _provider(context: ReportContext, source: str, provided: Mapping[str, Sequence[Duty]]) -> Mapping[str, Any]:
    return {
        "uuid": provider_component(context),
        "type": "service",
        "title": PROVIDER,
        "description": "The provider's side of shared responsibility, as far as its audit reports say so.",
        "control-implementations": [
            {
                "uuid": identifier(context, "component", PROVIDER, "implementation"),
                "source": source,
                "description": "Duties that are the provider's.",
                "implemented-requirements": [
                    {
                        "uuid": identifier(context, "component", PROVIDER, "objective", objective),
                        "control-id": token(objective),
                        "description": paragraphs(*(each.statement for each in duties)),
                        "props": props({}, *(("duty", each.id) for each in duties)),
                    }
                    for objective, duties in provided.items()
                ],
            }
        ],
    }
