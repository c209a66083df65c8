"""How each place where data is stored is encrypted."""

from typing import ClassVar

import msgspec

from standfast.evidence.formats.native import Count
from standfast.evidence.wording.moments import Moment
from standfast.model import Evidence, Unit


class Store(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One place. ``cipher`` is ``""`` where it is not encrypted; ``verified_by`` says how that is known.

    ``holds`` names classes of data: ``personal``, ``card``, ``financial``, ``credentials``, ``other``.
    """

    name: str
    type: str
    cipher: str
    key_bits: Count
    verified_by: str
    verified_at: Moment
    holds: tuple[str, ...] = ()


class StorageEncryption(Evidence, frozen=True, kw_only=True):
    """The places where the subject stores data: databases, buckets, volumes, backups, queues."""

    KIND: ClassVar[str] = "storage_encryption"
    TITLE: ClassVar[str] = "Encryption of stored data"
    STANDING: ClassVar[bool] = True
    UNITS: ClassVar[dict[str, Unit]] = {"store_count": Unit.COUNT, "at_rest_bits": Unit.BITS}

    stores: tuple[Store, ...]

    @property
    def store_count(self) -> int:
        """How many places there are."""
        return len(self.stores)

    @property
    def at_rest_bits(self) -> int | None:
        """The shortest key, 0 where some place is not encrypted; None where there is no place."""
        return min((one.key_bits if one.cipher else 0 for one in self.stores), default=None)
