"""What was put into production: seen from what runs, then joined with who wrote, approved and deployed it."""

from typing import ClassVar

import msgspec

from standfast.evidence.wording.moments import Moment
from standfast.model import Evidence, Unit


class ProductionChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One deployment. ``verdict`` is the digest of the verdict that let it through and ``verdict_status`` its status.

    An ``emergency`` change may be approved afterwards, by ``approved_at``. Times are in UTC.
    """

    artifact: str
    deployed_at: Moment
    deployer: str
    authors: tuple[str, ...]
    approvers: tuple[str, ...] = ()
    approved_at: Moment | None = None
    session: str = ""
    verdict: str = ""
    verdict_status: str = ""
    emergency: bool = False
    emergency_reason: str = ""


class ProductionChanges(Evidence, frozen=True, kw_only=True):
    """The changes of production in the period, found from what was deployed and not from what was approved."""

    KIND: ClassVar[str] = "production_changes"
    TITLE: ClassVar[str] = "Changes of production"
    STANDING: ClassVar[bool] = True
    UNITS: ClassVar[dict[str, Unit]] = {"change_count": Unit.COUNT, "emergencies": Unit.COUNT}

    changes: tuple[ProductionChange, ...]

    @property
    def change_count(self) -> int:
        """How many changes there were."""
        return len(self.changes)

    @property
    def emergencies(self) -> int:
        """How many of them were emergencies."""
        return sum(1 for one in self.changes if one.emergency)
