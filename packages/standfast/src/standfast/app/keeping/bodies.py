"""What the entries of a ledger only name, kept beside it: statements, verdicts and documents, each sealed.

Before an event is recorded, everything that it names is sealed under the key of its chain and made durable, so that no
entry names what was never kept. The evidence store holds the same in plain words, but only as long as somebody works
with it. A process that dies in between leaves sealed content without an entry, which nobody can tell from others.
"""

import contextlib
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from standfast.app import clock
from standfast.app.keeping.keyring import Keyring
from standfast.app.ledger.home import Home, Known
from standfast.app.ledger.shared import session_of
from standfast.app.storage.rows import Rows, RowsInFile, RowsOnServer
from standfast.app.storage.store import Store
from standfast.ledger.events import Leaf
from standfast.ledger.fields import LEDGER, ChainId
from standfast.ledger.objects import inputs_of, named_by
from standfast.ledger.sealing import NONCE_BYTES, seal, unseal
from standfast.ledger.stores.contract import UnreachableError
from standfast.model import Digest, EvidenceError, LedgerError

_TABLE = """
PRAGMA journal_mode=DELETE;
PRAGMA synchronous=FULL;
CREATE TABLE IF NOT EXISTS body (
  owner TEXT NOT NULL, address TEXT NOT NULL, sealed BLOB NOT NULL, PRIMARY KEY (owner, address)
) STRICT;
CREATE INDEX IF NOT EXISTS body_address ON body (address);
"""


class Bodies:
    """The sealed content of one ledger; the file and the keys are touched only when there is something to do."""

    def __init__(self, place: Path | Rows, keyring: Keyring, store: Callable[[], Store]) -> None:
        """Keep content in the file *place*, or in the tables there; what is to be sealed is read from *store*."""
        self.keyring, self._store = keyring, store
        self._rows: Rows = RowsInFile(place, _TABLE, _unusable) if isinstance(place, Path) else place

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
        have = {address for (address,) in self._rows.all("SELECT address FROM body WHERE owner=?", (owner,))}
        rows = []
        for address, content in contents:
            if address in have or (data := content()) is None:
                continue
            have.add(address)
            key, nonce = self.keyring.made(owner), secrets.token_bytes(NONCE_BYTES)
            rows.append((owner, address, seal(data, key=key, owner=owner, nonce=nonce)))
        if rows:
            with self._rows.transaction():
                self._rows.many("INSERT INTO body VALUES (?, ?, ?) ON CONFLICT DO NOTHING", rows)

    def get(self, address: Digest) -> bytes | None:
        """Return the content with that *address*, or None where none was sealed.

        Raises:
            LedgerError: It was erased: every key that opened it is gone; or the sealed bytes were altered.
        """
        found: LedgerError | None = None
        for owner, sealed in self._all("SELECT owner, sealed FROM body WHERE address=?", (address,)):
            try:
                return unseal(sealed, address=address, key=self.keyring.find(owner), owner=owner)
            except UnreachableError:
                raise
            except LedgerError as error:
                found = error
        if found is not None:
            raise found
        return None

    def of(self, owner: str) -> tuple[Digest, ...]:
        """Return the addresses of what is sealed for *owner*."""
        rows = self._all("SELECT address FROM body WHERE owner=? ORDER BY address", (owner,))
        return tuple(Digest(address) for (address,) in rows)

    def elsewhere(self, owner: str, others: Collection[str]) -> frozenset[Digest]:
        """Return the addresses of what is sealed for *owner* and for somebody else as well, who is none of *others*."""
        query = "SELECT one.address, two.owner FROM body AS one JOIN body AS two USING (address) WHERE one.owner=?"
        rows = self._all(query, (owner,))
        return frozenset(Digest(address) for address, other in rows if other not in {owner, *others})

    def sealed(self) -> Iterator[tuple[str, Digest, bytes]]:
        """Yield (owner, address, sealed bytes) of everything, in that order."""
        place: tuple[object, ...] = ("", "")
        query = (
            "SELECT owner, address, sealed FROM body WHERE (owner, address) > (?, ?) ORDER BY owner, address LIMIT 1"
        )
        while rows := self._all(query, place):
            place = rows[0][:2]
            owner, address, sealed = rows[0]
            yield owner, Digest(address), sealed

    def forget(self, owner: str) -> int:
        """Destroy the key of *owner*, then remove what it sealed; return how much that was.

        Raises:
            LedgerError: It cannot be removed; what has no key any more stays unreadable.
        """
        self.keyring.destroy(owner)
        count = len(self.of(owner))
        if count:
            with self._rows.transaction():
                self._rows.many("DELETE FROM body WHERE owner=?", [(owner,)])
        return count

    def owners(self) -> tuple[str, ...]:
        """Return for whom something is sealed, or a key is kept."""
        found = set(self.keyring.owners())
        found |= {owner for (owner,) in self._all("SELECT DISTINCT owner FROM body")}
        return tuple(sorted(found))

    def close(self) -> None:
        """Let go of the file, or of the tables."""
        self._rows.close()
        self.keyring.close()

    def _all(self, query: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        return self._rows.all(query, values) if self._rows.there else []

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


def _unusable(path: Path, error: Exception) -> LedgerError:
    return LedgerError(
        "bodies-unusable",
        f"what the ledger seals cannot be kept in {path}: {error}",
        hint="free some space or bring the file back from a copy; nothing was recorded",
    )


def bodies_of(known: Known, home: Home) -> Bodies:
    """Return the sealed content of the ledger *known*; nothing is opened yet."""
    rows = RowsOnServer(session_of(known)) if known.schema else None
    keyring = Keyring(home.of(known.lineage), rows)
    return Bodies(rows or known.sealed, keyring, lambda: Store(Path(known.root)))


def begin_sealing(known: Known, home: Home) -> None:
    """Make the sealing key of the shared ledger *known*: no machine that joins it later makes one of its own.

    Raises:
        LedgerError: It cannot be made.
    """
    with contextlib.closing(bodies_of(known, home)) as bodies:
        bodies.keyring.begin(owner_of(LEDGER, clock.now()))


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
