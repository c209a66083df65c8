"""Turn a scan into evidence."""

from standfast.evidence.card_data.names import card_data_in
from standfast.evidence.card_data.scan import Scan, Scanned
from standfast.evidence.card_data.schema import CardData, CardField, CardNumber
from standfast.evidence.runs.inventory import is_product
from standfast.model import Examination, Items


def examination_of(scan: Scan, *, expected: int | None) -> Examination:
    """Return what the scan looked at: a file that cannot be read or parsed is an error, a binary one is looked at."""
    broken = tuple(f"{one.path}: {one.error}" for one in scan.files if one.error)
    return Examination(
        "files",
        examined=len(scan.files) - len(broken),
        errors=len(broken),
        expected=None if expected is None else expected - len(broken),
        notes=broken[:3],
    )


def card_data_of(scan: Scan, *, expected: int | None = None) -> CardData:
    """Return the card numbers and card fields of *scan*; numbers that are no published test numbers come first."""
    numbers = tuple(number for file in scan.files for number in _numbers(file))
    fields = tuple(field for file in scan.files for field in _fields(file))
    listed = [*(one.finding() for one in numbers if not one.published), *(one.finding() for one in fields)]
    return CardData(
        examination=examination_of(scan, expected=expected), items=Items.of(listed), numbers=numbers, fields=fields
    )


def _numbers(file: Scanned) -> tuple[CardNumber, ...]:
    return tuple(
        CardNumber(
            path=file.path,
            line=one.line,
            issuer=one.issuer,
            last_four=one.last_four,
            because=one.because,
            published=one.published,
            in_tests=not is_product(file.path),
        )
        for one in file.literals
    )


def _fields(file: Scanned) -> tuple[CardField, ...]:
    return tuple(
        CardField(
            path=file.path,
            line=field.line,
            name=field.full_name,
            holds=holds,
            stored=field.stored,
            in_tests=not is_product(file.path),
        )
        for field in file.fields
        if (holds := card_data_in(field))
    )
