"""OSCAL system security plans: one for the organisation's platform, one for each workload.

A plan says for every objective who meets it and how far: the system itself, the platform (a plan beside this one, which
this one leverages), or the provider (by the audit reports that are in force). What is not met or unknown has no
implementation status: OSCAL would have us call it planned, and nobody has said so.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from assay.assessment.verdicts import Verdict
from assay.governance.model import Workload
from assay.governance.repository import Repository
from assay.governance.responsibilities import PROVIDER, lapse
from assay.reports.context import ObjectiveRow, ReportContext, Section
from assay.reports.oscal.components import provider_component
from assay.reports.oscal.seen import IMPLEMENTED, Run
from assay.reports.oscal.writing import (
    figures,
    identifier,
    line,
    markup,
    metadata,
    paragraphs,
    party,
    present,
    prop,
    props,
    token,
    words,
)

_PLATFORM = "organisation"  # as an objective's row names who meets it


def plan_file(section: Section) -> str:
    """Return the name of the file of a section's plan."""
    return f"ssp-{section.id}.json" if section.id else "ssp.json"


def system_plan(context: ReportContext, repository: Repository, section: Section, profile: str) -> Mapping[str, Any]:
    """Return the plan of a section. profile: name of the file beside this one that it implements."""
    run = Run(context, section)
    workload = repository.workloads.get(section.id)
    head = metadata(context, f"System security plan of {section.title}", prop("verdict", section.verdict))
    owner = {"uuid": run.lasting("owner"), "type": "organization", "name": line(section.owner or context.subject)}
    head["roles"] = [{"id": "system-owner", "title": "Owner"}, {"id": "provider", "title": "Provider"}]
    head["parties"] = [
        *head.get("parties", ()),
        owner,
        {"uuid": identifier(context, PROVIDER), "type": "organization", "name": PROVIDER},
    ]
    head["responsible-parties"] = [{"role-id": "system-owner", "party-uuids": [owner["uuid"]]}]
    return {
        "system-security-plan": {
            "uuid": run.lasting("plan"),
            "metadata": head,
            "import-profile": {"href": profile},
            "system-characteristics": _characteristics(run, workload),
            "system-implementation": _implementation(run, repository),
            "control-implementation": {
                "description": "As judged: every control on every resource in its scope. "
                "What the profile has and this system does not need is named with the rule that says so.",
                "implemented-requirements": [_requirement(run, each) for each in section.objectives],
            },
        }
    }


def _characteristics(run: Run, workload: Workload | None) -> Mapping[str, Any]:
    section = run.section
    purpose = workload.purpose if workload else "What the organisation provides to all workloads."
    accounts = [f"{stage}: account {account}" for stage, account in workload.accounts.items()] if workload else []
    return {
        "system-ids": [{"identifier-type": "http://ietf.org/rfc/rfc4122", "id": run.lasting("system")}],
        "system-name": line(section.title),
        "description": paragraphs(purpose or section.title),
        "props": props(
            {"workload": section.id, "stage": section.stage, "tier": section.tier, "exposure": section.exposure},
            *(("jurisdiction", each) for each in (workload.jurisdictions if workload else ())),
            *(("contract", each) for each in (workload.contracts if workload else ())),
        )
        or [prop("stage", "none")],
        "system-information": {"information-types": _information(run, workload.data_classes if workload else ())},
        "status": {
            "state": "other",
            "remarks": "What is declared or recorded is judged; whether the system is in operation is not known here.",
        },
        "authorization-boundary": {
            "description": paragraphs(f"{section.resources} resources of {section.title}", *accounts),
        },
    }


def _information(run: Run, classes: Sequence[str]) -> list[Mapping[str, Any]]:
    named = classes or ("not declared",)
    return [
        {
            "uuid": run.lasting("information", each),
            "title": markup(each),
            "description": markup(f"Data of the class {each}" if classes else "No class of data is declared."),
        }
        for each in named
    ]


def _implementation(run: Run, repository: Repository) -> Mapping[str, Any]:
    context, section = run.context, run.section
    leveraged, components = _reports(run, repository), [_this(run)]
    if any(row.provider == PROVIDER for row in section.objectives):
        components.append(_component(provider_component(context), PROVIDER, "The provider, by its audit reports."))
    if section.id:
        platform = Run(context, context.sections[0])
        beside = {"href": plan_file(context.sections[0]), "rel": "system-security-plan"}
        components.append(_component(_platform(run), "Platform", "What the organisation meets for every workload."))
        leveraged.append(
            {
                "uuid": run.lasting("leveraged", _PLATFORM),
                "title": markup(f"Platform of {context.subject}"),
                "props": [prop("plan", platform.lasting("plan"))],
                "links": [beside],
                "party-uuid": party(context),
                "date-authorized": context.as_of.date().isoformat(),
                "remarks": "The day of this assessment: the platform's own plan has the verdicts of that day.",
            }
        )
    return present(
        {
            "leveraged-authorizations": leveraged,
            "users": [{"uuid": run.lasting("user"), "title": "Owner", "role-ids": ["system-owner"]}],
            "components": components,
        }
    )


def _reports(run: Run, repository: Repository) -> list[Mapping[str, Any]]:
    """Return the provider's audit reports that are in force on the day of the assessment."""
    today = run.context.as_of.date()
    return [
        {
            "uuid": run.lasting("leveraged", each.id),
            "title": markup(each.title),
            "props": props(
                {"report": each.id, "series": each.series, "period-end": each.period_end.isoformat()},
            ),
            "party-uuid": identifier(run.context, PROVIDER),
            "date-authorized": each.period_start.isoformat(),
            "remarks": "The day on which the period that the report speaks for begins.",
        }
        for each in repository.reports.values()
        if not lapse(each, today)
    ]


def _platform(run: Run) -> str:
    return run.lasting("component", _PLATFORM)


def _this(run: Run) -> Mapping[str, Any]:
    stated = dict(_component(run.lasting("component"), run.section.title, "The system itself."))
    return stated | {"type": "this-system"}


def _component(name: str, title: str, description: str) -> Mapping[str, Any]:
    return {
        "uuid": name,
        "type": "service",
        "title": markup(title),
        "description": description,
        "status": {"state": "other", "remarks": "Whether it is in operation is not known here."},
    }


def _requirement(run: Run, row: ObjectiveRow) -> Mapping[str, Any]:
    return {
        "uuid": run.lasting("requirement", row.id),
        "control-id": token(row.id),
        "props": [
            *props({"verdict": row.verdict, "depth": row.depth, "provider": row.provider, "layer": row.layer}),
            *figures(row.counts),
        ],
        "by-components": [_by(run, row)],
        "remarks": paragraphs(f"{words(row.verdict)}: {row.reason}"),
    }


def _by(run: Run, row: ObjectiveRow) -> Mapping[str, Any]:
    """Return who meets the objective, and how far."""
    inherits = row.provider == PROVIDER or (row.provider == _PLATFORM and bool(run.section.id))
    by = run.lasting("component")
    if inherits:
        by = provider_component(run.context) if row.provider == PROVIDER else _platform(run)
    state = "not-applicable" if row.verdict is Verdict.NOT_APPLICABLE else IMPLEMENTED.get(row.verdict, "")
    status = {"state": state, "remarks": paragraphs(row.reason or row.rule)} if state else {}
    inherited = {
        "uuid": run.lasting("inherited", row.id),
        "description": paragraphs(f"Met by {row.provider}.", row.reason),
    }
    return present(
        {
            "component-uuid": by,
            "uuid": run.lasting("by", row.id),
            "description": paragraphs(f"{row.title}.", row.reason),
            "implementation-status": status,
            "inherited": [inherited] if inherits and row.verdict is Verdict.INHERITED else [],
        }
    )
