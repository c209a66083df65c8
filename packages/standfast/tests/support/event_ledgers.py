"""Ledgers of a working copy that hold events, and ways to harm them."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from standfast.app.ledger.home import Home, Known
from standfast.app.ledger.opening import Wanted, begin, create
from standfast.app.ledger.recording import ENGINE, Ledger
from standfast.ledger.anchor import AnchorFile
from standfast.ledger.bodies import RetentionHeld
from standfast.ledger.bodies.words import Basis
from standfast.ledger.chain import Head
from standfast.ledger.events import encode
from standfast.ledger.fields import LEDGER
from standfast.ledger.keys import FileSigner
from standfast.ledger.projection import entry_with
from standfast.ledger.stores.sqlite import SqliteStore
from standfast.ledger.writer import Writer
from standfast.model import Digest

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Machine:
    """A machine with one working copy, whose ledger it writes."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "project"
        self.root.mkdir()
        (self.root / "standfast.toml").touch()
        self.home = Home({"XDG_DATA_HOME": str(folder / "data")})
        self.environment = {"XDG_DATA_HOME": str(folder / "data")}
        self.now = START

    def begun(self) -> Known:
        """Make the ledger, with its first entry."""
        known = create(self.root, "project", self.home, Wanted(required=True))
        with self.opened(known) as ledger:
            begin(ledger)
        return known

    @contextmanager
    def opened(self, known: Known) -> Iterator[Ledger]:
        """Give the ledger, opened by a clock that the test sets."""
        store, anchor = SqliteStore(Path(known.database)), AnchorFile(Path(known.anchor))
        with closing(store), closing(anchor):
            signer = FileSigner(self.home.of(known.id) / "key")
            yield Ledger(known, store, signer, anchor, now=self.clock)

    def clock(self) -> datetime:
        """Return the time, a second later each time."""
        self.now += timedelta(seconds=1)
        return self.now

    def filled(self, events: int) -> Known:
        """Make the ledger and let it hold *events* entries in all, with checkpoints of 1, 7, 9 and so many."""
        known = self.begun()
        with self.opened(known) as ledger:
            tip = ledger.store.tip(LEDGER)
            assert tip is not None
            head = Head(chain=LEDGER, count=1, last=Digest(f"sha256:{tip.leaf_hash.hex()}"))
            entries = []
            for _ in range(events - 1):
                leaf = head.next(event(), at=self.clock(), actor=ENGINE)
                entries.append(entry_with(encode(leaf), leaf))
                head = head.after(leaf)
            writer = Writer(ledger.store, FileSigner(self.home.of(known.id) / "key"), ledger.anchor)
            for batch in (entries[:6], entries[6:8], entries[8:]):
                writer.append(batch)
        return known


def event() -> RetentionHeld:
    """Return something that happens to a ledger."""
    return RetentionHeld(hold="one", basis=Basis.LEGAL_HOLD)


def harmed(known: Known, *statements: str) -> None:
    """Run *statements* on the database as somebody would who can write to the file, triggers or not."""
    with closing(sqlite3.connect(known.database)) as connection, connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type='trigger'").fetchall()
        for (name,) in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
