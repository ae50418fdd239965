"""The help of every command, as a person sees it on a terminal."""

import itertools
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from assay.cli.application import application


def _commands(group: typer.Typer, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield from ((*path, each.name or "") for each in group.registered_commands)
    for each in group.registered_groups:
        if each.typer_instance is not None:
            yield from _commands(each.typer_instance, (*path, each.name or ""))


@pytest.mark.parametrize("command", list(_commands(application)), ids=" ".join)
def test_sentences_wrap_at_the_width_of_the_terminal(command: tuple[str, ...]) -> None:
    """Nowhere does a line end early only because the source's line ended there."""
    width = 80
    said = CliRunner().invoke(application, [*command, "--help"], env={"COLUMNS": str(width)})
    assert said.exit_code == 0
    text = said.output.split("╭")[0].split("\n")[3:]
    for line, following in itertools.pairwise(text):
        if line.strip() and following.strip():
            first = following.split()[0]
            assert len(line.rstrip()) + 1 + len(first) >= width - 1, (line, following)


ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("command", sorted({path[0] for path in _commands(application)}))
def test_every_command_is_in_the_readme_and_in_the_changelog(command: str) -> None:
    """A command that a reader cannot find is not there for them."""
    assert f"assay {command}" in (ROOT / "README.md").read_text() or f"`{command}`" in (ROOT / "README.md").read_text()
    assert f"`{command}`" in (ROOT / "CHANGELOG.md").read_text().partition("- Commands:")[2].partition("- Sources:")[0]


def test_the_readme_leads_to_every_page() -> None:
    """The list under "More" is the table of contents of docs/."""
    readme = (ROOT / "README.md").read_text()
    assert [page.name for page in sorted((ROOT / "docs").glob("*.md")) if f"](docs/{page.name})" not in readme] == []


def test_the_readme_names_no_command_that_there_is_not() -> None:
    """Each line of the examples begins with a command, and a command of it, that help lists too."""
    known = set(_commands(application))
    for line in re.findall(r"^    (?:\$ )?assay (.+)$", (ROOT / "README.md").read_text(), flags=re.MULTILINE):
        words = tuple(line.split()[:2])
        assert words in known or words[:1] in known, line


def test_help_waits_for_nothing_heavy() -> None:
    """What takes long to import is imported by the command that needs it."""
    heavy = ["boto3", "botocore", "cfnlint", "cryptography", "duckdb", "jmespath", "pydantic", "typst", "yaml"]
    asked = f"import sys, assay.cli.application; print([each for each in {heavy} if each in sys.modules])"
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert said.stdout == "[]\n"
