"""Outcomes of probes against a running service."""

from collections.abc import Iterable, Iterator
from typing import ClassVar

import msgspec

from standfast.evidence.formats.native import Count
from standfast.evidence.live_probe.probes import ProbeName
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


def shown(runs: Iterable[LiveProbe], *names: ProbeName) -> Iterator[Finding | Doubt]:
    """Yield a finding for each of *names* that failed in any of *runs*, and a doubt for each that none made."""
    results = tuple(result for run in runs for result in run.results)
    for name in names:
        yield from _shown_of(name, [one for one in results if one.name is name])


def _shown_of(name: ProbeName, about: list[ProbeResult]) -> Iterator[Finding | Doubt]:
    failed = [one for one in about if one.failed]
    for one in failed:
        detail = f": {one.failures[0]}" if one.failures else ""
        yield Finding(f"{name}: {one.failed} of {one.attempts} attempts failed{detail}", rule=str(name))
    if not failed and not any(one.held for one in about):
        why = next((one.skipped for one in about if one.skipped), "")
        yield Doubt(f"the probe {name} was not made{f': {why}' if why else ''}")
