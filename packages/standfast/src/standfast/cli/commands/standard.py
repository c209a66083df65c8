"""`standfast standard`: look at standards, prove that they can be read, compare them."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from standfast.cli.saying import say

if TYPE_CHECKING:
    from standfast.model import Standard

_format = click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="What goes to standard output.",
)


@click.group(name="standard", short_help="Show, validate and compare standards.")
def command() -> None:
    """Look at standards, prove that they can be read, compare them.

    A standard is a bundled NAME or a FILE in the module form (.md) or in TOML (.toml).
    """


@command.command(short_help="Show a standard with its limits.")
@click.argument("standard", required=False, metavar="[FILE|NAME]")
@click.option("--clause", "clauses", multiple=True, metavar="ID", help="Only this clause, or those below it.")
@_format
def show(standard: str | None, clauses: tuple[str, ...], form: str) -> None:
    """Show a standard with its clauses, limits, overrides and unresolved references.

    Without FILE or NAME it is the one that this project is judged by.

    Exit codes: 0 shown, 2 it cannot be read or has no such clause.
    """
    from standfast.app.clock import now
    from standfast.app.repository.project import find_root
    from standfast.app.written.standards import project_standard
    from standfast.cli.clause_tables import clause_lines, standard_lines
    from standfast.model import UsageError, canonical_json

    moment = now()
    found = _named(standard) if standard else project_standard(find_root(Path.cwd()), None, now=moment)
    chosen = [clause for clause in found.clauses if not clauses or f"{clause.id}.".startswith(_prefixes(clauses))]
    if not chosen:
        raise UsageError("clause-unknown", f"{found.name} has no clause {', '.join(clauses)}")
    if form == "json":
        click.echo(canonical_json(found if not clauses else chosen))
        return
    lines = [] if clauses else [*standard_lines(found), ""]
    say(*lines, *(line for clause in chosen for line in clause_lines(clause)))


@command.command(short_help="Prove that a standard can be used.")
@click.argument("standard", metavar="FILE|NAME")
def validate(standard: str) -> None:
    """Read a standard and everything it extends and refers to, and bind the controls to it.

    Every problem of the document is named with its line, what was found and what was expected.

    Exit codes: 0 it can be used, 2 it cannot.
    """
    from standfast.app.modules.discovery import all_controls
    from standfast.cli.clause_tables import standard_lines
    from standfast.gates.bind import bind

    found = _named(standard)
    bound = bind(found, all_controls())
    say(*standard_lines(found))
    click.echo(f"{len(bound.controls)} controls serve it; {len(bound.unbound)} clauses have none")
    if not bound.controls:
        click.echo("hint: no clause has an id that a control cites; `standfast clauses` lists them", err=True)


@command.command(short_help="Show what changed, and which verdicts may change.")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@_format
def diff(old: str, new: str, form: str) -> None:
    """Show what changed from OLD to NEW, and which verdicts that may change.

    Exit codes: 0 compared, whether or not they differ; 2 one of them cannot be read.
    """
    from standfast.app.modules.discovery import all_controls
    from standfast.app.traceability import effects
    from standfast.cli.difference_tables import difference_lines
    from standfast.model import canonical_json
    from standfast.standard.diff import difference

    before, after = _named(old), _named(new)
    changed = difference(before, after)
    found = effects(before, after, changed, all_controls())
    if form == "json":
        names = {"old": before.digest, "new": after.digest}
        click.echo(canonical_json({**names, "clauses": changed.clauses, "limits": changed.limits, "effects": found}))
        return
    say(*difference_lines(before, after, changed, found))


def _named(choice: str) -> "Standard":
    """Return the standard that *choice* names, relative to the current folder, without a project's overrides."""
    from standfast.app.clock import now
    from standfast.app.written.standards import load_standard

    return load_standard(choice, base=Path.cwd(), now=now())


def _prefixes(clauses: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{clause.rstrip('.')}." for clause in clauses)
