"""A checkpoint is origin, size and root, signed by the log that it is about."""

import pytest

from standfast.ledger.checkpoint import (
    Checkpoint,
    open_checkpoint,
    parse_checkpoint,
    parse_foreign_checkpoint,
    sign_checkpoint,
)
from standfast.ledger.merkle import EMPTY_ROOT, leaf_hash
from standfast.ledger.note import NoteSignature, add_signatures, cosign, sign_note
from standfast.ledger.signer import InsecureMemorySigner
from standfast.ledger.verifier import SignatureKind, Verifier
from standfast.model import LedgerError

LOG = InsecureMemorySigner("ledger.example/payments/2026", b"l" * 32)
OTHER = InsecureMemorySigner("ledger.example/orders/2026", b"o" * 32)
WITNESS = InsecureMemorySigner("witness.example/w1", b"w" * 32, SignatureKind.COSIGNATURE)
HEAD = Checkpoint(LOG.name, 1, leaf_hash(b"x"))
ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="


def test_a_signed_checkpoint_opens() -> None:
    """What a log signed comes back as it was, with the log's signature."""
    checkpoint, note = open_checkpoint(sign_checkpoint(HEAD, LOG), [LOG.verifier])

    assert checkpoint == HEAD
    assert [signature.name for signature in note.signatures] == [LOG.name]


def test_the_text_is_three_lines() -> None:
    """Origin, decimal size, base64 root: nothing else is signed."""
    assert Checkpoint("example.com/behind-the-sofa", 20852163, bytes.fromhex("0a" * 32)).text == (
        "example.com/behind-the-sofa\n20852163\nCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgo=\n"
    )


def test_an_empty_log_has_the_empty_root() -> None:
    """The head of a new log says size 0 and the hash of nothing."""
    head = Checkpoint(LOG.name, 0, EMPTY_ROOT)

    assert open_checkpoint(sign_checkpoint(head, LOG), [LOG.verifier])[0] == head


NOT_CHECKPOINTS = {
    "nothing": "",
    "two lines": "origin\n1\n",
    "no newline at the end": f"origin\n1\n{ROOT}",
    "an extension line": f"origin\n1\n{ROOT}\nextension\n",
    "an empty line": f"origin\n1\n{ROOT}\n\n",
    "no origin": f"\n1\n{ROOT}\n",
    "a leading zero": f"origin\n01\n{ROOT}\n",
    "a sign": f"origin\n+1\n{ROOT}\n",
    "a space": f"origin\n 1\n{ROOT}\n",
    "an underscore": f"origin\n1_0\n{ROOT}\n",
    "digits that are not ASCII": f"origin\n\N{ARABIC-INDIC DIGIT ONE}\n{ROOT}\n",
    "a size beyond 2**63": f"origin\n9223372036854775808\n{ROOT}\n",
    "a size of a thousand digits": f"origin\n{'9' * 1000}\n{ROOT}\n",
    "a short root": "origin\n1\nCgo=\n",
    "an unpadded root": f"origin\n1\n{ROOT[:-1]}\n",
    "a root with stray bits": f"origin\n1\n{ROOT[:-2]}J=\n",
    "an empty tree with a root": f"origin\n0\n{ROOT}\n",
}


@pytest.mark.parametrize("text", NOT_CHECKPOINTS.values(), ids=NOT_CHECKPOINTS)
def test_what_is_no_checkpoint_to_the_letter_is_refused(text: str) -> None:
    """A checkpoint has one form: three lines, one spelling of each number and hash."""
    with pytest.raises(LedgerError, match="no checkpoint"):
        parse_checkpoint(text)


def test_extension_lines_of_other_logs_can_be_read() -> None:
    """A witness reads the extension lines that a foreign log signs, and takes no meaning from them."""
    checkpoint, extensions = parse_foreign_checkpoint(f"origin\n1\n{ROOT}\none\ntwo\n")

    assert (checkpoint.size, extensions) == (1, ("one", "two"))


@pytest.mark.parametrize("rest", ["one\n\n", "\n", "one", "one\n\ntwo\n"])
def test_extension_lines_are_never_empty(rest: str) -> None:
    """An empty extension line could be taken for the end of the text, and is refused."""
    with pytest.raises(LedgerError):
        parse_foreign_checkpoint(f"origin\n1\n{ROOT}\n{rest}")


def test_another_log_cannot_speak_for_this_one() -> None:
    """A checkpoint that a known key of another log signed is refused, though the signature is good."""
    with pytest.raises(LedgerError, match="no known key of the log itself"):
        open_checkpoint(sign_note(HEAD.text, OTHER), [LOG.verifier, OTHER.verifier])


def test_a_witness_cannot_speak_for_the_log() -> None:
    """A cosignature alone is not the log's word, not even under the log's own name."""
    namesake = InsecureMemorySigner(LOG.name, b"l" * 32, SignatureKind.COSIGNATURE)
    line = cosign(HEAD.text, namesake, 1_790_000_000)
    unsigned = add_signatures(sign_note(HEAD.text, OTHER), [line])

    with pytest.raises(LedgerError, match="no known key of the log itself"):
        open_checkpoint(unsigned, [LOG.verifier, namesake.verifier])


def test_a_log_signs_only_under_its_origin() -> None:
    """A key that is named differently from the origin does not sign."""
    with pytest.raises(LedgerError, match="does not sign for"):
        sign_checkpoint(HEAD, OTHER)


@pytest.mark.parametrize(
    "head",
    [
        Checkpoint("two\nlines", 1, HEAD.root),
        Checkpoint("a b", 1, HEAD.root),
        Checkpoint("", 1, HEAD.root),
        Checkpoint(LOG.name, -1, HEAD.root),
        Checkpoint(LOG.name, 1 << 63, HEAD.root),
        Checkpoint(LOG.name, 1, b"short"),
        Checkpoint(LOG.name, 0, HEAD.root),
    ],
)
def test_what_could_not_be_read_back_is_not_signed(head: Checkpoint) -> None:
    """A checkpoint that no reader would take is refused before it is signed."""
    with pytest.raises(LedgerError):
        sign_checkpoint(head, LOG)


def test_a_cosigned_checkpoint_carries_both_signatures() -> None:
    """The line of a witness stands beside the line of the log, and both verify."""
    data = add_signatures(sign_checkpoint(HEAD, LOG), [cosign(HEAD.text, WITNESS, 1_790_000_000)])

    checkpoint, note = open_checkpoint(data, [LOG.verifier, WITNESS.verifier])

    assert checkpoint == HEAD
    assert [signature.name for signature in note.signatures] == [LOG.name, WITNESS.name]


def test_during_a_rotation_both_keys_sign() -> None:
    """Readers that know only the old or only the new key of a log open a checkpoint that both signed."""
    new = InsecureMemorySigner(LOG.name, b"n" * 32)
    both = add_signatures(
        sign_checkpoint(HEAD, LOG), [NoteSignature(new.name, new.key_id, new.sign(HEAD.text.encode()))]
    )

    for known in (LOG, new):
        assert open_checkpoint(both, [Verifier.from_vkey(known.vkey)])[0] == HEAD
