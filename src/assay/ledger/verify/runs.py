"""That the documents are what their names say, and that every run is signed and whole."""

from typing import Any

from assay.canonical import canonical, digest
from assay.ledger.checkpoint import NotSigned
from assay.ledger.envelope import RUN, open_envelope
from assay.ledger.log import blob_name
from assay.ledger.run import manifest_in
from assay.ledger.verify.reading import Reading, Seen, refuse_leftovers, required
from assay.ledger.verify.steps import Unverifiable, Wrong, counted


def check_digests(reading: Reading) -> str:
    """5: every document is what its name says."""
    count = 0
    for name in sorted(reading.objects.names()):
        if not name.startswith(("blobs/", "pending/")):
            continue
        content = reading.objects.get(name)
        if content is None and name.startswith("pending/"):
            continue  # a writer has just finished with it
        if content is None:
            raise Wrong(name, "is missing")
        sha256 = name.rpartition("/")[2]
        if digest(content) != sha256 or name not in (blob_name(sha256), f"pending/{sha256}"):
            raise Wrong(name, "is not what its name says")
        count += name.startswith("blobs/")
    return counted(count, "document")


def check_signatures(reading: Reading) -> str:
    """6: every run has a statement that the key signed over exactly its records."""
    if reading.runs is None:
        raise Unverifiable("runs", "the entries are not established")
    manifests = []
    for seen in reading.runs:
        name = blob_name(str(seen.closing.get("envelope", "")))
        try:
            stated = open_envelope(required(reading, name), reading.key)
        except NotSigned as error:
            raise Unverifiable(name, str(error)) from None
        except ValueError as error:
            raise Wrong(name, str(error)) from None
        subject = [{"name": f"run/{seen.commit.run}", "digest": {"sha256": seen.bundle}}]
        if stated.get("predicateType") != RUN or stated.get("subject") != subject:
            raise Wrong(name, f"it is not a statement about the records of run {seen.commit.run}")
        try:
            manifests.append(manifest_in(stated["predicate"], lambda sha256: required(reading, blob_name(sha256))))
        except ValueError as error:
            raise Wrong(name, str(error)) from None
    reading.manifests = manifests
    return f"{counted(len(manifests), 'run')}, each signed"


def check_completeness(reading: Reading) -> str:
    """7: every run has as many records of each verdict as it says and every document that it names; nothing is left."""
    if reading.runs is None or reading.manifests is None:
        raise Unverifiable("runs", "their statements are not established")
    for seen, manifest in zip(reading.runs, reading.manifests, strict=True):
        _complete(reading, seen, manifest)
    refuse_leftovers(reading, "")
    records = counted(sum(each.records for each in reading.runs), "record")
    return f"{records} of {counted(len(reading.runs), 'run')}, as many as stated"


def _complete(reading: Reading, seen: Seen, manifest: dict[str, Any]) -> None:
    run = f"runs/{seen.commit.run}"
    if seen.strange:
        raise Wrong(run, seen.strange)
    said = (manifest.get("run"), manifest.get("records"), manifest.get("counts"))
    found = (seen.commit.run, seen.records, dict(seen.counts))
    if said != found or seen.closing.get("records") != seen.records:
        raise Wrong(run, f"states {said[1]} records {said[2]}; the log has {found[1]}, {found[2]}")
    if required(reading, run) != canonical({"before": seen.commit.before, "run": seen.commit.run}):
        raise Wrong(run, "does not point to the run")
    for sha256 in manifest.get("blobs", ()):
        if reading.objects.get(blob_name(str(sha256))) is None:
            raise Wrong(blob_name(str(sha256)), f"is missing; run {seen.commit.run} rests on it")
