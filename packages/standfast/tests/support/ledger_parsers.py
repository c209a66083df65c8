"""Every reader of the ledger that takes bytes from strangers, with what must hold once it took some."""

from collections.abc import Callable, Mapping

from standfast.ledger.canonical import decode as decode_canonical
from standfast.ledger.canonical import encode as encode_canonical
from standfast.ledger.checkpoint import Checkpoint, open_checkpoint, parse_foreign_checkpoint, sign_checkpoint
from standfast.ledger.events import decode as decode_leaf
from standfast.ledger.events import encode as encode_leaf
from standfast.ledger.merkle import TILE_WIDTH, leaf_hash, node_hash
from standfast.ledger.note import add_signatures, cosign, format_note, parse_note
from standfast.ledger.policy import Log, Policy, Witness
from standfast.ledger.policy_file import parse_policy
from standfast.ledger.proof import LogProof, format_proof, parse_proof, verify_proof
from standfast.ledger.signer import InsecureMemorySigner
from standfast.ledger.tiles import entry_bundle, parse_entry_bundle, parse_tile_path
from standfast.ledger.verifier import SignatureKind, Verifier
from standfast.ledger.witness import AddCheckpoint, answer, format_request, parse_request

LOG = InsecureMemorySigner("ledger.example/payments/2026", b"l" * 32)
WITNESS = InsecureMemorySigner("witness.example/w1", b"w" * 32, SignatureKind.COSIGNATURE)
LEAVES = (leaf_hash(b"one"), leaf_hash(b"two"))
HEAD = Checkpoint(LOG.name, 2, node_hash(*LEAVES))
CHECKPOINT = add_signatures(sign_checkpoint(HEAD, LOG), [cosign(HEAD.text, WITNESS, 1_790_000_000)])
POLICY = Policy((Log(LOG.verifier),), (Witness(b"w1", WITNESS.verifier),), (), b"w1")
PROOF = LogProof(0, (LEAVES[1],), CHECKPOINT)


def note(data: bytes) -> None:
    """A note that was read is written as the same bytes."""
    assert format_note(parse_note(data)) == data


def checkpoint(data: bytes) -> None:
    """A checkpoint with both known signatures says what was signed, and nothing else."""
    opened, _ = open_checkpoint(data, [LOG.verifier, WITNESS.verifier])
    assert opened == HEAD


def checkpoint_text(data: bytes) -> None:
    """The text of a checkpoint that was read is written as the same text."""
    text = data.decode("utf-8", "surrogateescape")
    opened, extensions = parse_foreign_checkpoint(text)
    assert opened.text + "".join(f"{line}\n" for line in extensions) == text


def bundle(data: bytes) -> None:
    """A bundle that was read for a width is written as the same bytes, with that many entries."""
    width = data[0] if data else TILE_WIDTH
    entries = parse_entry_bundle(data[1:], width or TILE_WIDTH)
    assert entry_bundle(entries) == data[1:]


def tile_path(data: bytes) -> None:
    """A path that was read is the path of what it named."""
    path = data.decode("utf-8", "surrogateescape")
    assert parse_tile_path(path).path == path


def vkey(data: bytes) -> None:
    """A verifier key that was read is written as the same text."""
    text = data.decode("utf-8", "surrogateescape")
    assert Verifier.from_vkey(text).vkey == text


def proof(data: bytes) -> None:
    """A proof that was read is written as the same bytes, and convinces only of its leaf."""
    found = parse_proof(data)
    assert format_proof(found) == data
    verify_proof(found, LEAVES[0], POLICY)
    assert (found.index, found.hashes) == (PROOF.index, PROOF.hashes)


def policy(data: bytes) -> None:
    """A policy that was read has a quorum that all of its witnesses make, unless it asks for what nobody has."""
    found = parse_policy(data)
    assert found.is_satisfied_by(witness.name for witness in found.witnesses)


def request(data: bytes) -> None:
    """A request that was read is written as the same bytes."""
    assert format_request(parse_request(data)) == data


def witness(data: bytes) -> None:
    """A witness answers everything, and cosigns nothing but what continues what it knows."""
    found = answer(data, {LOG.name: [LOG.verifier]}, {LOG.name: HEAD}, WITNESS, 1_790_000_001)
    assert found.status in {200, 400, 403, 404, 409, 422}
    assert (found.remember == HEAD) == (found.status == 200)


def canonical(data: bytes) -> None:
    """A value that was read has the bytes it was read from."""
    assert encode_canonical(decode_canonical(data)) == data


def leaf(data: bytes) -> None:
    """A leaf that was read has the bytes it was read from."""
    assert encode_leaf(decode_leaf(data)) == data


PARSERS: Mapping[str, Callable[[bytes], None]] = {
    read.__name__: read
    for read in (
        note,
        checkpoint,
        checkpoint_text,
        bundle,
        tile_path,
        vkey,
        proof,
        policy,
        request,
        witness,
        canonical,
        leaf,
    )
}
"""Each either raises `LedgerError` or returns; anything else is a fault of the reader."""

_POLICY = f"log {LOG.vkey}\nwitness A {WITNESS.vkey}\ngroup g any A\nquorum g\n"
SAMPLES: Mapping[str, tuple[bytes, ...]] = {
    "note": (CHECKPOINT,),
    "checkpoint": (CHECKPOINT,),
    "checkpoint_text": (HEAD.text.encode(), HEAD.text.encode() + b"extension\n"),
    "bundle": (b"\2" + entry_bundle([b"one", b""]), b"\0" + entry_bundle([b""] * 256)),
    "tile_path": (b"tile/0/x001/234.p/8", b"tile/entries/000", b"tile/63/999"),
    "vkey": (LOG.vkey.encode(), WITNESS.vkey.encode()),
    "proof": (format_proof(PROOF), format_proof(LogProof(0, (LEAVES[1],), CHECKPOINT, b"extra"))),
    "policy": (_POLICY.encode(), b"quorum none\n"),
    "request": (format_request(AddCheckpoint(2, (), CHECKPOINT)), format_request(AddCheckpoint(1, LEAVES, CHECKPOINT))),
    "witness": (format_request(AddCheckpoint(2, (), CHECKPOINT)), format_request(AddCheckpoint(1, LEAVES, CHECKPOINT))),
    "canonical": (b'{"a":[1,"two",null,true],"b":{}}',),
    "leaf": (b"{}",),
}
"""What each reader takes, except a leaf, to change a little."""
