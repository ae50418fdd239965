"""How fast the ledger is: appending in batches while it grows, one inclusion check, verifying a pack.

    python benchmarks/ledger.py [--records 1000000] [--batch 10000] [--no-verify]

Records are as long as those of an assessment. Making them is not counted; canonical text, hashes, signatures and
writing to disk are.
"""

import argparse
import datetime
import functools
import os
import platform
import resource
import statistics
import tempfile
import time
from pathlib import Path

from assay.ledger.keys import Signer, new_signer
from assay.ledger.log import append, entries, initialise, read_checkpoint, read_tile
from assay.ledger.merkle import included, inclusion_proof, leaf_hash
from assay.ledger.run import Manifest, Run
from assay.ledger.store import Bucket, Pack, open_bucket, write_pack
from assay.ledger.tiles import nodes_of
from assay.ledger.verify import verify
from assay.operations.book import Book
from assay.operations.evidence import assess_and_record
from assay.operations.keeping import verify_evidence
from assay.operations.stand_ins import STAND_IN
from assay.reports.redaction import redacted

ACME = Path(__file__).parents[1] / "examples" / "acme"
MANIFEST = Manifest("complete", {"tool": "assay"}, "2026-11-25T00:00:00Z", "2026-11-25T00:00:00Z")


def record(number: int) -> dict[str, object]:
    return {
        "kind": "verdict",
        "workload": "shop",
        "stage": "prod",
        "objective": "data-at-rest-is-unreadable-without-its-key",
        "control": "rds-storage-encrypted",
        "meaning": "a" * 64,
        "definition": "b" * 64,
        "resource": f"templates/shop/service.yaml#Database{number}",
        "configuration": f"{number:064x}",
        "document": f"{number:064x}",
        "inventory": "c" * 64,
        "source": "cloudformation",
        "observed": "2026-11-25T00:00:00Z",
        "day": "2026-11-25",
        "method": "examined",
        "depth": "operation",
        "exception": "",
        "verdict": "met" if number % 7 else "not_met",
        "reasons": [],
        "evidence": [] if number % 7 else [["templates/shop/service.yaml#Database", "StorageEncrypted"]],
    }


def fill(bucket: Bucket, signer: Signer, first: int, count: int, batch: int) -> tuple[float, float]:
    """Append `count` records in batches; return seconds and CPU seconds."""
    took = spent = 0.0
    for start in range(first, first + count, batch):
        records = [record(number) for number in range(start, min(start + batch, first + count))]
        run = Run(f"run-{start}", MANIFEST, records)  # type: ignore[arg-type]  # object is wider than JSON
        before, used = time.perf_counter(), time.process_time()
        append(bucket, signer, run)
        took, spent = took + time.perf_counter() - before, spent + time.process_time() - used
    return took, spent


def inclusion(bucket: Bucket, signer: Signer) -> tuple[float, float]:
    """Return the median milliseconds to make a proof from tiles on disk, and to check one."""
    head = read_checkpoint(bucket, signer.public)
    made, checked = [], []
    for step in range(200):
        index = step * (head.size - 1) // 199
        leaf = leaf_hash(next(entries(bucket, index, index + 1, head.size)))
        start = time.perf_counter()
        nodes = nodes_of(head.size, lambda level, at, width: read_tile(bucket, level, at, width))
        proof = inclusion_proof(nodes, index, head.size)
        between = time.perf_counter()
        assert included(leaf, index, head.size, proof, head.root)
        made.append((between - start) * 1e3)
        checked.append((time.perf_counter() - between) * 1e3)
    return statistics.median(made), statistics.median(checked)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--batch", type=int, default=10_000)
    parser.add_argument("--no-verify", action="store_true", help="leave out verifying the whole ledger")
    asked = parser.parse_args()
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; batches of {asked.batch:,}"
    )
    with tempfile.TemporaryDirectory() as folder:
        pack_of_10000(Path(folder))
        pack_of_acme(Path(folder))
        signer, bucket = new_signer("example.org/bench"), open_bucket(f"{folder}/ledger", new=True)
        initialise(bucket, signer)
        size, step = 0, min(100_000, asked.records)
        while size < asked.records:
            count = step if size < asked.records // 10 else max(step, asked.records // 5)
            count = min(count, asked.records - size)
            took, spent = fill(bucket, signer, size, count, asked.batch)
            size += count
            print(f"{size:>10,} records: {count / took:>8,.0f} a second, {count / spent:>8,.0f} a CPU second")
        made, checked = inclusion(bucket, signer)
        print(
            f"inclusion among {size:,}: proof made from tiles {made:.3f} ms, checked {checked:.3f} ms (medians of 200)"
        )
        if not asked.no_verify:
            start, used = time.perf_counter(), time.process_time()
            assert verify(bucket, signer.public).passed
            took, spent = time.perf_counter() - start, time.process_time() - used
            print(f"all {size:,} records verified in {took:.1f} s, {spent:.1f} CPU s")
        disk = sum(each.stat().st_size for each in Path(folder, "ledger").rglob("*") if each.is_file())
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{disk / size:,.0f} bytes a record on disk; peak memory {peak:,.0f} MiB")


def pack_of_10000(folder: Path) -> None:
    signer, bucket = new_signer("example.org/bench"), open_bucket(f"{folder}/small", new=True)
    initialise(bucket, signer)
    fill(bucket, signer, 0, 10_000, 1_000)
    write_pack(bucket, folder / "pack.zip")
    size = (folder / "pack.zip").stat().st_size
    start, used = time.perf_counter(), time.process_time()
    assert verify(Pack(folder / "pack.zip"), signer.public).passed
    took, spent = time.perf_counter() - start, time.process_time() - used
    print(f"a pack of 10,000 records in 10 runs ({size / 2**20:.1f} MiB): {took:.2f} s, {spent:.2f} CPU s")


def pack_of_acme(folder: Path) -> None:
    """Assess the example organisation until there are 10,000 records, and verify them with replay."""
    signer, bucket = new_signer("example.org/bench"), open_bucket(f"{folder}/acme", new=True)
    initialise(bucket, signer)
    now, count, number = datetime.datetime.now(datetime.UTC), 0, 0
    while count < 10_000:
        hide = functools.partial(redacted, instead=STAND_IN)
        *_, receipt = assess_and_record(ACME, Book(bucket, signer, hide, f"run-{number}", now), now=now)
        count, number = count + receipt.count - 1, number + 1
    write_pack(bucket, folder / "acme.zip")
    (folder / "key").write_text(str(signer.public))
    start, used = time.perf_counter(), time.process_time()
    found = verify_evidence(str(folder / "acme.zip"), folder / "key", None, again=True)
    assert found.passed
    took, spent = time.perf_counter() - start, time.process_time() - used
    print(f"a pack of {count:,} verdicts in {number} runs, all given again: {took:.2f} s, {spent:.2f} CPU s")


if __name__ == "__main__":
    main()
