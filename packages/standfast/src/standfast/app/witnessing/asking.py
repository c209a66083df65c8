"""Ask a witness to cosign the published checkpoint of a ledger, and keep what it signs."""

from collections.abc import Callable

from standfast.app.ledger.posting import BadAddressError, Reply, SilentError, parsed, posted
from standfast.app.ledger.reading import Reader
from standfast.ledger.merkle import consistency_proof
from standfast.ledger.notation import from_decimal
from standfast.ledger.note import NoteSignature, parse_signature
from standfast.ledger.stores.contract import Cosignature
from standfast.ledger.tiles import Tile, TileReader
from standfast.ledger.verifier import WITNESS_KINDS, Verifier
from standfast.ledger.witness import SIZE, AddCheckpoint, format_request
from standfast.model import LedgerError, UndecidableError, UsageError

PATIENCE_S = 15.0
MOST_BYTES = 200_000


Post = Callable[[str, bytes], Reply]


def cosigned(ledger: Reader, address: str, witness: Verifier, post: Post | None = None) -> NoteSignature:
    """Return the cosignature of *witness* under the published checkpoint; it is verified, and kept in the ledger.

    Raises:
        UsageError: The key is not that of a witness, or the address is none.
        UndecidableError: The witness cannot be reached, or does not serve this ledger.
        LedgerError: The witness knows another history of this ledger, or signed something else.
    """
    if witness.kind not in WITNESS_KINDS:
        raise UsageError("witness-key-kind", f"{witness.name!r} is the key of a log, expected that of a witness")
    send = post or post_to
    note, checkpoint = ledger.published()
    # A witness that never saw this ledger knows size 0; any other says which size it knows.
    reply = send(address, format_request(AddCheckpoint(0, (), note)))
    if reply.status == 409:
        known = _known_size(reply, checkpoint.size)
        proof = consistency_proof(known, checkpoint.size, TileReader(_tiles(ledger), checkpoint.size))
        reply = send(address, format_request(AddCheckpoint(known, proof, note)))
    signature = _signature(reply, witness)
    if not witness.verify(checkpoint.text.encode(), signature.signature):
        raise LedgerError("witness-signature", f"what {witness.name!r} sent is no cosignature of this checkpoint")
    ledger.store.keep_cosignature(Cosignature(checkpoint.size, witness.name, signature.line.encode()))
    return signature


def _tiles(ledger: Reader) -> Callable[[Tile], bytes]:
    def read(tile: Tile) -> bytes:
        return (ledger.store.tile(tile.level, tile.index) or b"")[: tile.width * 32]

    return read


def _known_size(reply: Reply, size: int) -> int:
    known = from_decimal(reply.body.decode("ascii", "replace").removesuffix("\n"))
    if known is None or reply.content_type != SIZE:
        raise _unusable(reply)
    if known > size:
        raise LedgerError(
            "ledger-rolled-back",
            f"the witness cosigned {known:,} entries of this ledger, which has only {size:,}",
            hint="the ledger was put back to an older state; bring back the newer database",
        )
    return known


def _signature(reply: Reply, witness: Verifier) -> NoteSignature:
    if reply.status in (409, 422):
        raise LedgerError(
            "ledger-forked",
            f"the witness knows another history of this ledger: {_said(reply)}",
            hint="the ledger was rewritten after the witness saw it; keep both histories as evidence",
        )
    if reply.status != 200:
        raise _unusable(reply)
    for line in reply.body.decode("utf-8", "replace").splitlines():
        signature = parse_signature(line)
        if (signature.name, signature.key_id) == (witness.name, witness.key_id):
            return signature
    raise LedgerError(
        "witness-other-key",
        f"the witness signed with other keys than {witness.vkey}",
        hint="ask the operator of the witness for its verifier key, on another way than this address",
    )


def _unusable(reply: Reply) -> UndecidableError:
    return UndecidableError(
        "witness-refused",
        f"the witness answered {reply.status}: {_said(reply)}",
        hint="404 means that it does not serve this ledger: give its operator the verifier key that `standfast ledger "
        "status` prints; 403 that it knows another key: after a rotation, give it the `standfast ledger keys --proofs`",
    )


def _said(reply: Reply) -> str:
    return " ".join(reply.body[:300].decode("utf-8", "replace").split())


def post_to(address: str, body: bytes, *, patience_s: float = PATIENCE_S) -> Reply:
    """Return what the witness at *address* (`https://host/prefix`) answers to `POST <address>/add-checkpoint`.

    Raises:
        UsageError: The address is none.
        UndecidableError: It cannot be reached, or does not answer in time and in bounds.
    """
    try:
        where = parsed(address)
        if where.query:
            raise BadAddressError(address)
        where = where._replace(path=f"{where.path.rstrip('/')}/add-checkpoint")
        return posted(where, body, "text/plain; charset=utf-8", patience_s=patience_s, most_bytes=MOST_BYTES)
    except BadAddressError as error:
        raise UsageError(
            "witness-address", f"found {address!r}, expected an address like https://witness.example.org"
        ) from error
    except SilentError as error:
        raise UndecidableError(
            "witness-unreachable",
            f"the witness at {address} does not answer: {error.message}",
            hint="nothing is lost: ask again later, the next checkpoint is over everything before it",
        ) from error
