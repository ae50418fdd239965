"""Where results are kept: a folder of Parquet files named by what decided them, and the manifest of the last run.

    shards/<name>.parquet   one row for each resource: its answers, what they rest on
    shards/<name>.json      written last: only with it is the result there
    rules/<digest>.json     which answer is about which control
    run.json                the last run that ended: its shards, and what could not be assessed

Everything is written beside its place and moved there, so that a writer that is ended half-way leaves nothing behind
that anybody would take for a result.
"""

import contextlib
import hashlib
import json
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assay.assessment.shards import Rules
from assay.errors import UsageError
from assay.operations.scale.plan import FORMAT, Shard

COLUMNS = (
    "account",
    "region",
    "type",
    "id",
    "name",
    "observed",
    "source",
    "digest",
    "said",
    "answers",
    "parts",
    "reads",
)


@dataclass(frozen=True, slots=True)
class Done:
    """The result of a shard. judged: resources that were judged anew, the others' verdicts being known."""

    name: str
    accounts: tuple[str, ...]
    around: str
    rules: str
    sha256: str
    rows: int
    judged: int


@dataclass(frozen=True, slots=True)
class Failed:
    """A shard that could not be assessed, with the reason of the last attempt."""

    name: str
    accounts: tuple[str, ...]
    rows: int
    attempts: int
    why: str


@dataclass(frozen=True, slots=True)
class Store:
    """A folder of results."""

    directory: Path

    def begin(self) -> None:
        """Make the folder. Raises UsageError when something else is in it."""
        self.directory.mkdir(parents=True, exist_ok=True)
        if any(each.name not in ("shards", "rules", "run.json") for each in self.directory.iterdir()):
            raise UsageError(f"{self.directory} holds something else than results; choose another folder")
        (self.directory / "shards").mkdir(exist_ok=True)
        (self.directory / "rules").mkdir(exist_ok=True)

    def parquet(self, name: str) -> Path:
        """Return where the rows of a shard are."""
        return self.directory / "shards" / f"{name}.parquet"

    def done(self, shard: Shard) -> Done | None:
        """Return the result of a shard if it is there, and whole."""
        found = self._done(self.directory / "shards" / f"{shard.name}.json")
        if found is None or found.name != shard.name or not self.is_whole(found):
            return None
        return found

    def is_whole(self, done: Done) -> bool:
        """Whether the rows are those that were written."""
        try:
            return file_digest(self.parquet(done.name)) == done.sha256
        except OSError:
            return False

    @contextlib.contextmanager
    def beside(self, name: str) -> Iterator[Path]:
        """Give a path to write the rows of a shard to; they count once `commit` says so."""
        path = self.parquet(f".{name}.{secrets.token_hex(8)}")
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    def commit(self, written: Path, done: Done) -> None:
        """Make rows that were written the result of a shard."""
        written.replace(self.parquet(done.name))
        _write(self.directory / "shards" / f"{done.name}.json", {"format": FORMAT, **asdict(done)})

    def keep_rules(self, rules: Rules) -> None:
        """Keep what the answers are about."""
        stated = {kind: [each.control.id for each in several] for kind, several in rules.controls.items()}
        path = self.directory / "rules" / f"{rules.digest}.json"
        if not path.exists():
            today, digests = rules.today.isoformat(), dict(rules.digests)
            _write(
                path, {"format": FORMAT, "today": today, "ground": rules.ground, "digests": digests, "controls": stated}
            )

    def stale(self, before: Done, rules: Rules) -> frozenset[str] | None:
        """Return the resource types of which other controls are asked now; None when nothing can be compared."""
        try:
            stated = json.loads((self.directory / "rules" / f"{before.rules}.json").read_bytes())
            known, ground = dict(stated["digests"]), stated["ground"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        if ground != rules.ground:
            return None
        return frozenset(each for each in {*known, *rules.digests} if known.get(each) != rules.digests.get(each))

    def before(self) -> Sequence[Done]:
        """Return the results of the last run that ended; () when there is none."""
        try:
            stated = json.loads((self.directory / "run.json").read_bytes())
            found = [_done_from(each) for each in stated["shards"]]
        except (OSError, ValueError, KeyError, TypeError):
            return ()
        return found

    def finish(self, snapshot: str, rules: Rules, done: Sequence[Done], failed: Sequence[Failed]) -> None:
        """State what a run gave."""
        stated = {
            "format": FORMAT,
            "snapshot": snapshot,
            "rules": rules.digest,
            "complete": not failed,
            "resources": sum(each.rows for each in done),
            "shards": [asdict(each) for each in sorted(done, key=lambda each: each.accounts)],
            "failed": [asdict(each) for each in sorted(failed, key=lambda each: each.accounts)],
        }
        _write(self.directory / "run.json", stated)

    def _done(self, path: Path) -> Done | None:
        try:
            return _done_from(json.loads(path.read_bytes()))
        except (OSError, ValueError, KeyError, TypeError):
            return None


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _done_from(stated: Mapping[str, Any]) -> Done:
    values = {name: stated[name] for name in Done.__slots__}
    return Done(**{**values, "accounts": tuple(values["accounts"])})


def _write(path: Path, stated: Mapping[str, Any]) -> None:
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with beside.open("w", encoding="utf-8") as target:
        json.dump(stated, target, indent=1)
        target.flush()
        os.fsync(target.fileno())
    beside.replace(path)
