"""Choose the reader of a file by its suffix."""

from collections.abc import Callable, Iterator

from standfast.evidence.fields.entities import go_fields, java_fields, prisma_fields, proto_fields, typescript_fields
from standfast.evidence.fields.field import Field
from standfast.evidence.fields.python import python_fields
from standfast.evidence.fields.sql import sql_fields

_READERS: dict[str, Callable[[str, str], Iterator[Field]]] = {
    ".py": python_fields,
    ".sql": sql_fields,
    ".ddl": sql_fields,
    ".java": java_fields,
    ".kt": java_fields,
    ".ts": typescript_fields,
    ".prisma": prisma_fields,
    ".go": go_fields,
    ".proto": proto_fields,
}


def holds_fields(path: str) -> bool:
    """Return whether fields are looked for in *path*."""
    return any(path.endswith(suffix) for suffix in _READERS)


def fields_in(path: str, text: str) -> tuple[Field, ...]:
    """Return every field that the file at *path* defines.

    Raises:
        SyntaxError: It is a Python file that cannot be read.
    """
    reader = next((reader for suffix, reader in _READERS.items() if path.endswith(suffix)), None)
    if reader is None:
        return ()
    found = tuple(reader(path, text))
    if path.endswith(".py") and "CREATE TABLE" in text.upper():
        found = (*found, *sql_fields(path, text))
    return tuple(dict.fromkeys(found))
