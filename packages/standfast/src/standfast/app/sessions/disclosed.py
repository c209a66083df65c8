"""What leaves only commit to, and who stands behind pseudonyms: tables beside the ledger that may be deleted.

Nothing in the ledger depends on it. Without it, sentences and names are gone and every proof still holds.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Self

from standfast.app.ledger.shared import session_of
from standfast.app.storage.rows import Rows, RowsInFile, RowsOnServer
from standfast.evidence.wording.people import Person
from standfast.ledger.commitments import SALT_BYTES, Disclosure, commit, disclose
from standfast.ledger.fields import ActorId, Commitment
from standfast.ledger.identities import Known
from standfast.model import Digest, LedgerError

if TYPE_CHECKING:
    from standfast.app.ledger.home import Known as Ledger

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


def disclosed_of(known: "Ledger") -> "Disclosed":
    """Return the table of the ledger *known*.

    Raises:
        LedgerError: It cannot be opened.
    """
    return Disclosed(RowsOnServer(session_of(known, lasting=True)) if known.schema else known.names)


def _unusable(path: Path, error: Exception) -> LedgerError:
    return LedgerError(
        "disclosures-unusable",
        f"the table of names and sentences at {path} cannot be used: {error}",
        hint="bring it back from a copy; without it every name and sentence is gone, and no proof",
    )


class Disclosed:
    """The table of one ledger."""

    def __init__(self, place: Path | Rows) -> None:
        """Use the table in the file *place*, which is made where there is none, or the one that *place* is."""
        self._rows: Rows = RowsInFile(place, _TABLES, _unusable) if isinstance(place, Path) else place

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
        for who, form in self._rows.all("SELECT who, form FROM form ORDER BY rowid"):
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
