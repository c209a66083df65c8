"""`standfast forecast`: what turns red by itself, and when."""

from datetime import datetime
from pathlib import Path

import click
import msgspec

from standfast.app.pipeline import Request
from standfast.app.written.standards import later_standards
from standfast.cli.options import judging_options, project_root, run_pipeline
from standfast.cli.saying import say
from standfast.gates.forecast import MAX_DAYS, Turn, forecast


@click.command(short_help="Say which gate changes on which date, and why.")
@click.argument("selection", nargs=-1, metavar="[PHASE|GATE|CONTROL]...")
@judging_options
@click.option("--days", type=click.IntRange(1, MAX_DAYS), default=180, show_default=True, help="How far to look.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
def command(
    selection: tuple[str, ...],
    root: Path | None,
    standard: str | None,
    at: datetime | None,
    base: str | None,
    days: int,
    form: str,
) -> int:
    """Say on which date which gate changes if nothing but the date does, and why.

    It judges what is stored about this content and runs no tool. The exit code is 0 whatever it foresees.
    """
    request = Request(root=root, standard=standard, selection=selection, at=at, base=base, collecting=False)
    report = run_pipeline(request)
    later = later_standards(project_root(root), standard, report.context.standard)
    turns = forecast(report.context, report.controls, report.statements, days=days, later=later)
    if form == "json":
        click.echo(msgspec.json.encode(turns))
        return 0
    click.echo(f"{report.verdict.status} on {report.verdict.decided_at:%Y-%m-%d}; looked {days} days ahead")
    for turn in turns:
        say(*_lines(turn))
    if not turns:
        click.echo("nothing changes by itself")
    return 0


def _lines(turn: Turn) -> tuple[str, str]:
    why = "; ".join(turn.why)
    return f"{turn.at:%Y-%m-%d}  {turn.before.value:>13} -> {turn.after.value:<13}  {turn.name}", f"{'':12}{why}"
