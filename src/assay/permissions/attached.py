"""Guardrails as they would be attached: which of them bind a request, and why none does."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from assay.governance.units import ROOT
from assay.permissions.evaluate import Setting, rcps_bind, scps_bind
from assay.permissions.guardrails import FULL_ACCESS, Guardrails
from assay.permissions.policy import Kind, Policy
from assay.permissions.quotas import RCP_SERVICES
from assay.permissions.request import CallerKind, Organisation, Request

ORGANISATION_KEY: Final = "aws:principalorgid"


def is_covered(action: str) -> bool:
    """Return whether an action is of a service whose resources RCPs bind."""
    return action.partition(":")[0].lower() in RCP_SERVICES


@dataclass(frozen=True)
class Attached:
    """Guardrails as they would be attached.

    organisation  None: nobody said; then every account is one of ours, and none is the management account.
    units         account → path of its organisational unit.
    full_access   False: where a policy is attached, the one that AWS attaches everywhere is not.
    """

    guardrails: Guardrails
    organisation: Organisation | None = None
    units: Mapping[str, str] = field(default_factory=dict)
    full_access: bool = True

    @cached_property
    def policies(self) -> tuple[Policy, ...]:
        """All of them."""
        return tuple(each.policy for each in self.guardrails.found)

    def levels(self, kind: Kind, account: str) -> tuple[tuple[Policy, ...], ...]:
        """Return the policies at each level above an account."""
        known = self._levels.get((kind, account))
        if known is None:
            levels = self.guardrails.levels(kind, account, self.units.get(account, ROOT))
            known = tuple(each if self.full_access or len(each) == 1 else each[1:] for each in levels)
            self._levels[kind, account] = known
        return known

    @cached_property
    def _levels(self) -> dict[tuple[Kind, str], tuple[tuple[Policy, ...], ...]]:
        return {}

    @cached_property
    def idle(self) -> tuple[str, ...]:
        """The names of policies that deny nothing: what they allow, the one that AWS attaches allows already."""
        denying = {each.name for each in self.guardrails.found if any(not one.allow for one in each.policy.statements)}
        return tuple(each.name for each in self.guardrails.found if self.full_access and each.name not in denying)

    @cached_property
    def organisations(self) -> frozenset[str] | None:
        """The ids that the policies compare the caller's organisation with; None when they do more with it."""
        statements = [each for one in self.policies for each in one.statements]
        conditions = [each for one in statements for each in one.conditions]
        patterns = [each for one in statements for each in one.resources]
        patterns += [each for one in conditions for each in one.values]
        asked = [each for one in conditions if one.key == ORGANISATION_KEY for each in one.values]
        filled_in = any(variable.key == ORGANISATION_KEY for each in patterns for variable in each.variables)
        more = filled_in or any(each.glob.literal is None for each in asked)
        return None if more else frozenset(each.text for each in asked)

    @cached_property
    def kinds(self) -> frozenset[Kind]:
        """The kinds of policies among them, also of those that could not be read."""
        return frozenset(each.kind for each in self.policies) | {
            kind for kind, gaps in self.guardrails.gaps.items() if gaps
        }

    def unread(self, request: Request) -> tuple[str, ...]:
        """Return what could not be read of the policies that bind a request, in words."""
        kinds = [
            each for each in sorted(self.kinds) if self.guardrails.gaps.get(each) and not self._unbound(each, request)
        ]
        return tuple(f"a part of the {each.value.upper()}s could not be read" for each in kinds)

    def unbound(self, request: Request) -> str:
        """Return why no guardrail binds a request, "" when one does or may."""
        reasons = [self._unbound(kind, request) for kind in sorted(self.kinds)]
        return "" if "" in reasons else "; ".join(dict.fromkeys(reasons)) or "there is no guardrail"

    def _unbound(self, kind: Kind, request: Request) -> str:
        caller, scp = request.caller, kind is Kind.SCP
        if not scp and not is_covered(request.action):
            return "a service whose resources RCPs do not cover"
        if caller.service_linked:
            return "a service-linked role"
        if scp and not caller.account:
            return "a service" if caller.kind is CallerKind.SERVICE else "a caller without an account"
        account = caller.account if scp else request.owner
        if self.organisation and account and account == self.organisation.management:
            return "the management account" if scp else "a resource of the management account"
        if self.organisation and account and account not in self.organisation:
            return f"the account {account}, which the organisation does not list"
        binds = scps_bind if scp else rcps_bind
        return "" if binds(request) else f"a request that {kind.value.upper()}s do not bind"

    def settings(self, request: Request) -> tuple[Setting, ...]:
        """Return the policies that decide a request; of one whose owner is not known, the fewest and the most."""
        binds = {kind: kind in self.kinds and not self._unbound(kind, request) for kind in FULL_ACCESS}
        scps = self.levels(Kind.SCP, request.caller.account) if binds[Kind.SCP] else ()
        rcps = self.levels(Kind.RCP, request.owner) if binds[Kind.RCP] else ()
        setting = Setting((FULL_ACCESS[Kind.SCP],), resource=FULL_ACCESS[Kind.RCP], scps=scps, rcps=rcps)
        if binds[Kind.RCP] and self.organisation and not request.owner:
            every = tuple(each for each in self.policies if each.kind is Kind.RCP)
            return replace(setting, rcps=()), replace(setting, rcps=((FULL_ACCESS[Kind.RCP], *every),))
        return (setting,)
