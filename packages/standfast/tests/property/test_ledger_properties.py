"""Properties of the ledger's core: trees of any shape, and readers that bytes from strangers cannot surprise."""

from itertools import pairwise

import naive_tree
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledger_parsers import PARSERS, SAMPLES
from little_log import LittleLog

from standfast.ledger.merkle import (
    Frontier,
    consistency_proof,
    inclusion_proof,
    root_at,
    verify_consistency,
    verify_inclusion,
)
from standfast.model import LedgerError

LARGEST = 3_000


@pytest.fixture(scope="module")
def log() -> LittleLog:
    """A log of 3,000 leaves, whose smaller sizes are read from the same tiles."""
    log = LittleLog()
    log.grow(number.to_bytes(2) for number in range(LARGEST))
    return log


@settings(max_examples=60)
@given(size=st.integers(1, LARGEST), draw=st.data())
def test_any_inclusion_proof_is_the_one_of_the_standard(log: LittleLog, size: int, draw: st.DataObject) -> None:
    """For any leaf of any size, tiles alone give the proof of RFC 6962."""
    index = draw.draw(st.integers(0, size - 1))
    leaves = log.leaves[:size]

    proof = inclusion_proof(index, size, log.reader(size))

    assert list(proof) == naive_tree.path(index, leaves)
    verify_inclusion(leaves[index], index, size, proof, naive_tree.root(leaves))


@settings(max_examples=60)
@given(new=st.integers(0, LARGEST), draw=st.data())
def test_any_consistency_proof_is_the_one_of_the_standard(log: LittleLog, new: int, draw: st.DataObject) -> None:
    """For any pair of sizes, tiles alone give the proof of RFC 6962."""
    old = draw.draw(st.integers(0, new))
    leaves = log.leaves[:new]

    proof = consistency_proof(old, new, log.reader(new))

    assert list(proof) == naive_tree.proof(old, leaves)
    verify_consistency(old, naive_tree.root(leaves[:old]), new, naive_tree.root(leaves), proof)


@settings(max_examples=40)
@given(st.lists(st.integers(0, 600), max_size=8))
def test_batches_of_any_size_make_the_same_tree(log: LittleLog, batches: list[int]) -> None:
    """However a log is cut into batches and restarted between them, the tree and its tiles are the same."""
    ends = [min(sum(batches[: count + 1]), LARGEST) for count in range(len(batches))]
    frontier, full = Frontier(), []
    for start, end in pairwise([0, *ends]):
        frontier = Frontier.restored(start, frontier.edge)
        frontier.extend(log.leaves[start:end])
        full += frontier.take_full()

    whole = Frontier()
    whole.extend(log.leaves[: ends[-1] if ends else 0])

    assert (frontier.root(), frontier.edge, full) == (whole.root(), whole.edge, whole.take_full())
    assert frontier.root() == root_at(frontier.size, log.reader(frontier.size))


@settings(max_examples=60)
@given(size=st.integers(1, LARGEST), draw=st.data())
def test_no_proof_convinces_of_another_leaf(log: LittleLog, size: int, draw: st.DataObject) -> None:
    """With any other leaf, index, hash or root of the same log a proof shows nothing."""
    index, other = (draw.draw(st.integers(0, size - 1)) for _ in range(2))
    root = root_at(size, log.reader(size))
    proof = list(inclusion_proof(index, size, log.reader(size)))
    if other != index:
        for leaf, at in ((log.leaves[other], index), (log.leaves[index], other)):
            with pytest.raises(LedgerError):
                verify_inclusion(leaf, at, size, proof, root)
    if proof:
        at = draw.draw(st.integers(0, len(proof) - 1))
        proof[at] = draw.draw(st.sampled_from([*log.leaves[:9], root]).filter(lambda value: value != proof[at]))
        with pytest.raises(LedgerError):
            verify_inclusion(log.leaves[index], index, size, proof, root)


def _took(name: str, data: bytes) -> bool:
    """Return whether the reader took *data*; anything but our own error fails the test."""
    try:
        PARSERS[name](data)
    except LedgerError:
        return False
    return True


@pytest.mark.parametrize("name", [name for name in PARSERS if name != "leaf"])
def test_every_reader_takes_its_samples(name: str) -> None:
    """What is to be changed a little is first taken as it is."""
    assert all(_took(name, sample) for sample in SAMPLES[name])


@pytest.mark.parametrize("name", PARSERS)
@settings(max_examples=80)
@given(data=st.one_of(st.binary(max_size=400), st.text(max_size=200).map(str.encode)))
def test_no_bytes_surprise_a_reader(name: str, data: bytes) -> None:
    """Whatever the bytes, a reader takes them to the letter or raises the error of the ledger."""
    _took(name, data)


@pytest.mark.parametrize("name", PARSERS)
@settings(max_examples=150)
@given(draw=st.data())
def test_no_changed_sample_surprises_a_reader(name: str, draw: st.DataObject) -> None:
    """A sample with parts cut, doubled, moved or overwritten is taken to the letter or refused as well."""
    data = draw.draw(st.sampled_from(SAMPLES[name]))
    for _ in range(draw.draw(st.integers(1, 3))):
        start, end = sorted(draw.draw(st.integers(0, len(data))) for _ in range(2))
        piece = draw.draw(
            st.sampled_from([b"", b"\n", b"\n\n", b" ", b"\r\n", b"\0", b"=", b"+", b"\xff", b"0", b"9" * 40])
            | st.binary(max_size=8)
            | st.just(data[start:end] * 2)
        )
        data = data[:start] + piece + data[end:]

    _took(name, data)


@pytest.mark.parametrize("name", PARSERS)
@pytest.mark.parametrize(
    "piece", [b"\n", b"\n\n", b"A", b"\xff\xff", b"[", b"x999/", "— ".encode(), b"group g any A\n"], ids=repr
)
def test_long_repetitions_are_answered(name: str, piece: bytes) -> None:
    """A megabyte of one thing, alone or behind a sample, comes to an end like any other input."""
    for sample in (b"", SAMPLES[name][0]):
        _took(name, sample + piece * (1_000_000 // len(piece)))
