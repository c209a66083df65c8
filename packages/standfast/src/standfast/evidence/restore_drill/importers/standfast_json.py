"""Import a restore drill in Standfast's own JSON form."""

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.native import Count, Native, is_native, native, native_reading
from standfast.evidence.restore_drill.schema import RestoreDrill
from standfast.evidence.wording.moments import Moment
from standfast.model import Examination

FORMAT = Format(
    name="standfast-restore-drill",
    title="a Standfast record of a restore drill",
    produced_with={"any": "a script of the project; standfast drill restore (comes with a later version)"},
)


class _Document(Native, frozen=True, kw_only=True):
    standfast_restore_drill: int
    restored_at: Moment
    backup: str
    duration_s: float
    lost_s: float
    compared: Count
    differing: Count
    operator: str = ""
    smoke_passed: bool | None = None
    target_duration_s: float | None = None
    target_lost_s: float | None = None


def recognise(head: Head) -> bool:
    """Return whether the bytes are such a record."""
    return is_native(head, "restore_drill")


def read(data: bytes) -> Reading:
    """Return the drill.

    Raises:
        EvidenceError: It is not such a record.
    """
    document = native(data, _Document, "restore_drill", FORMAT.title)
    body = RestoreDrill(
        examination=Examination(unit="restores", examined=1),
        restored_at=document.restored_at,
        backup=document.backup,
        duration_s=document.duration_s,
        lost_s=document.lost_s,
        compared=document.compared,
        differing=document.differing,
        operator=document.operator,
        smoke_passed=document.smoke_passed,
        target_duration_s=document.target_duration_s,
        target_lost_s=document.target_lost_s,
    )
    return native_reading(document, body)
