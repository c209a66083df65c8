"""`standfast evidence`: look at what is stored, prove that it is whole, remove what is old."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from standfast.cli.evidence_tables import project_option

if TYPE_CHECKING:
    from standfast.app.storage.store import Store
    from standfast.model import Statement

_format = click.option(
    "--format", "format_name", type=click.Choice(["table", "json"]), default="table", show_default=True, help="Output."
)


@click.group(name="evidence", short_help="Look at stored evidence, prove that it is whole.")
def command() -> None:
    """Look at stored evidence, prove that it is whole, remove what is old."""


@command.command(name="list")
@project_option
@_format
@click.option("--all", "everything", is_flag=True, help="Evidence about every content, not only this one.")
def list_(root: Path | None, format_name: str, *, everything: bool) -> None:
    """List the statements about this content.

    Exit codes: 0 listed, 2 usage or configuration, 3 a statement cannot be read.
    """
    from standfast.app.storage.store import Store
    from standfast.cli.evidence_tables import named_copy, print_json, statement_row, statement_table

    copy = named_copy(root)
    store = Store(Path(copy.root))
    statements = _statements(store, store.trees() if everything else (copy.subject.tree,))
    if format_name == "json":
        print_json([statement_row(statement) for statement in statements])
        return
    statement_table(statements)
    if not statements:
        click.echo("no evidence about this content", err=True)
        click.echo("hint: `standfast gate` collects it, `standfast import` takes reports", err=True)


@command.command(short_help="Show one statement, or all of one kind.")
@click.argument("what", metavar="DIGEST|KIND")
@project_option
@_format
@click.option("--items", type=click.IntRange(min=0), default=20, show_default=True, help="List at most so many items.")
@click.option("--raw", metavar="NAME", help="Print the bytes of this raw file instead.")
def show(what: str, root: Path | None, format_name: str, items: int, raw: str | None) -> None:
    """Show one statement, named by the beginning of its digest, or all of one kind about this content.

    Exit codes: 0 shown, 2 nothing of that name, 3 it cannot be read.
    """
    from standfast.app.storage.store import Store
    from standfast.cli.evidence_details import print_raw, show_statement
    from standfast.cli.evidence_tables import named_copy, print_json

    copy = named_copy(root)
    store = Store(Path(copy.root))
    chosen = _named(store, copy.subject.tree, what)
    for statement in chosen:
        if raw is not None:
            print_raw(store, statement, raw)
        elif format_name == "json":
            import msgspec

            print_json(msgspec.json.decode(store.get(statement.digest)))
        else:
            show_statement(statement, items)


@command.command(short_help="Run collectors again although nothing changed.")
@click.argument("kinds_named", nargs=-1, metavar="[KIND]...")
@project_option
def refresh(kinds_named: tuple[str, ...], root: Path | None) -> None:
    """Run the collectors of these kinds (all, if none is named) again, although nothing changed.

    Exit codes: 0 collected, 2 usage or configuration, 3 some evidence could not be made.
    """
    from standfast.app.storage.store import Store
    from standfast.cli.evidence_collecting import collect_again
    from standfast.cli.evidence_tables import named_copy, statement_table
    from standfast.model import UndecidableError

    copy = named_copy(root)
    collected = collect_again(copy, Store(Path(copy.root)), kinds_named)
    statement_table(collected.statements)
    if collected.failures:
        raise UndecidableError(
            "evidence-missing",
            "\n".join(f"{failure.kind}: {failure.tool}: {failure.reason}" for failure in collected.failures),
            hint="`standfast doctor` says what this machine lacks",
        )


@command.command(short_help="Prove that every stored byte is what it was.")
@project_option
@_format
def verify(root: Path | None, format_name: str) -> None:
    """Prove that every stored byte is what it was and every statement leads to its raw files.

    Exit codes: 0 all is whole, 3 something is not.
    """
    from standfast.app.repository.project import find_root
    from standfast.app.storage.store import Store
    from standfast.app.storage.store_care import verify as verify_store
    from standfast.cli.evidence_tables import print_json
    from standfast.model import EvidenceError

    health = verify_store(Store((root or find_root(Path.cwd())).resolve()))
    if format_name == "json":
        print_json(health)
    else:
        click.echo(f"whole: {health.objects} objects, {health.statements} statements")
    if health.problems:
        raise EvidenceError(
            "store-damaged",
            "\n".join([f"{len(health.problems)} things are not what they were:", *health.problems]),
            hint="collect or import the evidence again; it takes the place of what is damaged",
        )


@command.command(short_help="List every kind and the commands that write its reports.")
@_format
def kinds(format_name: str) -> None:
    """List every kind of evidence, the formats it is imported from and the tools that collect it."""
    from standfast.cli.evidence_details import kind_rows, show_kinds
    from standfast.cli.evidence_tables import print_json

    rows = kind_rows()
    if format_name == "json":
        print_json(rows)
    else:
        show_kinds(rows)


@command.command(short_help="Remove what nobody touched for so long.")
@project_option
@click.option("--older-than", type=click.IntRange(min=0), default=30, show_default=True, metavar="DAYS", help="Age.")
def prune(root: Path | None, older_than: int) -> None:
    """Remove evidence that was not touched for so many days, except about this content.

    Exit codes: 0 pruned, 3 another command is using the store.
    """
    from datetime import timedelta

    from standfast.app.clock import now
    from standfast.app.storage.store import Store
    from standfast.app.storage.store_care import prune as prune_store
    from standfast.cli.evidence_tables import named_copy

    copy = named_copy(root)
    pruned = prune_store(
        Store(Path(copy.root)), now=now(), older_than=timedelta(days=older_than), keep=[copy.subject.tree]
    )
    click.echo(
        f"removed {pruned.removed} objects ({pruned.removed_bytes / 1e6:.1f} MB), "
        f"kept {pruned.kept} ({pruned.kept_bytes / 1e6:.1f} MB)"
    )


def _statements(store: "Store", trees: tuple[str, ...]) -> "tuple[Statement, ...]":
    from standfast.app.storage.store import COLLECTED, IMPORTED

    digests = dict.fromkeys(
        digest
        for tree in trees
        for origin in (COLLECTED, IMPORTED)
        for slot in store.slots(tree, origin)
        for digest in slot.statements
    )
    return tuple(store.statement(digest) for digest in digests)


def _named(store: "Store", tree: str, what: str) -> "tuple[Statement, ...]":
    from standfast.model import UsageError

    wanted = what.removeprefix("sha256:")
    statements = _statements(store, store.trees())
    by_digest = tuple(statement for statement in statements if statement.digest[7:].startswith(wanted))
    if by_digest and len(wanted) >= 4:
        return by_digest
    by_kind = tuple(statement for statement in _statements(store, (tree,)) if statement.kind == what)
    if not by_kind:
        raise UsageError(
            "evidence-unknown",
            f"there is no statement {what!r}, and none of that kind about this content",
            hint="`standfast evidence list` names them",
        )
    return by_kind
