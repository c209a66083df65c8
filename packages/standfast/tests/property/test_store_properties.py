"""Properties of the store: whatever goes in comes out, whatever was changed is noticed."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standfast.app.storage.store import Slot, Store, named
from standfast.model import EvidenceError, sha256

# Every write reaches the disk before it returns: few examples, and no limit on how long the disk takes.
ON_DISK = settings(max_examples=20, deadline=None)


@ON_DISK
@given(st.binary(max_size=2000), st.data())
def test_one_changed_byte_is_always_noticed(data: bytes, draw: st.DataObject) -> None:
    """Any edit of a stored object makes reading it an error."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        digest = store.put(data)
        assert store.get(digest) == data
        edited = draw.draw(st.binary(max_size=2000).filter(lambda other: other != data))
        (_, path) = next(store.objects())
        path.write_bytes(edited)

        with pytest.raises(EvidenceError):
            store.get(digest)


@ON_DISK
@given(st.lists(st.tuples(st.text(max_size=200), st.binary(max_size=20)), max_size=12))
def test_slots_answer_with_what_their_source_said_last(fills: list[tuple[str, bytes]]) -> None:
    """Sources with any names never overwrite one another."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        last = {}
        for source, data in fills:
            slot = Slot(source=source, kinds=("k",), statements=(sha256(data),))
            store.fill("tree", "collected", slot)
            last[source] = slot

        assert {slot.source: slot for slot in store.slots("tree", "collected")} == last


@given(st.text(max_size=300), st.text(max_size=300))
def test_different_texts_have_different_file_names(one: str, other: str) -> None:
    """File names made from texts are as different as the texts, and plain."""
    assert (named(one) == named(other)) == (one == other)
    assert "/" not in named(one)
