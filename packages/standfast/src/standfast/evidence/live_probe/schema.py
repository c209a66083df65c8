"""Outcomes of probes against a running service."""

from collections.abc import Iterator
from typing import ClassVar

import msgspec

from standfast.evidence.live_probe.probes import ProbeName
from standfast.evidence.native import Count
from standfast.model import Doubt, Evidence, Finding, Unit


class ProbeResult(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One probe: how many attempts it made and how many did not go as they must; ``failures`` tells the first ones.

    A probe that made no attempt shows nothing. ``skipped`` says why it could not be made.
    """

    name: ProbeName
    attempts: Count = 0
    failed: Count = 0
    failures: tuple[str, ...] = ()
    skipped: str = ""

    @property
    def held(self) -> bool:
        """Whether it was made and every attempt went as it must."""
        return self.attempts > 0 and self.failed == 0 and not self.skipped


class LiveProbe(Evidence, frozen=True, kw_only=True):
    """What a running service showed. ``target`` is the address of the service that was probed."""

    KIND: ClassVar[str] = "live_probe"
    TITLE: ClassVar[str] = "Probes of the running service"
    UNITS: ClassVar[dict[str, Unit]] = {"made": Unit.COUNT, "held": Unit.COUNT}

    results: tuple[ProbeResult, ...]
    target: str = ""

    @property
    def made(self) -> int:
        """How many probes made at least one attempt."""
        return sum(1 for one in self.results if one.attempts)

    @property
    def held(self) -> int:
        """How many probes held."""
        return sum(1 for one in self.results if one.held)

    def shows(self, *names: ProbeName) -> Iterator[Finding | Doubt]:
        """Yield a finding for each of *names* that did not hold, and a doubt for each that was not made."""
        found = {one.name: one for one in self.results}
        for name in names:
            result = found.get(name)
            if result is None:
                yield Doubt(f"the probe {name} was not made")
            elif result.failed:
                detail = f": {result.failures[0]}" if result.failures else ""
                yield Finding(f"{name}: {result.failed} of {result.attempts} attempts{detail}", rule=str(name))
            elif not result.held:
                yield Doubt(f"the probe {name} was not made: {result.skipped or 'no attempt'}")

    def conflicts_with(self, other: Evidence) -> tuple[str, ...]:
        """Return each probe that held in one run and not in *other*."""
        if not isinstance(other, LiveProbe) or self.target != other.target:
            return ()
        theirs = {one.name: one for one in other.results if one.attempts}
        return tuple(
            f"{one.name} held in one run and not in another"
            for one in self.results
            if one.attempts and one.name in theirs and one.held != theirs[one.name].held
        )
