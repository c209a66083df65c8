"""The record of processing, and how it is joined with the schema."""

import pytest

from standfast.evidence.fields.field import Field
from standfast.evidence.personal_data.evidence import personal_data_of
from standfast.evidence.personal_data.record import is_record, read_record
from standfast.model import EvidenceError, Examination

PATH = "docs/privacy/record-of-processing.toml"
RECORD = b"""
owner = "privacy team"

[[field]]
name = "customers.email"
purpose = "send receipts"
legal_basis = "Contract"
retention_days = 540
recipients = []

[[field]]
name = "old.phone"

[not_personal]
columns = ["devices.ip_address"]
"""
EXAMINATION = Examination("files", examined=1)


def stored(*names: str) -> tuple[Field, ...]:
    """Return stored fields of those names."""
    parts = (name.partition(".") for name in names)
    return tuple(Field(table, column, "schema.sql", 1, True) for table, _, column in parts)


def test_record_is_read() -> None:
    """Each row says what it says; what it leaves out is told from "nobody"."""
    record = read_record(PATH, RECORD)

    assert [(row.name, row.legal_basis, row.retention_days, row.recipients) for row in record.rows] == [
        ("customers.email", "contract", 540, ()),
        ("old.phone", "", None, None),
    ]
    assert record.not_personal == ("devices.ip_address",)


def test_record_and_schema_are_joined() -> None:
    """A personal field is recorded, declared as not personal, or missing; a row without a field is orphaned."""
    fields = stored("customers.email", "devices.ip_address", "customers.phone", "customers.id")

    body = personal_data_of(fields, (read_record(PATH, RECORD),), EXAMINATION)

    assert [field.name for field in body.fields] == ["customers.email", "devices.ip_address", "customers.phone"]
    assert [field.name for field in body.unrecorded] == ["customers.phone"]
    assert [row.name for row in body.orphaned] == ["old.phone"]
    assert body.owner == "privacy team"


def test_class_and_table_are_the_same() -> None:
    """A row that names the table covers the field of the class, and the other way round."""
    body = personal_data_of(stored("Customer.email"), (read_record(PATH, RECORD),), EXAMINATION)

    assert body.unrecorded == ()


@pytest.mark.parametrize(
    "data", [b"\xff", b"a = ", b"field = 1", b'[[field]]\npurpose = "x"\n', b"[[field]]\nname = 1"]
)
def test_what_is_no_record_is_refused(data: bytes) -> None:
    """A file that is no record of processing is refused, never read as an empty one."""
    with pytest.raises(EvidenceError, match="is not a record of processing"):
        read_record(PATH, data)


def test_record_is_known_by_its_name() -> None:
    """The file is found wherever it lies."""
    assert [is_record(path) for path in (PATH, "records_of_processing.toml", "docs/record.toml", "r.md")] == [
        True,
        True,
        False,
        False,
    ]
