"""Read the native form for key management."""

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.native import Native, is_native, native, native_reading
from standfast.evidence.key_management.schema import Key, KeyManagement
from standfast.model import Examination

FORMAT = Format(
    name="key-management",
    title="a statement about key management",
    produced_with={"any": "standfast import keys.json (the statement is made from the key service's inventory)"},
)


class _Document(Native, frozen=True, forbid_unknown_fields=True):
    standfast_key_management: int
    keys: tuple[Key, ...]


def recognise(head: Head) -> bool:
    """Return whether this is such a statement."""
    return is_native(head, "key_management")


def read(data: bytes) -> Reading:
    """Return what the statement says about key management.

    Raises:
        EvidenceError: It is not such a statement.
    """
    document = native(data, _Document, "key_management", FORMAT.title)
    body = KeyManagement(
        examination=Examination("keys", examined=len(document.keys)),
        keys=document.keys,
    )
    return native_reading(document, body)
