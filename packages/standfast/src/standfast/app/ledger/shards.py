"""One log for each calendar year: that of a year that is over is frozen, and another goes on from where it ended.

The first entry of a log names the one before: its origin, the size and the root that it was frozen at, the digest of
the signed checkpoint, and its key. What still matters is carried over right behind it: who is who, roles, keys, holds
and waivers; so whoever reads the newest log needs no older one. A change session is never split: while one is open, the
log of the old year goes on.

What is lost if the process dies: nothing. A log that is frozen and not yet followed, or one that follows and is still
empty, is found by the next that writes, who does the rest.
"""

import contextlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from standfast.app.ledger import shared
from standfast.app.ledger.carrying import carried, disclosing
from standfast.app.ledger.decisions import present
from standfast.app.ledger.home import Home, Known
from standfast.app.ledger.opening import Wanted, begin, create, open_ledger, open_store
from standfast.app.ledger.reading import Reader, reading
from standfast.app.ledger.recording import ENGINE, Ledger
from standfast.ledger.bodies import LedgerFrozen, LedgerOpened
from standfast.ledger.checkpoint import Checkpoint
from standfast.ledger.events import Leaf, decode
from standfast.ledger.fields import LEDGER, label
from standfast.ledger.projection import moment_of
from standfast.ledger.stores.contract import LedgerStore
from standfast.model import Digest, LedgerError, UsageError, sha256


class Shard(msgspec.Struct, frozen=True, kw_only=True):
    """A log that is over: what is known of it, its year, and what its successor says of it, which was proved."""

    known: Known
    year: int
    size: int
    root: str


def followed(ledger: Ledger, home: Home, now: datetime, *, owner: str = "") -> Ledger:
    """Return the open ledger that is written at *now*: *ledger*, or the one that goes on after its year.

    Of the two, only the one that is returned stays open. The one after a shared one is made by its *owner*.

    Raises:
        LedgerError: It cannot be frozen, or no other one can be made.
    """
    known = ledger.known
    if not ledger.store.head().size:
        if known.previous:
            _begin_after(ledger, _previous(known, home))
        else:
            begin(ledger)
        return ledger
    frozen = is_frozen(ledger.store)
    if not frozen and ((year_of(ledger.store) or 0) >= now.year or present(ledger.store) is not None):
        return ledger
    if not frozen:
        _freeze(ledger)
    root = Path(known.root)
    following = open_ledger(create(root, root.name, home, _wanted(known, now.year, owner)), home)
    try:
        _begin_after(following, known)
    except BaseException:
        following.close()
        raise
    ledger.close()
    return following


def year_of(store: LedgerStore) -> int | None:
    """Return the year in which the log began, or None where it is yet to begin."""
    first = next(store.entries(0, min(1, store.head().size)), None)
    return None if first is None else moment_of(first.at).year


def follows(store: LedgerStore) -> bool:
    """Return whether the log goes on after another one, which may say what this one does not."""
    opened = _opened(store)
    return opened is not None and opened.follows is not None


def is_frozen(store: LedgerStore) -> bool:
    """Return whether nothing follows in this log."""
    size = store.head().size
    return bool(size) and isinstance(decode(next(store.entries(size - 1, size)).leaf).body, LedgerFrozen)


def earlier(known: Known, home: Home) -> Iterator[Shard]:
    """Yield the logs before *known*, the newest first, each proved to be the one that the next names.

    A log that is yet to begin names none, so of the one before it is proved only that it is frozen.

    Raises:
        LedgerError: One of them is gone, or is not the one that was frozen.
    """
    while known.previous:
        with reading(known) as reader:
            opened = _opened(reader.store)
        known = _previous(known, home)
        with reading(known) as reader:
            checkpoint = _proved(reader, opened)
            yield Shard(known=known, year=year_of(reader.store) or 0, size=checkpoint.size, root=checkpoint.root.hex())


def of_year(known: Known, home: Home, year: int | None) -> Known:
    """Return the log of that year, or the newest where none is asked for.

    Raises:
        UsageError: There is none.
    """
    if year is None:
        return known
    with reading(known) as reader:
        if year_of(reader.store) == year:
            return known
    found = next((shard.known for shard in earlier(known, home) if shard.year == year), None)
    if found is None:
        raise UsageError("ledger-no-such-year", f"no ledger of this working copy began in {year}")
    return found


def stores_before(known: Known, home: Home, stack: contextlib.ExitStack) -> tuple[LedgerStore, ...]:
    """Return the logs before *known*, oldest first, open as long as *stack* is.

    Raises:
        LedgerError: See `earlier`.
    """
    shards = tuple(earlier(known, home))
    return tuple(stack.enter_context(open_store(shard.known)) for shard in reversed(shards))


def _freeze(ledger: Ledger) -> None:
    """Let nothing follow: writers that opened the log before are turned away first."""
    ledger.take_over()
    head = ledger.head(LEDGER)
    assert head.last is not None  # noqa: S101  # a log with entries begins with one of this chain
    ledger.record(LedgerFrozen(count=head.count, last=head.last))


def _wanted(known: Known, year: int, owner: str) -> Wanted:
    base, _, last = known.origin.rpartition("/")
    anchor = Path(known.anchor)
    own = anchor.parent.name == known.id
    stem = anchor.name.removesuffix(f".{year - 1}")
    return Wanted(
        origin=f"{base if last.isdigit() and len(last) == 4 else known.origin}/{year}",
        anchor=None if own else anchor.with_name(f"{stem}.{year}"),
        required=known.required,
        device=next(reversed(known.devices.values()), None),
        after=known,
        server=shared.after(known, owner, year) if known.schema else None,
    )


def _begin_after(ledger: Ledger, before: Known) -> None:
    """Write the entries that open *ledger* after *before*, and what is carried over: all of them, or none."""
    with reading(before) as reader, contextlib.closing(disclosing(ledger.known)) as disclosed:
        _note, checkpoint = reader.published()
        if not is_frozen(reader.store):
            raise _other(before, "it was not frozen")
        note, tip = reader.store.checkpoint(checkpoint.size), reader.store.tip(LEDGER)
        newest = max(moment_of(entry.at) for entry in reader.store.entries(checkpoint.size - 1, checkpoint.size))
        leaves = tuple(carried(reader.store, max(ledger.moment(), newest)))  # a year ends within a second, too
        body = LedgerOpened(
            key=sha256(ledger.store.identity.vkey.encode()),
            checkpoint=sha256(note),
            count=tip.number if tip else 0,
            last=Digest(f"sha256:{tip.leaf_hash.hex()}") if tip else None,
            follows=label(before.origin),
            size=checkpoint.size,
            root=Digest(f"sha256:{checkpoint.root.hex()}"),
            former=sha256(reader.vkey.encode()),
            carried=len(leaves),
        )

        def following(at: datetime) -> tuple[Leaf, ...]:
            head = ledger.head(LEDGER)
            made = [head.next(body, at=at, actor=ENGINE)]
            for leaf in leaves:
                head = head.after(made[-1])
                made.append(head.next(leaf.body, at=at, actor=leaf.actor))
            disclosed.carry(leaves, made[1:])
            return tuple(made)

        ledger.record_all(following)


def _opened(store: LedgerStore) -> LedgerOpened | None:
    first = next(store.entries(0, min(1, store.head().size)), None)
    if first is None:
        return None
    body = decode(first.leaf).body
    if not isinstance(body, LedgerOpened):
        raise LedgerError("ledger-shards-broken", f"{store.name} does not begin with the entry that opens a ledger")
    return body


def _previous(known: Known, home: Home) -> Known:
    found = home.known(known.previous)
    if found is None or found.is_gone:
        raise LedgerError(
            "ledger-shard-gone",
            f"the ledger that {known.origin} continues is gone: {known.previous}",
            hint="bring its database and its folder back from a copy; what was recorded before is only there",
        )
    return found


def _proved(reader: Reader, opened: LedgerOpened | None) -> Checkpoint:
    """Return the checkpoint of a frozen log, which is the one that its successor names, once that has begun."""
    _note, checkpoint = reader.published()
    wrong = [] if opened is None else _unlike(reader, checkpoint, opened)
    if wrong or not is_frozen(reader.store):
        raise _other(reader.known, f"another {', '.join(wrong)}" if wrong else "it goes on")
    return checkpoint


def _unlike(reader: Reader, checkpoint: Checkpoint, opened: LedgerOpened) -> list[str]:
    """Return in what the log differs from what its successor says of it."""
    pairs = {
        "checkpoint": (sha256(reader.store.checkpoint(checkpoint.size)), opened.checkpoint),
        "size": (checkpoint.size, opened.size),
        "root": (f"sha256:{checkpoint.root.hex()}", opened.root),
        "key": (sha256(reader.vkey.encode()), opened.former),
    }
    return [name for name, (found, named) in pairs.items() if found != named]


def _other(known: Known, why: str) -> LedgerError:
    return LedgerError(
        "ledger-shards-broken",
        f"{known.origin} is not the ledger that its successor was begun after: {why}",
        hint="one of the two was changed or put back: keep both as evidence, and bring back the right one",
    )
