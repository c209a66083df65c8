"""Have the published checkpoint time-stamped (RFC 3161), and verify the stamps that there are."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.serialization import Encoding

from standfast.app.ledger.posting import BadAddressError, SilentError, parsed, posted
from standfast.app.ledger.reading import Reader
from standfast.app.storage.durable import read_bounded
from standfast.ledger.stores.contract import TimeStamp
from standfast.ledger.timestamp import MOST_ANSWER_BYTES, opened, pinned, request
from standfast.model import LedgerError, UndecidableError, UsageError

PATIENCE_S = 10.0
"""So long an authority may take, from the first byte of the question to the last one of its answer."""

_MOST_AUTHORITY = 20_000
_DRIFT = timedelta(minutes=5)
_QUERY, _REPLY = "application/timestamp-query", "application/timestamp-reply"
UNSTAMPED = "not time-stamped: only this ledger's own clock says when; see `standfast ledger stamp`"


class Stamp(msgspec.Struct, frozen=True, kw_only=True):
    """A verified time stamp: the first ``size`` entries were there at ``at``, by the word of ``authority``."""

    size: int
    at: datetime
    authority: str
    address: str


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What came of asking an authority: the stamp that counts, and whether it is the one that there was before.

    There is one of each authority for each checkpoint, the first; a later one would prove less.
    """

    stamp: Stamp
    known: bool


def stamped(ledger: Reader, address: str, certificates: bytes, *, nonce: int, now: datetime) -> Asked:
    """Return the stamp of the authority at *address* over the published checkpoint; verified, and kept in the ledger.

    Where it has one already, and *certificates* are known, nobody is asked.

    Args:
        ledger: The ledger.
        address: Where the authority answers.
        certificates: The pinned certificates of the authority, PEM.
        nonce: A number that nobody could foresee.
        now: The moment (UTC); a stamp for another than this proves less than it says, and is not kept.

    Raises:
        UsageError: The address is none.
        UndecidableError: The authority cannot be reached, or does not answer as one.
        LedgerError: What it answered is no stamp of this authority over this checkpoint.
    """
    authority = pinned(certificates)
    checkpoint = ledger.published()[1]
    there = (one for one in stamps(ledger) if (one.size, one.address) == (checkpoint.size, address))
    before = next(there, None)
    if before is not None and certificates.decode() in ledger.known.authorities[address]:
        return Asked(stamp=before, known=True)
    text = checkpoint.text.encode()
    answer = ask(address, request(text, nonce))
    found = opened(answer, text, authority, nonce)
    if abs(found.at - now) > _DRIFT:
        raise LedgerError(
            "time-stamp-moment",
            f"not time-stamped: the stamp says {found.at.isoformat()}, the clock here {now.isoformat()}",
            hint="set the clock of this machine, or ask the operator of the authority about theirs",
        )
    ledger.store.keep_time_stamp(TimeStamp(checkpoint.size, address, answer))
    new = Stamp(size=checkpoint.size, at=found.at, authority=found.authority, address=address)
    return Asked(stamp=before or new, known=before is not None)


def read_authority(path: Path) -> str:
    """Return the certificates in the PEM file *path*, and nothing else that is in it.

    Raises:
        LedgerError: There is none, or the file is too large to be such a file.
    """
    return "".join(one.public_bytes(Encoding.PEM).decode() for one in pinned(read_bounded(path, _MOST_AUTHORITY)))


def stamps(ledger: Reader) -> Iterator[Stamp]:
    """Yield the stamps of the authorities that this machine was told, newest first, each verified now.

    Raises:
        LedgerError: A stamp under the address of such an authority does not hold for the checkpoint of its size.
    """
    _note, newest = ledger.published()
    for row in ledger.store.time_stamps():
        certificates = ledger.known.authorities.get(row.authority)
        note = ledger.store.checkpoint(row.size) if certificates is not None else None
        if certificates is None or row.size > newest.size:
            continue
        if note is None:
            raise LedgerError(
                "ledger-incomplete",
                f"the checkpoint of {row.size:,} entries is missing, which {row.authority} stamped",
                hint="run `standfast ledger fsck`, and restore the database from a copy",
            )
        kept = ledger.continues(note)
        found = opened(row.answer, kept.text.encode(), pinned(certificates.encode()))
        yield Stamp(size=kept.size, at=found.at, authority=found.authority, address=row.authority)


def ask(address: str, question: bytes, *, patience_s: float = PATIENCE_S) -> bytes:
    """Return what the authority at *address* answers within *patience_s*.

    Raises:
        UsageError: The address is none.
        UndecidableError: It cannot be reached, or does not answer as an authority, in time and in bounds.
    """
    try:
        where = parsed(address)
        reply = posted(where, question, _QUERY, patience_s=patience_s, most_bytes=MOST_ANSWER_BYTES)
    except BadAddressError as error:
        raise UsageError(
            "time-stamp-address", f"found {address!r}, expected an address like https://tsa.example.org"
        ) from error
    except SilentError as error:
        raise _unanswered(address, error.message) from error
    kind = reply.content_type.partition(";")[0].strip().lower()
    if reply.status != 200 or kind != _REPLY:
        raise _unanswered(address, f"found status {reply.status} and {kind}, expected 200 and {_REPLY}")
    return reply.body


def _unanswered(address: str, why: str) -> UndecidableError:
    return UndecidableError(
        "time-stamp-unanswered",
        f"not time-stamped: the authority at {address} does not answer: {why}",
        hint="nothing is lost: ask again later, the next checkpoint is over everything before it",
    )
