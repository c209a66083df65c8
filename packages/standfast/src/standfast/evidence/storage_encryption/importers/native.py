"""Read the native form for the encryption of stored data."""

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.native import Native, is_native, native, native_reading
from standfast.evidence.storage_encryption.schema import StorageEncryption, Store
from standfast.model import Examination

FORMAT = Format(
    name="storage-encryption",
    title="a statement about the encryption of stored data",
    produced_with={
        "any": "standfast import storage.json (the statement is made from the provider's configuration export)"
    },
)


class _Document(Native, frozen=True, forbid_unknown_fields=True):
    standfast_storage_encryption: int
    stores: tuple[Store, ...]


def recognise(head: Head) -> bool:
    """Return whether this is such a statement."""
    return is_native(head, "storage_encryption")


def read(data: bytes) -> Reading:
    """Return what the statement says about the encryption of stored data.

    Raises:
        EvidenceError: It is not such a statement.
    """
    document = native(data, _Document, "storage_encryption", FORMAT.title)
    body = StorageEncryption(
        examination=Examination("stores", examined=len(document.stores)),
        stores=document.stores,
    )
    return native_reading(document, body)
