"""One drill: a real backup restored into an empty instance, and what was compared afterwards."""

from typing import ClassVar

from standfast.evidence.wording.moments import Moment
from standfast.model import Evidence, Unit


class RestoreDrill(Evidence, frozen=True, kw_only=True):
    """The last drill. ``lost_s`` is how much of the newest data was missing, ``duration_s`` how long it took.

    ``compared`` is how many checks of content were made (row counts, checksums, balances), ``differing`` how many of
    them failed. ``smoke_passed`` says whether the service worked on the restored data; None if nobody tried.
    """

    KIND: ClassVar[str] = "restore_drill"
    TITLE: ClassVar[str] = "Restore of a backup"
    STANDING: ClassVar[bool] = True
    UNITS: ClassVar[dict[str, Unit]] = {
        "duration_s": Unit.S,
        "lost_s": Unit.S,
        "compared": Unit.COUNT,
        "differing": Unit.COUNT,
    }

    restored_at: Moment
    backup: str
    duration_s: float
    lost_s: float
    compared: int
    differing: int
    operator: str = ""
    smoke_passed: bool | None = None
    target_duration_s: float | None = None
    target_lost_s: float | None = None
