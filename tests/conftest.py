"""A small governance repository that is right, as text, for tests to break one thing of; how laws are tried."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import settings

from assay.errors import Fault, FaultyFiles
from assay.governance.repository import read_repository

# Laws are tried on new cases on every developer's run; a pipeline tries the same ones each time, so that it fails for
# what was changed. No test has a deadline: the machines of pipelines are shared.
settings.register_profile("developer", deadline=None)
settings.register_profile("pipeline", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("pipeline" if os.environ.get("CI") else "developer")

CONTROL = """\
id: bucket-has-versions
title: Buckets keep versions
objective: data-can-be-recovered
why: An overwritten object can be had back.
resource: AWS::S3::Bucket
require: resource.VersioningConfiguration.Status == "Enabled"
severity: medium
behavior: [proactive]
remedy: Turn versioning on.
examples:
  met: [{VersioningConfiguration: {Status: Enabled}}]
  not_met: [{}]
  unknown: [{VersioningConfiguration: {Status: {Ref: Status}}}]
"""

PARAMETRISED = """\
id: queue-keeps-messages
title: Queues keep messages long enough
objective: data-can-be-recovered
why: A failed consumer can catch up.
resource: AWS::SQS::Queue
unless: resource.FifoQueue
require: resource.MessageRetentionPeriod >= params.seconds
severity: low
behavior: [proactive]
remedy: Keep messages longer.
params:
  seconds: {default: 86400, tighter: higher}
  names: {default: [a, b], tighter: superset}
examples:
  met: [{MessageRetentionPeriod: 86400}]
  not_met: [{MessageRetentionPeriod: 60}]
  unknown: [{MessageRetentionPeriod: {Ref: Seconds}}]
  not_applicable: [{FifoQueue: true}]
"""

GOOD: Mapping[str, str] = {
    "organisation.yaml": """\
id: o-exampleorg1
name: Example
management_account: "111111111111"
organisational_units: [Security, Workloads/Prod]
accounts:
  - {id: "111111111111", name: management, ou: Root}
  - {id: "222222222222", name: shop, ou: Workloads/Prod, stage: prod}
stages: [test, prod]
regions: [eu-west-1]
frameworks: [house]
parameters:
  queue-keeps-messages: {seconds: 172800}
""",
    "workloads/shop.yaml": """\
id: shop
title: Shop
owner: team-shop
exposure: internet
data_classes: [personal]
accounts: {prod: "222222222222"}
templates:
  - {path: ../templates/shop, region: eu-west-1, parameters: {prod: {Stage: prod}}}
""",
    "objectives/data-can-be-recovered.yaml": """\
id: data-can-be-recovered
title: Data can be recovered
statement: Lost data can be had back.
domain: data-protection
scope: workload
layer: product
applies: workload.exposure == "internet" || "personal" in workload.data_classes
stages: [prod]
""",
    "controls/s3/bucket-has-versions.yaml": CONTROL,
    "controls/sqs/queue-keeps-messages.yaml": PARAMETRISED,
    "frameworks/house.yaml": """\
id: house
title: House rules
version: "1"
source: the wall
drivers: [any]
requirements:
  H1: {title: Data survives, objectives: [data-can-be-recovered], controls: [bucket-has-versions]}
  H2: {title: Nobody shouts, outside: Software does not hear.}
""",
    "exceptions/old-bucket.yaml": """\
id: old-bucket
scope: {workload: shop, control: bucket-has-versions, resource: Old*, stage: prod}
reason: It is emptied next month.
compensating_control: A nightly copy.
requester: team-shop
approver: security
approved: 2026-01-01
expires: 2026-07-01
""",
    "templates/shop/template.yaml": "Parameters: {Stage: {Type: String}}\nResources: {}\n",
}

Changes = Mapping[str, str | bytes | tuple[str, str] | None]
Write = Callable[..., Path]


def _content(name: str, change: str | bytes | tuple[str, str]) -> bytes:
    if isinstance(change, bytes):
        return change
    if isinstance(change, str):
        return change.encode()
    old, new = change
    assert old in GOOD[name], f"{old!r} is not in the good {name}"
    return GOOD[name].replace(old, new).encode()


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write the good repository with some files changed: `text` replaces, None removes, (old, new) edits."""

    def build(changes: Changes | None = None) -> Path:
        for name, change in {**GOOD, **(changes or {})}.items():
            path = tmp_path / name
            if change is None:
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(_content(name, change))
        return tmp_path

    return build


@pytest.fixture
def faults(write: Write) -> Callable[..., tuple[Fault, ...]]:
    """The faults of the good repository with some files changed; () when it is right."""

    def read(changes: Changes | None = None) -> tuple[Fault, ...]:
        try:
            read_repository(write(changes), catalogue=False)
        except FaultyFiles as error:
            return error.faults
        return ()

    return read
