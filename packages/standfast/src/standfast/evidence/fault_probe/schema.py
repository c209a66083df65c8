"""Each dependency was made to fail in turn, and the service watched."""

from enum import StrEnum
from typing import ClassVar

import msgspec

from standfast.model import Evidence, Unit


class Fault(StrEnum):
    """How the dependency failed."""

    REFUSED = "refused"
    STALLED = "stalled"
    ERRORS = "errors"
    SLOW = "slow"


class FaultRun(msgspec.Struct, frozen=True, kw_only=True):
    """One fault of one dependency.

    ``slowest_s`` is the longest answer meanwhile. ``attempts_per_call`` is how often the dependency was tried for one
    call. ``breaker_opened`` says that traffic to it stopped, ``breaker_closed`` that it came back after the fault.
    ``declared`` answers were the degraded ones that the service promises, ``broken`` were neither those nor normal.
    """

    dependency: str
    fault: Fault
    requests: int
    declared: int
    broken: int
    slowest_s: float
    attempts_per_call: float
    breaker_opened: bool
    breaker_closed: bool


class FaultProbe(Evidence, frozen=True, kw_only=True):
    """All faults that were tried."""

    KIND: ClassVar[str] = "fault_probe"
    TITLE: ClassVar[str] = "Faults of dependencies"
    UNITS: ClassVar[dict[str, Unit]] = {"run_count": Unit.COUNT, "dependency_count": Unit.COUNT}

    runs: tuple[FaultRun, ...]

    @property
    def run_count(self) -> int:
        """How many faults were tried."""
        return len(self.runs)

    @property
    def dependency_count(self) -> int:
        """How many dependencies were made to fail."""
        return len({run.dependency for run in self.runs})
