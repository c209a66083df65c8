"""Leaves: one event each, as the bytes that the ledger hashes.

A leaf belongs to one chain: the chain of its change session, or the chain of the ledger itself. It carries its number
there, from 1, and the hash of the leaf before it; so a leaf that is missing from a chain is missed, although every
other one is still proved to be in the tree.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from standfast.evidence.wording.moments import Moment
from standfast.ledger import canonical
from standfast.ledger.bodies import AnyBody
from standfast.ledger.fields import Actor, Address, Chain, Number
from standfast.ledger.kinds import EventKind
from standfast.ledger.merkle import leaf_hash
from standfast.model import Digest, LedgerError, Problem, canonical_json, sha256

__all__ = ["MAX_LEAF_BYTES", "EventKind", "Leaf", "body_digest", "decode", "encode", "leaf_digest"]

MAX_LEAF_BYTES = 8 * 1024
"""No leaf is longer; what is longer is stored beside the log under its digest."""

# Every character that the written form of a leaf may have: no space, at sign, backslash or letter beyond ASCII.
_NARROW = re.compile(rb'[0-9A-Za-z._:/+=\-{}\[\]",]+')


class Leaf(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One event: when (UTC), by whom, in which chain, at which place in it, and what happened.

    ``previous`` is the hash of the leaf before it in the chain, as the tree has it; None for the first, and written.
    """

    version: Literal[1] = 1
    at: Moment
    actor: Actor
    session: Chain
    number: Number
    previous: Address | None = None
    body: AnyBody

    @property
    def kind(self) -> EventKind:
        """What kind of event it is."""
        return self.body.kind


def encode(leaf: Leaf) -> bytes:
    """Return the canonical bytes of *leaf*; `decode` gives an equal leaf back.

    Raises:
        LedgerError: A field holds what no leaf may hold (text, an address, a local time), or the leaf is too long.
    """
    data = canonical.encode(leaf)
    _typed(data)
    _raise_for(data, leaf)
    return data


def decode(data: bytes) -> Leaf:
    """Return the leaf whose canonical bytes are exactly *data*.

    Raises:
        LedgerError: These are not the bytes of a leaf.
    """
    if len(data) > MAX_LEAF_BYTES:
        raise _too_long(data)
    leaf = _typed(data)
    # The types of a leaf admit nothing outside the profile, so what was read needs no second look to be written.
    again = canonical_json(leaf)
    if again != data:
        # Says where, and whether the bytes are another form of a value or of no value in the profile at all.
        canonical.decode(data)
        raise LedgerError("leaf-other-form", "the bytes spell out what a leaf leaves out", hint=_AS_RECORDED)
    _raise_for(data, leaf)
    return leaf


_AS_RECORDED = "take the bytes as they were recorded"

_QUOTING = re.compile(r"^(Invalid enum value|Invalid value|Object contains unknown field)\b.*", re.DOTALL)

_decoder = msgspec.json.Decoder(Leaf)


def _typed(data: bytes) -> Leaf:
    try:
        return _decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise LedgerError("leaf-malformed", f"these bytes are no leaf: {_told(error)}", hint=_AS_RECORDED) from None


def _told(error: Exception) -> str:
    """Return what *error* says without the value that it quotes, which may be anything."""
    said, at, where = str(error).rpartition(" - at ")
    return _QUOTING.sub(r"\1", said) + at + where if at else _QUOTING.sub(r"\1", where)


def _raise_for(data: bytes, leaf: Leaf) -> None:
    if len(data) > MAX_LEAF_BYTES:
        raise _too_long(data)
    problems = (*_local_times(leaf), *_first(leaf), *_wide(data))
    if problems:
        raise LedgerError("leaf-content", f"a leaf of kind {leaf.kind} holds what no leaf may hold", problems=problems)


def _too_long(data: bytes) -> LedgerError:
    return LedgerError(
        "leaf-too-long",
        f"the leaf has {len(data)} bytes, at most {MAX_LEAF_BYTES} are allowed",
        hint="store the content beside the log and name it by its digest",
    )


def _first(leaf: Leaf) -> Iterator[Problem]:
    if (leaf.number == 1) != (leaf.previous is None):
        expected = "none" if leaf.number == 1 else "the hash of the leaf before"
        yield Problem("/previous", leaf.previous or "nothing", f"{expected} in leaf number {leaf.number}")


def _local_times(leaf: Leaf) -> Iterator[Problem]:
    times = {"/at": leaf.at} | {f"/body/{name}": getattr(leaf.body, name) for name in leaf.body.__struct_fields__}
    for where, value in times.items():
        if isinstance(value, datetime) and value.utcoffset() != timedelta(0):
            yield Problem(where, f"{value}", "a time in UTC")


def _wide(data: bytes) -> Iterator[Problem]:
    # The types of the fields see to this one by one; here it holds for all of them at once, whatever is added later.
    other = _NARROW.sub(b"", data)
    if other:
        yield Problem("/", f"{len(other)} characters that no leaf has", "digests, commitments and names without spaces")


def leaf_digest(data: bytes) -> Digest:
    """Return the hash of the leaf with the bytes *data*, as the tree has it (RFC 6962), in the form of a digest."""
    return Digest("sha256:" + leaf_hash(data).hex())


def body_digest(body: AnyBody) -> Digest:
    """Return the digest of the canonical bytes of *body*, by which a refused event is named."""
    return sha256(canonical.encode(body))
