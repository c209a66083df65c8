"""`standfast access`: who could approve what, and the review of that."""

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import click

from standfast.cli.evidence_tables import project_option
from standfast.cli.signing import signing_options

if TYPE_CHECKING:
    from standfast.app.sessions.access import Line
    from standfast.app.sessions.signing import Means


@click.group(name="access", short_help="Who could approve what, and the review of that.")
def command() -> None:
    """Show who may approve changes and waivers, and record that somebody looked at it."""


@command.command(name="list", short_help="List who could approve what.")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    show_default=True,
    help="Output.",
)
@project_option
def list_(format_name: str, root: Path | None) -> None:
    """List each grant of a role: whose, since when, until when, by which keys, and when it was used last.

    The digest of the grants in force goes to standard error; `standfast access review` asks for it.

    Exit codes: 0 listed, 2 the settings cannot be taken, 4 the record is not what it was.
    """
    import msgspec

    from standfast.app.sessions.access import lines, seen_by
    from standfast.cli.commands.session import at_desk
    from standfast.cli.evidence_tables import print_json
    from standfast.cli.saying import say

    with at_desk(root, beginning=True) as one:
        found, seen = lines(one), seen_by(one)
    if format_name == "json":
        print_json(msgspec.to_builtins(found))
    elif format_name == "csv":
        click.echo(_csv(found), nl=False)
    else:
        say(*_table(found))
    say(f"{len(seen.grants)} in force, list {seen.digest:.19}", err=True)


@command.command(short_help="Record what you decided about each grant.")
@click.option("--list", "seen", required=True, metavar="DIGEST", help="The list that you looked at, as it was shown.")
@click.option("--revoke", multiple=True, metavar="PERSON=ROLE", help="A grant that is to go; all others are kept.")
@signing_options()
@project_option
def review(seen: str, revoke: tuple[str, ...], means: "Means", root: Path | None) -> int:
    """Record, signed, that you looked at every grant of the list and which of them are to go.

    A grant goes when the settings no longer give it.

    Exit codes: 0 recorded, 2 the list has changed or names no such grant, 4 it cannot be recorded.
    """
    from standfast.app.sessions.access import review as reviewed
    from standfast.cli.commands.session import at_desk
    from standfast.cli.saying import say

    pairs = tuple(_pair(text) for text in revoke)
    with at_desk(root, beginning=True) as one:
        found = reviewed(one, seen, pairs, means=means)
    body = found.body
    say(f"reviewed {body.population} grants, signed: {body.kept} kept, {body.revoked} to go; entry {found.index}")
    if body.own:
        say(f"warning: {body.own} of them are your own, which somebody else has to review", err=True)
    if body.revoked:
        say(
            "hint: take them out of standfast.toml on the base; `standfast access list` shows when they are gone",
            err=True,
        )
    return 0


def _pair(text: str) -> tuple[str, str]:
    from standfast.model import UsageError

    name, found, role = text.rpartition("=")
    if not found or not name or not role:
        raise UsageError("access-pair", f"found {text!r}, expected PERSON=ROLE")
    return name, role


def _cells(line: "Line") -> tuple[str, ...]:
    last = "never" if line.last_used is None else f"{line.last_used:%Y-%m-%d}"
    state = "in force" if line.active else "over"
    keys = " ".join(line.keys) or "no key"
    return line.who, line.role, state, f"{line.since:%Y-%m-%d}", f"{line.until:%Y-%m-%d}", f"{line.uses}", last, keys


_HEAD = ("who", "role", "state", "since", "until", "uses", "last used", "keys")


def _table(found: "tuple[Line, ...]") -> list[str]:
    rows = [_HEAD, *map(_cells, found)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(_HEAD) - 1)]
    return [
        "  ".join([*(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False)), row[-1]]) for row in rows
    ]


def _csv(found: "tuple[Line, ...]") -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_HEAD)
    writer.writerows(map(_guarded, map(_cells, found)))
    return text.getvalue()


def _guarded(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Return *cells* so that no table program takes one for a formula."""
    return tuple(f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell for cell in cells)


@command.command(short_help="Enrol an authenticator to sign with.")
@project_option
def enrol(root: Path | None) -> None:
    """Let an authenticator (a security key, or the one in this machine) make a key for you, and print its line.

    It is asked for on a page of this machine whose address is printed; it has to verify you, by PIN, finger or face.
    The line counts once somebody else has reviewed it and it stands in [approvals.keys] on the base.

    Exit codes: 0 enrolled, 2 there was no authenticator, or nobody touched it in time.
    """
    from standfast.app.sessions.by_authenticator import enrolled
    from standfast.app.sessions.desk import git_person
    from standfast.app.sessions.signing import own_keys
    from standfast.cli.commands.session import at_desk
    from standfast.cli.saying import say
    from standfast.cli.signing import page_told

    with at_desk(root, beginning=True) as one:
        who = git_person(one.root)
        found = enrolled(who.email or who.name, own_keys(one, one.actor.id), page_told)
    say(found.line)
    say(f"hint: add it to [approvals.keys], under {who.email or who.name!r}, and let somebody review that", err=True)
