"""Candidates for less scope: software that is run by oneself and could be had as a managed service.

Each with the evidence, and with what becomes of the customer's duties when it moves. What could not be looked into is
said; nothing is guessed: an open port alone is weak evidence and is called so.
"""

import enum
import fnmatch
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assay.assessment.hosts import HOSTS, Sign, Unseen
from assay.assessment.scripts import Trace
from assay.expressions.functions.holes import HOLE
from assay.governance.model import Party, Technology
from assay.governance.responsibilities import Register
from assay.inventory.resource import Inventory, Position, Resource


class Strength(enum.StrEnum):
    """How much the evidence proves."""

    STRONG = "strong"  # the software itself is named: an image, a package, a service, a command
    WEAK = "weak"  # a port on which it listens by custom: something else may


@dataclass(frozen=True, slots=True)
class Proof:
    """One piece of evidence: what is said, where. `text` is the name that was recognised, without what surrounds it."""

    kind: str
    text: str
    strength: Strength
    position: Position


@dataclass(frozen=True, slots=True)
class Kept:
    """A duty of the customer's that remains: alone or beside the provider, before and after."""

    duty: str
    before: Party
    after: Party


@dataclass(frozen=True, slots=True)
class Shift:
    """What becomes of the customer's duties. The customer's before are removed and remaining; after, remaining and
    added.
    """

    removed: tuple[str, ...]
    remaining: tuple[Kept, ...]
    added: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """A managed service that would take the place."""

    service: str
    offer: str
    shift: Shift


@dataclass(frozen=True, slots=True)
class Candidate:
    """A technology on one resource. `host`: the service of the register whose duties are the customer's today."""

    resource: Resource
    technology: Technology
    host: str
    proofs: tuple[Proof, ...]
    options: tuple[Option, ...]

    @property
    def strength(self) -> Strength:
        """The strength of the strongest evidence."""
        return min((each.strength for each in self.proofs), key=list(Strength).index)


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found where, and what was looked at.

    candidates  Strong ones first, then by place.
    hosts       Ids of the resources on which software runs that nobody manages for us.
    unseen      What of them could not be read.
    """

    inventory: Inventory
    candidates: tuple[Candidate, ...]
    hosts: tuple[str, ...]
    unseen: tuple[tuple[Resource, Unseen], ...]


def find(inventory: Inventory, technologies: Iterable[Technology], register: Register) -> Findings:
    """Return the candidates of an inventory. Only hosts are looked at: a managed service is never one."""
    known = tuple(technologies)
    hosts = [each for each in inventory.resources if each.type in HOSTS]
    candidates: list[Candidate] = []
    unseen: list[tuple[Resource, Unseen]] = []
    for resource in hosts:
        signs = tuple(HOSTS[resource.type].signs(resource, inventory))
        unseen += [(resource, each) for each in dict.fromkeys(signs) if isinstance(each, Unseen)]
        for technology in known:
            proofs = tuple(_proofs(technology, signs))
            if proofs:
                candidates.append(_candidate(resource, technology, proofs, register))
    candidates.sort(key=lambda each: (each.strength is Strength.WEAK, each.resource.id, each.technology.id))
    return Findings(inventory, tuple(candidates), tuple(each.id for each in hosts), tuple(unseen))


def _candidate(resource: Resource, technology: Technology, proofs: Sequence[Proof], register: Register) -> Candidate:
    host = register.service_of(HOSTS[resource.type].like)
    name = host.id if host else ""
    options = [Option(service, offer, shift(register, name, service)) for service, offer in technology.managed.items()]
    ordered = sorted(dict.fromkeys(proofs), key=lambda each: list(Strength).index(each.strength))
    return Candidate(resource, technology, name, tuple(ordered), tuple(options))


def shift(register: Register, before: str, after: str) -> Shift:
    """Return what becomes of the customer's duties on the way from one service to another; "" has none."""
    mine = _customers(register, before)
    then = _customers(register, after)
    return Shift(
        removed=tuple(each for each in mine if each not in then),
        remaining=tuple(Kept(each, mine[each], then[each]) for each in mine if each in then),
        added=tuple(each for each in then if each not in mine),
    )


def _customers(register: Register, service: str) -> Mapping[str, Party]:
    found = register.services.get(service)
    return {row.duty: row.party for row in found.for_customer} if found else {}


def _proofs(technology: Technology, signs: Iterable[Sign | Unseen]) -> Iterator[Proof]:
    for sign in signs:
        if isinstance(sign, Sign) and (text := recognised(technology, sign.trace)):
            strength = Strength.WEAK if sign.trace.kind == "port" else Strength.STRONG
            yield Proof(sign.trace.kind, _shown(text), strength, sign.position)


def _shown(text: str) -> str:
    return "".join(each if each.isprintable() else "…" for each in text)[:200]


def recognised(technology: Technology, trace: Trace) -> str:
    """Return the part of a trace that names the technology; "" when none does."""
    return _RECOGNISE[trace.kind](technology, trace)


def _image(technology: Technology, trace: Trace) -> str:
    """Compare the repository of the image: its last part, or the last two where the pattern has a slash."""
    repository = re.sub(r"(:[^/]*)?(@[^/]*)?$", "", trace.text.strip())
    parts = repository.split("/")
    for pattern in technology.images:
        if _alike("/".join(parts[-1 - pattern.count("/") :]), pattern):
            return trace.text
    return ""


def _package(technology: Technology, trace: Trace) -> str:
    managers = [trace.manager] if trace.manager else []
    patterns = [
        each for manager, names in technology.packages.items() for each in names if manager in ("any", *managers)
    ]
    name = trace.text.rsplit("/", 1)[-1].split("=")[0].split(":")[0]
    plain = re.sub(r"\.(rpm|deb)$", "", name)
    plain = re.sub(r"\.(x86_64|aarch64|noarch|amd64|arm64)$", "", plain)
    versionless = re.sub(r"-\d[\w.~+]*(-[\w.~+]+)?$", "", plain)  # yum: name-version-release
    written = {name, plain, versionless}
    return trace.text if any(_alike(each, pattern) for each in written for pattern in patterns) else ""


def _unit(technology: Technology, trace: Trace) -> str:
    return trace.text if any(_alike(trace.text, pattern) for pattern in technology.units) else ""


def _command(technology: Technology, trace: Trace) -> str:
    words = trace.text.split(" ")
    for pattern in technology.commands:
        wanted = pattern.split(" ")
        if not _alike(words[0], wanted[0]) or len(words) < len(wanted):
            continue
        if wanted[0].casefold().endswith("windowsfeature"):  # any of the features that it names
            if len(wanted) == 1 or any(_alike(each, wanted[1]) for each in words[1:]):
                return pattern
        elif all(map(_alike, words, wanted)):
            return pattern
    return ""


def _machine_image(technology: Technology, trace: Trace) -> str:
    return trace.text if any(_alike(trace.text, pattern) for pattern in technology.machine_images) else ""


def _port(technology: Technology, trace: Trace) -> str:
    return trace.text if trace.text in map(str, technology.ports) else ""


def _alike(text: str, pattern: str) -> bool:
    return fnmatch.fnmatchcase(text.casefold(), pattern.casefold())


_RECOGNISE: Mapping[str, Callable[[Technology, Trace], str]] = {
    "image": _image,
    "package": _package,
    "unit": _unit,
    "command": _command,
    "machine image": _machine_image,
    "port": _port,
}


def to_the_line(findings: Findings, lines: Callable[[str], Sequence[str]]) -> Findings:
    """Return the findings with each proof at the very line that names the software.

    lines  The lines of a file by its name; empty when it cannot be read.

    A script is one property: its place is known, the lines within are not. They are looked for from there up to the
    next resource of the file; what stands there in another form (a parameter filled in) keeps the place of the script.
    """
    starts: dict[str, list[int]] = {}
    for each in findings.inventory.resources:
        starts.setdefault(each.origin.position.file, []).append(each.origin.position.line)

    def exact(proof: Proof) -> Proof:
        place = proof.position
        end = min((each for each in starts.get(place.file, ()) if each > place.line), default=None)
        found = _line_of(proof.text, lines(place.file), place.line, end) if place.line else 0
        return replace(proof, position=Position(place.file, found)) if found and found != place.line else proof

    candidates = (replace(each, proofs=tuple(dict.fromkeys(map(exact, each.proofs)))) for each in findings.candidates)
    return replace(findings, candidates=tuple(candidates))


def _line_of(text: str, lines: Sequence[str], start: int, end: int | None) -> int:
    """Return the number of the first line from `start` up to before `end` that holds every word; 0 when none does."""
    words = [max(re.split(f"[{HOLE}…*]", each), key=len) for each in text.split(" ")]
    wanted = [re.compile(rf"(?<![\w.-]){re.escape(each)}(?![\w-])", re.IGNORECASE) for each in words if each]
    for number, line in enumerate(lines[start - 1 : end - 1 if end else None], start):
        if wanted and not line.lstrip().startswith("#") and all(each.search(line) for each in wanted):
            return number
    return 0
