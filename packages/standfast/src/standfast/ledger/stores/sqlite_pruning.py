"""Remove the leaves of a pruned ledger from its SQLite file; hashes, tiles and checkpoints stay.

A chain that reaches beyond the pruned place keeps all of its leaves until the whole of it may go. The head remembers
below which place leaves may be missing, and the triggers refuse to remove any other.
"""

import contextlib
from pathlib import Path

from standfast.ledger.stores.sqlite_file import connect, named_errors

_GOING = (
    "idx<:end AND chain<>:keep AND NOT EXISTS"
    " (SELECT 1 FROM entry AS later WHERE later.chain<>'' AND later.chain=entry.chain AND later.idx>=:end)"
)


def prune(path: Path, end: int, *, keep: str) -> int:
    """Remove every entry below *end*, but for those of the chain *keep* and of longer ones, and return how many.

    What was removed before stays removed; after a death in between, all of it is there or none.

    Raises:
        LedgerError: It cannot be done.
    """
    values = {"end": end, "keep": keep}
    with named_errors(path.name), contextlib.closing(connect(path)) as connection:
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute("BEGIN IMMEDIATE")
        try:
            connection.execute("UPDATE head SET first=max(first, ?)", (end,))
            deletion = f"DELETE FROM entry WHERE {_GOING}"  # noqa: S608  # nosec B608  # our own text; values are bound
            removed = connection.execute(deletion, values).rowcount
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return removed


def left_below(path: Path, end: int, *, keep: str) -> int:
    """Return how many entries are still there that `prune` would remove.

    Raises:
        LedgerError: It cannot be read.
    """
    values = {"end": end, "keep": keep}
    with named_errors(path.name), contextlib.closing(connect(path)) as connection:
        query = f"SELECT count(*) FROM entry WHERE {_GOING}"  # noqa: S608  # nosec B608  # our own words
        row: tuple[int] = connection.execute(query, values).fetchone()
        return row[0]
