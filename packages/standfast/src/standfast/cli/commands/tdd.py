"""`standfast tdd`: what the history proves about the tests."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from standfast.cli.evidence_tables import project_option

if TYPE_CHECKING:
    from standfast.evidence.tdd_cycles.changes import Change
    from standfast.evidence.tdd_cycles.schema import TddCycles


@click.group(name="tdd", short_help="What the history proves about the tests.")
def command() -> None:
    """Find out from the history whether tests came first, and whether they can fail at all."""


@command.command(short_help="Run the tests of each commit with and without its code.")
@click.argument("span", required=False, metavar="[RANGE]")
@click.option("--base", metavar="REV", help="Replay the commits since this work left REV.")
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the report to this file too; `standfast import` takes it elsewhere.",
)
@project_option
def replay(span: str | None, base: str | None, output: Path | None, root: Path | None) -> int:
    """Run the tests of every commit of RANGE (such as main..HEAD) with and without its code, and keep what that proves.

    Each commit is placed in a folder of its own; the working copy is not touched. Without RANGE it is the commits
    since the base of the settings, or the last ten. The tests run in the project's own environment as it is now.

    Exit codes: 0 replayed (the gate judges what was found), 2 usage or configuration, 3 it cannot be replayed.
    """
    from standfast.app.tdd.replaying import replay_range
    from standfast.cli.options import project_root
    from standfast.cli.saying import say

    replayed = replay_range(project_root(root), span, base=base, tell=_tell)
    if output is not None:
        output.write_bytes(replayed.report)
    for commit in replayed.cycles.commits:
        say(f"{commit.step.value.replace('_', ' '):<14}{commit.title}", f"{'':14}{commit.reason}")
    say("", _summary(replayed.cycles))
    say(f"{replayed.runs} runs of tests, {replayed.recalled} known from before", err=True)
    return 0


def _tell(number: int, total: int, change: "Change") -> None:
    from standfast.cli.saying import say

    say(f"{number} of {total}: {change.commit:.12} {change.subject:.80}", err=True)


def _summary(cycles: "TddCycles") -> str:
    from standfast.report.parts.text import plural

    said = f"{plural(cycles.commit_count, 'commit')}, {cycles.behavioural_count} change what the code does"
    ratio = cycles.proven_ratio
    return said if ratio is None else f"{said}, {cycles.proven_count} of them ({ratio:.0%}) proven by a failing test"
