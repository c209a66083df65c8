"""Read a record of processing: TOML with one ``[[field]]`` for each stored field that relates to a person.

``[not_personal] columns`` names stored fields that somebody looked at and that relate to nobody.
"""

from collections.abc import Iterable

import msgspec

from standfast.evidence.fields.field import words_of
from standfast.evidence.formats.toml import toml_of
from standfast.evidence.personal_data.schema import RecordRow
from standfast.model import EvidenceError


class _Row(msgspec.Struct, frozen=True):
    name: str
    purpose: str = ""
    legal_basis: str = ""
    retention_days: int | None = None
    recipients: tuple[str, ...] | None = None
    removed_by: str = ""


class _NotPersonal(msgspec.Struct, frozen=True):
    columns: tuple[str, ...] = ()


class _Document(msgspec.Struct, frozen=True):
    field: tuple[_Row, ...] = ()
    not_personal: _NotPersonal = _NotPersonal()
    owner: str = ""
    controller: str = ""


class Record(msgspec.Struct, frozen=True):
    """A record of processing."""

    path: str
    owner: str
    rows: tuple[RecordRow, ...]
    not_personal: tuple[str, ...]


def is_record(path: str) -> bool:
    """Return whether *path* is a record of processing by its name."""
    name = path.rpartition("/")[2].lower()
    return name.endswith(".toml") and "".join(words_of(name)).startswith(("recordofprocessing", "recordsofprocessing"))


def read_record(path: str, data: bytes) -> Record:
    """Return the record that *data*, the content of *path*, holds.

    Raises:
        EvidenceError: It is not TOML, or not such a record.
    """
    try:
        document = msgspec.convert(toml_of(data.decode()), _Document)
    except (ValueError, msgspec.ValidationError, RecursionError) as error:
        raise EvidenceError(
            "record-malformed", f"{path} is not a record of processing: {error}", hint="compare it with the how-to"
        ) from error
    rows = tuple(
        RecordRow(
            name=row.name,
            path=path,
            purpose=row.purpose.strip(),
            legal_basis=row.legal_basis.strip().lower(),
            retention_days=row.retention_days,
            recipients=row.recipients,
            removed_by=row.removed_by.strip(),
        )
        for row in document.field
    )
    return Record(path, document.owner.strip(), rows, document.not_personal.columns)


def same_name(name: str) -> str:
    """Return *name* in the form in which a table, its class and its row in the record compare equal."""
    owner, _, field = name.rpartition(".")
    table = "".join(words_of(owner.rpartition(".")[2])).removesuffix("s")
    return f"{table}.{''.join(words_of(field))}"


def names_in(names: Iterable[str]) -> frozenset[str]:
    """Return *names* in their comparable form."""
    return frozenset(map(same_name, names))
