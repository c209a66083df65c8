"""The port of every kind of signature that a person can put under a statement."""

from typing import Protocol

import msgspec

from standfast.ledger.bodies import SignatureKind
from standfast.model import Digest


class EnrolledKey(msgspec.Struct, frozen=True):
    """What somebody enrolled: ``line`` as ``[approvals.keys]`` has it, ``digest`` as events name it.

    Whoever signs with it signs as the person in whose list it stands.
    """

    kind: SignatureKind
    line: str
    digest: Digest


class Proved(msgspec.Struct, frozen=True, kw_only=True):
    """What a signature proves: which key made it, and whether a second factor showed that its holder was there.

    ``counter`` is how often the device of the key had signed, as it says itself; None where it does not count.
    """

    key: EnrolledKey
    person_verified: bool = False
    counter: int | None = None


class Kind(Protocol):
    """One kind of signature. All of it is pure: what is proved, is proved offline, now and in ten years."""

    @property
    def id(self) -> SignatureKind:
        """The word by which events name it."""
        ...

    @property
    def word(self) -> str:
        """The first word of the line by which a key of this kind is enrolled."""
        ...

    def key(self, line: str) -> EnrolledKey:
        """Return the key that *line* enrols, without the comment after it.

        Raises:
            LedgerError: It is no such line, or the key is not sound.
        """
        ...

    def recognises(self, signature: str) -> bool:
        """Return whether *signature* is written as those of this kind are."""
        ...

    def proved(self, signature: str, message: bytes, *, namespace: str) -> Proved:
        """Return what *signature* proves: it is over *message*, for *namespace* and nothing else.

        Whether the key is one that counts is not told by this.

        Raises:
            LedgerError: It is no such signature, or does not verify.
        """
        ...
