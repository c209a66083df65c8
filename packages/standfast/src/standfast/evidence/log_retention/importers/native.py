"""Read the native form for the retention of logs."""

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.native import Native, is_native, native, native_reading
from standfast.evidence.log_retention.schema import LogRetention, LogStream
from standfast.model import Examination

FORMAT = Format(
    name="log-retention",
    title="a statement about the retention of logs",
    produced_with={
        "any": "standfast import log-retention.json (the statement is made from the log store's configuration)"
    },
)


class _Document(Native, frozen=True, forbid_unknown_fields=True):
    standfast_log_retention: int
    streams: tuple[LogStream, ...]


def recognise(head: Head) -> bool:
    """Return whether this is such a statement."""
    return is_native(head, "log_retention")


def read(data: bytes) -> Reading:
    """Return what the statement says about the retention of logs.

    Raises:
        EvidenceError: It is not such a statement.
    """
    document = native(data, _Document, "log_retention", FORMAT.title)
    body = LogRetention(
        examination=Examination("streams", examined=len(document.streams)),
        streams=document.streams,
    )
    return native_reading(document, body)
