"""Card numbers that stand in files, and fields that hold card data. No card number is ever kept here."""

from typing import ClassVar

import msgspec

from standfast.model import Evidence, Finding, Location, Severity, Unit, sha256


class CardNumber(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A card number in a file: its issuer, its last four digits, and why it was taken for one.

    ``published`` says that it is one of the numbers that payment networks publish for tests. ``in_tests`` says that
    the file is test code or documentation.
    """

    path: str
    line: int
    issuer: str
    last_four: str
    because: str
    published: bool = False
    in_tests: bool = False

    def finding(self) -> Finding:
        """Return the finding."""
        kind = "published test number" if self.published else "number"
        return Finding(
            message=f"{self.issuer} card {kind} ending in {self.last_four} ({self.because})",
            location=Location(self.path, self.line),
            rule="card-number",
            severity=Severity.MEDIUM if self.published else Severity.CRITICAL,
            fingerprint=sha256(f"{self.path}\0{self.issuer}\0{self.last_four}".encode())[7:23],
        )


class CardField(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A field that holds card data by its name. ``holds`` is ``number``, ``code``, ``track`` or ``pin``."""

    path: str
    line: int
    name: str
    holds: str
    stored: bool
    in_tests: bool = False

    def finding(self) -> Finding:
        """Return the finding."""
        verb = "stores" if self.stored else "carries"
        return Finding(
            message=f"{self.name} {verb} a card {self.holds}",
            location=Location(self.path, self.line),
            rule=f"card-{self.holds}-field",
            severity=Severity.CRITICAL if self.stored else Severity.MEDIUM,
            fingerprint=sha256(f"{self.path}\0{self.name}\0{self.holds}".encode())[7:23],
        )


class CardData(Evidence, frozen=True, kw_only=True):
    """What the scan of all tracked files found."""

    KIND: ClassVar[str] = "card_data"
    TITLE: ClassVar[str] = "Card numbers and card fields"
    UNITS: ClassVar[dict[str, Unit]] = {
        "numbers_found": Unit.COUNT,
        "published_numbers": Unit.COUNT,
        "stored_fields": Unit.COUNT,
        "carried_fields": Unit.COUNT,
    }

    numbers: tuple[CardNumber, ...] = ()
    fields: tuple[CardField, ...] = ()

    @property
    def numbers_found(self) -> int:
        """How many card numbers that nobody publishes for tests stand in files."""
        return sum(1 for one in self.numbers if not one.published)

    @property
    def published_numbers(self) -> int:
        """How many published test numbers stand in files."""
        return sum(1 for one in self.numbers if one.published)

    @property
    def stored_fields(self) -> int:
        """How many stored fields hold card data, outside tests."""
        return sum(1 for one in self.fields if one.stored and not one.in_tests)

    @property
    def carried_fields(self) -> int:
        """How many fields of messages hold card data, outside tests."""
        return sum(1 for one in self.fields if not one.stored and not one.in_tests)
