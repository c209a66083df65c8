"""`standfast explain`: everything about one control."""

import sys
from datetime import datetime
from pathlib import Path

import click

from standfast.app.pipeline import Request
from standfast.cli.options import judging_options, run_pipeline


@click.command(short_help="Tell all about one control and how to meet it.")
@click.argument("control")
@judging_options
@click.option("--collect", is_flag=True, help="Run the tools that the control needs first.")
def command(
    control: str, root: Path | None, standard: str | None, at: datetime | None, base: str | None, *, collect: bool
) -> int:
    """Explain CONTROL: its clause, its limits, what was measured, what offends, what would turn it green.

    It judges what is stored about this content and runs no tool, unless told with --collect.
    """
    from standfast.report import explain

    request = Request(root=root, standard=standard, selection=(control,), at=at, base=base, collecting=collect)
    report = run_pipeline(request)
    result = next((result for result in report.verdict.results if result.control == control), None)
    if result is None:
        raise click.UsageError(
            f"{control} is a gate or phase; name a control, such as {report.verdict.results[0].control}"
        )
    if sys.stdout.isatty():
        from rich.console import Console

        explain.render_rich(result, report.verdict, Console())
    else:
        click.echo(explain.render(result, report.verdict).decode(), nl=False)
    return report.verdict.exit_code
