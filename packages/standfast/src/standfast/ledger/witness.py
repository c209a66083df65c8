"""What a witness answers (C2SP tlog-witness): the whole decision, without the network and without the disk.

The caller reads what it knows of the log, asks `answer`, stores `remember` in one step that fails when what it knew
has changed meanwhile, and only then sends the answer. In another order a witness can be led to sign two histories.
"""

from collections.abc import Mapping, Sequence

import msgspec

from standfast.ledger.checkpoint import Checkpoint, parse_foreign_checkpoint
from standfast.ledger.merkle import EMPTY_ROOT, HASH_BYTES, verify_consistency
from standfast.ledger.notation import from_base64, from_decimal, to_base64
from standfast.ledger.note import MAX_NOTE_BYTES, Note, cosign, open_note
from standfast.ledger.signer import Signer
from standfast.ledger.verifier import Verifier
from standfast.model import LedgerError

MAX_PROOF_LINES = 63
_MAX_HEAD_BYTES = 4_000
PLAIN, SIZE = "text/plain; charset=utf-8", "text/x.tlog.size"


class AddCheckpoint(msgspec.Struct, frozen=True):
    """The request: the size the log believes the witness knows, the proof from there, and the new checkpoint."""

    old_size: int
    proof: tuple[bytes, ...]
    checkpoint: bytes


class Answer(msgspec.Struct, frozen=True):
    """What to send back, and what must be stored before it is sent."""

    status: int
    body: str
    content_type: str = PLAIN
    remember: Checkpoint | None = None


class _RefusedError(Exception):
    """Ends the decision with an answer."""

    def __init__(self, status: int, body: str, content_type: str = PLAIN) -> None:
        super().__init__(body)
        self.answer = Answer(status, f"{body}\n", content_type)


def format_request(request: AddCheckpoint) -> bytes:
    """Return the body that a log posts to a witness."""
    lines = [f"old {request.old_size}", *map(to_base64, request.proof), "", ""]
    return "\n".join(lines).encode() + request.checkpoint


def parse_request(body: bytes) -> AddCheckpoint:
    """Return the request that *body* is.

    Raises:
        LedgerError: The body is no such request.
    """
    head, empty_line, checkpoint = body.partition(b"\n\n")
    if empty_line and len(head) <= _MAX_HEAD_BYTES and len(checkpoint) <= MAX_NOTE_BYTES and head.isascii():
        old, *lines = head.decode("ascii").split("\n")
        size = from_decimal(old.removeprefix("old ")) if old.startswith("old ") else None
        proof = [value for line in lines if (value := from_base64(line)) and len(value) == HASH_BYTES]
        if size is not None and len(proof) == len(lines) <= MAX_PROOF_LINES:
            return AddCheckpoint(size, tuple(proof), checkpoint)
    raise LedgerError("ledger-witness-request", "this is no request to add a checkpoint: expected `old <size>`, proof")


def origin_of(body: bytes) -> str:
    """Return the origin that a request names, so that what is known of that log can be looked up; nothing if none."""
    try:
        return _origin(parse_request(body))
    except LedgerError:
        return ""


def _origin(request: AddCheckpoint) -> str:
    return request.checkpoint.split(b"\n", 1)[0].decode("utf-8", "replace")


def answer(
    body: bytes,
    logs: Mapping[str, Sequence[Verifier]],
    known: Mapping[str, Checkpoint],
    signer: Signer,
    at_s: int,
) -> Answer:
    """Return the answer of a witness to the *body* of a request.

    Args:
        body: What the log sent.
        logs: The keys of each log that the witness serves, by origin.
        known: The latest checkpoint that the witness cosigned, by origin.
        signer: The key of the witness, of the kind for cosignatures.
        at_s: The moment of the cosignature, in seconds since 1970.
    """
    try:
        request = _request(body)
        note, checkpoint = _opened(request, logs)
        _compare(request, checkpoint, known.get(checkpoint.origin, Checkpoint(checkpoint.origin, 0, EMPTY_ROOT)))
        return Answer(200, cosign(note.text, signer, at_s).line, PLAIN, checkpoint)
    except _RefusedError as refused:
        return refused.answer


def _request(body: bytes) -> AddCheckpoint:
    try:
        return parse_request(body)
    except LedgerError as error:
        raise _RefusedError(400, error.message) from error


def _opened(request: AddCheckpoint, logs: Mapping[str, Sequence[Verifier]]) -> tuple[Note, Checkpoint]:
    """Return the note and the checkpoint in it, once a key of the log vouches for them."""
    origin = _origin(request)
    if origin not in logs:
        raise _RefusedError(404, "this witness does not serve that log")
    try:
        note = open_note(request.checkpoint, logs[origin])
    except LedgerError as error:
        raise _RefusedError(403, error.message) from error
    try:
        checkpoint, _ = parse_foreign_checkpoint(note.text)
    except LedgerError as error:
        raise _RefusedError(400, error.message) from error
    return note, checkpoint


def _compare(request: AddCheckpoint, checkpoint: Checkpoint, latest: Checkpoint) -> None:
    """Return when the checkpoint continues the latest one that the witness knows."""
    if request.old_size > checkpoint.size:
        raise _RefusedError(400, f"old size {request.old_size} is beyond the checkpoint's {checkpoint.size}")
    if request.old_size != latest.size:
        raise _RefusedError(409, str(latest.size), SIZE)
    if checkpoint.size == latest.size and checkpoint.root != latest.root:
        raise _RefusedError(409, str(latest.size), SIZE)
    try:
        verify_consistency(latest.size, latest.root, checkpoint.size, checkpoint.root, request.proof)
    except LedgerError as error:
        raise _RefusedError(422, error.message) from error
