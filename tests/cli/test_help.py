"""The help of every command, as a person sees it on a terminal."""

import itertools
from collections.abc import Iterator

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
