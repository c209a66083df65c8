"""The keys that protect data: where they live, and how old they are."""

from typing import ClassVar

import msgspec

from standfast.evidence.formats.native import Count
from standfast.evidence.wording.moments import Moment
from standfast.model import Evidence, Unit


class Key(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One key. ``protection`` is ``hsm``, ``kms``, ``software`` or ``file``; times are in UTC.

    ``cryptoperiod_days`` is how long it may be used; ``custodians`` are those who hold a part of it.
    """

    id: str
    purpose: str
    algorithm: str
    bits: Count
    protection: str
    rotated_at: Moment
    cryptoperiod_days: Count
    exportable: bool
    custodians: tuple[str, ...] = ()


class KeyManagement(Evidence, frozen=True, kw_only=True):
    """The keys of the subject, one entry each.

    ``software_keys`` counts keys that live outside a hardware module or a managed key service.
    """

    KIND: ClassVar[str] = "key_management"
    TITLE: ClassVar[str] = "Management of cryptographic keys"
    STANDING: ClassVar[bool] = True
    UNITS: ClassVar[dict[str, Unit]] = {
        "key_count": Unit.COUNT,
        "software_keys": Unit.COUNT,
        "exportable_keys": Unit.COUNT,
    }

    keys: tuple[Key, ...]

    @property
    def key_count(self) -> int:
        """How many keys there are."""
        return len(self.keys)

    @property
    def software_keys(self) -> int:
        """How many keys live in neither a hardware module nor a managed key service."""
        return sum(1 for one in self.keys if one.protection not in ("hsm", "kms"))

    @property
    def exportable_keys(self) -> int:
        """How many keys can be taken out of where they live."""
        return sum(1 for one in self.keys if one.exportable)
