"""`standfast tests`: what the tests are worth beside their result."""

from pathlib import Path

import click

from standfast.cli.evidence_tables import project_option


@click.group(name="tests", short_help="What the tests are worth beside their result.")
def command() -> None:
    """Find out what the tests are worth beside their result."""


@command.command(short_help="Run the tests several times in different orders.")
@click.argument("targets", nargs=-1, metavar="[PATH]...")
@click.option("--runs", type=click.IntRange(2, 100), default=3, show_default=True, help="How often.")
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the report to this file too; `standfast import` takes it elsewhere.",
)
@project_option
def repeat(targets: tuple[str, ...], runs: int, output: Path | None, root: Path | None) -> int:
    """Run the tests (all, or those in PATH...) several times in different orders, and keep whether they agree.

    The first run is in the order of the project; in each other one the files, and the tests within each, are shuffled.

    Exit codes: 0 repeated (the gate judges what was found), 2 usage or configuration, 3 a run proves nothing.
    """
    from standfast.app.tdd.repeating import repeat as repeated
    from standfast.cli.options import project_root
    from standfast.cli.saying import say
    from standfast.report.parts.text import plural

    found = repeated(project_root(root), runs, targets, lambda number, total: say(f"run {number} of {total}", err=True))
    if output is not None:
        output.write_bytes(found.report)
    for one in found.stability.items.listed:
        say(one.message)
    say(f"{plural(found.stability.tests, 'test')} in {runs} runs, {found.stability.differing} ended differently")
    return 0
