"""Checklists of eight points that a person answers in an attestation."""

import re
from collections.abc import Iterator
from datetime import datetime

import msgspec

from standfast.evidence.attestations.schema import Attestation, Attestations
from standfast.evidence.wording.people import Person
from standfast.model import Doubt, Finding, Subject

POINTS = tuple(str(number) for number in range(1, 9))

_NOT_APPLICABLE = re.compile(r"(?:not applicable|n/a)\s*[:,;-]\s*\S.*", re.IGNORECASE | re.DOTALL)


class Checklist(msgspec.Struct, frozen=True):
    """What an attestation of *kind* must be like to be relied on at *now* for *subject*, a change by *authors*."""

    kind: str
    authors: tuple[Person, ...]
    subject: Subject
    now: datetime
    max_age_days: int

    def unmet(self, attestations: tuple[Attestations, ...]) -> Iterator[Finding | Doubt]:
        """Yield every point that the newest attestation leaves open, and why it may not be relied on.

        An answer is ``met``, or ``not applicable`` with a reason after a colon; anything else is not met.
        """
        found = [item for body in attestations if (item := body.latest(self.kind)) is not None]
        if not found:
            yield Doubt(f"nobody has attested {self.kind}")
        for item in found:
            for fault in self._faults(item):
                yield Finding(f"the attestation {fault}", item.location, rule="attestation")
            yield from _open_points(item)

    def _faults(self, item: Attestation) -> Iterator[str]:
        yield from item.faults(now=self.now, authors=self.authors)
        age = item.age_days(self.now)
        if age is not None and age > self.max_age_days:
            yield f"is {age} days old, limit {self.max_age_days}"
        commit = self.subject.commit
        if item.commit and commit and not commit.startswith(item.commit):
            yield f"is about commit {item.commit:.12}, not {commit:.12}"
        if not item.passed:
            yield f"says that the result is {item.result or 'open'}"


def _open_points(item: Attestation) -> Iterator[Finding]:
    for point in POINTS:
        answer = item.answers.get(point, "").strip()
        if answer.lower() != "met" and not _NOT_APPLICABLE.fullmatch(answer):
            yield Finding(f"point {point} is answered {answer or 'nowhere'!r}", item.location, rule=f"point-{point}")
