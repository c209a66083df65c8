"""Read the native form for reconciliations."""

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.native import Native, is_native, native, native_reading
from standfast.evidence.reconciliations.schema import ReconciliationRun, Reconciliations
from standfast.model import Examination

FORMAT = Format(
    name="reconciliations",
    title="a statement about reconciliations",
    produced_with={"any": "standfast import reconciliation.json (the nightly job writes the statement)"},
)


class _Document(Native, frozen=True, forbid_unknown_fields=True):
    standfast_reconciliations: int
    runs: tuple[ReconciliationRun, ...]


def recognise(head: Head) -> bool:
    """Return whether this is such a statement."""
    return is_native(head, "reconciliations")


def read(data: bytes) -> Reading:
    """Return what the statement says about reconciliations.

    Raises:
        EvidenceError: It is not such a statement.
    """
    document = native(data, _Document, "reconciliations", FORMAT.title)
    body = Reconciliations(
        examination=Examination("runs", examined=len(document.runs)),
        runs=document.runs,
    )
    return native_reading(document, body)
