"""The options of `standfast ledger init` that are about a server."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from standfast.app.ledger.joining import Invitation
    from standfast.app.ledger.shared import Server

_OPTIONS = (
    click.option("--database", metavar="ADDRESS", help="A PostgreSQL database, as the role that writes; no password."),
    click.option("--schema", metavar="NAME", help="The schema there. By default standfast_ledger."),
    click.option("--owner", metavar="ADDRESS", help="The same database as the role that is to own it; used once."),
    click.option("--join", metavar="FILE", help="Write the ledger that is there; FILE is a checkpoint of it."),
    click.option("--key", metavar="FILE", help="With --join: a copy of its signing key, mode 0600."),
    click.option("--sealing-key", metavar="FILE", help="With --join: a copy of its sealing key, mode 0600."),
)
_MOST_BYTES = 100_000


def server_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let a command say on which server a ledger is; it gets them as ``place``, for `server_of`."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def server_of(place: dict[str, str | None]) -> "tuple[Server | None, Invitation | None]":
    """Return the server that the options *place* name, and what is to be joined there; None where they name none.

    Raises:
        UsageError: They name a part of one, or an address that cannot be taken.
    """
    from standfast.app.ledger.joining import Invitation
    from standfast.app.ledger.shared import SCHEMA, Server, assert_usable
    from standfast.app.storage.durable import read_bounded
    from standfast.model import UsageError

    database, schema, owner, kept = (place[name] for name in ("database", "schema", "owner", "join"))
    keys = {name: Path(path) for name in ("key", "sealing_key") if (path := place[name])}
    names = ("schema", "owner", "join", "key", "sealing_key")
    alone = next((f"--{name.replace('_', '-')}" for name in names if place[name]), None)
    if not database:
        if alone is None:
            return None, None
        raise UsageError("ledger-server-options", f"found {alone} without --database, expected both")
    if bool(owner) == bool(kept):
        found = "both --owner and --join" if owner else "neither --owner nor --join"
        raise UsageError(
            "ledger-server-options",
            f"found --database with {found}, expected one of them",
            hint="--owner ADDRESS makes the ledger there, --join CHECKPOINT takes the one that is there",
        )
    if keys and not kept:
        raise UsageError("ledger-server-options", f"found {alone} without --join: a new ledger makes its own keys")
    server = Server(address=database, schema=schema or SCHEMA, owner=owner or "")
    assert_usable(server)
    if not kept:
        return server, None
    try:
        note = read_bounded(Path(kept), _MOST_BYTES)
    except FileNotFoundError as error:
        raise UsageError("ledger-join-checkpoint", f"there is no file {kept}, expected a checkpoint") from error
    return server, Invitation(checkpoint=note, **keys)
