"""Fields that hold personal data by their names, and what the record of processing says about them."""

from typing import ClassVar

import msgspec

from standfast.model import Evidence, Finding, Location, Unit


class PersonalField(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One stored field; ``says`` is the word in its name, ``special`` that the law guards it more (GDPR 9)."""

    path: str
    line: int
    name: str
    says: str
    special: bool = False

    @property
    def location(self) -> Location:
        """Where it is defined."""
        return Location(self.path, self.line)


class RecordRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One row of the record of processing. ``recipients`` is None where the row does not say; nobody is ``()``."""

    name: str
    path: str
    purpose: str = ""
    legal_basis: str = ""
    retention_days: int | None = None
    recipients: tuple[str, ...] | None = None
    removed_by: str = ""


class PersonalData(Evidence, frozen=True, kw_only=True):
    """What is stored about people, and what is recorded about it.

    ``unrecorded`` are fields that look personal and are neither recorded nor declared as not personal. ``orphaned``
    are recorded names that no schema has. ``records`` are the files of the record.
    """

    KIND: ClassVar[str] = "personal_data"
    TITLE: ClassVar[str] = "Personal data and its record of processing"
    UNITS: ClassVar[dict[str, Unit]] = {
        "field_count": Unit.COUNT,
        "unrecorded_count": Unit.COUNT,
        "row_count": Unit.COUNT,
        "orphaned_count": Unit.COUNT,
        "special_count": Unit.COUNT,
    }

    fields: tuple[PersonalField, ...] = ()
    unrecorded: tuple[PersonalField, ...] = ()
    rows: tuple[RecordRow, ...] = ()
    orphaned: tuple[RecordRow, ...] = ()
    records: tuple[str, ...] = ()
    owner: str = ""

    @property
    def field_count(self) -> int:
        """How many stored fields look personal."""
        return len(self.fields)

    @property
    def unrecorded_count(self) -> int:
        """How many of them are not recorded."""
        return len(self.unrecorded)

    @property
    def row_count(self) -> int:
        """How many rows the record has."""
        return len(self.rows)

    @property
    def orphaned_count(self) -> int:
        """How many rows are about nothing that is stored."""
        return len(self.orphaned)

    @property
    def special_count(self) -> int:
        """How many stored fields are of a special category."""
        return sum(1 for one in self.fields if one.special)


def unrecorded_finding(field: PersonalField) -> Finding:
    """Return the finding for a field that the record does not know."""
    special = ", of a special category," if field.special else ""
    return Finding(
        message=f"{field.name} looks personal{special} ({field.says}) and is not in the record of processing",
        location=field.location,
        rule="not-recorded",
    )
