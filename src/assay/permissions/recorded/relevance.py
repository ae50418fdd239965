"""What of an event can matter to some policies: events alike in that are decided once.

Only statements that cover the action matter; of the rest of an event, what these statements look at.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field

from assay.permissions.globs import disjoint, glob, within
from assay.permissions.matching import action_covered
from assay.permissions.patterns import Pattern
from assay.permissions.policy import Policy, Statement
from assay.permissions.recorded.actions import action_of
from assay.permissions.recorded.catalogue import action_named, is_service
from assay.permissions.recorded.passing import PASS_ROLE, passed_roles, passes_roles
from assay.permissions.recorded.requests import traces
from assay.permissions.recorded.resources import resource_of
from assay.sources.cloudtrail import Event

_CALL = tuple[str, str, bool]


@dataclass(frozen=True, slots=True)
class Relevance:
    """What matters of the events that ask for one action.

    unclear  Why the policies' answer depends on the name of the action, which is not certain; "" when it does not.
    """

    action: str
    looks: tuple[Callable[[Event], Hashable], ...]
    unclear: str = ""


@dataclass
class Relevances:
    """What matters to some policies, by operation.

    owners  Whether it matters to these actions who owns the resource, whatever the policies say.
    """

    policies: Sequence[Policy]
    owners: Callable[[str], bool] = lambda _: False
    _found: dict[_CALL, Relevance] = field(default_factory=dict)

    def key(self, event: Event) -> tuple[Relevance, Hashable]:
        """Return what matters in general, and the part of this event that does: equal parts are decided alike."""
        # An operation on a version of an object is another action.
        call = (event.source, event.name, bool(event.request.get("versionId")))
        found = self._found.get(call)
        if found is None:
            found = self._found[call] = self._relevance(event)
        who = event.identity
        caller = (who.type, who.issuer or who.arn, who.account, who.invoked_by, who.session, who.mfa, who.provider)
        return found, (call, caller, event.account, event.region, *[look(event) for look in found.looks])

    def _relevance(self, event: Event) -> Relevance:
        action = action_of(event)
        covering = [each for one in self.policies for each in one.statements if action_covered(each, action)]
        looks = {look: None for each in covering for key in _keys(each) for look in traces(action, key)}
        if self.owners(action) or any(_about_resources(each) for each in covering):
            looks[_resource_look(action, covering)] = None
        if passes_roles(action):
            passing = [each for one in self.policies for each in one.statements if action_covered(each, PASS_ROLE)]
            looks |= {look: None for each in passing for key in _keys(each) for look in traces(PASS_ROLE, key)}
            if passing:
                looks[lambda event: passed_roles(event, action)] = None
        return Relevance(action, tuple(looks), self._unclear(action))

    def _unclear(self, action: str) -> str:
        if action_named(action) is not None:
            return ""
        prefix = action.partition(":")[0]
        may_be = glob(f"{prefix}:*" if is_service(prefix) else "*", folded=True)
        for policy in self.policies:
            for each in policy.statements:
                for pattern in each.actions:
                    if not disjoint(may_be, pattern.glob) and not within(may_be, pattern.glob):
                        return f"the catalogue has no action {action}, and {each} names actions that it may be"
        return ""


def _resource_look(action: str, statements: Iterable[Statement]) -> Callable[[Event], Hashable]:
    """Return what of an event's resource matters: who owns it and which patterns match, where that can be told."""
    patterns = {each: None for one in statements for each in one.resources if not each.whole}
    varying = any(each.variables for each in patterns)
    globs = tuple(each.glob for each in patterns)

    def look(event: Event) -> Hashable:
        asked = resource_of(event, action)
        if varying or asked.pattern:
            return asked
        owner = asked.account or ":".join(asked.arn.split(":", 5)[4:5])
        return owner, *[each.matches(asked.arn) for each in globs]

    return look


def _keys(statement: Statement) -> set[str]:
    """Return the keys, in lower case, that a statement looks at."""
    patterns = [*statement.resources, *(each for one in statement.conditions for each in one.values)]
    return {one.key for one in statement.conditions} | _variables(patterns)


def _variables(patterns: Iterable[Pattern]) -> set[str]:
    return {variable.key for each in patterns for variable in each.variables}


_OF_RESOURCES = ("aws:resource", "s3:resourceaccount")


def _about_resources(statement: Statement) -> bool:
    everywhere = not statement.not_resources and all(each.whole for each in statement.resources)
    return not everywhere or any(each.startswith(_OF_RESOURCES) for each in _keys(statement))
