"""`standfast replay`: compute a verdict again and compare every byte."""

from pathlib import Path

import click

from standfast.app.replay import replay
from standfast.cli.saying import say


@click.command(short_help="Decide a verdict again and compare byte for byte.")
@click.argument("verdict", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--root",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="The project whose store holds the evidence; by default the current one.",
)
def command(verdict: Path, root: Path | None) -> int:
    """Decide VERDICT (a JSON report) again from its stored inputs, offline, and compare byte for byte.

    Exit codes: 0 the bytes are the same, 1 they differ (it says where), 3 an input is missing or was changed.
    """
    replayed = replay(verdict.read_bytes(), root)
    for sentence in replayed.remarks:
        say(sentence, err=True)
    if replayed.same:
        say(f"same: {verdict} is the verdict of its inputs, byte for byte ({replayed.digest:.19})")
        return 0
    for difference in replayed.differences:
        say(difference)
    say(f"different: {verdict} is not what its inputs give")
    return 1
