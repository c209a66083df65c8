"""Read the native form for a dynamic scan, which says which operations were reached."""

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.dast.schema import Dast
from standfast.evidence.formats.native import Count, Native, is_native, native, native_reading
from standfast.evidence.wording.severity import severity_named
from standfast.model import Examination, Finding

FORMAT = Format(
    name="dast",
    title="a statement about a dynamic scan",
    produced_with={"any": "a script of the project; standfast probe URL (comes with a later version)"},
)


class _Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    operation: str
    rule: str
    severity: str
    message: str


class _Document(Native, frozen=True, forbid_unknown_fields=True):
    standfast_dast: int
    operations: Count
    reached: Count
    requests: Count
    authenticated: bool
    items: tuple[_Item, ...]
    target: str = ""


def recognise(head: Head) -> bool:
    """Return whether this is such a statement."""
    return is_native(head, "dast")


def read(data: bytes) -> Reading:
    """Return what the statement says; operations that were never reached are skipped ones.

    Raises:
        EvidenceError: It is not such a statement.
    """
    document = native(data, _Document, "dast", FORMAT.title)
    body = Dast.of(
        (
            Finding(f"{one.operation}: {one.message}", rule=one.rule, severity=severity_named(one.severity))
            for one in document.items
        ),
        examination=Examination("requests", examined=document.requests),
        operations=document.operations,
        reached=document.reached,
        authenticated=document.authenticated,
        scope=document.target,
    )
    return native_reading(document, body)
