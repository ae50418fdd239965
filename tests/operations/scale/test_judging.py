"""`assay judge` and `assay assess --snapshot` count the same, and say the same of every objective that they count."""

import datetime
import json
import random
import shutil
from pathlib import Path

import pytest
from tests.operations.scale.worlds import world, write
from typer.testing import CliRunner

from assay.assessment.objectives import ObjectiveResult
from assay.assessment.verdicts import Counts, Method
from assay.cli.application import application
from assay.governance.repository import read_repository
from assay.operations.assess import assess_repository
from assay.operations.scale import Options
from assay.operations.scale.judging import judge_snapshot

ACME = Path(__file__).parents[3] / "examples" / "acme"
NOW = datetime.datetime(2026, 11, 25, tzinfo=datetime.UTC)

EXCEPTIONS = """\
id: {id}
scope: {{{scope}}}
reason: The game of chance goes on until the new year.
compensating_control: Somebody looks at it every day.
requester: requester@acme.example
approver: approver@acme.example
approved: 2026-11-01
expires: 2026-12-31
"""


def counted(results: tuple[ObjectiveResult, ...]) -> dict[str, tuple[str, Counts, dict[str, Counts]]]:
    """Return what controls say: without what the provider, persons, proofs and exceptions for a whole objective add."""
    found = {}
    for each in results:
        controls = {one.control: one.counts for one in each.controls if one.method is not Method.PROVED}
        if each.provider or each.attested or each.exception or len(controls) != len(each.controls):
            continue
        found[each.objective] = (each.verdict.value, each.counts, controls)
    return found


@pytest.mark.parametrize("seed", range(2))
def test_both_ways_count_the_same(tmp_path: Path, seed: int) -> None:
    governance = tmp_path / "acme"
    shutil.copytree(ACME, governance)
    scopes = (
        "workload: shop, control: s3-bucket-access-logged",
        "control: ec2-volume-encrypted, resource: 'Volume-[01]'",
    )
    for number, scope in enumerate(scopes):
        text = EXCEPTIONS.format(id=f"chance-{number}", scope=scope)
        (governance / "exceptions" / f"chance-{number}.yaml").write_text(text)
    repository = read_repository(governance)
    accounts = sorted({each.accounts["prod"] for each in repository.workloads.values() if "prod" in each.accounts})
    resources = world(random.Random(seed), "aws", accounts=accounts)
    write(tmp_path / "s", resources.values(), listed=True)
    judged = judge_snapshot(governance, tmp_path / "s", tmp_path / "r", Options(processes=1), now=NOW)
    _, assessed = assess_repository(governance, now=NOW, snapshot=tmp_path / "s")
    everybodys, *own = judged.answers
    assert counted(everybodys.objectives).keys() >= counted(assessed.organisation.objectives).keys()
    excepted = 0
    for answer, whole in zip(own, assessed.workloads, strict=True):
        assert (answer.workload, answer.stage) == (whole.workload, whole.stage)
        found, expected = counted(answer.objectives), counted(whole.objectives)
        assert {name: found[name] for name in expected} == expected
        assert len(expected) > 10
        excepted += answer.counts.excepted
    assert excepted


def test_the_command_answers_and_exits(tmp_path: Path) -> None:
    resources = world(random.Random(1), "aws")
    write(tmp_path / "s", resources.values(), listed=True)
    command = ["judge", str(tmp_path / "s"), "-C", str(ACME), "-r", str(tmp_path / "r"), "--processes", "1"]
    first = CliRunner().invoke(application, [*command, "--format", "json", "--as-of", "2026-11-25"])
    stated = json.loads(first.stdout)
    assert (first.exit_code, stated["format"], stated["complete"]) == (1, "assay.run/1", True)
    assert stated["judged"] == stated["resources"] >= len(resources)
    again = CliRunner().invoke(application, [*command, "--as-of", "2026-11-25"])
    assert again.exit_code == 1
    assert "0 of them judged now" in again.stdout


def test_what_could_not_be_assessed_is_never_a_pass(tmp_path: Path) -> None:
    snapshot = write(tmp_path / "s", world(random.Random(1), "aws").values(), listed=True)
    for part in snapshot.manifest.parts:
        (snapshot.directory / part.path).write_bytes(b"PAR1 and no more")
    command = ["judge", str(tmp_path / "s"), "-C", str(ACME), "-r", str(tmp_path / "r"), "--processes", "1"]
    found = CliRunner().invoke(application, [*command, "-w", "shop"])
    assert found.exit_code in (1, 3)
    assert "could not be assessed" in found.stdout
