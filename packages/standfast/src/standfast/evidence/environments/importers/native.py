"""Read the native form for the environments of a forge."""

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.environments.schema import Environment, Environments
from standfast.evidence.formats.native import Native, is_native, native, native_reading
from standfast.model import Examination

FORMAT = Format(
    name="environments",
    title="the environments of a forge",
    produced_with={"any": "standfast forge environments > environments.json"},
)


class _Document(Native, frozen=True, forbid_unknown_fields=True):
    standfast_environments: int
    environments: tuple[Environment, ...]


def recognise(head: Head) -> bool:
    """Return whether this is such a document."""
    return is_native(head, "environments")


def read(data: bytes) -> Reading:
    """Return the environments.

    Raises:
        EvidenceError: It is not such a document.
    """
    document = native(data, _Document, "environments", FORMAT.title)
    body = Environments(
        examination=Examination("environments", examined=len(document.environments)),
        environments=document.environments,
    )
    return native_reading(document, body)
