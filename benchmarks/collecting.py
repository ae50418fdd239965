"""Collecting 50 emulated accounts of 60 resources each: who spends the time, the emulator or we?

    python benchmarks/collecting.py [accounts]

The emulator runs in a process of its own, so that the processor time of either side can be told. Afterwards the same
collection is killed half-way and gone on with.
"""

import multiprocessing
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from multiprocessing.connection import Connection
from pathlib import Path

REGION = "eu-west-1"
HOW_MANY = {
    "AWS::S3::Bucket": 3,
    "AWS::IAM::Role": 18,
    "AWS::EC2::SecurityGroup": 20,
    "AWS::EC2::Volume": 17,
    "AWS::KMS::Key": 2,
}
TRUST = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}'  # noqa: E501


def account(number: int) -> str:
    return f"{100_000_000_000 + number}"


def serve(pipe: Connection, accounts: int) -> None:
    """Run the emulator, and say how much processor time it has used whenever asked."""
    import logging

    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    for number in range(accounts):
        fill(account(number))
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    pipe.send(server.get_host_and_port()[1])
    while pipe.recv():
        used = resource.getrusage(resource.RUSAGE_SELF)
        pipe.send(used.ru_utime + used.ru_stime)


def fill(name: str) -> None:
    """Make an account's resources in the emulator's memory; its default security group is one of them."""
    from moto.ec2.models import ec2_backends
    from moto.iam.models import iam_backends
    from moto.kms.models import kms_backends
    from moto.s3.models import s3_backends

    for number in range(HOW_MANY["AWS::S3::Bucket"]):
        s3_backends[name]["aws"].create_bucket(f"bucket-{name}-{number}", REGION)
    for number in range(HOW_MANY["AWS::IAM::Role"]):
        iam_backends[name]["aws"].create_role(f"role-{number}", TRUST, "/", None, "", [], None)
    ec2 = ec2_backends[name][REGION]
    for number in range(HOW_MANY["AWS::EC2::SecurityGroup"] - 1):
        ec2.create_security_group(f"group-{number}", "a group")
    for _ in range(HOW_MANY["AWS::EC2::Volume"]):
        ec2.create_volume(8, f"{REGION}a")
    for _ in range(HOW_MANY["AWS::KMS::Key"]):
        kms_backends[name][REGION].create_key(None, "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT", "", [])


def environment(port: int) -> None:
    os.environ |= {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
    }


def main(accounts: int) -> None:
    ours, theirs = multiprocessing.Pipe()
    emulator = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs, accounts), daemon=True)
    emulator.start()
    environment(ours.recv())
    with tempfile.TemporaryDirectory() as scratch:
        measure(Path(scratch) / "whole", accounts, ours)
        go_on(Path(scratch) / "killed", accounts)
    emulator.kill()


def measure(out: Path, accounts: int, emulator: Connection) -> None:
    from assay.inventory.snapshot import open_snapshot, resources
    from assay.operations.collect import Wish, collect
    from assay.sources.aws.identities import Role

    def used() -> tuple[float, float, float]:
        emulator.send(True)
        return time.monotonic(), time.process_time(), emulator.recv()

    wish = Wish(tuple(map(account, range(accounts))), Role("reader"), (REGION,), tuple(HOW_MANY))
    before = used()
    found = collect(wish, out, lambda value: value)
    wall, us, them = (now - then for now, then in zip(used(), before, strict=True))
    requests, rows = sum(found.requests.values()), found.manifest.rows
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{accounts} accounts, {rows} resources, {requests} requests: {requests / rows:.2f} per resource")
    print(f"{wall:.1f} s; processor time: emulator {them:.1f} s ({them / wall:.0%} of one core), collector {us:.1f} s")
    print(f"{requests / wall:.0f} requests a second; collector {1000 * us / requests:.2f} ms a request; {peak:.0f} MiB")
    counts = Counter(each.type for each in resources(open_snapshot(out)))
    by_type = {
        "AWS::S3::Bucket": ("s3",),
        "AWS::IAM::Role": ("iam",),
        "AWS::EC2::SecurityGroup, AWS::EC2::Volume": ("ec2",),
        "AWS::KMS::Key": ("kms",),
    }
    for kinds, services in by_type.items():
        asked = sum(count for (service, _), count in found.requests.items() if service in services)
        total = sum(counts[kind] for kind in kinds.split(", "))
        print(f"  {kinds}: {asked / total:.2f} requests for each of {total}")


def go_on(out: Path, accounts: int) -> None:
    """Kill a collection half-way, and collect again."""
    words = [word for number in range(accounts) for word in ("--account", account(number))]
    words += [word for kind in HOW_MANY for word in ("--type", kind)]
    command = [sys.executable, "-m", "assay", "collect", "--out", str(out), "--role", "reader", "--region", REGION]
    journal, half = out / "unfinished.jsonl", 4 * accounts // 2  # four services in each account
    began = time.monotonic()
    process = subprocess.Popen([*command, *words], stdout=subprocess.DEVNULL)
    while process.poll() is None and not (journal.exists() and journal.read_bytes().count(b"\n") > half):
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    killed = time.monotonic() - began
    process.wait()
    began = time.monotonic()
    again = subprocess.run([*command, *words], check=True, capture_output=True, text=True)
    continued = next(line for line in again.stdout.splitlines() if "earlier run" in line)
    print(f"killed after {killed:.1f} s; gone on with: {continued}; {time.monotonic() - began:.1f} s more")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50)
