"""`standfast import`: take reports that other tools wrote as evidence."""

from pathlib import Path

import click

from standfast.cli.evidence_tables import project_option
from standfast.cli.saying import say


@click.command(name="import", short_help="Take the reports of other tools as evidence.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@project_option
@click.option("--kind", metavar="KIND", help="The kind of evidence, where a report could be of several.")
@click.option("--format", "format_name", metavar="FORMAT", help="The format, where a report could be of several.")
@click.option("--tool", metavar="NAME", help="The tool that wrote it, where the report does not say.")
@click.option("--commit", metavar="REV", help="The commit it was made from; by default it is about the working copy.")
@click.option("--json", "as_json", is_flag=True, help="Print what was taken as JSON.")
def command(
    files: tuple[Path, ...],
    root: Path | None,
    kind: str | None,
    format_name: str | None,
    tool: str | None,
    commit: str | None,
    *,
    as_json: bool,
) -> None:
    """Take reports as evidence about this content; each is recognised by what it holds.

    All are taken, or none. The bytes are kept, so that anyone can read them again.
    A report that is older than its sources or names another commit is kept with that problem: it can fail a control
    and never pass one.

    Exit codes: 0 taken, 2 usage or configuration, 3 a report cannot be taken.
    """
    from standfast.app.collecting.importing import Wish, import_reports
    from standfast.app.storage.store import Store
    from standfast.cli.evidence_tables import named_copy, print_json, statement_row, statement_table

    copy = named_copy(root)
    wish = Wish(kind=kind, format=format_name, tool=tool, commit=commit)
    imported = import_reports(files, copy, Store(Path(copy.root)), wish=wish)
    if as_json:
        rows = [
            {"path": one.path, "format": one.importer, **statement_row(statement)}
            for one in imported
            for statement in one.statements
        ]
        print_json(rows)
    else:
        for one in imported:
            say(f"{one.path}: {one.title}")
        statement_table(tuple(statement for one in imported for statement in one.statements))
    for notice in (notice for one in imported for notice in one.notices):
        say(f"hint: {notice}", err=True)
