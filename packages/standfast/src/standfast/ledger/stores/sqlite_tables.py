"""The tables of a ledger in SQLite, and the triggers by which an entry, once written, stays as it is.

The triggers hold against mistakes and careless tools. Who may write to the file can remove them; that what they changed
is noticed is the business of the hashes, not of the database.
"""

from collections.abc import Collection, Iterator

_TABLES = """
CREATE TABLE identity (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  layout INTEGER NOT NULL,
  origin TEXT NOT NULL,
  vkey TEXT NOT NULL
) STRICT;
CREATE TABLE head (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  size INTEGER NOT NULL CHECK (size >= 0),
  root BLOB NOT NULL CHECK (length(root) = 32),
  epoch INTEGER NOT NULL CHECK (epoch >= 0),
  at INTEGER NOT NULL,
  first INTEGER NOT NULL CHECK (first BETWEEN 0 AND size)
) STRICT;
CREATE TABLE entry (
  idx INTEGER PRIMARY KEY,
  leaf_hash BLOB NOT NULL CHECK (length(leaf_hash) = 32),
  leaf BLOB NOT NULL CHECK (length(leaf) BETWEEN 1 AND 65535),
  kind TEXT NOT NULL,
  chain TEXT NOT NULL,
  number INTEGER NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX entry_chain ON entry (chain, number) WHERE chain <> '';
CREATE INDEX entry_rare ON entry (kind) WHERE kind IN ('access.reviewed', 'waiver.granted');
CREATE TABLE tile (
  level INTEGER NOT NULL,
  idx INTEGER NOT NULL,
  data BLOB NOT NULL CHECK (length(data) = 8192),
  PRIMARY KEY (level, idx)
) STRICT;
CREATE TABLE edge (
  level INTEGER PRIMARY KEY,
  idx INTEGER NOT NULL,
  data BLOB NOT NULL CHECK (length(data) < 8192 AND length(data) % 32 = 0)
) STRICT;
CREATE TABLE checkpoint (
  size INTEGER PRIMARY KEY,
  root BLOB NOT NULL CHECK (length(root) = 32),
  note BLOB NOT NULL
) STRICT;
CREATE TABLE cosignature (
  size INTEGER NOT NULL REFERENCES checkpoint (size),
  witness TEXT NOT NULL,
  line BLOB NOT NULL,
  PRIMARY KEY (size, witness)
) STRICT;
"""
_LATER = (
    """CREATE TABLE rotation (
  idx INTEGER PRIMARY KEY,
  leaf BLOB NOT NULL CHECK (length(leaf) BETWEEN 1 AND 65535)
) STRICT;
""",
    """CREATE TABLE time_stamp (
  size INTEGER NOT NULL REFERENCES checkpoint (size),
  authority TEXT NOT NULL,
  answer BLOB NOT NULL CHECK (length(answer) BETWEEN 1 AND 65535),
  PRIMARY KEY (size, authority)
) STRICT;
""",
)
"""Tables that the first ledgers did not have; they get them when they are opened."""

# INSERT OR REPLACE deletes without asking a trigger on DELETE, so that each INSERT is asked as well.
_NEW_ONLY = {
    "entry": "NEW.idx < (SELECT size FROM head)",
    "tile": "EXISTS (SELECT 1 FROM tile WHERE level = NEW.level AND idx = NEW.idx)",
    "checkpoint": "EXISTS (SELECT 1 FROM checkpoint WHERE size = NEW.size)",
    "cosignature": "EXISTS (SELECT 1 FROM cosignature WHERE size = NEW.size AND witness = NEW.witness)",
    "rotation": "EXISTS (SELECT 1 FROM rotation WHERE idx = NEW.idx)",
    "time_stamp": "EXISTS (SELECT 1 FROM time_stamp WHERE size = NEW.size AND authority = NEW.authority)",
    "identity": "EXISTS (SELECT 1 FROM identity)",
    "head": "EXISTS (SELECT 1 FROM head)",
}
_NO_UPDATE = {
    **dict.fromkeys(("entry", "tile", "checkpoint", "cosignature", "rotation", "time_stamp", "identity"), "TRUE"),
    "head": "NEW.size < OLD.size OR NEW.epoch < OLD.epoch OR NEW.first < OLD.first OR NEW.at < OLD.at",
}
_NO_DELETE = {
    **dict.fromkeys(("tile", "checkpoint", "cosignature", "rotation", "time_stamp", "identity", "head"), "TRUE"),
    "entry": "OLD.idx >= (SELECT first FROM head)",
}


BEYOND = """
SELECT 'entries', count(*) FROM entry WHERE idx < 0 OR idx >= (SELECT size FROM head)
UNION ALL
SELECT 'tiles', count(*) FROM tile WHERE (idx + 1) << (8 * (level + 1)) > (SELECT size FROM head)
UNION ALL
SELECT 'checkpoints', count(*) FROM checkpoint WHERE size < 0 OR size > (SELECT size FROM head)
UNION ALL
SELECT 'rotations of keys', count(*) FROM rotation WHERE idx < 0 OR idx >= (SELECT size FROM head)
"""
"""Counts the rows that the head does not count."""


_NEWER = ("rotation", "time_stamp")


def statements() -> str:
    """Return everything that makes an empty database one that a ledger can be kept in."""
    return _TABLES + "".join((*_LATER, *_triggers(_NEW_ONLY)))


def later_statements() -> tuple[str, ...]:
    """Return what a database lacks that was made before there were these tables, one by one."""
    return (*_LATER, *_triggers(_NEWER))


def _triggers(tables: Collection[str]) -> Iterator[str]:
    for event, conditions in (("INSERT", _NEW_ONLY), ("UPDATE", _NO_UPDATE), ("DELETE", _NO_DELETE)):
        for table, condition in conditions.items():
            if table in tables:
                yield (
                    f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} WHEN {condition} "
                    f"BEGIN SELECT RAISE(ABORT, '{table}: what is recorded stays as it is'); END;\n"
                )
