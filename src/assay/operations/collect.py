"""Collecting live accounts into a snapshot. What was collected is kept unit by unit: a run that was cut off goes on."""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from assay.canonical import rfc3339
from assay.errors import UsageError, nearest
from assay.inventory.identity import GLOBAL
from assay.inventory.resource import Gap
from assay.inventory.snapshot import Asked, Manifest, Redact, Writer
from assay.inventory.values import Cause, Reason
from assay.sources.aws import places
from assay.sources.aws.calls import Kind, Patient, Refused
from assay.sources.aws.entry import Entry, Scope
from assay.sources.aws.fallback import fallback
from assay.sources.aws.grants import Policy, policies
from assay.sources.aws.identities import Identities, Role
from assay.sources.aws.places import Regions
from assay.sources.aws.sending import Sender, new_session
from assay.sources.aws.services import ENTRIES
from assay.sources.aws.units import Crew, Done, Unit, units
from assay.sources.aws.verification import Coverage, coverage

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be collected.

    accounts      () for our own, or with `organisation` for all of the organisation.
    role          The role to assume in every other account; None to read our own alone.
    regions       () for all that are enabled in each account.
    types         () for all of the catalogue.
    fallback      Types without an entry, to be read by Cloud Control.
    organisation  Whether all accounts of the organisation are wanted.
    finish        Collect nothing more: finish a snapshot that was begun, with a gap for all that is missing.
    workers       How many units are collected at once.
    """

    accounts: tuple[str, ...] = ()
    role: Role | None = None
    regions: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    fallback: tuple[str, ...] = ()
    organisation: bool = False
    finish: bool = False
    workers: int = 16


@dataclass(frozen=True, slots=True)
class Collection:
    """What came of collecting.

    disabled   Account → regions that are not enabled in it, and were not asked for.
    requests   (service, operation) → how often it was asked, in this run.
    continued  How many units an earlier run had collected.
    """

    manifest: Manifest
    disabled: Mapping[str, tuple[str, ...]]
    requests: Mapping[tuple[str, str], int]
    continued: int


@dataclass(frozen=True, slots=True)
class Emulator:
    """Where requests go instead of AWS; for tests and for trying out."""

    endpoint: str = ""
    patient: Callable[[Sender], Patient] = Patient


def collect(
    wish: Wish,
    out: Path,
    redact: Redact,
    *,
    progress: Progress = lambda _done, _total: None,
    emulator: Emulator | None = None,
) -> Collection:
    """Collect into the folder `out`, or go on with what was begun there.

    Raises UsageError for a wish that cannot be, without credentials, and when they expire before all is collected.
    """
    entries = _entries(wish.types, wish.fallback)
    port, sender = _port(wish, emulator or Emulator())
    identities = sender.identities
    found = _Places(wish, port, identities, identities.region)
    accounts = found.accounts()
    asked = Asked(
        tuple(sorted({*accounts, *found.closed})),
        tuple(sorted({each for regions in accounts.values() for each in regions} | {GLOBAL})),
        tuple(sorted({*wish.types, *wish.fallback})) if wish.types else (),
    )
    writer = Writer(out, asked, redact=redact)
    keeper = _Keeper(writer, tuple(each for each in asked.regions if each != GLOBAL))
    wanted = list(
        units(
            entries,
            accounts,
            home=identities.region,
            partition=identities.partition,
            management=found.management,
        )
    )
    left = [each for each in wanted if each.name not in writer.done]
    continued = len(wanted) - len(left)
    if wish.finish:
        keeper.left_out(left)
    else:
        keeper.report = lambda: progress(continued + keeper.kept, len(wanted))
        ended = Crew(port, _now, wish.workers).collect(left, keeper.keep)
        if ended is not None:
            raise UsageError(_stopped(ended, continued + keeper.kept, len(wanted), out))
    keeper.places(found.gaps)
    return Collection(writer.finish(), found.unused, dict(port.requests), continued)


def catalogue(types: Sequence[str]) -> Sequence[Coverage]:
    """Return what the entries of some types give and leave out; of all, when none is named. Raises UsageError."""
    return [coverage(each) for each in sorted(_entries(types), key=lambda each: each.type)]


def permissions(types: Sequence[str], without_entry: Sequence[str] = ()) -> Sequence[Policy]:
    """Return the IAM policies that collecting some types needs; all, when none is named. Raises UsageError."""
    return policies(_entries(types, without_entry))


def _stopped(refused: Refused, kept: int, wanted: int, out: Path) -> str:
    return (
        f"the credentials have expired after {kept} of {wanted} units ({refused}); what was collected is kept in "
        f"{out}: run the command again with new ones to go on, or with --finish to make a snapshot of what is there"
    )


def _now() -> str:
    return rfc3339(datetime.datetime.now(datetime.UTC))


def _entries(types: Sequence[str], without_entry: Sequence[str] = ()) -> Sequence[Entry]:
    for each in without_entry:
        if each in ENTRIES:
            raise UsageError(f"{each} has an entry; leave out --fallback for it")
    for each in types:
        if each not in ENTRIES:
            hint = nearest(each, ENTRIES) or "assay collect --catalogue lists those that are"
            raise UsageError(f"{each!r} is not collected; {hint}")
    found = [each for kind, each in ENTRIES.items() if not types or kind in types]
    return [*found, *map(fallback, dict.fromkeys(without_entry))]


def _port(wish: Wish, emulator: Emulator) -> tuple[Patient, Sender]:
    from botocore import exceptions

    from assay.sources.aws.refusals import refusal

    session = new_session()
    region = session.region_name or "us-east-1"
    client = session.client("sts", region_name=region, endpoint_url=emulator.endpoint or None)
    try:
        caller = client.get_caller_identity()
    except (exceptions.BotoCoreError, exceptions.ClientError) as error:
        raise UsageError(f"AWS does not know who we are: {refusal(error)}") from error
    partition = caller["Arn"].split(":")[1]
    home = places.HOMES.get(partition, region)
    identities = Identities(session, caller["Account"], wish.role, partition, emulator.endpoint, home)
    sender = Sender(session, identities, emulator.endpoint, connections=2 * wish.workers)
    return emulator.patient(sender), sender


@dataclass(slots=True)
class _Places:
    """Which accounts and regions are wanted, and what cannot be had of them."""

    wish: Wish
    port: Patient
    identities: Identities
    home: str
    gaps: list[Gap] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    unused: dict[str, tuple[str, ...]] = field(default_factory=dict)
    management: str = ""

    def accounts(self) -> dict[str, tuple[str, ...]]:
        """Return each account that can be read, with its regions."""
        found: dict[str, tuple[str, ...]] = {}
        wanted = list(self._wanted())
        regional = [kind for kind, entry in ENTRIES.items() if entry.scope is Scope.REGIONAL]
        with ThreadPoolExecutor(self.wish.workers) as pool:
            for account, known in zip(wanted, pool.map(self._regions, wanted), strict=True):
                if isinstance(known, Refused):
                    self._unreachable(account, known)
                    continue
                found[account], disabled = places.chosen(self.wish.regions, known)
                self.gaps += [places.disabled(account, region, regional) for region in disabled]
                if not self.wish.regions:
                    self.unused[account] = known.disabled
        return found

    def _regions(self, account: str) -> Regions | Refused:
        """Return the regions of an account, or why we do not come into it."""
        try:
            return places.regions(self.port, account, self.home)
        except Refused as refused:
            if refused.kind is Kind.EXPIRED:
                raise UsageError(f"the credentials have expired: {refused}") from None
            return refused

    def _wanted(self) -> Iterable[str]:
        own = self.identities.home
        others = [each for each in self.wish.accounts if each != own]
        if self.wish.role is None and (others or self.wish.organisation):
            raise UsageError(f"the credentials are of account {own}; to read others, add --role with a role in each")
        known = places.organisation(self.port, own, self.home, accounts=self.wish.organisation)
        # An account outside of any organisation says so itself, if it is asked.
        self.management = known.management if known else own
        wanted = dict.fromkeys(self.wish.accounts or (() if self.wish.organisation else (own,)))
        for account, status in known.accounts if known else ():
            if status == "ACTIVE":
                wanted.setdefault(account)
            else:
                self.closed.append(account)
                self.gaps.append(places.suspended(account, status))
        return sorted(wanted)

    def _unreachable(self, account: str, refused: Refused) -> None:
        self.closed.append(account)
        self.gaps.append(places.unreachable(account, refused, self.home))


@dataclass(slots=True)
class _Keeper:
    """Writes units into the snapshot."""

    writer: Writer
    regions: Sequence[str]
    kept: int = 0
    report: Callable[[], None] = lambda: None

    def places(self, gaps: Sequence[Gap]) -> None:
        """Keep what is not known of whole accounts and regions."""
        if "places" not in self.writer.done:
            with self.writer.unit("places") as unit:
                for gap in gaps:
                    unit.gap(gap)

    def keep(self, done: Done) -> None:
        """Keep a unit that was collected."""
        account = done.unit.place.account
        with self.writer.unit(done.unit.name) as unit:
            for entry, collected in done.collected:
                unit.append(collected.resources)
                for gap in collected.gaps:
                    unit.gap(gap)
                if collected.whole:
                    types = {entry.type, *entry.holds, *entry.declares}
                    for region in self._reached(entry, done.unit.scope):
                        unit.reached(account, region, types)
        self.kept += 1
        self.report()

    def left_out(self, left: Iterable[Unit]) -> None:
        """Keep that units were not collected."""
        for each in left:
            with self.writer.unit(each.name) as unit:
                for entry in each.entries:
                    subject = f"{each.place.account}/{each.scope}/{entry.type}"
                    detail = f"the collection was finished before {entry.type} of {subject.rpartition('/')[0]} was read"
                    types = (entry.type, *sorted(entry.holds | entry.declares))
                    unit.gap(Gap(subject, Reason(Cause.NOT_COLLECTED, entry.type, detail), types))

    def _reached(self, entry: Entry, scope: str) -> Sequence[str]:
        """Return the regions of which all resources are known: of a global list of regional ones, every region."""
        return (GLOBAL, *self.regions) if entry.region else (scope,)
