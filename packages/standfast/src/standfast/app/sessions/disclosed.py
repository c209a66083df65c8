"""What leaves only commit to, and who stands behind pseudonyms: a table beside the ledger that may be deleted.

Nothing in the ledger depends on it. Without it, sentences and names are gone and every proof still holds.
"""

import secrets
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Self

from standfast.evidence.wording.people import Person
from standfast.ledger.commitments import SALT_BYTES, Disclosure, commit, disclose
from standfast.ledger.fields import ActorId, Commitment
from standfast.ledger.identities import Known
from standfast.model import Digest, LedgerError

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


class Disclosed:
    """The table of one ledger."""

    def __init__(self, path: Path) -> None:
        """Open the table at *path*, which only its owner reads; it is made where there is none.

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

    def keep(self, disclosures: Iterable[Disclosure]) -> None:
        """Make *disclosures* durable."""
        rows = [(one.leaf, one.path, one.salt, one.value) for one in disclosures]
        with self._connection:
            self._connection.executemany("INSERT OR REPLACE INTO disclosure VALUES (?, ?, ?, ?)", rows)

    def forget(self, leaf: Digest) -> None:
        """Delete what opens the commitments of *leaf*."""
        with self._connection:
            self._connection.execute("DELETE FROM disclosure WHERE leaf=?", (leaf,))

    def forget_unused(self, hiding: Hiding) -> None:
        """Delete the sentences of an event that was refused: no leaf commits to them."""
        with self._connection:
            self._connection.executemany("DELETE FROM disclosure WHERE salt=?", [(salt,) for salt in hiding.salts()])

    def forget_people(self, people: Iterable[ActorId]) -> int:
        """Delete every name, address and login of *people*, and return how many of them had any."""
        rows = [(who,) for who in people]
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            known = [row for row in rows if self._connection.execute(_KNOWN, row * 2).fetchone()[0]]
            self._connection.executemany("DELETE FROM form WHERE who=?", rows)
            self._connection.executemany("DELETE FROM name WHERE who=?", rows)
        return len(known)

    def of(self, leaf: Digest) -> dict[str, Disclosure]:
        """Return what opens the commitments of *leaf*, by path; nothing where it was deleted."""
        rows = self._connection.execute("SELECT path, salt, value FROM disclosure WHERE leaf=?", (leaf,))
        return {path: Disclosure(leaf=leaf, path=path, salt=salt, value=value) for path, salt, value in rows}

    def leaves(self) -> frozenset[Digest]:
        """Return the leaves of which anything is disclosed."""
        return frozenset(Digest(leaf) for (leaf,) in self._connection.execute("SELECT DISTINCT leaf FROM disclosure"))

    def directory(self) -> tuple[Known, ...]:
        """Return every pseudonym that is known, with the forms of its holder, in the order of their first sight."""
        forms: dict[ActorId, set[str]] = {}
        for who, form in self._connection.execute("SELECT who, form FROM form ORDER BY rowid"):
            forms.setdefault(ActorId(who), set()).add(form)
        return tuple(Known(who=who, forms=frozenset(found)) for who, found in forms.items())

    def names(self) -> dict[ActorId, Person]:
        """Return the name of each person whose name is still disclosed."""
        rows = self._connection.execute("SELECT who, name, email, login FROM name")
        return {ActorId(who): Person(name, email, login) for who, name, email, login in rows}

    def learn(self, directory: Iterable[Known], names: Mapping[ActorId, Person]) -> None:
        """Make the directory, and names that are new, durable."""
        forms = [(form, one.who) for one in directory for form in sorted(one.forms)]
        rows = [(who, one.name, one.email, one.login) for who, one in names.items()]
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany(
                "INSERT INTO form VALUES (?, ?) ON CONFLICT (form) DO UPDATE SET who=excluded.who", forms
            )
            self._connection.executemany("INSERT OR IGNORE INTO name VALUES (?, ?, ?, ?)", rows)

    def close(self) -> None:
        """Let go of the table."""
        self._connection.close()

    def __enter__(self) -> Self:
        """Use it for a while."""
        return self

    def __exit__(self, *exception: object) -> None:
        """Close it."""
        self.close()
