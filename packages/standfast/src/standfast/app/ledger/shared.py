"""A log in PostgreSQL, which several machines may write: where it is, how it is made, and how it is opened.

Its address is kept as it was given and bears no password; libpq finds one in a password file or in the environment.
What the log shares is everything of its tables: entries, tree, checkpoints, cosignatures, time stamps, sentences and
names. What each machine has for itself is the signing key (the same one everywhere), its anchor, and what it sealed.
"""

import contextlib
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from standfast.model import LedgerError, UsageError

if TYPE_CHECKING:
    from standfast.app.ledger.home import Known
    from standfast.ledger.stores.contract import Batch, Identity
    from standfast.ledger.stores.postgres import PostgresStore
    from standfast.ledger.stores.postgres_server import Session

SCHEMA = "standfast_ledger"


class Server(msgspec.Struct, frozen=True, kw_only=True):
    """Where a log is to be: the address by which it is written, the schema, and the owner's address, used once.

    A log that goes on after the one in the schema ``beside`` keeps there what is not in the log itself.
    """

    address: str
    schema: str = SCHEMA
    owner: str = ""
    beside: str = ""


def after(known: "Known", owner: str, year: int) -> Server:
    """Return where the log of *year* is to be that goes on after *known*: in a schema that *owner* makes beside it."""
    schema = f"{re.sub(r'_[0-9]{4}$', '', known.schema)}_{year}"
    return Server(address=known.database, schema=schema, owner=owner, beside=known.schema)


def rehearse(server: Server) -> None:
    """Return when the owner that *server* names could make its schema now: what is frozen for it cannot be thawed.

    Raises:
        UsageError: Its address cannot be taken.
        LedgerError: It could not.
    """
    assert_usable(server)
    from standfast.ledger.stores.postgres import rehearse as rehearsed

    rehearsed(server.owner, server.schema)


def assert_usable(server: Server) -> None:
    """Return when the addresses of *server* lead to PostgreSQL and bear no password.

    Raises:
        UsageError: They do not, or the extra that speaks to PostgreSQL is not installed.
    """
    with _extra():
        from standfast.ledger.stores.postgres_server import assert_address
    for address in filter(None, (server.address, server.owner)):
        assert_address(address)


def opened(known: "Known") -> "PostgresStore":
    """Return the log *known*, to be read and written.

    Raises:
        LedgerError: It cannot be opened.
    """
    with _extra():
        from standfast.ledger.stores.postgres import PostgresStore
    return PostgresStore(known.database, schema=known.schema)


def made(server: Server, identity: "Identity", batch: "Batch") -> None:
    """Make the log *identity*, empty but for the checkpoint of *batch*, as the owner that *server* names.

    Raises:
        LedgerError: There is one of that name already, its writer could change it, or it cannot be made.
    """
    with _extra():
        from standfast.ledger.stores.postgres import PostgresStore
        from standfast.ledger.stores.postgres_server import role_at
    writer = role_at(server.address)
    place = {"schema": server.schema, "beside": server.beside}
    PostgresStore.create(server.owner, server.address, writer, identity, batch, **place).close()


@contextlib.contextmanager
def alone(known: "Known", what: str, *, patience_s: float) -> Iterator[None]:
    """Let no other machine that shares *known* do *what* within the body; a ledger in a file is not shared.

    Raises:
        LedgerError: Another machine has been at it for *patience_s* seconds, or the server cannot be reached.
    """
    if not known.schema:
        yield
        return
    with contextlib.closing(session_of(known, lasting=True, patience_s=patience_s)) as session:
        session.hold(what)
        yield


def session_of(known: "Known", *, lasting: bool = False, patience_s: float = 30.0) -> "Session":
    """Return a connection to the schema of *known*, which a *lasting* one is for once; nothing is connected yet.

    Raises:
        LedgerError: What speaks to PostgreSQL is not installed.
    """
    with _extra():
        from standfast.ledger.stores.postgres_server import Session
    return Session(known.database, known.schema, lasting=lasting, patience_s=patience_s)


def refuse(known: "Known", what: str, instead: str) -> None:
    """Return where the log *known* is in a file of this machine; *what* is not done to one that is shared.

    Raises:
        UsageError: It is in PostgreSQL; what to do *instead* is said.
    """
    if known.schema:
        raise UsageError("ledger-shared", f"{known.origin} is in PostgreSQL, and such a ledger {what}", hint=instead)


@contextlib.contextmanager
def _extra() -> Iterator[None]:
    try:
        yield
    except ImportError as error:
        raise LedgerError(
            "ledger-postgres-missing",
            f"this ledger is in PostgreSQL, and what speaks to it is not installed: {error}",
            hint="install Standfast with it: `pip install 'standfast[postgres]'`",
        ) from error
