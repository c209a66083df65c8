"""Signatures that a quantum computer does not forge are verified as the specification has them."""

import struct
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from standfast.ledger import mldsa44
from standfast.ledger.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from standfast.ledger.cosignature import joined, subtree_message
from standfast.ledger.merkle import leaf_hash
from standfast.ledger.note import Note, NoteSignature, add_signatures, format_note, open_note
from standfast.ledger.policy_file import parse_policy
from standfast.ledger.signer import InsecureMemorySigner
from standfast.ledger.verifier import SignatureKind, Verifier
from standfast.model import LedgerError

# A checkpoint of a public test log of certificate transparency with the lines of the public witness navigli, and that
# witness's published key, as the tests of tlog-scales 0.0.3 (Apache-2.0) have them.
VECTORS = Path(__file__).parents[1] / "support" / "vectors"
NOTE = (VECTORS / "coachandhorses.note").read_bytes()
NAVIGLI = Verifier.from_vkey((VECTORS / "navigli.vkey").read_text().removesuffix("\n"))

LOG = InsecureMemorySigner("ledger.example/payments/2026", b"l" * 32)
HEAD = Checkpoint(LOG.name, 5, leaf_hash(b"x"))
PRIVATE = MLDSA44PrivateKey.from_seed_bytes(b"q" * 32)
PUBLIC = PRIVATE.public_key().public_bytes_raw()
AT_S = 1_790_000_000


def _line(name: str, head: Checkpoint = HEAD, at_s: int = AT_S) -> NoteSignature:
    """Return the line of our key under *name*, written down from the specification."""
    origin, cosigner = head.origin.encode(), name.encode()
    message = b"".join(
        [
            b"subtree/v1\n\0",
            bytes([len(cosigner)]) + cosigner,
            struct.pack(">Q", at_s),
            bytes([len(origin)]) + origin,
            struct.pack(">QQ", 0, head.size),
            head.root,
        ]
    )
    key = Verifier.enrolled(name, SignatureKind.MLDSA_COSIGNATURE, PUBLIC)
    return NoteSignature(name, key.key_id, joined(at_s, PRIVATE.sign(message)))


def test_a_public_cosignature_verifies() -> None:
    """The line that a public witness wrote under a public checkpoint verifies with its published key."""
    note = open_note(NOTE, [NAVIGLI])

    assert [signature.name for signature in note.signatures] == ["witness.navigli.sunlight.geomys.org"]
    assert NAVIGLI.vkey == (VECTORS / "navigli.vkey").read_text().removesuffix("\n")


@pytest.mark.parametrize(("old", "new"), [(b"185550722", b"185550723"), (b"coach", b"couch"), (b"YXAM0V", b"YXAM0W")])
def test_a_public_cosignature_is_over_this_checkpoint_only(old: bytes, new: bytes) -> None:
    """Another size, origin or root under the same lines is not what was signed."""
    with pytest.raises(LedgerError, match="not over this text"):
        open_note(NOTE.replace(old, new), [NAVIGLI])


def test_a_witness_with_such_a_key_makes_a_quorum() -> None:
    """A policy may name such a witness, and its time is known."""
    key = Verifier.enrolled("w.example", SignatureKind.MLDSA_COSIGNATURE, PUBLIC)
    policy = parse_policy(f"log {LOG.vkey}\nwitness w {key.vkey}\nquorum w\n".encode())

    trusted = policy.accept(add_signatures(sign_checkpoint(HEAD, LOG), [_line("w.example")]))

    assert [(seen.name, seen.at_s) for seen in trusted.seen] == [("w.example", AT_S)]


def test_a_log_with_such_a_key_speaks_for_itself() -> None:
    """A log may sign its checkpoints with such a key under its own name, and with no other name."""
    key = Verifier.enrolled(LOG.name, SignatureKind.MLDSA_COSIGNATURE, PUBLIC)
    policy = parse_policy(f"log {key.vkey}\nquorum none\n".encode())
    other = Checkpoint("ledger.example/orders/2026", 5, HEAD.root)

    assert policy.accept(format_note(Note(HEAD.text, (_line(LOG.name),)))).checkpoint == HEAD
    with pytest.raises(LedgerError, match="no known key of the log itself"):
        open_checkpoint(format_note(Note(other.text, (_line(LOG.name, other),))), [key])


def test_an_edited_time_is_noticed() -> None:
    """The time is part of what was signed."""
    key = Verifier.enrolled("w.example", SignatureKind.MLDSA_COSIGNATURE, PUBLIC)
    line = _line("w.example")
    later = joined(AT_S + 1, line.signature[8:])

    assert key.verify(HEAD.text.encode(), line.signature)
    assert not key.verify(HEAD.text.encode(), later)


def test_the_name_is_part_of_what_was_signed() -> None:
    """A line cannot be passed on under the name of another witness with the same key."""
    other = Verifier.enrolled("v.example", SignatureKind.MLDSA_COSIGNATURE, PUBLIC)

    assert not other.verify(HEAD.text.encode(), _line("w.example").signature)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"origin\n",
        b"origin\n5\n",
        b"origin\nfive\n" + HEAD.text.encode().split(b"\n")[2] + b"\n",
        b"o\n5\nAAAA\n",
        b"\n5\n" + HEAD.text.encode().split(b"\n")[2] + b"\n",
        HEAD.text.encode().replace(b"ledger", b"l" * 250),
    ],
)
def test_a_text_that_is_no_checkpoint_verifies_nothing(text: bytes) -> None:
    """Such a key signs checkpoints and nothing else."""
    key = Verifier.enrolled("w.example", SignatureKind.MLDSA_COSIGNATURE, PUBLIC)

    assert subtree_message(key.name, text, AT_S) is None
    assert not key.verify(text, _line("w.example").signature)


def test_extension_lines_are_not_part_of_what_was_signed() -> None:
    """The signature is over origin, size and root, as the specification says, whatever lines follow."""
    message = subtree_message("w.example", HEAD.text.encode(), AT_S)

    assert subtree_message("w.example", HEAD.text.encode() + b"extension\n", AT_S) == message


@pytest.mark.parametrize("size", [0, 32, mldsa44.PUBLIC_KEY_BYTES - 1, mldsa44.PUBLIC_KEY_BYTES + 1])
def test_a_key_of_another_length_is_refused(size: int) -> None:
    """A key is 1,312 bytes long."""
    with pytest.raises(LedgerError, match="expected 1312"):
        Verifier.enrolled("w.example", SignatureKind.MLDSA_COSIGNATURE, bytes(size))


@pytest.mark.parametrize("line", [b"", bytes(8), bytes(72), bytes(8 + mldsa44.SIGNATURE_BYTES)])
def test_other_bytes_are_no_signature(line: bytes) -> None:
    """Nothing, a time alone, a line of the other kind and zeros verify nothing."""
    key = Verifier.enrolled("w.example", SignatureKind.MLDSA_COSIGNATURE, PUBLIC)

    assert not key.verify(HEAD.text.encode(), line)
