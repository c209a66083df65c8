"""Which key signs for a log, and since when: each key but the first was introduced by a leaf under the one before.

A leaf of kind `key.rotated` at index ``i`` hands over: the checkpoint of ``i + 1`` entries is the last that the former
key signs, and every larger one is signed by the new key. Nothing else makes a key one of the log, and a key that was
handed over signs nothing more.
"""

from collections.abc import Iterable, Sequence
from typing import Self

import msgspec

from standfast.ledger.bodies import KeyRotated, KeyUse
from standfast.ledger.checkpoint import open_checkpoint
from standfast.ledger.events import decode
from standfast.ledger.merkle import leaf_hash, verify_inclusion
from standfast.ledger.notation import from_base64, to_base64
from standfast.ledger.policy import Log, Policy
from standfast.ledger.proof import LogProof
from standfast.ledger.verifier import SignatureKind, Verifier
from standfast.model import Digest, LedgerError, sha256


class Held(msgspec.Struct, frozen=True):
    """A key that signs the checkpoints of more than ``after`` entries, until the next one does; the first signs all."""

    key: Verifier
    after: int


class KeyChain(msgspec.Struct, frozen=True):
    """The keys of one log, in the order in which they signed."""

    held: tuple[Held, ...]

    @classmethod
    def begun(cls, first: Verifier) -> Self:
        """Return the chain of a log whose key never changed."""
        return cls((Held(first, -1),))

    @property
    def newest(self) -> Verifier:
        """The key that signs what is appended next."""
        return self.held[-1].key

    @property
    def keys(self) -> tuple[Verifier, ...]:
        """All of them, the first one first."""
        return tuple(one.key for one in self.held)

    def at(self, size: int) -> Verifier:
        """Return the key that signs the checkpoint of *size* entries."""
        return next(one.key for one in reversed(self.held) if size > one.after)

    def followed(self, proof: LogProof) -> Self:
        """Return the chain with the key that *proof* introduces: its extra is the entry, the newest key signed it.

        Raises:
            LedgerError: It was not this log that introduced a key there, or not the key that signed last.
        """
        checkpoint, _note = open_checkpoint(proof.checkpoint, [self.newest])
        verify_inclusion(leaf_hash(proof.extra), proof.index, checkpoint.size, proof.hashes, checkpoint.root)
        new = introduced(proof.extra, self.newest)
        if new is None or proof.index < self.held[-1].after:
            raise _not_introduced(f"entry {proof.index:,} hands no key of {self.newest.name!r} over")
        return type(self)((*self.held, Held(new, proof.index + 1)))


def introduced(leaf: bytes, former: Verifier) -> Verifier | None:
    """Return the key that *leaf* puts in the place of the log key *former*, or None where it is about something else.

    Raises:
        LedgerError: It hands over another key than *former*, or to a key that is none.
    """
    body = decode(leaf).body
    if not isinstance(body, KeyRotated) or body.use is not KeyUse.LOG:
        return None
    if body.former != key_digest(former):
        raise _not_introduced(f"the entry hands over a key with the digest {body.former[7:23]}, not {former.vkey}")
    public = from_base64(body.public or "")
    key = None if public is None else Verifier.enrolled(former.name, SignatureKind.ED25519, public)
    if key is None or body.key != key_digest(key):
        raise _not_introduced("the entry holds no public key that has the digest it names")
    return key


def following(policy: Policy, chain: KeyChain, size: int) -> Policy:
    """Return *policy* for a checkpoint of *size* entries: each key of *chain* that it pins stands for the one then.

    A key that signed before the pinned ones is not believed for that.
    """
    place = {held.key: number for number, held in enumerate(chain.held)}
    pinned = [place[log.verifier] for log in policy.logs if log.verifier in place]
    now = chain.at(size)
    if not pinned or min(pinned) > place[now]:
        return policy
    others = tuple(log for log in policy.logs if log.verifier not in place)
    return msgspec.structs.replace(policy, logs=(Log(now), *others))


def handed_over(former: Verifier, new: Verifier) -> tuple[Digest, Digest, str]:
    """Return what a leaf says of the two keys: the digests of the new and the former one, and the new one itself."""
    return key_digest(new), key_digest(former), to_base64(new.public)


def key_digest(key: Verifier) -> Digest:
    """Return the digest by which entries name *key*: that of its verifier key."""
    return sha256(key.vkey.encode())


def followed(first: Verifier, proofs: Iterable[LogProof]) -> KeyChain:
    """Return the keys that *proofs*, in their order, lead to from *first*; those from before it are passed over.

    Raises:
        LedgerError: A proof does not follow.
    """
    chain = KeyChain.begun(first)
    for proof in _since(first, tuple(proofs)):
        chain = chain.followed(proof)
    return chain


def _since(first: Verifier, proofs: Sequence[LogProof]) -> Sequence[LogProof]:
    """Return the proofs from that on which hands over *first*."""
    for place, proof in enumerate(proofs):
        body = decode(proof.extra).body
        if isinstance(body, KeyRotated) and body.former == key_digest(first):
            return proofs[place:]
    return ()


def _not_introduced(found: str) -> LedgerError:
    return LedgerError(
        "ledger-key-not-introduced",
        f"the log did not introduce this key: {found}",
        hint="believe the key that you pinned; ask the owner of the ledger for the proof of each rotation",
    )
