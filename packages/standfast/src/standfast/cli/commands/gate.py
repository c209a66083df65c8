"""`standfast gate`: decide the gates."""

import sys
from datetime import datetime
from pathlib import Path

import click

from standfast.app.pipeline import Report, Request
from standfast.app.repository.project import find_root
from standfast.cli.options import judging_options, run_pipeline
from standfast.cli.saying import say
from standfast.cli.telling import tell_forge


@click.command(short_help="Decide every gate, or those that are named.")
@click.argument("selection", nargs=-1, metavar="[PHASE|GATE|CONTROL]...")
@judging_options
@click.option(
    "--import",
    "reports",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Take a report of another tool as evidence first, as `standfast import` does. May be repeated.",
)
@click.option("--artifact", metavar="DIGEST", help="What was built from this content: sha256: and 64 digits.")
@click.option("--no-collect", is_flag=True, help="Run no tool; judge what is stored about this content.")
@click.option(
    "--format",
    "format_name",
    default="terminal",
    show_default=True,
    metavar="FORMAT",
    help="What goes to standard output: terminal, json, markdown, html, sarif, junit, github, step-summary, gitlab,"
    " oscal, vsa or test-result.",
)
@click.option(
    "--output",
    "outputs",
    multiple=True,
    metavar="[FORMAT=]FILE",
    help="Write a report to FILE as well; the format is that of its suffix unless named. May be repeated.",
)
def command(
    selection: tuple[str, ...],
    root: Path | None,
    standard: str | None,
    at: datetime | None,
    base: str | None,
    *,
    reports: tuple[Path, ...],
    artifact: str | None,
    no_collect: bool,
    format_name: str,
    outputs: tuple[str, ...],
) -> int:
    """Decide every gate of the standard for this repository, or the ones that are named.

    Exit codes: 0 pass, 1 a gate failed, 2 usage or configuration, 3 undecidable, 4 the decision cannot be recorded.
    """
    from standfast.app.modules.reports import format_for, format_named

    to_stdout = format_named(format_name)
    files = []
    for output in outputs:
        name, found, path = output.partition("=")
        files.append((format_named(name), Path(path)) if found else (format_for(output), Path(output)))
    request = Request(
        root=root,
        standard=standard,
        selection=selection,
        at=at,
        base=base,
        artifact=artifact,
        collecting=not no_collect,
        recording=True,
    )
    if reports:
        _take(reports, root)
    report = run_pipeline(request)
    if report.entry is not None and report.entry.notice:
        say(f"warning: {report.entry.notice}", err=True)
    for form, target in files:
        write_report(target, form.render(report.verdict))
    if to_stdout.name == "terminal" and sys.stdout.isatty():
        _draw(report)
    else:
        sys.stdout.buffer.write(to_stdout.render(report.verdict))
        sys.stdout.buffer.flush()
    tell_forge((root or find_root(Path.cwd())).resolve())
    return report.verdict.exit_code


def _take(reports: tuple[Path, ...], root: Path | None) -> None:
    """Take *reports* as evidence, all of them or none."""
    from standfast.app.collecting.importing import import_reports
    from standfast.app.storage.store import Store
    from standfast.cli.evidence_tables import named_copy

    copy = named_copy(root)
    for one in import_reports(reports, copy, Store(Path(copy.root))):
        for notice in one.notices:
            say(f"hint: {notice}", err=True)


def write_report(path: Path, data: bytes) -> None:
    """Write *data* to *path*, whole or not at all.

    Raises:
        UsageError: It cannot be written.
    """
    from standfast.app.storage.durable import write_durably
    from standfast.model import EvidenceError, UsageError

    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)  # a device or a pipe is written to, never replaced
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        write_durably(path, data)
        path.chmod(0o644)
    except (OSError, EvidenceError) as error:
        raise UsageError("report-unwritable", f"{path} cannot be written: {error}") from error


def _draw(report: Report) -> None:
    from rich.console import Console

    from standfast.report import terminal

    terminal.render_rich(report.verdict, Console())
