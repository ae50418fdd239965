"""A process that appends runs and says which were acknowledged; it may be told to die at one step.

    python writer.py LEDGER KEY NAME COUNT [STOP]

STOP is `before:n` or `after:n`: the process is killed before or after its n-th write to the store, from 0.
"""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

from assay.ledger.keys import read_key
from assay.ledger.log import append, stated_key
from assay.ledger.run import Manifest, Run
from assay.ledger.store import Bucket, open_bucket

MANIFEST = Manifest("complete", {"tool": "assay"}, "2026-11-25T00:00:00Z", "2026-11-25T00:00:01Z")


class Mortal:
    """A bucket whose writer dies at one write."""

    def __init__(self, bucket: Bucket, stop: str) -> None:
        self.bucket = bucket
        self.when, _, at = stop.partition(":")
        self.left = int(at or -1)

    def _step(self, when: str) -> None:
        if when == "after":
            self.left -= 1
        if self.when == when and self.left == (0 if when == "before" else -1):
            os.kill(os.getpid(), signal.SIGKILL)

    def get(self, name: str) -> bytes | None:
        return self.bucket.get(name)

    def names(self) -> Iterator[str]:
        return self.bucket.names()

    def create(self, name: str, content: bytes) -> bool:
        self._step("before")
        made = self.bucket.create(name, content)
        self._step("after")
        return made

    def replace(self, name: str, content: bytes) -> None:
        self._step("before")
        self.bucket.replace(name, content)
        self._step("after")

    def delete(self, name: str) -> None:
        self._step("before")
        self.bucket.delete(name)
        self._step("after")


def main(address: str, key: str, name: str, count: str, stop: str = "") -> None:
    bucket = open_bucket(address)
    signer = read_key(Path(key), stated_key(bucket).name)
    for number in range(int(count)):
        records = [{"kind": "verdict", "resource": f"{name}-{number}-{at}", "verdict": "met"} for at in range(90)]
        run = Run(f"{name}-{number}", MANIFEST, records, (f"{name} {number}".encode(),))
        receipt = append(Mortal(bucket, stop), signer, run)
        sys.stdout.write(f"{receipt.run} {receipt.first} {receipt.count}\n")
        sys.stdout.flush()
    sys.stdout.write("end\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
