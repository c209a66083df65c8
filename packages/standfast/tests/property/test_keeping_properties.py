"""Whatever sessions there are, and wherever pruning stops, the ledger is whole, and what is kept can be read."""

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from ledger_story import ANA, BEA, actor, opened
from little_ledgers import LittleLedger

from standfast.ledger.anchor import AnchorFile
from standfast.ledger.bodies import (
    AnyBody,
    Basis,
    Result,
    RetentionErased,
    RetentionHeld,
    RetentionPruned,
    RetentionReleased,
    SessionClosed,
    SessionNoted,
)
from standfast.ledger.chain import Head, verify_chain
from standfast.ledger.commitments import commit
from standfast.ledger.events import Leaf, decode, encode, leaf_digest
from standfast.ledger.fields import LEDGER, ChainId
from standfast.ledger.fsck import Fsck
from standfast.ledger.merkle import TILE_WIDTH
from standfast.ledger.projection import entry_with
from standfast.ledger.retention import due, pruned_below, retention
from standfast.ledger.stores import sqlite_pruning
from standfast.ledger.writer import Writer

START = datetime(2020, 1, 1, tzinfo=UTC)
HIDDEN = commit("/body/text", "hm", salt=bytes(16))
LENGTHS = st.lists(st.integers(2, 120), min_size=4, max_size=12)


def told(lengths: list[int]) -> list[Leaf]:
    """Return the leaves of sessions of those lengths, of which up to three are open at the same time."""
    waiting, at, made = [(f"S-{place:02}", length) for place, length in enumerate(lengths)], START, list[Leaf]()
    heads = {name: Head(chain=ChainId(name)) for name, _length in waiting}
    going = [waiting.pop(0)] if waiting else []
    while going:
        name, length = going.pop(0)
        head, at = heads[name], at + timedelta(hours=1)
        body: AnyBody = opened() if head.count == 0 else SessionNoted(text=HIDDEN, words=1)
        if head.count == length - 1 and head.last is not None:
            body = SessionClosed(result=Result.ABANDONED, count=head.count, last=head.last)
        made.append(head.next(body, at=at, actor=actor(ANA)))
        heads[name] = head.after(made[-1])
        going += [(name, length)] if heads[name].count < length else []
        while waiting and len(going) < 3:
            going.append(waiting.pop(0))
    return made


@settings(max_examples=12, deadline=None)
@given(lengths=LENGTHS, data=st.data())
def test_pruned_ledger_is_whole_wherever_it_is_cut(lengths: list[int], data: st.DataObject) -> None:
    """After pruning at any bundle, every hash leads to what was signed, and each session is there whole or not."""
    leaves = told(lengths)
    end = data.draw(st.integers(0, len(leaves) // TILE_WIDTH)) * TILE_WIDTH
    with tempfile.TemporaryDirectory() as folder, LittleLedger(Path(folder) / "log") as ledger:
        writer = Writer(ledger.store, ledger.signer, ledger.anchor)
        writer.append([entry_with(encode(leaf), leaf) for leaf in leaves])
        pruned = RetentionPruned(basis=Basis.RETENTION_OVER, start=0, end=end)
        leaf = Head(chain=LEDGER).next(pruned, at=leaves[-1].at + timedelta(days=1), actor=actor(BEA))
        writer.append([entry_with(encode(leaf), leaf)])

        sqlite_pruning.prune(ledger.database, end, keep=LEDGER)

        assert sqlite_pruning.left_below(ledger.database, end, keep=LEDGER) == 0
        assert list(Fsck(ledger.store, AnchorFile(ledger.anchor_file)).flaws()) == []
        newest = {leaf.session: place for place, leaf in enumerate(leaves)}
        assert set(ledger.store.chains()) == {name for name, place in newest.items() if place >= end} | {LEDGER}
        for name in set(ledger.store.chains()) - {LEDGER}:
            kept = [entry for _index, entry in ledger.store.chain(name)]
            assert len(verify_chain(ChainId(name), kept, last=leaf_digest(kept[-1])).leaves) == len(kept)


EVENTS = st.lists(
    st.one_of(
        st.builds(
            RetentionHeld,
            hold=st.sampled_from("abc"),
            basis=st.just(Basis.LEGAL_HOLD),
            session=st.sampled_from([None, "S-1", "S-2"]),
        ),
        st.builds(RetentionReleased, hold=st.sampled_from("abc")),
        st.builds(
            RetentionErased,
            basis=st.just(Basis.ERASURE_REQUEST),
            disclosures=st.just(0),
            data_keys=st.just(0),
            backups_end=st.just(START),
            session=st.sampled_from(["S-1", "S-2"]),
        ),
        st.builds(
            RetentionPruned, basis=st.just(Basis.RETENTION_OVER), start=st.just(0), end=st.sampled_from([0, 256, 512])
        ),
    ),
    max_size=12,
)


@given(bodies=EVENTS)
def test_holds_are_those_that_were_placed_and_not_released(bodies: list[AnyBody]) -> None:
    """What is held, erased and pruned by now follows from the entries alone, and so does what was held at each."""
    head, chain, holds = Head(chain=LEDGER), list[tuple[int, bytes]](), dict[str, str | None]()
    for index, body in enumerate(bodies):
        leaf = head.next(body, at=START + timedelta(seconds=index), actor=actor(BEA))
        head, chain = head.after(leaf), [*chain, (index, encode(leaf))]
        if isinstance(body, RetentionHeld):
            holds[body.hold] = body.session
        elif isinstance(body, RetentionReleased):
            holds.pop(body.hold, None)

    found = retention(chain)

    assert {hold.name: hold.session for hold in found.holds} == holds
    assert found.pruned == pruned_below(chain) == max((getattr(body, "end", 0) for body in bodies), default=0)
    assert bool(found.covering(ChainId("S-1"))) == any(session in (None, "S-1") for session in holds.values())
    for one in due(chain):
        assert one.retention.holds == retention(chain[: one.index]).holds
        assert decode(chain[one.index][1]).body == one.body
