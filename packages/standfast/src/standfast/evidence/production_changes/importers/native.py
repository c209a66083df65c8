"""Read the native form for changes of production."""

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.native import Native, is_native, native, native_reading
from standfast.evidence.production_changes.schema import ProductionChange, ProductionChanges
from standfast.model import Examination

FORMAT = Format(
    name="production-changes",
    title="a statement about changes of production",
    produced_with={"any": "a script of the project"},
)


class _Document(Native, frozen=True, forbid_unknown_fields=True):
    standfast_production_changes: int
    changes: tuple[ProductionChange, ...]


def recognise(head: Head) -> bool:
    """Return whether this is such a statement."""
    return is_native(head, "production_changes")


def read(data: bytes) -> Reading:
    """Return what the statement says about changes of production.

    Raises:
        EvidenceError: It is not such a statement.
    """
    document = native(data, _Document, "production_changes", FORMAT.title)
    body = ProductionChanges(
        examination=Examination("changes", examined=len(document.changes)),
        changes=document.changes,
    )
    return native_reading(document, body)
