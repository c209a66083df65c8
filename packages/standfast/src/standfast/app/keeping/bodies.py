"""What the entries of a ledger only name, kept beside it: statements, verdicts and documents, each sealed.

Before an event is recorded, everything that it names is sealed under the key of its chain and made durable, so that no
entry names what was never kept. The evidence store holds the same in plain words, but only as long as somebody works
with it. A process that dies in between leaves sealed content without an entry, which nobody can tell from others.
"""

import contextlib
import secrets
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime
from pathlib import Path

from standfast.app.keeping.keyring import Keyring
from standfast.app.ledger.home import Home, Known
from standfast.app.storage.store import Store
from standfast.ledger.events import Leaf
from standfast.ledger.fields import LEDGER, ChainId
from standfast.ledger.objects import inputs_of, named_by
from standfast.ledger.sealing import NONCE_BYTES, seal, unseal
from standfast.model import Digest, EvidenceError, LedgerError

_TABLE = """
PRAGMA journal_mode=DELETE;
PRAGMA synchronous=FULL;
CREATE TABLE IF NOT EXISTS body (
  owner TEXT NOT NULL, address TEXT NOT NULL, sealed BLOB NOT NULL, PRIMARY KEY (owner, address)
) STRICT;
CREATE INDEX IF NOT EXISTS body_address ON body (address);
"""
_PATIENCE_S = 60.0


class Bodies:
    """The sealed content of one ledger; the file and the keys are touched only when there is something to do."""

    def __init__(self, path: Path, keyring: Keyring, store: Callable[[], Store]) -> None:
        """Keep content in the file *path*; what is to be sealed is read from *store*."""
        self.path, self.keyring, self._store = path, keyring, store
        self._connection: sqlite3.Connection | None = None

    def keep(self, leaf: Leaf) -> None:
        """Return when everything that *leaf* names and the evidence store holds is sealed under the key of its chain.

        Raises:
            LedgerError: It cannot be sealed or written.
        """
        named = named_by(leaf.body)
        if named:
            owner = owner_of(leaf.session, leaf.at)
            self.put(owner, self._named(named))

    def put(self, owner: str, contents: Iterable[tuple[Digest, Callable[[], bytes | None]]]) -> None:
        """Seal each of *contents* for *owner*, in one transaction, unless it is there.

        Raises:
            LedgerError: It cannot be sealed or written.
        """
        with self._opened() as connection:
            have = {address for (address,) in connection.execute("SELECT address FROM body WHERE owner=?", (owner,))}
            rows = []
            for address, content in contents:
                if address in have or (data := content()) is None:
                    continue
                have.add(address)
                key, nonce = self.keyring.made(owner), secrets.token_bytes(NONCE_BYTES)
                rows.append((owner, address, seal(data, key=key, owner=owner, nonce=nonce)))
            if rows:
                with connection:
                    connection.executemany("INSERT OR IGNORE INTO body VALUES (?, ?, ?)", rows)

    def get(self, address: Digest) -> bytes | None:
        """Return the content with that *address*, or None where none was sealed.

        Raises:
            LedgerError: It was erased: every key that opened it is gone; or the sealed bytes were altered.
        """
        if not self.path.is_file():
            return None
        found: LedgerError | None = None
        with self._opened() as connection:
            for owner, sealed in connection.execute("SELECT owner, sealed FROM body WHERE address=?", (address,)):
                try:
                    return unseal(sealed, address=address, key=self.keyring.find(owner), owner=owner)
                except LedgerError as error:
                    found = error
        if found is not None:
            raise found
        return None

    def of(self, owner: str) -> tuple[Digest, ...]:
        """Return the addresses of what is sealed for *owner*."""
        if not self.path.is_file():
            return ()
        with self._opened() as connection:
            rows = connection.execute("SELECT address FROM body WHERE owner=? ORDER BY address", (owner,))
            return tuple(Digest(address) for (address,) in rows)

    def elsewhere(self, owner: str, others: Collection[str]) -> frozenset[Digest]:
        """Return the addresses of what is sealed for *owner* and for somebody else as well, who is none of *others*."""
        if not self.path.is_file():
            return frozenset()
        query = "SELECT one.address, two.owner FROM body AS one JOIN body AS two USING (address) WHERE one.owner=?"
        with self._opened() as connection:
            rows = connection.execute(query, (owner,))
            return frozenset(Digest(address) for address, other in rows if other not in {owner, *others})

    def sealed(self) -> Iterator[tuple[str, Digest, bytes]]:
        """Yield (owner, address, sealed bytes) of everything, in that order."""
        place = ("", "")
        query = (
            "SELECT owner, address, sealed FROM body WHERE (owner, address) > (?, ?) ORDER BY owner, address LIMIT 1"
        )
        if not self.path.is_file():
            return
        while True:
            with self._opened() as connection:
                row = connection.execute(query, place).fetchone()
            if row is None:
                return
            place = row[:2]
            yield row

    def forget(self, owner: str) -> int:
        """Destroy the key of *owner*, then remove what it sealed; return how much that was.

        Raises:
            LedgerError: It cannot be removed; what has no key any more stays unreadable.
        """
        self.keyring.destroy(owner)
        if not self.path.is_file():
            return 0
        with self._opened() as connection, connection:
            return connection.execute("DELETE FROM body WHERE owner=?", (owner,)).rowcount

    def owners(self) -> tuple[str, ...]:
        """Return for whom something is sealed, or a key is kept."""
        found = set(self.keyring.owners())
        if self.path.is_file():
            with self._opened() as connection:
                found |= {owner for (owner,) in connection.execute("SELECT DISTINCT owner FROM body")}
        return tuple(sorted(found))

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _named(self, named: tuple[Digest, ...]) -> Iterator[tuple[Digest, Callable[[], bytes | None]]]:
        """Yield what is named, and what a verdict among it was decided from, as far as the evidence store holds it."""
        store = self._store()
        for address in named:
            data = _held(store, address)
            if data is None:
                continue
            yield address, lambda data=data: data  # type: ignore[misc]  # bound at once
            for one in inputs_of(data):
                yield one, lambda one=one: _held(store, one)  # type: ignore[misc]  # bound at once

    @contextlib.contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            if self._connection is None:
                self.path.touch(mode=0o600)
                self._connection = sqlite3.connect(self.path, timeout=_PATIENCE_S, isolation_level="IMMEDIATE")
                self._connection.executescript(_TABLE)
            yield self._connection
        except (OSError, sqlite3.Error, EvidenceError) as error:
            raise LedgerError(
                "bodies-unusable",
                f"what the ledger seals cannot be kept in {self.path}: {error}",
                hint="free some space or bring the file back from a copy; nothing was recorded",
            ) from error


def bodies_of(known: Known, home: Home) -> Bodies:
    """Return the sealed content of the ledger *known*; nothing is opened yet."""
    return Bodies(known.sealed, Keyring(home.of(known.lineage)), lambda: Store(Path(known.root)))


def owner_of(chain: ChainId, at: datetime) -> str:
    """Return under whose key an event seals: its session's, or, without a session, that of its month."""
    return f"{LEDGER}-{at:%Y-%m}" if chain == LEDGER else chain


def _held(store: Store, address: Digest) -> bytes | None:
    try:
        return store.get(address)
    except EvidenceError as error:
        if error.code == "object-missing":
            return None
        raise
