"""One name for one resource of AWS, whoever describes it: "<account>/<region>/<type>/<identifier>".

Sources call a resource by what they know it by: AWS Config by an id of its own (AROA… for a role), Cloud Control by the
schema's primary identifier. Where a description states the primary identifier, that is the name; where it does not, the
source's name stays. Resources of global services are of the region "global", whichever region was asked.
"""

from dataclasses import replace

from assay.inventory.resource import Resource
from assay.inventory.schema import resource_schema, resource_types

GLOBAL = "global"

# Services with one endpoint for all regions; what they have is answered the same wherever it is asked for.
# https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html
_GLOBAL_SERVICES = frozenset(
    {"Account", "Budgets", "CE", "CUR", "CloudFront", "IAM", "Organizations", "Route53", "Shield", "WAF"}
)
_GLOBAL_TYPES = frozenset(
    {
        "AWS::GlobalAccelerator::Accelerator",
        "AWS::NetworkManager::GlobalNetwork",
        # Set once for an account, and collected where CloudFormation has no type.
        "Assay::AccountPublicAccessBlock",
        "Assay::PasswordPolicy",
        "Assay::RootUser",
        "Assay::SecurityContact",
    }
)


# What they have is the organisation's, and is answered in its management account.
_ORGANISATION_SERVICES = frozenset({"ControlTower", "IdentityStore", "Organizations", "SSO"})


def is_of_organisation(kind: str) -> bool:
    """Whether resources of a type belong to an organisation as a whole, and not to each of its accounts."""
    return _service(kind) in _ORGANISATION_SERVICES


def is_global(kind: str) -> bool:
    """Whether resources of a type belong to an account, and to no region of it."""
    return _service(kind) in _GLOBAL_SERVICES or kind in _GLOBAL_TYPES


def _service(kind: str) -> str:
    return kind.split("::")[1] if kind.startswith("AWS::") and kind.count("::") > 1 else ""


def identified(resource: Resource) -> Resource:
    """Return a live resource under its one name; its region is "global" when its type is."""
    origin = resource.origin
    region = GLOBAL if is_global(resource.type) else origin.region
    prefix = f"{origin.account}/{origin.region}/{resource.type}/"
    identifier = _primary(resource) or resource.id.removeprefix(prefix)
    identity = f"{origin.account}/{region}/{resource.type}/{identifier}"
    return replace(resource, id=identity, origin=replace(origin, region=region))


def _primary(resource: Resource) -> str:
    """Return the primary identifier as Cloud Control writes it, its parts joined by "|"; "" when one is not stated."""
    if resource.type not in resource_types():
        return ""
    parts: list[str] = []
    for name in resource_schema(resource.type).primary_identifier:
        found = resource.properties.get(name)
        if not isinstance(found, str) or not found:
            return ""
        parts.append(found)
    return "|".join(parts)
