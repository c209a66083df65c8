"""Join the stored fields with the record of processing."""

from collections.abc import Iterable

from standfast.evidence.fields.field import Field
from standfast.evidence.personal_data.names import is_special, personal_word_in
from standfast.evidence.personal_data.record import Record, names_in, same_name
from standfast.evidence.personal_data.schema import PersonalData, PersonalField, unrecorded_finding
from standfast.model import Examination, Items


def personal_data_of(stored: Iterable[Field], records: tuple[Record, ...], examination: Examination) -> PersonalData:
    """Return what is stored about people and what *records* say about it."""
    kept = tuple(stored)
    fields = tuple(_personal(field, word) for field in kept if (word := personal_word_in(field)))
    rows = tuple(row for record in records for row in record.rows)
    present = names_in(field.full_name for field in kept)
    unrecorded = _unrecorded(fields, records)
    return PersonalData(
        examination=examination,
        items=Items.of([unrecorded_finding(field) for field in unrecorded]),
        fields=fields,
        unrecorded=unrecorded,
        rows=rows,
        orphaned=tuple(row for row in rows if same_name(row.name) not in present),
        records=tuple(record.path for record in records),
        owner=next((record.owner for record in records if record.owner), ""),
    )


def _unrecorded(fields: tuple[PersonalField, ...], records: tuple[Record, ...]) -> tuple[PersonalField, ...]:
    """Return the fields that no record lists, neither as personal nor as not personal."""
    decided = names_in(
        name for record in records for name in (*(row.name for row in record.rows), *record.not_personal)
    )
    return tuple(field for field in fields if same_name(field.name) not in decided)


def _personal(field: Field, word: str) -> PersonalField:
    return PersonalField(path=field.path, line=field.line, name=field.full_name, says=word, special=is_special(word))
