"""Runs that compare financial records with each other."""

from typing import ClassVar

import msgspec

from standfast.evidence.formats.native import Count
from standfast.evidence.wording.moments import Moment
from standfast.model import Evidence, Unit


class ReconciliationRun(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One run over ``compared`` records: ``differences`` do not agree, ``explained`` of these have a reason."""

    name: str
    ran_at: Moment
    compared: Count
    differences: Count
    explained: Count = 0
    owner: str = ""


class Reconciliations(Evidence, frozen=True, kw_only=True):
    """The latest run of each reconciliation and of each invariant of the books."""

    KIND: ClassVar[str] = "reconciliations"
    TITLE: ClassVar[str] = "Reconciliation of financial records"
    STANDING: ClassVar[bool] = True
    UNITS: ClassVar[dict[str, Unit]] = {"run_count": Unit.COUNT, "unexplained": Unit.COUNT}

    runs: tuple[ReconciliationRun, ...]

    @property
    def run_count(self) -> int:
        """How many runs there are."""
        return len(self.runs)

    @property
    def unexplained(self) -> int:
        """How many differences nobody has explained."""
        return sum(max(one.differences - one.explained, 0) for one in self.runs)
