"""The decision on one request by all policies that apply to it.

Sources: IAM user guide, "Policy evaluation logic" (single account, cross-account, explicit and implicit denies) and
Organizations user guide, "SCP evaluation", "RCP evaluation". What those pages leave open is in `ASSUMPTIONS`.
"""

import enum
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from assay.permissions.kleene import Kleene, every, opposite, some
from assay.permissions.matching import Reach, Unknowns, applies, reach
from assay.permissions.policy import Policy, Statement
from assay.permissions.quotas import RCP_SERVICES
from assay.permissions.request import CallerKind, Request

ASSUMPTIONS: Final = (
    "a principal * of a resource policy reaches the session itself, so that boundaries do not limit it in one account",
    "a resource policy that names only the account delegates: a policy of the identity must allow as well",
    "the resource is of the service that the action names",
)


class Outcome(enum.StrEnum):
    """What IAM answers."""

    ALLOWED = "allowed"
    DENIED = "denied"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True)
class Setting:
    """The policies that apply to a request.

    scps, rcps  Levels from the root to the account, each with the policies attached there; () when there are none.
                SCPs of the caller's account, RCPs of the resource's.
    session     None: the session was made without a policy.
    """

    identity: tuple[Policy, ...] = ()
    boundary: Policy | None = None
    session: tuple[Policy, ...] | None = None
    resource: Policy | None = None
    scps: tuple[tuple[Policy, ...], ...] = ()
    rcps: tuple[tuple[Policy, ...], ...] = ()
    endpoint: Policy | None = None


@dataclass(frozen=True)
class Decision:
    """The answer, in words why, and the statements that decide. `unknown`: what would have to be known."""

    outcome: Outcome
    why: str
    statements: tuple[Statement, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass
class _Layers:
    """The statements of a setting's policies that apply, each with whether it surely does."""

    request: Request
    unknowns: Unknowns = field(default_factory=Unknowns)
    applied: dict[int, tuple[Statement, Kleene]] = field(default_factory=dict)

    def verdict(self, statement: Statement) -> Kleene:
        """Return whether a statement applies, its principal included."""
        found = self.applied.get(id(statement))
        if found is None:
            at = reach(statement, self.request.caller, self.unknowns)
            named = None if at is None else at is not Reach.NONE
            found = (statement, False if named is False else every((named, applies(*self._arguments(statement)))))
            self.applied[id(statement)] = found
        return found[1]

    def _arguments(self, statement: Statement) -> tuple[Statement, Request, Unknowns]:
        return statement, self.request, self.unknowns

    def allowed(self, policies: Iterable[Policy], reaching: Callable[[Reach | None], Kleene] | None = None) -> Kleene:
        """Return whether one Allow applies; `reaching`: only those that reach the caller so."""
        return some(
            self.verdict(each)
            if reaching is None
            else every((self.verdict(each), reaching(reach(each, self.request.caller, self.unknowns))))
            for policy in policies
            for each in policy.statements
            if each.allow
        )

    def denied(self, policies: Iterable[Policy]) -> Kleene:
        """Return whether one Deny applies."""
        return some(self.verdict(each) for policy in policies for each in policy.statements if not each.allow)


def decide(request: Request, setting: Setting) -> Decision:
    """Return the decision on a request."""
    layers = _Layers(request)
    gates = _gates(request, setting)
    policies = [policy for _, gate in gates for policy in gate]
    granting = [*setting.identity, *(setting.session or ())]
    granting += [each for each in (setting.boundary, setting.resource) if each is not None]
    denied = layers.denied([*policies, *granting])
    passed = [(name, layers.allowed(gate)) for name, gate in gates]
    granted = _granted(request, setting, layers)
    result = every((opposite(denied), *(each for _, each in passed), granted))
    return _explain(result, denied, passed, granted, layers)


def _gates(request: Request, setting: Setting) -> list[tuple[str, Sequence[Policy]]]:
    """Return what must each allow besides the grant: every level of SCPs and RCPs that binds, and the endpoint."""
    gates: list[tuple[str, Sequence[Policy]]] = []
    if scps_bind(request):
        gates += [(f"the SCPs at level {level}", each) for level, each in enumerate(setting.scps, 1)]
    if rcps_bind(request):
        gates += [(f"the RCPs at level {level}", each) for level, each in enumerate(setting.rcps, 1)]
    if setting.endpoint is not None:
        gates.append(("the endpoint policy", (setting.endpoint,)))
    return gates


def scps_bind(request: Request) -> bool:
    """Return whether SCPs bind the caller: principals of member accounts, but no service-linked roles."""
    management = request.organisation.management if request.organisation else ""
    caller = request.caller
    return bool(caller.account) and caller.account != management and not caller.service_linked


def rcps_bind(request: Request) -> bool:
    """Return whether RCPs bind: resources of member accounts, of covered services, but no service-linked roles."""
    management = request.organisation.management if request.organisation else ""
    covered = request.action.partition(":")[0].lower() in RCP_SERVICES
    return covered and not (management and request.owner == management) and not request.caller.service_linked


def _granted(request: Request, setting: Setting, layers: _Layers) -> Kleene:
    """Return whether identity and resource policies grant, before every gate and Deny."""
    caller = request.caller
    own = [] if setting.resource is None else [setting.resource]
    if not caller.account:
        return layers.allowed(own)
    limited = every(
        (
            True if setting.boundary is None else layers.allowed((setting.boundary,)),
            True if setting.session is None else layers.allowed(setting.session),
        )
    )
    # The root user needs no policy of its own.
    identity = True if caller.kind is CallerKind.ROOT else layers.allowed(setting.identity)
    through_identity = every((identity, limited))
    named = layers.allowed(own)
    across = every((through_identity, named))
    direct = layers.allowed(own, lambda at: None if at is None else at is Reach.DIRECT)
    role = layers.allowed(own, lambda at: None if at is None else at is Reach.ROLE)
    by_resource = some((direct, every((role, limited))))
    within = some((by_resource, across if needs_resource_policy(request) else through_identity))
    if request.owner:
        return within if request.owner == caller.account else across
    if within != across:
        return layers.unknowns.because("which account owns the resource")
    return within


def needs_resource_policy(request: Request) -> bool:
    """Return whether the resource's policy must allow even in one account: KMS keys and the trust of roles."""
    service, _, name = request.action.lower().partition(":")
    on_key = service == "kms" and ":key/" in request.resource
    return on_key or (service == "sts" and name.startswith("assumerole"))


def _explain(
    result: Kleene, denied: Kleene, passed: Sequence[tuple[str, Kleene]], granted: Kleene, layers: _Layers
) -> Decision:
    unknown = tuple(sorted(layers.unknowns.reasons))
    allows = tuple(each for each, verdict in layers.applied.values() if verdict and each.allow)
    if result:
        return Decision(Outcome.ALLOWED, "an Allow applies and no Deny", allows)
    if denied:
        deciding = tuple(each for each, verdict in layers.applied.values() if verdict and not each.allow)
        return Decision(Outcome.DENIED, "explicitly denied", deciding)
    if result is False:
        closed = next((name for name, each in passed if each is False), "")
        why = f"{closed} do not allow it" if closed else "no policy grants it"
        return Decision(Outcome.DENIED, f"implicitly denied: {why}")
    maybe = tuple(each for each, verdict in layers.applied.values() if verdict is None)
    return Decision(Outcome.UNDETERMINED, "it depends on what is not known", maybe, unknown)


def allows(policies: Iterable[Policy], request: Request, unknowns: Unknowns | None = None) -> Kleene:
    """Return whether these policies together allow a request: one Allow applies and no Deny; whatever else applies."""
    layers = _Layers(request, unknowns or Unknowns())
    group = tuple(policies)
    return every((opposite(layers.denied(group)), layers.allowed(group)))


def applying(policies: Iterable[Policy], request: Request) -> tuple[Statement, ...]:
    """Return the statements that surely cover a request."""
    layers = _Layers(request)
    return tuple(each for policy in policies for each in policy.statements if layers.verdict(each))


def covers(statement: Statement, request: Request) -> Kleene:
    """Return whether a statement, its principal included, covers a request."""
    return _Layers(request).verdict(statement)
