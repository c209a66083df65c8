"""What a forge acknowledged, beside the ledger. What is to be told is found in the ledger, so none of it can be lost.

The outbox is the difference between the two. Whoever deletes this file has everything told again, and nothing twice:
each thing bears a marker, by which it is found where it already is.
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Self

import msgspec

from standfast.app.forge.port import ForgeError
from standfast.ledger.fields import ChainId

_TABLES = """
PRAGMA journal_mode=DELETE;
PRAGMA synchronous=FULL;
CREATE TABLE IF NOT EXISTS acknowledged (
  forge TEXT NOT NULL, session TEXT NOT NULL, marker TEXT NOT NULL, said TEXT NOT NULL,
  PRIMARY KEY (forge, session, marker)
) STRICT;
CREATE TABLE IF NOT EXISTS trouble (forge TEXT NOT NULL, session TEXT NOT NULL, told TEXT NOT NULL,
  PRIMARY KEY (forge, session)) STRICT;
CREATE TABLE IF NOT EXISTS answer (url TEXT PRIMARY KEY, tag TEXT NOT NULL, link TEXT NOT NULL, body BLOB NOT NULL)
  STRICT;
"""
_PATIENCE_S = 60.0
_MOST_KEPT = 1_000
_MOST_BYTES = 1_000_000


class Kept(msgspec.Struct, frozen=True):
    """An answer that was kept, by its tag; ``link`` leads to the next page."""

    tag: str
    link: str
    body: bytes


class Outbox:
    """The file of one ledger, which only its owner reads."""

    def __init__(self, path: Path | None) -> None:
        """Open the file at *path*, which is made where there is none; without a path nothing outlives the process.

        Raises:
            ForgeError: It cannot be used.
        """
        try:
            if path is not None:
                path.touch(mode=0o600)
            self._connection = sqlite3.connect(path or ":memory:", timeout=_PATIENCE_S, isolation_level=None)
            self._connection.executescript(_TABLES)
        except (OSError, sqlite3.Error) as error:
            raise ForgeError(
                "forge-outbox",
                f"what the forge acknowledged cannot be kept in {path}: {error}",
                hint="delete the file; everything is then told again, and nothing twice",
            ) from error

    def said(self, forge: str, session: ChainId, marker: str) -> str | None:
        """Return what *forge* acknowledged under *marker*, or None."""
        with closing(
            self._connection.execute(
                "SELECT said FROM acknowledged WHERE forge=? AND session=? AND marker=?", (forge, session, marker)
            )
        ) as rows:
            found = rows.fetchone()
        return None if found is None else str(found[0])

    def acknowledge(self, forge: str, session: ChainId, marker: str, said: str) -> None:
        """Make it durable that *forge* has *said* under *marker*."""
        row = (forge, session, marker, said)
        self._connection.execute("INSERT OR REPLACE INTO acknowledged VALUES (?, ?, ?, ?)", row)

    def trouble(self, forge: str, session: ChainId) -> str:
        """Return why something of *session* could not be told the last time; empty where all was."""
        with closing(
            self._connection.execute("SELECT told FROM trouble WHERE forge=? AND session=?", (forge, session))
        ) as rows:
            found = rows.fetchone()
        return "" if found is None else str(found[0])

    def note_trouble(self, forge: str, session: ChainId, told: str) -> None:
        """Remember why something of *session* could not be told; an empty text forgets it."""
        if told:
            self._connection.execute("INSERT OR REPLACE INTO trouble VALUES (?, ?, ?)", (forge, session, told))
        else:
            self._connection.execute("DELETE FROM trouble WHERE forge=? AND session=?", (forge, session))

    def kept(self, url: str) -> Kept | None:
        """Return the answer that was kept of *url*."""
        with closing(self._connection.execute("SELECT tag, link, body FROM answer WHERE url=?", (url,))) as rows:
            found = rows.fetchone()
        return None if found is None else Kept(*found)

    def keep(self, url: str, answer: Kept) -> None:
        """Keep *answer* of *url*, if it is not large, in place of the oldest ones."""
        if len(answer.body) > _MOST_BYTES:
            return
        row = (url, answer.tag, answer.link, answer.body)
        self._connection.execute("INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?)", row)
        self._connection.execute("DELETE FROM answer WHERE rowid <= (SELECT max(rowid) - ? FROM answer)", (_MOST_KEPT,))

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        """Use it for a while."""
        return self

    def __exit__(self, *exception: object) -> None:
        """Close it."""
        self.close()
