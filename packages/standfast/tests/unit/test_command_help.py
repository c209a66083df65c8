"""The help of the command line says everything it begins to say."""

import re
from pathlib import Path

import click
import pytest
from command_line import standfast

from standfast.app.modules.reports import formats
from standfast.cli.main import cli
from standfast.gates.select import meant


def groups() -> list[list[str]]:
    """Return the words of each command that has others below it."""
    context = click.Context(cli)
    inner = (cli.get_command(context, name) for name in cli.list_commands(context))
    return [[], *([str(command.name)] for command in inner if isinstance(command, click.Group))]


@pytest.mark.parametrize("words", groups(), ids=lambda words: " ".join(words) or "standfast")
def test_no_line_of_a_list_of_commands_is_cut(words: list[str], tmp_path: Path) -> None:
    """Each command is described in one line that ends where its sentence ends."""
    listed = standfast(*words, "--help", cwd=tmp_path).out.split("Commands:\n")[1].splitlines()

    assert [line for line in listed if not line.endswith(".") or line.endswith("...")] == []


def test_help_names_every_report_format(tmp_path: Path) -> None:
    """`standfast gate --help` lists the formats that there are, and no other."""
    text = " ".join(standfast("gate", "--help", cwd=tmp_path).out.split())
    named = re.search(r"What goes to standard output: (.+?)\. \[default", text)

    assert named is not None
    assert set(re.split(r", | or ", named[1])) == {form.name for form in formats()}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("docmentation", "did you mean documentation?"),
        ("line-coverage", "did you mean line-coverage-meets-limit?"),
        ("zzz", ""),
    ],
)
def test_near_name_is_offered(typed: str, found: str) -> None:
    """A name that is nearly right, or a part of one, is answered with the name that was probably meant."""
    assert meant([typed], ["documentation", "line-coverage-meets-limit"]) == found
