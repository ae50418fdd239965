"""Trying the requests of a plan against documents that people may have edited since: each must be decided as stated.

Everything but guardrails allows everything, so that they alone decide.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from assay.governance.units import ROOT
from assay.permissions.compiler.plan import Probe
from assay.permissions.evaluate import Decision, Outcome, Setting, decide
from assay.permissions.guardrails import FULL_ACCESS, Guardrails
from assay.permissions.policy import Kind

_EVERYTHING: Final = FULL_ACCESS[Kind.SCP]
_EVERYBODY: Final = FULL_ACCESS[Kind.RCP]


@dataclass(frozen=True)
class Tried:
    """A probe with the decision that the documents give."""

    probe: Probe
    decision: Decision

    @property
    def expected(self) -> Outcome:
        """What must come of it."""
        return Outcome.DENIED if self.probe.denied else Outcome.ALLOWED

    @property
    def is_right(self) -> bool:
        """Whether it came."""
        return self.decision.outcome is self.expected


def try_probes(probes: Iterable[Probe], guardrails: Guardrails, units: Mapping[str, str]) -> Iterator[Tried]:
    """Yield every probe with its decision. units: member account → path of its organisational unit."""
    for probe in probes:
        levels = guardrails.levels(probe.kind, probe.account, units.get(probe.account, ROOT))
        setting = Setting(
            identity=(_EVERYTHING,),
            resource=_EVERYBODY,
            scps=levels if probe.kind is Kind.SCP else (),
            rcps=levels if probe.kind is Kind.RCP else (),
        )
        yield Tried(probe, decide(probe.request, setting))
