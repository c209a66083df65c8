"""Trees, tiles and proofs agree with RFC 6962 as it is written."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import naive_tree
import pytest
from little_log import LittleLog

from standfast.ledger.merkle import (
    EMPTY_ROOT,
    MAX_SIZE,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_at,
    verify_consistency,
    verify_inclusion,
)
from standfast.model import LedgerError

# The eight entries and roots that Certificate Transparency implementations share as their reference tree
# (transparency-dev/merkle, testonly/reference.go and constants.go).
ENTRIES = [
    bytes.fromhex(entry)
    for entry in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
SIZES = 300


@pytest.fixture(scope="module")
def log() -> LittleLog:
    """A log of 300 leaves that kept the tiles of each of its sizes."""
    log = LittleLog()
    for number in range(SIZES):
        log.grow([number.to_bytes(2)])
    return log


@pytest.fixture(scope="module")
def roots(log: LittleLog) -> list[bytes]:
    """The root of each size, by the reference."""
    return [naive_tree.root(log.leaves[:size]) for size in range(SIZES + 1)]


@pytest.mark.parametrize("size", range(9))
def test_reference_tree_has_its_published_roots(size: int) -> None:
    """The reference tree of certificate transparency has the published root at each of its sizes."""
    frontier = Frontier()

    frontier.extend(map(leaf_hash, ENTRIES[:size]))

    assert frontier.root().hex() == ROOTS[size]


def test_roots_of_all_sizes_follow_the_standard(log: LittleLog, roots: list[bytes]) -> None:
    """The growing edge, the stored tiles and the recursive definition give one root for each size."""
    frontier = Frontier()
    for size in range(SIZES):
        assert frontier.root() == root_at(size, log.reader(size)) == roots[size]
        frontier.append(log.leaves[size])

    assert frontier.root() == root_at(SIZES, log.reader()) == roots[SIZES]


def test_every_inclusion_proof_is_the_one_of_the_standard(log: LittleLog, roots: list[bytes]) -> None:
    """For each leaf of each size, the proof read from tiles is that of RFC 6962, and it verifies."""
    for size in [*range(1, 70), *range(250, 264), 299, 300]:
        reader = log.reader(size)
        for index in range(size):
            proof = inclusion_proof(index, size, reader)

            assert list(proof) == naive_tree.path(index, log.leaves[:size])
            verify_inclusion(log.leaves[index], index, size, proof, roots[size])


def test_every_consistency_proof_is_the_one_of_the_standard(log: LittleLog, roots: list[bytes]) -> None:
    """For each pair of sizes, the proof read from tiles is that of RFC 6962, and it verifies."""
    for new in [*range(70), *range(250, 264), 299, 300]:
        reader = log.reader(new)
        for old in range(new + 1):
            proof = consistency_proof(old, new, reader)

            assert list(proof) == naive_tree.proof(old, log.leaves[:new])
            verify_consistency(old, roots[old], new, roots[new], proof)


def _edits(proof: Sequence[bytes]) -> list[tuple[bytes, ...]]:
    """Return every proof that differs from *proof* in one hash: missing, repeated, changed, cut or swapped."""
    hashes = tuple(proof)
    edited = [hashes[:at] + hashes[at + 1 :] for at in range(len(hashes))]
    edited += [hashes[: at + 1] + hashes[at:] for at in range(len(hashes))]
    edited += [(*hashes[:at], _flipped(hashes[at]), *hashes[at + 1 :]) for at in range(len(hashes))]
    edited += [(*hashes[:at], hashes[at][:-1], *hashes[at + 1 :]) for at in range(len(hashes))]
    edited += [(*hashes[:at], two, one, *hashes[at + 2 :]) for at, (one, two) in enumerate(pairwise(hashes))]
    return [*edited, (*hashes, EMPTY_ROOT)]


def _flipped(data: bytes) -> bytes:
    return bytes([data[0] ^ 1]) + data[1:]


def _refused(verify: Callable[..., None], *arguments: object) -> bool:
    try:
        verify(*arguments)
    except LedgerError:
        return True
    return False


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 13, 64, 255, 256, 257, 300])
def test_edited_inclusion_proofs_prove_nothing(log: LittleLog, roots: list[bytes], size: int) -> None:
    """A missing, added, changed or swapped hash, another leaf, index, size or root breaks every inclusion proof."""
    for index in {0, 1, size // 2, size - 2, size - 1} & set(range(size)):
        leaf, root = log.leaves[index], roots[size]
        proof = inclusion_proof(index, size, log.reader(size))

        assert all(_refused(verify_inclusion, leaf, index, size, edit, root) for edit in _edits(proof))
        assert all(_refused(verify_inclusion, leaf, i, size, proof, root) for i in range(-1, size + 1) if i != index)
        assert _refused(verify_inclusion, leaf, index, size, proof, _flipped(root))
        assert _refused(verify_inclusion, _flipped(leaf), index, size, proof, root)
        assert _refused(verify_inclusion, leaf, index, 1 << 63, proof, root)


@pytest.mark.parametrize("new", [1, 2, 3, 7, 8, 13, 64, 255, 256, 257, 300])
def test_edited_consistency_proofs_prove_nothing(log: LittleLog, roots: list[bytes], new: int) -> None:
    """A missing, added, changed or swapped hash, another root or a reversed pair breaks every consistency proof."""
    for old in {0, 1, 2, new // 2, new - 1, new} & set(range(new + 1)):
        proof = consistency_proof(old, new, log.reader(new))
        roots_of = roots[old], roots[new]

        assert all(_refused(verify_consistency, old, roots_of[0], new, roots_of[1], edit) for edit in _edits(proof))
        assert _refused(verify_consistency, old, _flipped(roots_of[0]), new, roots_of[1], proof)
        assert old == 0 or _refused(verify_consistency, old, roots_of[0], new, _flipped(roots_of[1]), proof)
        assert old == new or _refused(verify_consistency, new, roots_of[1], old, roots_of[0], proof)


def test_a_tree_without_one_of_its_leaves_has_another_root(log: LittleLog, roots: list[bytes]) -> None:
    """Taking any single leaf away, or swapping it with the next, changes the root."""
    leaves = log.leaves[:40]
    shorter = [leaves[:at] + leaves[at + 1 :] for at in range(len(leaves))]
    swapped = [[*leaves[:at], leaves[at + 1], leaves[at], *leaves[at + 2 :]] for at in range(len(leaves) - 1)]

    for other in shorter + swapped:
        frontier = Frontier()
        frontier.extend(other)
        assert frontier.root() != roots[40]


def test_a_leaf_is_never_taken_for_a_node(log: LittleLog) -> None:
    """An entry that spells two hashes has another hash than the node above them."""
    two = log.leaves[0] + log.leaves[1]

    assert leaf_hash(two) != naive_tree.root(log.leaves[:2])


def test_a_restored_edge_continues_the_same_tree(log: LittleLog, roots: list[bytes]) -> None:
    """From its partial tiles alone a frontier of any size goes on to the same roots and tiles."""
    for size in range(0, SIZES, 7):
        before = Frontier()
        before.extend(log.leaves[:size])
        before.take_full()
        after = Frontier.restored(size, before.edge)
        assert after.root() == roots[size]
        before.extend(log.leaves[size:])
        after.extend(log.leaves[size:])
        assert (after.root(), after.edge, after.take_full()) == (roots[SIZES], before.edge, before.take_full())


def test_an_edge_of_another_size_is_refused(log: LittleLog) -> None:
    """A partial tile that a tree of this size does not have is an error that says both widths."""
    with pytest.raises(LedgerError, match=r"\[32\] bytes; a tree of 2 leaves has \[64\]"):
        Frontier.restored(2, [log.leaves[0]])


def test_a_copy_grows_alone(log: LittleLog) -> None:
    """What is appended to a copy leaves the frontier as it was, so a failed commit costs nothing."""
    frontier = Frontier()
    frontier.extend(log.leaves[:255])
    before = frontier.root(), frontier.edge

    frontier.copy().extend(log.leaves[255:])

    assert (frontier.size, frontier.root(), frontier.edge, frontier.take_full()) == (255, *before, [])


def test_only_hashes_are_appended() -> None:
    """A leaf that is not 32 bytes long was never hashed, and is refused."""
    frontier = Frontier()

    with pytest.raises(LedgerError, match="31 bytes"):
        frontier.append(b"x" * 31)

    assert frontier.size == 0


def test_the_largest_tree_has_proofs() -> None:
    """A tree of 2**63 - 1 leaves is within bounds: a proof for it is followed to its root, one for more is not."""
    leaf, proof = leaf_hash(b""), (EMPTY_ROOT,) * 63
    root = leaf
    for sibling in proof:
        root = node_hash(root, sibling)

    verify_inclusion(leaf, 0, MAX_SIZE, proof, root)
    with pytest.raises(LedgerError, match="not in a tree"):
        verify_inclusion(leaf, 0, MAX_SIZE + 1, proof, root)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (5, 5), (-1, 5), (0, 1 << 63)])
def test_no_proof_for_a_leaf_that_is_not_there(log: LittleLog, index: int, size: int) -> None:
    """Asking for the proof of a leaf outside the tree is an error."""
    with pytest.raises(LedgerError):
        inclusion_proof(index, size, log.reader())


def test_no_proof_from_a_larger_tree_to_a_smaller(log: LittleLog) -> None:
    """A log never shrinks: the proof that it did cannot be asked for."""
    with pytest.raises(LedgerError, match="cannot contain"):
        consistency_proof(5, 4, log.reader())
