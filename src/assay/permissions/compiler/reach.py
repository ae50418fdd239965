"""Whom guardrails bind, and whom they do not: accounts elsewhere in the tree, and what AWS leaves out.

Sources: Organizations user guide, "Service control policies" and "Resource control policies": the management account,
service-linked roles, and services whose resources RCPs do not cover.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assay.governance.units import is_under
from assay.permissions.policy import Kind
from assay.permissions.quotas import RCP_SERVICES
from assay.permissions.request import Organisation


@dataclass(frozen=True)
class Reach:
    """The member accounts that are bound and those that are not, and in words what is bound in no account."""

    bound: tuple[str, ...]
    unbound: tuple[str, ...]
    never: tuple[str, ...]


def reach(kind: Kind, nodes: Iterable[str], organisation: Organisation, units: Mapping[str, str]) -> Reach:
    """Return the reach of a guardrail that is attached at these nodes. units: member account → its unit."""
    listed = tuple(nodes)
    bound = tuple(account for account, unit in sorted(units.items()) if is_under(account, unit, listed))
    return Reach(bound, tuple(sorted(units.keys() - set(bound))), never_bound(kind, organisation))


def never_bound(kind: Kind, organisation: Organisation) -> tuple[str, ...]:
    """Return what no guardrail of a kind binds, wherever it is attached."""
    management = f"the management account {organisation.management}" if organisation.management else ""
    linked = "service-linked roles"
    if kind is Kind.RCP:
        services = ", ".join(sorted(RCP_SERVICES))
        return tuple(filter(None, (management, linked, f"resources of services other than {services}")))
    outsiders = "principals of other organisations, and services that act for themselves"
    return tuple(filter(None, (management, linked, outsiders)))
