"""`standfast clauses`: which control decides which sentence, on which evidence."""

from pathlib import Path

import click

from standfast.cli.saying import say


@click.command(short_help="List each sentence of the standard and what decides it.")
@click.option(
    "--root",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="The project's folder; by default the nearest one upwards with standfast.toml.",
)
@click.option("--standard", metavar="FILE|NAME", help="Show another standard than the settings name.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "md", "csv"]),
    default="table",
    show_default=True,
    help="What goes to standard output.",
)
@click.option("--unbound", is_flag=True, help="Only clauses that no control serves.")
def command(root: Path | None, standard: str | None, form: str, *, unbound: bool) -> None:
    """List every clause with its limits, the controls that serve it and the evidence that they take.

    Clauses that no control serves come first: nothing decides them.

    Exit codes: 0 listed, 2 usage or configuration.
    """
    from standfast.app.clock import now
    from standfast.app.repository.project import find_root
    from standfast.app.traceability import bound_for, traced
    from standfast.app.written.standards import project_standard
    from standfast.cli.clause_tables import row_csv, row_data, row_lines, row_markdown
    from standfast.model import canonical_json

    folder = (root or find_root(Path.cwd())).resolve()
    moment = now()
    chosen = project_standard(folder, standard, now=moment)
    rows = [row for row in traced(bound_for(folder, chosen, now=moment)) if not (unbound and row.controls)]
    match form:
        case "json":
            about = {"standard": chosen.name, "version": chosen.version, "digest": chosen.digest}
            data = {**about, "clauses": [row_data(row) for row in rows], "unresolved": chosen.unresolved}
            click.echo(canonical_json(data))
        case "csv":
            click.echo(row_csv(rows), nl=False)
        case "md":
            say(*row_markdown(chosen, rows))
        case _:
            say(*row_lines(chosen, rows))
