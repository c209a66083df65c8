"""A connection to the PostgreSQL server that holds a ledger: durable, bounded in time, and with errors that have names.

Passwords are the business of libpq alone: it takes them from a password file, a service file or the environment, and an
address that bears one is refused, because addresses are written down and shown.
"""

import contextlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from standfast.ledger.stores.contract import UnreachableError
from standfast.ledger.stores.postgres_watch import LIMIT_S, Watch
from standfast.model import LedgerError, UsageError

PATIENCE_S = 30.0
CONNECT_S = 10
"""Seconds after which a server that does not answer is given up; each address of a name has them."""
_SECRETS = ("password", "sslpassword", "oauth_client_secret")
_SETTINGS = (
    "SET synchronous_commit = on; SET idle_in_transaction_session_timeout = '10s'; SET statement_timeout = '60s';"
    " SET timezone = 'UTC'"
)
_DURABLE = {"synchronous_commit": ("on", "remote_apply"), "fsync": ("on",), "full_page_writes": ("on",)}
_ALIVE = {
    "connect_timeout": CONNECT_S,
    "tcp_user_timeout": 30_000,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 4,
}
"""A connection whose other end is gone without a word is given up after half a minute."""

Row = tuple[Any, ...]  # the tables hold each column to its type
Values = Sequence[object] | Mapping[str, object]


def assert_address(address: str) -> None:
    """Return when *address* leads to a PostgreSQL database and bears no password.

    Raises:
        UsageError: It does not; what it is instead is not repeated, since it may be a secret.
    """
    try:
        found = conninfo_to_dict(address)
    except psycopg.ProgrammingError:  # its message quotes what it stumbled over, without a chain to it
        found = {}
    if not found:
        raise UsageError(
            "ledger-address-unusable",
            "found something else, expected an address such as postgresql://ledger_writer@db.example.org/ledgers,"
            " or service=NAME",
        ) from None
    secret = next((name for name in _SECRETS if found.get(name)), None)
    if secret is not None:
        raise UsageError(
            "ledger-address-secret",
            f"found a {secret} in the address, expected none: addresses are kept and shown",
            hint="leave it out; put it into a password file (~/.pgpass, or the one that PGPASSFILE names)",
        )


class Session:
    """One connection to the schema of a ledger, for all threads, one at a time; one that broke is made anew."""

    def __init__(
        self,
        address: str,
        schema: str,
        *,
        patience_s: float = PATIENCE_S,
        limit_s: float = LIMIT_S,
        lasting: bool = False,
    ) -> None:
        """Take *address*; nothing is connected yet.

        Whoever is in the way is waited for *patience_s* seconds at the most, and the server *limit_s*. A *lasting* one
        is never made anew: what was locked by it was let go of when it broke.
        """
        self.name, self.schema = f"the schema {schema}", schema
        self._address, self._lasting, self._patience_ms = address, lasting, int(patience_s * 1000)
        self._lock, self._watch = threading.RLock(), Watch(limit_s)
        self._held: psycopg.Connection[Row] | None = None

    @contextlib.contextmanager
    def transaction(self) -> "Iterator[psycopg.Connection[Row]]":
        """Give the connection for one transaction, which is durable when the body has ended well.

        Raises:
            LedgerError: It is not.
        """
        with self._asking():
            connection = self._connected()
            with connection.transaction():
                yield connection

    def one(self, query: str, values: Values = ()) -> Row | None:
        """Return the first row, or None.

        Raises:
            LedgerError: It cannot be read.
        """
        with self._asking():
            return self._connected().execute(query.encode(), values or None).fetchone()

    def all(self, query: str, values: Values = ()) -> list[Row]:
        """Return every row.

        Raises:
            LedgerError: They cannot be read.
        """
        with self._asking():
            return self._connected().execute(query.encode(), values or None).fetchall()

    def hold(self, what: str) -> None:
        """Return when nobody else holds *what* in this schema; it is let go of with the connection.

        Raises:
            LedgerError: Somebody has been holding it for too long, or the server cannot be reached.
        """
        self.one("SELECT pg_advisory_lock(hashtextextended(%s, 0))", (f"{what} of {self.schema}",))

    def close(self) -> None:
        """Let go of the connection."""
        with self._lock:
            self._watch.close()
            if self._held is not None:
                self._held.close()

    @contextlib.contextmanager
    def _asking(self) -> Iterator[None]:
        with self._lock:
            try:
                with named_errors(self.name), self._watch.waiting():
                    yield
            except LedgerError as error:
                if not self._watch.late:
                    raise
                message = f"{self.name}: the server did not answer for {self._watch.limit_s:g} s"
                raise UnreachableError("ledger-unreachable", message, hint=_UNREACHABLE) from error

    def _connected(self) -> "psycopg.Connection[Row]":
        """Return the connection; a transaction on one that broke is over anyway.

        Raises:
            LedgerError: Commits are not durable on this server.
        """
        if self._held is None or (self._held.broken and not self._lasting):
            made = connected(self._address)
            self._watch.guard(made.fileno)
            try:
                settings = sql.SQL("SET lock_timeout = {}; SET search_path = {}")
                made.execute(settings.format(self._patience_ms, sql.Identifier(self.schema)))
                _assert_durable(made)
            except BaseException:
                made.close()
                raise
            self._held = made
        return self._held


def connected(address: str) -> "psycopg.Connection[Row]":
    """Return a new connection to *address*, each statement of which is a transaction of its own."""
    connection = psycopg.connect(make_conninfo("", **{**_ALIVE, **conninfo_to_dict(address)}), autocommit=True)
    try:
        connection.execute(_SETTINGS)
    except BaseException:
        connection.close()
        raise
    return connection


def role_at(address: str) -> str:
    """Return the name of the role that *address* leads to.

    Raises:
        LedgerError: The server cannot be reached, or turns it away.
    """
    with named_errors("the server"), connected(address) as connection:
        row = connection.execute("SELECT current_user").fetchone()
    return str(row and row[0])


def _assert_durable(connection: "psycopg.Connection[Row]") -> None:
    names = (*_DURABLE, "transaction_read_only")
    found = connection.execute(
        "SELECT current_setting(name) FROM unnest(%s::text[]) AS name", (list(names),)
    ).fetchall()
    settings = {name: value for name, (value,) in zip(names, found, strict=True)}
    for name, wanted in _DURABLE.items():
        if settings[name] not in wanted:
            raise LedgerError(
                "ledger-not-durable",
                f"{name} is {settings[name]} on the server, expected {wanted[0]}",
                hint="a commit that is not on disk when it is acknowledged is lost with the power",
            )
    if settings["transaction_read_only"] != "off":
        raise UnreachableError(
            "ledger-standby",
            "the server takes no writes, expected the one that does: a copy of it may be behind",
            hint="name that one in the address, or let it be found among several: target_session_attrs=read-write",
        )


@contextlib.contextmanager
def named_errors(name: str) -> Iterator[None]:
    """Turn what the server refuses within the body into a `LedgerError` that says what happened to *name*."""
    try:
        yield
    except psycopg.Error as error:
        state = error.sqlstate or ""
        found = next((found for prefix, found in _NAMES.items() if state.startswith(prefix)), None)
        message = f"{name}: {str(error).strip().splitlines()[0]}"
        if found is None:
            raise UnreachableError("ledger-unreachable", message, hint=_UNREACHABLE) from error
        code, hint = found
        kind = UnreachableError if code in _PASSING else LedgerError
        raise kind(code, message, hint=hint) from error


_UNREACHABLE = "nothing was acknowledged; look at the server and the address, then run again"
_PASSING = ("ledger-busy", "ledger-slow")
_NOT_MADE = "it was dropped, or never made: bring it back from a copy, or look at the address and the schema"
_NAMES = {
    "3F": ("ledger-missing", _NOT_MADE),
    "42P01": ("ledger-missing", _NOT_MADE),
    "42P06": ("ledger-exists", "name another schema, or write the one that is there: `standfast ledger init --join`"),
    "42501": ("ledger-unwritable", "nothing was appended; the role of this address lacks a right that writers need"),
    "53100": ("ledger-disk-full", "nothing was appended; free some space on the server, then run again"),
    "55P03": ("ledger-busy", "another process is writing: wait for it or end it"),
    "57014": ("ledger-slow", "nothing was acknowledged; the server took too long: look at what it does, run again"),
    "23": ("ledger-immutable", "what is recorded stays as it is"),
    "XX": ("ledger-damaged", "run `standfast ledger fsck`, and restore the database from a copy"),
}
