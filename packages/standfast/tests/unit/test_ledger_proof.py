"""A proof in a file convinces whoever knows the keys, and nobody when anything in it was changed."""

import pytest
from little_log import LittleLog

from standfast.ledger.checkpoint import Checkpoint, sign_checkpoint
from standfast.ledger.merkle import inclusion_proof, leaf_hash
from standfast.ledger.note import MAX_NOTE_BYTES, add_signatures, cosign
from standfast.ledger.policy import Log, Policy, Witness
from standfast.ledger.proof import LogProof, format_proof, parse_proof, verify_proof
from standfast.ledger.signer import InsecureMemorySigner
from standfast.ledger.verifier import SignatureKind
from standfast.model import LedgerError

LOG = InsecureMemorySigner("ledger.example/payments/2026", b"l" * 32)
WITNESS = InsecureMemorySigner("witness.example/w1", b"w" * 32, SignatureKind.COSIGNATURE)
ALONE = Policy((Log(LOG.verifier),), (), (), b"none")
WITNESSED = Policy((Log(LOG.verifier),), (Witness(b"w1", WITNESS.verifier),), (), b"w1")
SIZE = 300
HASH = b"gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=\n"


@pytest.fixture(scope="module")
def log() -> LittleLog:
    """A log of 300 entries."""
    log = LittleLog()
    log.grow(number.to_bytes(2) for number in range(SIZE))
    return log


@pytest.fixture(scope="module")
def checkpoint(log: LittleLog) -> bytes:
    """Its signed and cosigned head."""
    head = Checkpoint(LOG.name, SIZE, log.frontier.root())
    return add_signatures(sign_checkpoint(head, LOG), [cosign(head.text, WITNESS, 1_790_000_000)])


def _proof(log: LittleLog, checkpoint: bytes, index: int) -> LogProof:
    return LogProof(index, inclusion_proof(index, SIZE, log.reader()), checkpoint)


@pytest.mark.parametrize("index", [0, 1, 255, 256, 299])
def test_a_proof_from_its_file_convinces(log: LittleLog, checkpoint: bytes, index: int) -> None:
    """A proof that was written and read again shows the leaf, the size and who vouches."""
    proof = parse_proof(format_proof(_proof(log, checkpoint, index)))

    trusted = verify_proof(proof, log.leaves[index], WITNESSED)

    assert trusted.checkpoint.size == SIZE
    assert trusted.witnessed
    assert [(seen.name, seen.at_s) for seen in trusted.seen] == [(WITNESS.name, 1_790_000_000)]


def test_without_witnesses_a_proof_says_so(log: LittleLog, checkpoint: bytes) -> None:
    """A policy that knows no witness trusts the log alone, and the result is unwitnessed."""
    trusted = verify_proof(_proof(log, checkpoint, 7), log.leaves[7], ALONE)

    assert not trusted.witnessed


def test_a_proof_is_text_in_one_form(log: LittleLog, checkpoint: bytes) -> None:
    """The file has a header, the index, the hashes in base64, an empty line and the checkpoint as published."""
    data = format_proof(LogProof(5, (b"\1" * 32,), checkpoint, b"extra"))

    head, _, rest = data.partition(b"\n\n")
    assert head.decode().split("\n") == [
        "c2sp.org/tlog-proof@v1",
        "extra ZXh0cmE=",
        "index 5",
        "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=",
    ]
    assert rest == checkpoint
    assert parse_proof(data).extra == b"extra"


def test_a_tree_of_one_leaf_has_a_proof_without_hashes() -> None:
    """The only leaf of a log is its root, and proven by the checkpoint alone."""
    leaf = leaf_hash(b"only")
    data = format_proof(LogProof(0, (), sign_checkpoint(Checkpoint(LOG.name, 1, leaf), LOG)))

    assert verify_proof(parse_proof(data), leaf, ALONE).checkpoint.size == 1


def test_every_changed_bit_of_a_proof_is_noticed(log: LittleLog, checkpoint: bytes) -> None:
    """Whichever byte of a proof file changes, it no longer convinces."""
    data = format_proof(_proof(log, checkpoint, 299))
    for at in range(len(data)):
        changed = bytearray(data)
        changed[at] ^= 1
        with pytest.raises(LedgerError):
            verify_proof(parse_proof(bytes(changed)), log.leaves[299], WITNESSED)


def test_a_proof_for_another_leaf_or_index_fails(log: LittleLog, checkpoint: bytes) -> None:
    """A proof is about one leaf at one index."""
    proof = _proof(log, checkpoint, 7)

    with pytest.raises(LedgerError, match="leads to the root"):
        verify_proof(proof, log.leaves[8], ALONE)
    with pytest.raises(LedgerError, match="leads to the root"):
        verify_proof(LogProof(6, proof.hashes, checkpoint), log.leaves[7], ALONE)
    with pytest.raises(LedgerError, match="not in a tree of 300"):
        verify_proof(LogProof(300, proof.hashes, checkpoint), log.leaves[7], ALONE)


def test_the_quorum_is_asked_before_the_tree(log: LittleLog) -> None:
    """A proof under a checkpoint that no witness cosigned fails where the policy asks for one."""
    head = sign_checkpoint(Checkpoint(LOG.name, SIZE, log.frontier.root()), LOG)

    with pytest.raises(LedgerError, match="cosigned by no witness; the policy asks for w1"):
        verify_proof(_proof(log, head, 7), log.leaves[7], WITNESSED)


NOT_PROOFS = {
    "nothing": b"",
    "another header": b"c2sp.org/tlog-proof@v2\nindex 0\n\ncheckpoint\n",
    "no header": b"index 0\n\ncheckpoint\n",
    "no index": b"c2sp.org/tlog-proof@v1\n\ncheckpoint\n",
    "an index that is no number": b"c2sp.org/tlog-proof@v1\nindex notanumber\n\ncheckpoint\n",
    "a negative index": b"c2sp.org/tlog-proof@v1\nindex -5\n\ncheckpoint\n",
    "a leading zero": b"c2sp.org/tlog-proof@v1\nindex 05\n\ncheckpoint\n",
    "an index beyond 2**63": b"c2sp.org/tlog-proof@v1\nindex 9223372036854775808\n\ncheckpoint\n",
    "extra that is no base64": b"c2sp.org/tlog-proof@v1\nextra !!\nindex 0\n\ncheckpoint\n",
    "empty extra": b"c2sp.org/tlog-proof@v1\nextra \nindex 0\n\ncheckpoint\n",
    "extra twice": b"c2sp.org/tlog-proof@v1\nextra AA==\nextra AA==\nindex 0\n\ncheckpoint\n",
    "extra after the index": b"c2sp.org/tlog-proof@v1\nindex 0\nextra AA==\n\ncheckpoint\n",
    "a hash that is no base64": b"c2sp.org/tlog-proof@v1\nindex 0\n!!notbase64!!\n\ncheckpoint\n",
    "a hash that is too long": b"c2sp.org/tlog-proof@v1\nindex 0\n" + b"A" * 84 + b"AA==\n\ncheckpoint\n",
    "64 hashes": b"c2sp.org/tlog-proof@v1\nindex 0\n" + HASH * 64 + b"\ncheckpoint\n",
    "no checkpoint": b"c2sp.org/tlog-proof@v1\nindex 0\n\n",
    "no empty line": b"c2sp.org/tlog-proof@v1\nindex 0\n",
    "CRLF": b"c2sp.org/tlog-proof@v1\r\nindex 0\r\n\r\ncheckpoint\r\n",
    "a head that is not ASCII": "c2sp.org/tlog-proof@v1\nindex \N{ARABIC-INDIC DIGIT ONE}\n\ncheckpoint\n".encode(),
    "a checkpoint without end": b"c2sp.org/tlog-proof@v1\nindex 0\n\n" + b"x" * (MAX_NOTE_BYTES + 1),
    "a head without end": b"c2sp.org/tlog-proof@v1\nextra " + b"AAAA" * 50_000 + b"\nindex 0\n\ncheckpoint\n",
}


@pytest.mark.parametrize("data", NOT_PROOFS.values(), ids=NOT_PROOFS)
def test_what_is_no_proof_to_the_letter_is_refused(data: bytes) -> None:
    """A proof file has one form, and bounded parts."""
    with pytest.raises(LedgerError, match="no proof"):
        parse_proof(data)


@pytest.mark.parametrize(
    "proof",
    [
        LogProof(-1, (), b"checkpoint\n"),
        LogProof(1 << 63, (), b"checkpoint\n"),
        LogProof(0, (b"short",), b"checkpoint\n"),
        LogProof(0, (b"x" * 32,) * 64, b"checkpoint\n"),
        LogProof(0, (), b""),
    ],
)
def test_what_no_proof_can_hold_is_not_written(proof: LogProof) -> None:
    """A proof that could not be read back is refused when it is written."""
    with pytest.raises(LedgerError, match="no proof"):
        format_proof(proof)
