"""Outcomes of controls, statuses of gates, and the order of badness."""

from collections.abc import Iterable
from enum import StrEnum


class Outcome(StrEnum):
    """What a control found."""

    PASS = "pass"  # noqa: S105  # nosec B105  # the outcome, not a password
    FAIL = "fail"
    UNKNOWN = "unknown"
    ERROR = "error"
    NOTAPPLICABLE = "notapplicable"


class Status(StrEnum):
    """What counts for the gate after waivers and enforcement, from best to worst."""

    NOTAPPLICABLE = "notapplicable"
    PASS = "pass"  # noqa: S105  # nosec B105  # the status, not a password
    WAIVED = "waived"
    WARN = "warn"
    UNKNOWN = "unknown"
    FAIL = "fail"
    ERROR = "error"

    @property
    def opens(self) -> bool:
        """Whether a gate with this status lets the change through."""
        return self in (Status.PASS, Status.WAIVED, Status.WARN)

    @property
    def exit_code(self) -> int:
        """0 where the gate opens, 1 where it failed, 3 where it could not be decided."""
        if self.opens:
            return 0
        return 1 if self is Status.FAIL else 3


_ORDER = {status: rank for rank, status in enumerate(Status)}


def worst(statuses: Iterable[Status]) -> Status:
    """Return the worst of *statuses*; of none, or of none that applies, ``unknown``."""
    found = max(statuses, key=_ORDER.__getitem__, default=Status.NOTAPPLICABLE)
    return Status.UNKNOWN if found is Status.NOTAPPLICABLE else found
