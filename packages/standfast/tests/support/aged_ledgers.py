"""Ledgers whose records are years old, on a machine where somebody sits who may hold, erase and prune them."""

import subprocess
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from audit_bundles import moved
from command_line import Ran, standfast
from event_ledgers import Machine
from ledger_story import ANA, START, Story, whole_story

from standfast.app import clock
from standfast.app.ledger.home import Known
from standfast.app.ledger.recording import ENGINE
from standfast.ledger.bodies import RoleRevoked
from standfast.ledger.events import Leaf, encode
from standfast.ledger.fields import LEDGER
from standfast.ledger.keys import FileSigner
from standfast.ledger.projection import entry_with
from standfast.ledger.writer import Writer

OLD = datetime(2019, 1, 7, 9, tzinfo=UTC)
SETTINGS = '[project]\nname = "aged"\n'


class Aged:
    """A machine whose ledger began in 2019, and Ana at it."""

    def __init__(self, folder: Path) -> None:
        self.machine = Machine(folder)
        self.machine.now = OLD - timedelta(days=1)
        self.root = self.machine.root
        (self.root / "standfast.toml").write_text(SETTINGS)
        for words in (
            ("init", "--quiet"),
            ("config", "user.name", "Ana Ruiz"),
            ("config", "user.email", "ana@example.org"),
        ):
            subprocess.run(["git", *words], cwd=self.root, check=True)
        self.known: Known = self.machine.begun()

    def with_sessions(self, count: int, *, story: Story | None = None, first: int = 1) -> "Aged":
        """Record so many sessions of 2019, one after the other, each a day after the one before."""
        days = timedelta(days=1)
        told = story or whole_story()
        leaves = (
            leaf
            for number in range(first, first + count)
            for leaf in moved(told, f"S-{number}", OLD - START + days * (number - 1))
        )
        self.append(leaves)
        return self

    def append(self, leaves: Iterable[Leaf]) -> None:
        """Record *leaves* as they are."""
        with self.machine.opened(self.known) as ledger:
            writer = Writer(ledger.store, FileSigner(self.machine.home.of(self.known.id) / "key"), ledger.anchor)
            remaining = iter(leaves)
            while batch := [entry_with(encode(leaf), leaf) for leaf in islice(remaining, 1000)]:
                writer.append(batch)

    def append_newest(self, count: int) -> None:
        """Record so many events in the newest log, in one batch."""
        known = self.machine.home.at(self.root)
        assert known is not None
        self.machine.now = clock.now() - timedelta(seconds=1)
        with self.machine.opened(known) as ledger:

            def following(at: datetime) -> list[Leaf]:
                head, made = ledger.head(LEDGER), list[Leaf]()
                for _ in range(count):
                    made.append(head.next(RoleRevoked(who=ANA, role="nothing"), at=at, actor=ENGINE))
                    head = head.after(made[-1])
                return made

            ledger.record_all(following)

    def run(self, *words: str) -> Ran:
        """Run standfast in the working copy."""
        return standfast(*words, cwd=self.root, **self.machine.environment)

    def ledger(self, *words: str) -> Ran:
        """Run ``standfast ledger``."""
        return self.run("ledger", *words)
