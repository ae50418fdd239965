"""What must hold, as the governance repository says it. One dataclass per YAML document kind.

These types are the single statement of the file formats: the reader validates files against them, `assay schema` prints
their JSON Schemas for editors, and everybody else uses them as frozen data. Field docs become schema descriptions.
Expressions stay text here; `governance.repository` checks them against the schema of what they judge.
"""

import datetime
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from assay.inventory.resource import Position


@dataclass(frozen=True, slots=True)
class Doc:
    """The meaning of a field, carried into the JSON Schema."""

    text: str

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        """Add the text to the JSON Schema of the field: pydantic's protocol for annotations, without importing it."""
        return {**handler(schema), "description": self.text}


@dataclass(frozen=True, slots=True)
class FromZero:
    """A whole number that is not negative."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> dict[str, Any]:
        """Add the bound, by the same kind of protocol."""
        return {**handler(source), "ge": 0}


SET_BY_READER = ("position", "positions", "places")  # fields of these types that no file states
_EXACT = {"extra": "forbid", "strict": True}  # pydantic's settings: no unknown field, no text read as a number


class Domain(enum.StrEnum):
    """The nine capabilities of the security perspective of the AWS Cloud Adoption Framework."""

    GOVERNANCE = "security-governance"
    ASSURANCE = "security-assurance"
    IDENTITY = "identity-and-access-management"
    DETECTION = "threat-detection"
    VULNERABILITY = "vulnerability-management"
    INFRASTRUCTURE = "infrastructure-protection"
    DATA = "data-protection"
    APPLICATION = "application-security"
    INCIDENT = "incident-response"


class Severity(enum.StrEnum):
    """How bad a violation is, alone and on an exposed workload. The scale is in docs/controls.md."""

    CRITICAL = "critical"  # an outsider can read, change or take over without another fault
    HIGH = "high"  # one more fault or one stolen credential suffices
    MEDIUM = "medium"  # a layer of defence, or the ability to notice or recover, is missing
    LOW = "low"  # hygiene: makes other faults likelier or slower to mend


class Behavior(enum.StrEnum):
    """When a control acts."""

    PREVENTIVE = "preventive"
    PROACTIVE = "proactive"
    DETECTIVE = "detective"
    RESPONSIVE = "responsive"


class Layer(enum.StrEnum):
    """Who owns a control or an objective."""

    INHERITED = "inherited"  # the provider's side of shared responsibility
    PLATFORM = "platform"  # the organisation's central teams
    PRODUCT = "product"  # the workload's own team


class Scope(enum.StrEnum):
    """Where an objective is met: once for the organisation, or in every workload."""

    ORGANISATION = "organisation"
    WORKLOAD = "workload"


Cel: TypeAlias = Annotated[str, "cel"]
Example: TypeAlias = Mapping[str, Any]

Exposure: TypeAlias = Literal["internet", "partner", "internal", "isolated"]
Tier: TypeAlias = Literal["critical", "high", "medium", "low"]
Party: TypeAlias = Literal["provider", "shared", "customer"]
NotNegative: TypeAlias = Annotated[int, FromZero()]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number, text or list that a repository may set for a control. `params.<name>` in its expressions."""

    __pydantic_config__: ClassVar = _EXACT
    default: Annotated[
        bool | int | str | tuple[str, ...] | tuple[int, ...],
        Doc(
            "The value unless a repository sets one; of a list named accounts, the organisation's own stand in for it."
        ),
    ]
    tighter: Annotated[
        Literal["higher", "lower", "subset", "superset", "true", "false", "none"],
        Doc(
            "Which direction is stricter; a value in the other direction is a loosening and is shown in every report. "
            "none: any change is one."
        ),
    ]
    description: str = ""


@dataclass(frozen=True, slots=True)
class Examples:
    """Property documents of the control's resource type, in CloudFormation's form, one or more per reachable verdict.

    An example may be {properties: {...}, with: {LogicalId: {Type: ..., Properties: ...}}} when it needs other
    resources; the judged resource then has the logical id "This".
    """

    __pydantic_config__: ClassVar = _EXACT
    met: tuple[Example, ...] = ()
    not_met: tuple[Example, ...] = ()
    unknown: tuple[Example, ...] = ()
    not_applicable: tuple[Example, ...] = ()
    positions: Mapping[str, tuple[Position, ...]] = field(default_factory=dict, compare=False, repr=False)  # by heading


@dataclass(frozen=True, slots=True)
class Control:
    """One check: a CEL expression over every resource of one type."""

    __pydantic_config__: ClassVar = _EXACT
    id: Annotated[str, Doc("Equals the file name without .yaml.")]
    title: Annotated[str, Doc("What holds when the control is met, as a statement.")]
    objective: Annotated[str, Doc("Id of the one objective that this control serves.")]
    why: Annotated[str, Doc("Which harm it prevents or which ability it gives, in one or two sentences.")]
    resource: Annotated[str, Doc("CloudFormation resource type, or an Assay:: type for facts about the organisation.")]
    require: Annotated[Cel, Doc("True when the resource satisfies the control.")]
    severity: Severity
    behavior: tuple[Behavior, ...]
    remedy: Annotated[str, Doc("What the owner changes, and what to beware of when changing it.")]
    examples: Examples
    unless: Annotated[Cel, Doc("True when the control does not apply to the resource.")] = ""
    layer: Layer = Layer.PRODUCT
    params: Mapping[str, Parameter] = field(default_factory=dict)
    max_age_days: Annotated[int, Doc("Evidence older than this counts as unknown.")] = 1
    position: Position = field(default=Position(""), compare=False)  # set by the reader, no field of the file


@dataclass(frozen=True, slots=True)
class Invariant:
    """invariants/<id>.yaml: what must be impossible, and what must still be possible: a preventive control.

    `permissions.invariants` reads the statements; here they are plain.
    """

    __pydantic_config__: ClassVar = _EXACT
    id: Annotated[str, Doc("Equals the file name without .yaml.")]
    title: Annotated[str, Doc("What holds when it is proved, as a statement.")]
    objective: Annotated[str, Doc("Id of the one objective that it serves.")]
    why: Annotated[str, Doc("Which harm it prevents, in one or two sentences.")]
    severity: Severity
    never: Annotated[
        tuple[Mapping[str, Any], ...],
        Doc(
            "Requests that must not get through, as Action, NotAction, Resource, NotResource, Condition of a policy; "
            "{way: name, all: [...]} when only all of several together do harm."
        ),
    ]
    still: Annotated[tuple[Mapping[str, Any], ...], Doc("Requests that must get through, so that no proof is empty.")]
    side: Annotated[
        Literal["principal", "resource", "identity", "trust", "policy"],
        Doc(
            "principal: whoever is in our accounts, under SCPs; resource: outsiders at our resources, under RCPs; "
            "identity: each role and user with its own policies; trust: who may become a role; policy: who is let in "
            "by the policy of a resource."
        ),
    ] = "principal"
    resources: Annotated[tuple[str, ...], Doc("Resource types whose policies are asked about, for side: policy.")] = ()
    callers: Annotated[
        Literal["anybody", "strangers", "providers", "services"],
        Doc("Whom a question about trust or a policy is about. strangers: outside of the organisation."),
    ] = "anybody"
    exempt: Annotated[tuple[str, ...], Doc("Patterns of ARNs of principals whom `never` is not about.")] = ()
    repair: Annotated[str, Doc("What to change when it falls.")] = ""
    max_age_days: Annotated[int, Doc("Evidence older than this counts as unknown.")] = 1
    position: Position = field(default=Position(""), compare=False)  # set by the reader, no field of the file
    places: Mapping[Any, Any] = field(default_factory=dict, compare=False, repr=False)  # path → (line, column)


@dataclass(frozen=True, slots=True)
class Objective:
    """A control objective: what must be true of a workload or the organisation, and why."""

    __pydantic_config__: ClassVar = _EXACT
    id: str
    title: str
    statement: Annotated[str, Doc("What must be true, in terms of the outcome, not of a product.")]
    domain: Domain
    scope: Scope
    layer: Layer
    measure: Annotated[str, Doc("What is counted, over which population.")] = ""
    target: Annotated[str, Doc("The value of the measure at which the objective is met.")] = ""
    applies: Annotated[Cel, Doc("True for the workloads that need it, over `workload`; empty: every workload.")] = ""
    threats: Annotated[
        tuple[str, ...],
        Doc("What an adversary or accident does when it is not met: ATT&CK technique ids or sentences."),
    ] = ()
    stages: Annotated[tuple[str, ...], Doc("Stages where it must hold; empty: all.")] = ()
    position: Position = field(default=Position(""), compare=False)


@dataclass(frozen=True, slots=True)
class Requirement:
    """One item of a framework."""

    __pydantic_config__: ClassVar = _EXACT
    title: str
    objectives: tuple[str, ...] = ()
    controls: tuple[str, ...] = ()
    outside: Annotated[str, Doc("Why software cannot answer it, when it has neither objective nor control.")] = ""
    baselines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Framework:
    """A set of requirements that somebody demands."""

    __pydantic_config__: ClassVar = _EXACT
    id: str
    title: str
    version: str
    source: Annotated[str, Doc("Where the official text is.")]
    drivers: Annotated[
        tuple[str, ...], Doc("Drivers of workloads that it answers: data classes, contracts, jurisdictions, `any`.")
    ]
    requirements: Mapping[str, Requirement]
    position: Position = field(default=Position(""), compare=False)


@dataclass(frozen=True, slots=True)
class RequirementText:
    """What the publisher says of one requirement."""

    __pydantic_config__: ClassVar = _EXACT
    title: str
    text: str = ""
    withdrawn: Annotated[bool, Doc("True: no longer demanded; kept so that the count is the publisher's.")] = False


@dataclass(frozen=True, slots=True)
class FrameworkTexts:
    """frameworks/<id>.texts.yaml: the official texts of a framework's requirements, written by an import."""

    __pydantic_config__: ClassVar = _EXACT
    id: Annotated[str, Doc("Id of the framework.")]
    source: Annotated[str, Doc("The publisher's file, its version and its SHA-256.")]
    requirements: Mapping[str, RequirementText]
    position: Position = field(default=Position(""), compare=False)


@dataclass(frozen=True, slots=True)
class Account:
    """One AWS account."""

    __pydantic_config__: ClassVar = _EXACT
    id: Annotated[str, Doc("Twelve digits, quoted.")]
    name: str
    ou: Annotated[str, Doc('Path of the organisational unit, such as "Workloads/Prod"; "Root" for none.')]
    stage: str = ""
    purpose: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Appetite:
    """What the organisation tolerates in one workload of a tier. More of it asks for a decision; no verdict changes."""

    __pydantic_config__: ClassVar = _EXACT
    not_met: Annotated[
        Mapping[Severity, NotNegative],
        Doc("severity → evaluations that may be not met; of a severity that is not named, any number."),
    ] = field(default_factory=dict)
    unknown: Annotated[NotNegative | None, Doc("Evaluations that may be unknown; none given: any number.")] = None


@dataclass(frozen=True, slots=True)
class Enforcement:
    """Where an invariant is enforced by guardrails, and how far its introduction is."""

    __pydantic_config__: ClassVar = _EXACT
    state: Annotated[
        Literal["observe", "warn", "enforce"],
        Doc("observe: replayed on recorded events only; warn: announced to whom it would deny; enforce: attached."),
    ] = "enforce"
    at: Annotated[
        tuple[str, ...], Doc('Nodes: "Root", paths of organisational units, account ids; it binds what is below.')
    ] = ("Root",)


@dataclass(frozen=True, slots=True)
class Organisation:
    """organisation.yaml: the organisation as AWS Organizations has it, and what it holds itself to."""

    __pydantic_config__: ClassVar = _EXACT
    id: Annotated[str, Doc("o-…")]
    name: str
    management_account: str
    organisational_units: tuple[str, ...]
    accounts: tuple[Account, ...]
    stages: Annotated[tuple[str, ...], Doc("In order of promotion; the last one is production.")]
    regions: Annotated[tuple[str, ...], Doc("Regions in use.")]
    frameworks: Annotated[tuple[str, ...], Doc("Ids of the frameworks that it has adopted.")] = ()
    parameters: Annotated[Mapping[str, Mapping[str, Any]], Doc("control id → parameter → value.")] = field(
        default_factory=dict
    )
    contacts: Mapping[str, str] = field(default_factory=dict)
    appetite: Annotated[
        Mapping[Tier, Appetite], Doc("tier → what may be open in each workload of that tier without a decision.")
    ] = field(default_factory=dict)
    principals: Annotated[
        Mapping[str, tuple[str, ...]],
        Doc(
            "Name of a part, such as break-glass, pipeline or administrators → patterns of the ARNs of those who have "
            "it. Invariants speak of them as {break-glass}."
        ),
    ] = field(default_factory=dict)
    boundaries: Annotated[
        tuple[str, ...], Doc("Patterns of the ARNs of the permissions boundaries beyond which nobody may reach.")
    ] = ()
    guardrails: Annotated[
        Literal["templates", "elsewhere"],
        Doc(
            "Where the SCPs and RCPs are declared. templates: all of them in the templates of platform workloads, so "
            "that where there is none nothing is guarded; elsewhere: not known whether these are all."
        ),
    ] = "elsewhere"
    enforcement: Annotated[
        Mapping[str, Enforcement],
        Doc("invariant, or attribute of EC2 → where and how far; what is not named is enforced at the root."),
    ] = field(default_factory=dict)
    position: Position = field(default=Position(""), compare=False)


@dataclass(frozen=True, slots=True)
class Templates:
    """Where a workload's templates or Terraform plans lie and what they are deployed with."""

    __pydantic_config__: ClassVar = _EXACT
    path: Annotated[
        str, Doc("File, folder or glob of templates, or of plans in JSON, relative to the workload's file.")
    ]
    parameters: Annotated[Mapping[str, Mapping[str, Any]], Doc("stage → parameter → value.")] = field(
        default_factory=dict
    )
    region: str = ""


@dataclass(frozen=True, slots=True)
class Workload:
    """A workload: its profile, which decides the objectives that apply, and where its facts are."""

    __pydantic_config__: ClassVar = _EXACT
    id: str
    title: str
    owner: str
    purpose: str = ""
    platform: Annotated[
        bool, Doc("True: it provides controls to all other workloads (log archive, identity, ...).")
    ] = False
    tier: Tier = "medium"
    data_classes: tuple[str, ...] = ()
    exposure: Exposure = "internal"
    jurisdictions: tuple[str, ...] = ()
    contracts: tuple[str, ...] = ()
    accounts: Annotated[Mapping[str, str], Doc("stage → account id.")] = field(default_factory=dict)
    templates: tuple[Templates, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    position: Position = field(default=Position(""), compare=False)


@dataclass(frozen=True, slots=True)
class ExceptionScope:
    """What an exception covers; every given field must match. At least one is given."""

    __pydantic_config__: ClassVar = _EXACT
    workload: str = ""
    control: str = ""
    objective: str = ""
    resource: Annotated[str, Doc("Glob over the resource's name.")] = ""
    stage: str = ""


@dataclass(frozen=True, slots=True)
class ApprovedException:
    """An approved exception: laid over a verdict, never hiding it, until it expires by the clock."""

    __pydantic_config__: ClassVar = _EXACT
    id: str
    scope: ExceptionScope
    reason: str
    compensating_control: Annotated[str, Doc("What limits the risk meanwhile.")]
    requester: str
    approver: Annotated[str, Doc("Not the requester.")]
    approved: datetime.date
    expires: Annotated[datetime.date, Doc("The first day on which it no longer counts, UTC.")]
    position: Position = field(default=Position(""), compare=False)


@dataclass(frozen=True, slots=True)
class Duty:
    """duties/<id>.yaml: something that somebody has to do for a service to be secure."""

    __pydantic_config__: ClassVar = _EXACT
    id: str
    title: Annotated[str, Doc("What is to be done, as an order.")]
    statement: Annotated[str, Doc("What is true when it is done.")]
    objectives: Annotated[tuple[str, ...], Doc("Ids of the objectives that it belongs to.")]
    always: Annotated[Party | Literal[""], Doc("Whose it is with every service; empty: it depends on the service.")] = (
        ""
    )
    position: Position = field(default=Position(""), compare=False)


@dataclass(frozen=True, slots=True)
class Service:
    """One service in its class, and where it differs from the class."""

    __pydantic_config__: ClassVar = _EXACT
    title: str
    types: Annotated[
        tuple[str, ...], Doc("Resource types of it, `*` for any rest; without them, all of AWS::<name of the service>.")
    ] = ()
    duties: Annotated[Mapping[str, Party], Doc("Duties that lie with somebody else than in its class.")] = field(
        default_factory=dict
    )
    without: Annotated[tuple[str, ...], Doc("Duties of the class that do not arise with it.")] = ()
    notes: Annotated[Mapping[str, str], Doc("duty → what to know of how it is divided.")] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ServiceClass:
    """responsibilities/<id>.yaml: services with which the duties are divided alike between provider and customer."""

    __pydantic_config__: ClassVar = _EXACT
    id: str
    title: str
    duties: Annotated[Mapping[str, Party], Doc("duty → whose it is. A duty that is not named does not arise.")]
    services: Annotated[Mapping[str, Service], Doc("Name of the service, as in AWS::<name>::… → the service.")]
    position: Position = field(default=Position(""), compare=False)


@dataclass(frozen=True, slots=True)
class ProviderReport:
    """provider-reports/<id>.yaml: an audit report of the provider, as AWS Artifact lists it. Its text stays there."""

    __pydantic_config__: ClassVar = _EXACT
    id: str
    title: str
    series: Annotated[str, Doc("What its versions have in common, such as SOC 2.")]
    version: int
    period_start: datetime.date
    period_end: Annotated[datetime.date, Doc("The last day that it speaks for; afterwards it backs nothing.")]
    services: Annotated[tuple[str, ...], Doc("Services in its scope, by their names in the register.")]
    acceptance: Annotated[
        Literal["passthrough", "explicit"], Doc("explicit: its terms must be accepted before anybody may rely on it.")
    ]
    accepted_by: Annotated[str, Doc("Who accepted its terms.")] = ""
    source: Annotated[str, Doc("Where it lies.")] = ""
    position: Position = field(default=Position(""), compare=False)


@dataclass(frozen=True, slots=True)
class Technology:
    """technologies/<id>.yaml: software that people run themselves and could have as a managed service.

    Names are globs, matched without regard to case.
    """

    __pydantic_config__: ClassVar = _EXACT
    id: str
    title: str
    kind: Annotated[str, Doc("What it is: database, cache, message broker, …")]
    managed: Annotated[Mapping[str, str], Doc("Service of the register → what of it would take its place.")]
    images: Annotated[
        tuple[str, ...], Doc("Repositories of container images: the last part of the name, or the last two with a /.")
    ] = ()
    packages: Annotated[
        Mapping[Literal["any", "apt", "yum", "apk", "zypper", "choco"], tuple[str, ...]],
        Doc("Package manager, or any → packages that are the server, not a client of it."),
    ] = field(default_factory=dict)
    units: Annotated[tuple[str, ...], Doc("System services that are started.")] = ()
    commands: Annotated[tuple[str, ...], Doc("Beginnings of commands that set it up, such as `kubeadm init`.")] = ()
    machine_images: Annotated[tuple[str, ...], Doc("Names of machine images, or of parameters that hold one.")] = ()
    ports: Annotated[tuple[int, ...], Doc("Ports on which it listens by custom: weak evidence.")] = ()
    position: Position = field(default=Position(""), compare=False)
