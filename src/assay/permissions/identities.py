"""The roles and users of an inventory with everything that says what they may do and who may become them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from assay.inventory.resource import Inventory, Resource
from assay.inventory.values import Path, Unknown, Value
from assay.permissions import managed
from assay.permissions.policy import Kind, Policy
from assay.permissions.readings import Reading, read_document, unknown

ROLE: Final = "AWS::IAM::Role"
USER: Final = "AWS::IAM::User"
_GROUP: Final = "AWS::IAM::Group"
_POLICY: Final = "AWS::IAM::ManagedPolicy"
POLICIES_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "AWS::S3::Bucket": ("Policy",),
    "AWS::SQS::Queue": ("Policy",),
    "AWS::SNS::Topic": ("Policy",),
    "AWS::KMS::Key": ("KeyPolicy",),
    "AWS::SecretsManager::Secret": ("ResourcePolicy", "Policy"),
    "AWS::ECR::Repository": ("RepositoryPolicyText",),
}
"""Where the policy of a resource stands, by its type."""


OWN_NAME: Final = "${aws:username}"


@dataclass(frozen=True)
class Identity:
    """One role or user.

    arn       "" when its name is given only at deployment.
    policies  Identity policies, those of its groups included.
    boundary  None: it has none.
    """

    resource: Resource
    arn: str
    policies: tuple[Reading, ...]
    boundary: Reading | None

    @property
    def account(self) -> str:
        """The account that it is in, "" when not known."""
        return self.resource.origin.account

    @property
    def holes(self) -> tuple[str, ...]:
        """What is not known of its policies."""
        mine = (*self.policies, *((self.boundary,) if self.boundary else ()))
        return tuple(dict.fromkeys(hole for each in mine for hole in each.holes))

    def groups(self, *, widest: bool) -> tuple[tuple[Policy, ...], ...] | None:
        """Return the groups of policies that must each allow; None: perhaps it is allowed nothing."""
        readings = [each.wide if widest else each.narrow for each in self.policies]
        kept = tuple(each for each in readings if each is not None and each.statements)
        if not kept:
            return None
        if self.boundary is None:
            return (kept,)
        limit = self.boundary.wide if widest else self.boundary.narrow
        return None if limit is None else (kept, (limit,))


def identity(resource: Resource, inventory: Inventory) -> Identity:
    """Return what is known of a role or user."""
    policies = tuple(_policies(resource, inventory, resource))
    return Identity(resource, arn_of(resource), policies, _boundary(resource, inventory))


def trust(resource: Resource, inventory: Inventory) -> Reading:
    """Return the trust policy of a role."""
    return _at(resource, ("AssumeRolePolicyDocument",), Kind.RESOURCE, inventory)


def policy_of(resource: Resource, inventory: Inventory) -> Reading | None:
    """Return the policy of a resource, None when it has none."""
    path = next((each for each in POLICIES_OF[resource.type] if each in resource.properties), "")
    return _at(resource, (path,), Kind.RESOURCE, inventory) if path else None


def own_name(user: Resource) -> str:
    """Return a user's name; of one that gets its name at deployment, what it is called in the template."""
    stated = user.properties.get("UserName")
    return stated if isinstance(stated, str) else user.name


def _at(resource: Resource, path: Path, kind: Kind, inventory: Inventory, user: Resource | None = None) -> Reading:
    value: Any = resource.properties
    for step in path:
        value = value[step] if isinstance(step, int) else value.get(step)
    if value is None:
        return unknown(kind, f"{resource.position(path)}: {path[-1]} of {resource.name} is not stated")
    if user is not None and user.type == USER:
        value = _with_own_name(value, own_name(user))
    return read_document(value, kind, resource, path, lambda each: _named(each, resource, inventory))


def _with_own_name(value: Any, name: str) -> Any:
    """Return a policy of one user: the variable for its name is its name, which is easier to reason about."""
    match value:
        case str():
            return value.replace(OWN_NAME, name) if OWN_NAME in value else value
        case Mapping():
            return {key: _with_own_name(each, name) for key, each in value.items()}
        case list() | tuple():
            return [_with_own_name(each, name) for each in value]
        case _:
            return value


def _policies(resource: Resource, inventory: Inventory, of: Resource) -> Iterator[Reading]:
    """Yield the policies of a role, user or group, as those `of` a role or user."""
    for field in ("Policies", "AttachedPolicies", "CustomerPolicies"):
        listed = resource.properties.get(field, [])
        if not isinstance(listed, Sequence):
            yield unknown(Kind.IDENTITY, f"{resource.position((field,))}: the policies of {resource.name}")
            continue
        for index, each in enumerate(listed):
            if isinstance(each, Mapping):
                yield _at(resource, (field, index, "PolicyDocument"), Kind.IDENTITY, inventory, of)
            else:
                yield unknown(Kind.IDENTITY, f"{resource.position((field, index))}: a policy of {resource.name}")
    yield from _attached(resource, inventory, of)
    for group in _groups(resource, inventory):
        if isinstance(group, Resource):
            yield from _policies(group, inventory, of)
        else:
            yield unknown(Kind.IDENTITY, group)


def _attached(resource: Resource, inventory: Inventory, of: Resource) -> Iterator[Reading]:
    listed = resource.properties.get("ManagedPolicyArns", [])
    if not isinstance(listed, Sequence) or isinstance(listed, str):
        place = resource.position(("ManagedPolicyArns",))
        yield unknown(Kind.IDENTITY, f"{place}: the managed policies of {resource.name}")
        return
    for index, each in enumerate(listed):
        yield _managed(each, resource, ("ManagedPolicyArns", index), inventory, of)


def _managed(
    value: Value, resource: Resource, path: Path, inventory: Inventory, of: Resource, kind: Kind = Kind.IDENTITY
) -> Reading:
    """Return the managed policy that a value names: one of AWS, one of the inventory, or one that is not known."""
    if isinstance(value, str) and value.startswith(managed.PREFIX):
        document = managed.DOCUMENTS.get(value.removeprefix(managed.PREFIX))
        if document is not None:
            return read_document(document, kind, resource, path, lambda each: "")
    for found in inventory.names.find(value, _POLICY, resource.origin.position.file):
        owner = inventory.by_id.get(found)
        if owner is not None and owner.type == _POLICY and "PolicyDocument" in owner.properties:
            return _at(owner, ("PolicyDocument",), kind, inventory, of)
    said = value if isinstance(value, str) else value.reason if isinstance(value, Unknown) else "it is not decided"
    return unknown(kind, f"{resource.position(path)}: a managed policy of {resource.name}: {said}")


def _groups(user: Resource, inventory: Inventory) -> Iterator[Resource | str]:
    """Yield the groups that a user is in; in words, one that is not in the inventory."""
    if user.type != USER:
        return
    file = user.origin.position.file
    listed = user.properties.get("Groups", [])
    named: list[Value] = list(listed) if isinstance(listed, Sequence) and not isinstance(listed, str) else [listed]
    for addition in inventory.of_type("AWS::IAM::UserToGroupAddition"):
        users = addition.properties.get("Users", [])
        if isinstance(users, Sequence) and any(
            user.id in inventory.names.find(each, USER, addition.origin.position.file) for each in users
        ):
            named.append(addition.properties.get("GroupName"))
    for each in named:
        found = [inventory.by_id.get(one) for one in inventory.names.find(each, _GROUP, file)]
        group = next((one for one in found if one is not None and one.type == _GROUP), None)
        yield group or f"{user.position(('Groups',))}: the policies of a group of {user.name}: it is declared elsewhere"


def _boundary(resource: Resource, inventory: Inventory) -> Reading | None:
    value = resource.properties.get("PermissionsBoundary")
    if value is None:
        return None
    return _managed(value, resource, ("PermissionsBoundary",), inventory, resource, Kind.BOUNDARY)


# -- names -------------------------------------------------------------------------------------------------------------


def arn_of(resource: Resource, name: str = "") -> str:
    """Return the ARN of a resource, "" when its name or account is not stated. `name` stands in for a missing one."""
    account, region = resource.origin.account, resource.origin.region
    field, form = _FORMS.get(resource.type, ("", ""))
    stated = resource.properties.get(field) if field else None
    called = stated if isinstance(stated, str) else name
    if not called or not (account or "{account}" not in form):
        return ""
    path = resource.properties.get("Path", "/")
    return form.format(account=account, region=region, name=called, path=path if isinstance(path, str) else "/")


_FORMS: Final[Mapping[str, tuple[str, str]]] = {
    ROLE: ("RoleName", "arn:aws:iam::{account}:role{path}{name}"),
    USER: ("UserName", "arn:aws:iam::{account}:user{path}{name}"),
    _POLICY: ("ManagedPolicyName", "arn:aws:iam::{account}:policy{path}{name}"),
    "AWS::IAM::SAMLProvider": ("Name", "arn:aws:iam::{account}:saml-provider/{name}"),
    "AWS::S3::Bucket": ("BucketName", "arn:aws:s3:::{name}"),
    "AWS::SQS::Queue": ("QueueName", "arn:aws:sqs:{region}:{account}:{name}"),
    "AWS::SNS::Topic": ("TopicName", "arn:aws:sns:{region}:{account}:{name}"),
    "AWS::KMS::Key": ("", "arn:aws:kms:{region}:{account}:key/{name}"),
    "AWS::SecretsManager::Secret": ("Name", "arn:aws:secretsmanager:{region}:{account}:secret:{name}"),
    "AWS::ECR::Repository": ("RepositoryName", "arn:aws:ecr:{region}:{account}:repository/{name}"),
}
_BY_REF: Final = {"AWS::S3::Bucket", ROLE, USER}  # !Ref is the name; of the others here it is the ARN


def _named(value: Unknown, judged: Resource, inventory: Inventory) -> str:
    """Return what a reference stands for. A policy of a resource is about itself, whatever its name will be."""
    if value.reference is None:
        return ""
    meant = inventory.by_id.get(value.reference.resource)
    if meant is None:
        return ""
    if meant.type == "AWS::IAM::OIDCProvider":
        url = meant.properties.get("Url")
        account = meant.origin.account
        return f"arn:aws:iam::{account}:oidc-provider/{url.removeprefix('https://')}" if isinstance(url, str) else ""
    arn = arn_of(meant, meant.name.lower() if meant.id == judged.id else "")
    by_name = value.reference.attribute == "" and meant.type in _BY_REF
    return arn.rpartition(":")[2].rpartition("/")[2] if by_name else arn
