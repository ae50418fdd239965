"""The organisation's own facts as resources: its accounts, workloads and exceptions, judged by controls like any other.

Property names are those of the Assay:: types under inventory/types/.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping

from assay.governance.model import Account, ApprovedException, ExceptionScope, Organisation, Templates, Workload
from assay.governance.repository import Repository
from assay.inventory.resource import Origin, Position, Resource
from assay.inventory.values import Value


def organisation_facts(repository: Repository, now: datetime.datetime) -> tuple[Resource, ...]:
    """Return the organisation, every account and every exception as resources."""
    organisation = repository.organisation
    return (
        _organisation(organisation, repository),
        *(_account(each, repository) for each in organisation.accounts),
        *(_exception(each, now) for each in repository.exceptions.values()),
    )


def workload_facts(repository: Repository, workload: Workload, now: datetime.datetime) -> tuple[Resource, ...]:
    """Return the workload itself, its accounts and the exceptions made for it as resources."""
    accounts = set(workload.accounts.values())
    return (
        _workload(workload, repository),
        *(_account(each, repository) for each in repository.organisation.accounts if each.id in accounts),
        *(_exception(each, now) for each in repository.exceptions.values() if each.scope.workload == workload.id),
    )


def _fact(kind: str, name: str, properties: Iterable[tuple[str, Value]], position: Position) -> Resource:
    given = {key: value for key, value in properties if value not in ("", (), None)}
    return Resource(id=f"{kind}/{name}", type=kind, name=name, properties=given, origin=Origin("governance", position))


def _organisation(organisation: Organisation, repository: Repository) -> Resource:
    properties: tuple[tuple[str, Value], ...] = (
        ("Id", organisation.id),
        ("Name", organisation.name),
        ("ManagementAccount", organisation.management_account),
        ("OrganisationalUnits", list(organisation.organisational_units)),
        ("Stages", list(organisation.stages)),
        ("Regions", list(organisation.regions)),
        ("Frameworks", list(organisation.frameworks)),
        ("Contacts", dict(organisation.contacts)),
        ("Accounts", [_account_entry(each) for each in organisation.accounts]),
        ("PlatformWorkloads", sorted(each.id for each in repository.workloads.values() if each.platform)),
    )
    return _fact("Assay::Organisation", organisation.id, properties, organisation.position)


def _account_entry(account: Account) -> Mapping[str, Value]:
    stated = (
        ("Id", account.id),
        ("Name", account.name),
        ("OrganisationalUnit", account.ou),
        ("Stage", account.stage),
        ("Purpose", account.purpose),
    )
    return {key: value for key, value in stated if value}


def _account(account: Account, repository: Repository) -> Resource:
    uses = list(_workloads_in(account, repository))
    others = [each for each in repository.organisation.accounts if each.id != account.id]
    beside = [each for each in others if each.ou == account.ou and each.stage]
    properties: tuple[tuple[str, Value], ...] = (
        ("Id", account.id),
        ("Name", account.name),
        ("OrganisationalUnit", account.ou),
        ("Stage", account.stage),
        ("Purpose", account.purpose),
        ("Email", account.email),
        ("IsManagement", account.id == repository.organisation.management_account),
        ("Workloads", sorted({workload for workload, _ in uses})),
        ("WorkloadStages", sorted({stage for _, stage in uses})),
        ("StagesBeside", sorted({each.stage for each in beside})),
        ("SharesEmailWith", sorted(each.name for each in others if _same_mailbox(account, each))),
    )
    return _fact("Assay::Account", account.name, properties, repository.organisation.position)


def _same_mailbox(left: Account, right: Account) -> bool:
    return bool(left.email) and left.email.strip().casefold() == right.email.strip().casefold()


def _workloads_in(account: Account, repository: Repository) -> Iterator[tuple[str, str]]:
    for workload in repository.workloads.values():
        for stage, used in workload.accounts.items():
            if used == account.id:
                yield workload.id, stage


def _workload(workload: Workload, repository: Repository) -> Resource:
    properties: tuple[tuple[str, Value], ...] = (
        ("Id", workload.id),
        ("Title", workload.title),
        ("Owner", workload.owner),
        ("Purpose", workload.purpose),
        ("Platform", workload.platform),
        ("Tier", workload.tier),
        ("DataClasses", list(workload.data_classes)),
        ("Exposure", workload.exposure),
        ("Jurisdictions", list(workload.jurisdictions)),
        ("Contracts", list(workload.contracts)),
        ("Accounts", dict(workload.accounts)),
        ("Stages", [each for each in repository.organisation.stages if each in workload.accounts]),
        ("Templates", [_templates(each) for each in workload.templates]),
        ("Tags", dict(workload.tags)),
    )
    return _fact("Assay::Workload", workload.id, properties, workload.position)


def _templates(templates: Templates) -> Mapping[str, Value]:
    stated: tuple[tuple[str, Value], ...] = (
        ("Path", templates.path),
        ("Region", templates.region),
        ("StagesWithParameters", sorted(templates.parameters)),
    )
    return {key: value for key, value in stated if value}


def _exception(exception: ApprovedException, now: datetime.datetime) -> Resource:
    today = now.astimezone(datetime.UTC).date()
    properties: tuple[tuple[str, Value], ...] = (
        ("Id", exception.id),
        ("Reason", exception.reason),
        ("CompensatingControl", exception.compensating_control),
        ("Requester", exception.requester),
        ("Approver", exception.approver),
        ("Scope", {name: value for name, value in _scope(exception.scope) if value}),
        ("Approved", exception.approved.isoformat()),
        ("Expires", exception.expires.isoformat()),
        ("DaysValid", (exception.expires - exception.approved).days),
        ("DaysSinceApproval", (today - exception.approved).days),
        ("DaysLeft", (exception.expires - today).days),
    )
    return _fact("Assay::Exception", exception.id, properties, exception.position)


def _scope(scope: ExceptionScope) -> Iterable[tuple[str, str]]:
    return (
        ("Workload", scope.workload),
        ("Control", scope.control),
        ("Objective", scope.objective),
        ("Resource", scope.resource),
        ("Stage", scope.stage),
    )
