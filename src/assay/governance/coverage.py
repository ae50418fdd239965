"""How much of what is demanded has an answer: frameworks by requirement, domains by objective, types by control."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assay.governance.knowledge import Knowledge, rests_on_provider
from assay.governance.model import Domain, Framework


@dataclass(frozen=True, slots=True)
class Coverage:
    """How a framework is answered: each requirement is in exactly one of the three.

    answered  By an objective or a control that exists.
    outside   Software cannot answer it; the framework says why.
    gaps      Nothing answers it.
    """

    answered: tuple[str, ...]
    outside: tuple[str, ...]
    gaps: tuple[str, ...]

    @property
    def total(self) -> int:
        """The number of requirements."""
        return len(self.answered) + len(self.outside) + len(self.gaps)

    def __str__(self) -> str:
        outside = f", {len(self.outside)} outside of software" if self.outside else ""
        return f"{len(self.answered)} of {self.total} answered{outside}, {len(self.gaps)} gaps"


def coverage(known: Knowledge, framework: Framework) -> Coverage:
    """Return how the framework's requirements are answered by what is known."""
    answered: list[str] = []
    outside: list[str] = []
    gaps: list[str] = []
    for key, requirement in framework.requirements.items():
        found = any(each in known.objectives for each in requirement.objectives)
        if found or any(each in known.controls for each in requirement.controls):
            answered.append(key)
        else:
            (outside if requirement.outside else gaps).append(key)
    return Coverage(tuple(answered), tuple(outside), tuple(gaps))


@dataclass(frozen=True, slots=True)
class DomainCoverage:
    """One domain: its objectives, those that neither a control nor a duty of the provider serves, and its controls."""

    domain: Domain
    objectives: tuple[str, ...]
    unserved: tuple[str, ...]
    controls: int


@dataclass(frozen=True, slots=True)
class Survey:
    """What is covered and what is not.

    frameworks  Each framework with its coverage.
    domains     All nine, those without an objective included.
    types       Resource type → number of controls that judge it.
    unjudged    Resource type → number of resources of the repository's workloads that no control looks at; empty when
                no repository was asked about.
    resources   Number of resources of the repository's workloads.
    """

    frameworks: Sequence[tuple[Framework, Coverage]]
    domains: Sequence[DomainCoverage]
    types: Mapping[str, int]
    unjudged: Mapping[str, int]
    resources: int = 0

    @property
    def controls(self) -> int:
        """The number of controls."""
        return sum(self.types.values())

    @property
    def objectives(self) -> int:
        """The number of objectives."""
        return sum(len(each.objectives) for each in self.domains)


def survey(known: Knowledge, unjudged: Mapping[str, int], resources: int) -> Survey:
    """Return what the knowledge covers."""
    serving = Counter(each.control.objective for each in known.controls.values())
    return Survey(
        frameworks=[(each, coverage(known, each)) for each in known.frameworks.values()],
        domains=[_domain(known, domain, serving) for domain in Domain],
        types=dict(sorted(Counter(each.control.resource for each in known.controls.values()).items())),
        unjudged=unjudged,
        resources=resources,
    )


def _domain(known: Knowledge, domain: Domain, serving: Mapping[str, int]) -> DomainCoverage:
    objectives = tuple(name for name, each in known.objectives.items() if each.objective.domain is domain)
    unserved = tuple(each for each in objectives if not serving.get(each) and not rests_on_provider(known, each))
    return DomainCoverage(domain, objectives, unserved, sum(serving.get(each, 0) for each in objectives))
