"""The command line in places that are not a friendly terminal: pipes, full disks, other encodings, closed streams."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assay.cli.output import Format

REPOSITORY = Path(__file__).parents[2]
NOT_MET = "Description: Größe\nResources:\n  B:\n    Type: AWS::S3::Bucket\n"
ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


def assay(*arguments: str | Path, shell: str = "", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command line as its own process; `shell` is what follows it in a shell, such as "| head -1"."""
    command = [sys.executable, "-m", "assay", *map(str, arguments)]
    given = {key: each for key, each in os.environ.items() if key != "COLUMNS"} | environment
    if shell:
        return subprocess.run(
            ["bash", "-o", "pipefail", "-c", f'"$@" {shell}', "bash", *command],
            check=False,
            env=given,
            capture_output=True,
            timeout=60,
        )
    return subprocess.run(command, check=False, env=given, capture_output=True, timeout=60)


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "mit Leerzeichen é" / "vorlage – 1.yaml"
    path.parent.mkdir()
    path.write_text(NOT_MET, encoding="utf-8")
    return path


@pytest.mark.parametrize("form", list(Format))
def test_a_place_that_knows_only_ascii_gets_the_whole_report(template: Path, form: str) -> None:
    said = assay("check", template.parent, "-f", form, **ASCII)
    assert said.returncode == 1, said.stderr
    assert b"Traceback" not in said.stderr
    if form != "text":  # machines get UTF-8 wherever they are
        assert "Leerzeichen" in said.stdout.decode("utf-8")


@pytest.mark.parametrize("form", list(Format))
def test_a_file_name_that_is_no_text_does_not_stop_the_report(template: Path, form: str, tmp_path: Path) -> None:
    template.rename(template.parent / os.fsdecode(b"\xff.yaml"))
    assert assay("check", template.parent, "-f", form).returncode == 1
    said = assay("check", template.parent, "-f", form, "-o", tmp_path / "report")
    assert said.returncode == 1, said.stderr
    (tmp_path / "report").read_text("utf-8")
    if form == "sarif":
        assert "/%FF.yaml" in (tmp_path / "report").read_text("utf-8")


def test_whoever_stops_reading_does_not_change_the_answer(template: Path) -> None:
    said = assay("check", template, shell="| head -1")
    assert said.returncode == 1
    assert not said.stderr
    everything = assay("controls", "-f", "json", shell="| head -1")
    assert (everything.returncode, everything.stderr) == (0, b"")


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_full_disk_is_said_and_is_not_the_answer_not_met(template: Path, form: str) -> None:
    said = assay("check", template, "-f", form, shell="> /dev/full")
    assert said.returncode == 2
    assert said.stderr.decode().startswith("assay: cannot write to standard output: No space left on device")


def test_closed_output_keeps_the_exit_code(template: Path) -> None:
    assert assay("check", template, shell=">&-").returncode == 1


def test_lines_of_a_log_are_not_folded(template: Path) -> None:
    """Without a terminal a finding's place, severity and control stand on one line, so that they can be searched."""
    lines = assay("check", template).stdout.decode().splitlines()
    heads = [each for each in lines if each.startswith(str(template))]
    assert heads
    assert all(len(each.split("  ")) == 4 for each in heads)
    assert all(each == each.rstrip() for each in lines)


@pytest.mark.parametrize(
    ("happens", "code", "message"),
    [
        ("1 / 0", 4, "assay: internal error, please report: ZeroDivisionError"),
        ("os.kill(os.getpid(), signal.SIGINT)", 130, ""),
    ],
)
def test_a_fault_of_ours_or_an_interruption_is_not_the_answer_not_met(
    template: Path, happens: str, code: int, message: str
) -> None:
    script = (
        f"import os, signal, assay.operations.check as c\nc.check = lambda *a, **k: {happens}\n"
        "from assay.cli import main\nmain()\n"
    )
    given = {**os.environ, "PYTHONPATH": str(REPOSITORY / "src")}
    said = subprocess.run(
        [sys.executable, "-c", script, "check", str(template)],
        check=False,
        env=given,
        capture_output=True,
        timeout=60,
        text=True,
    )
    assert said.returncode == code
    assert said.stderr.startswith(message)
    assert "Traceback" not in said.stderr


@pytest.mark.parametrize("environment", [{"HOME": ""}, {"HOME": "/nonexistent"}, {"ASSAY_CACHE": "off"}])
def test_no_home_and_no_cache_are_done_without(template: Path, environment: dict[str, str]) -> None:
    said = assay("check", template, **{"XDG_CACHE_HOME": "", **environment})
    assert said.returncode == 1, said.stderr


def test_the_overview_fits_a_narrow_terminal_with_every_name_whole() -> None:
    said = assay("assess", REPOSITORY / "examples" / "acme", COLUMNS="80").stdout.decode()
    overview = said.split("Objectives by answer")[1].split("\n\n")[0]
    assert "organisation" in overview
    assert "…" not in overview


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-w", "shop"], "add --repository"),
        (["--stage", "prod"], "add --repository"),
        (["-p", "A=1", "-p", "A=2"], "is given as '1' and as '2'"),
        (["-p", "Nothing=1"], "no template declares a parameter 'Nothing'"),
    ],
)
def test_an_option_that_would_do_nothing_is_refused(template: Path, arguments: list[str], message: str) -> None:
    said = assay("check", template, *arguments)
    assert said.returncode == 2
    assert message in said.stderr.decode()
