"""Plans that somebody edited by hand: what is not a plan is a fault with its place."""

import json
from pathlib import Path
from typing import Any

import pytest

from assay.errors import FaultyFiles
from assay.permissions.compiler.probe_file import FORMAT, read_probes

PROBE = {
    "principal": "arn:aws:iam::222222222222:role/x",
    "action": "s3:GetObject",
    "resource": "*",
    "guardrails": "scp",
    "expected": "denied",
    "account": "222222222222",
    "invariant": "i",
}


def written(folder: Path, *probes: Any, **more: Any) -> Path:
    plan = {"format": FORMAT, "organisation": {}, "units": {}, "policies": [], "probes": probes, **more}
    (folder / "probes.json").write_text(json.dumps(plan))
    return folder


def test_a_whole_one_is_read(tmp_path: Path) -> None:
    (probe,) = read_probes(written(tmp_path, PROBE)).probes
    assert (probe.account, probe.invariant, probe.denied) == ("222222222222", "i", True)


@pytest.mark.parametrize(
    "odd",
    [
        {"members": 5},
        {"members": "x"},
        {"members": [5]},
        {"account": {}},
        {"invariant": None},
        {"expected": ["denied"]},
    ],
)
def test_a_probe_of_the_wrong_kind_is_a_fault(tmp_path: Path, odd: dict[str, Any]) -> None:
    with pytest.raises(FaultyFiles, match="a probe that is not stated whole"):
        read_probes(written(tmp_path, {**PROBE, **odd}))


@pytest.mark.parametrize("odd", [{"file": "a\0b"}, {"nodes": [{}]}, {"kind": "sco"}, {"file": 5}])
def test_a_policy_of_the_wrong_kind_is_a_fault(tmp_path: Path, odd: dict[str, Any]) -> None:
    whole = {"kind": "scp", "file": "a.json", "nodes": ["Root"]}
    with pytest.raises(FaultyFiles, match="a policy that is not stated whole"):
        read_probes(written(tmp_path, policies=[{**whole, **odd}]))
