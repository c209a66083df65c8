"""Proofs to carry away (C2SP tlog-proof): a leaf's index, its inclusion proof, and the checkpoint it leads to."""

from collections.abc import Sequence

import msgspec

from standfast.ledger.merkle import HASH_BYTES, verify_inclusion
from standfast.ledger.notation import from_base64, from_decimal, to_base64
from standfast.ledger.note import MAX_NOTE_BYTES
from standfast.ledger.policy import Policy, Trusted
from standfast.model import LedgerError

HEADER = "c2sp.org/tlog-proof@v1"
MAX_HASHES = 63
MAX_HEAD_BYTES = 100_000


class LogProof(msgspec.Struct, frozen=True):
    """That one entry is in one log, for whoever knows the log's key.

    `checkpoint` is the signed note as it was published; `extra` is vouched for by nobody.
    """

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes = b""


def format_proof(proof: LogProof) -> bytes:
    """Return the text of *proof*, for a file that ends in `.tlog-proof`.

    Raises:
        LedgerError: The proof has no such text.
    """
    extra = [f"extra {to_base64(proof.extra)}"] if proof.extra else []
    lines = [HEADER, *extra, f"index {proof.index}", *map(to_base64, proof.hashes), "", ""]
    data = "\n".join(lines).encode() + proof.checkpoint
    parse_proof(data)
    return data


def parse_proof(data: bytes) -> LogProof:
    """Return the proof that *data* is, with nothing in it verified.

    Raises:
        LedgerError: The bytes are no proof, to the letter.
    """
    head, empty_line, checkpoint = data.partition(b"\n\n")
    if not empty_line or len(head) > MAX_HEAD_BYTES or not 0 < len(checkpoint) <= MAX_NOTE_BYTES:
        raise _malformed(f"{len(data)} bytes without a head, an empty line and a checkpoint of bounded length")
    try:
        header, *lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise _malformed("a head that is not ASCII") from error
    if header != HEADER:
        raise _malformed(f"the first line {header[:60]!r}")
    extra = _named("extra ", lines.pop(0)) if lines and lines[0].startswith("extra ") else None
    index = from_decimal(_named("index ", lines.pop(0))) if lines else None
    if index is None:
        raise _malformed("no line with the index")
    return LogProof(index, _hashes(lines), checkpoint, b"" if extra is None else _extra(extra))


def _named(name: str, line: str) -> str:
    if not line.startswith(name):
        raise _malformed(f"the line {line[:60]!r} where {name.strip()!r} belongs")
    return line.removeprefix(name)


def _extra(encoded: str) -> bytes:
    extra = from_base64(encoded)
    if not extra:
        raise _malformed("an extra line without base64")
    return extra


def _hashes(lines: Sequence[str]) -> tuple[bytes, ...]:
    hashes = [from_base64(line) for line in lines]
    sound = [value for value in hashes if value is not None and len(value) == HASH_BYTES]
    if len(sound) != len(hashes) or len(hashes) > MAX_HASHES:
        raise _malformed(f"{len(hashes)} lines of hashes, {len(sound)} of them well formed")
    return tuple(sound)


def _malformed(found: str) -> LedgerError:
    return LedgerError(
        "ledger-proof-malformed",
        f"this is no proof: found {found}",
        hint="take the .tlog-proof file as it was exported",
    )


def verify_proof(proof: LogProof, leaf: bytes, policy: Policy) -> Trusted:
    """Return the checkpoint that vouches for the leaf with this hash, when log and witnesses satisfy *policy*.

    Raises:
        LedgerError: The checkpoint is not trusted, or the leaf is not at that index under it.
    """
    trusted = policy.accept(proof.checkpoint)
    verify_inclusion(leaf, proof.index, trusted.checkpoint.size, proof.hashes, trusted.checkpoint.root)
    return trusted
