"""What leaves only commit to, and who stands behind pseudonyms: tables beside the ledger that may be deleted.

Nothing in the ledger depends on it. Without it, sentences and names are gone and every proof still holds.
"""

import contextlib
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Self

from standfast.app.ledger.shared import lasting_session
from standfast.evidence.wording.people import Person
from standfast.ledger.commitments import SALT_BYTES, Disclosure, commit, disclose
from standfast.ledger.fields import ActorId, Commitment
from standfast.ledger.identities import Known
from standfast.model import Digest, LedgerError

if TYPE_CHECKING:
    from standfast.app.ledger.home import Known as Ledger
    from standfast.ledger.stores.postgres_server import Session

_TABLES = """
PRAGMA journal_mode=DELETE;
PRAGMA secure_delete=ON;
PRAGMA synchronous=FULL;
CREATE TABLE IF NOT EXISTS disclosure (
  leaf TEXT NOT NULL, path TEXT NOT NULL, salt TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (leaf, path)
) STRICT;
CREATE TABLE IF NOT EXISTS form (form TEXT PRIMARY KEY, who TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS name (
  who TEXT PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, login TEXT NOT NULL
) STRICT;
"""
_KNOWN = "SELECT EXISTS (SELECT 1 FROM form WHERE who=?) OR EXISTS (SELECT 1 FROM name WHERE who=?)"
_PATIENCE_S = 60.0


class Hiding:
    """The sentences of one event, each behind a commitment of its own."""

    def __init__(self) -> None:
        self._hidden: list[tuple[str, str, bytes]] = []

    def hide(self, path: str, value: str) -> Commitment:
        """Return the commitment that stands for *value* at *path* of the leaf."""
        salt = secrets.token_bytes(SALT_BYTES)
        self._hidden.append((path, value, salt))
        return commit(path, value, salt=salt)

    def salts(self) -> tuple[str, ...]:
        """Return the salts, by which its disclosures are known."""
        return tuple(salt.hex() for _path, _value, salt in self._hidden)

    def disclosures(self, leaf: Digest) -> tuple[Disclosure, ...]:
        """Return what opens the commitments of *leaf*."""
        return tuple(disclose(leaf, path, value, salt=salt) for path, value, salt in self._hidden)


class Rows(Protocol):
    """Where the tables are: in a file of this machine, or on a server that several machines share."""

    forms: str
    """Asks for who and form of each form of a person, in the order in which they were first there."""

    def all(self, query: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        """Return every row."""

    def many(self, query: str, rows: Sequence[tuple[object, ...]]) -> None:
        """Run *query* for each of *rows*, within a transaction."""

    def transaction(self) -> AbstractContextManager[object]:
        """Do everything in the body, durably, or nothing."""

    def alone(self) -> AbstractContextManager[object]:
        """Let nobody else learn who is who within the body, on no machine."""

    def close(self) -> None:
        """Let go of them."""


class RowsInFile:
    """The tables in a file that only its owner reads."""

    forms = "SELECT who, form FROM form ORDER BY rowid"

    def __init__(self, path: Path) -> None:
        """Open the file at *path*; it is made where there is none.

        Raises:
            LedgerError: It cannot be opened.
        """
        try:
            path.touch(mode=0o600)
            self._connection = sqlite3.connect(path, timeout=_PATIENCE_S, isolation_level=None)
            self._connection.executescript(_TABLES)
        except (OSError, sqlite3.Error) as error:
            raise LedgerError(
                "disclosures-unusable",
                f"the table of names and sentences at {path} cannot be used: {error}",
                hint="bring it back from a copy; without it every name and sentence is gone, and no proof",
            ) from error

    def all(self, query: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        """See `Rows.all`."""
        return self._connection.execute(query, values).fetchall()

    def many(self, query: str, rows: Sequence[tuple[object, ...]]) -> None:
        """See `Rows.many`."""
        self._connection.executemany(query, rows)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """See `Rows.transaction`."""
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            yield

    def alone(self) -> AbstractContextManager[object]:
        """See `Rows.alone`; whoever is at the desk holds a lock of this machine already."""
        return contextlib.nullcontext()

    def close(self) -> None:
        """See `Rows.close`."""
        self._connection.close()


class RowsOnServer:
    """The tables in the schema of a shared ledger."""

    forms = "SELECT who, form FROM form ORDER BY seen"

    def __init__(self, session: "Session") -> None:
        """Take *session*, which is never made anew: a lock that it held would be gone without a word."""
        self._session = session

    def all(self, query: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        """See `Rows.all`."""
        return self._session.all(query.replace("?", "%s"), values)

    def many(self, query: str, rows: Sequence[tuple[object, ...]]) -> None:
        """See `Rows.many`."""
        with self._session.transaction() as connection, connection.cursor() as cursor:
            cursor.executemany(query.replace("?", "%s").encode(), rows)

    def transaction(self) -> AbstractContextManager[object]:
        """See `Rows.transaction`."""
        return self._session.transaction()

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """See `Rows.alone`; the lock goes with the connection, and so does every right to write here."""
        self._session.one("SELECT pg_advisory_lock(hashtextextended(%s, 0))", (f"names of {self._session.schema}",))
        yield

    def close(self) -> None:
        """See `Rows.close`."""
        self._session.close()


def disclosed_of(known: "Ledger") -> "Disclosed":
    """Return the table of the ledger *known*.

    Raises:
        LedgerError: It cannot be opened.
    """
    return Disclosed(RowsOnServer(lasting_session(known)) if known.schema else known.names)


class Disclosed:
    """The table of one ledger."""

    def __init__(self, place: Path | Rows) -> None:
        """Open the table in the file *place*, or take it from there.

        Raises:
            LedgerError: It cannot be opened.
        """
        self._rows: Rows = RowsInFile(place) if isinstance(place, Path) else place

    def alone(self) -> AbstractContextManager[object]:
        """Let nobody else learn who is who within the body, on no machine that shares the table.

        Raises:
            LedgerError: Another machine has been at it for too long.
        """
        return self._rows.alone()

    def keep(self, disclosures: Iterable[Disclosure]) -> None:
        """Make *disclosures* durable."""
        rows = [(one.leaf, one.path, one.salt, one.value) for one in disclosures]
        self._write(
            "INSERT INTO disclosure VALUES (?, ?, ?, ?)"
            " ON CONFLICT (leaf, path) DO UPDATE SET salt=excluded.salt, value=excluded.value",
            rows,
        )

    def forget(self, leaf: Digest) -> None:
        """Delete what opens the commitments of *leaf*."""
        self._write("DELETE FROM disclosure WHERE leaf=?", [(leaf,)])

    def forget_unused(self, hiding: Hiding) -> None:
        """Delete the sentences of an event that was refused: no leaf commits to them."""
        self._write("DELETE FROM disclosure WHERE salt=?", [(salt,) for salt in hiding.salts()])

    def forget_people(self, people: Iterable[ActorId]) -> int:
        """Delete every name, address and login of *people*, and return how many of them had any."""
        rows = [(who,) for who in people]
        with self._rows.transaction():
            known = [row for row in rows if self._rows.all(_KNOWN, row * 2)[0][0]]
            self._rows.many("DELETE FROM form WHERE who=?", rows)
            self._rows.many("DELETE FROM name WHERE who=?", rows)
        return len(known)

    def of(self, leaf: Digest) -> dict[str, Disclosure]:
        """Return what opens the commitments of *leaf*, by path; nothing where it was deleted."""
        rows = self._rows.all("SELECT path, salt, value FROM disclosure WHERE leaf=?", (leaf,))
        return {path: Disclosure(leaf=leaf, path=path, salt=salt, value=value) for path, salt, value in rows}

    def leaves(self) -> frozenset[Digest]:
        """Return the leaves of which anything is disclosed."""
        return frozenset(Digest(leaf) for (leaf,) in self._rows.all("SELECT DISTINCT leaf FROM disclosure"))

    def directory(self) -> tuple[Known, ...]:
        """Return every pseudonym that is known, with the forms of its holder, in the order of their first sight."""
        forms: dict[ActorId, set[str]] = {}
        for who, form in self._rows.all(self._rows.forms):
            forms.setdefault(ActorId(who), set()).add(form)
        return tuple(Known(who=who, forms=frozenset(found)) for who, found in forms.items())

    def names(self) -> dict[ActorId, Person]:
        """Return the name of each person whose name is still disclosed."""
        rows = self._rows.all("SELECT who, name, email, login FROM name")
        return {ActorId(who): Person(name, email, login) for who, name, email, login in rows}

    def learn(self, directory: Iterable[Known], names: Mapping[ActorId, Person]) -> None:
        """Make the directory, and names that are new, durable."""
        forms = [(form, one.who) for one in directory for form in sorted(one.forms)]
        rows = [(who, one.name, one.email, one.login) for who, one in names.items()]
        with self._rows.transaction():
            self._rows.many(
                "INSERT INTO form (form, who) VALUES (?, ?) ON CONFLICT (form) DO UPDATE SET who=excluded.who", forms
            )
            self._rows.many("INSERT INTO name VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", rows)

    def _write(self, query: str, rows: Sequence[tuple[object, ...]]) -> None:
        with self._rows.transaction():
            self._rows.many(query, rows)

    def close(self) -> None:
        """Let go of the table."""
        self._rows.close()

    def __enter__(self) -> Self:
        """Use it for a while."""
        return self

    def __exit__(self, *exception: object) -> None:
        """Close it."""
        self.close()
