"""What a person attests, and how far it holds."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import ClassVar

import msgspec

from standfast.evidence.wording.people import Person
from standfast.model import Evidence, Location, Unit


class Attestation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One attestation.

    ``kind`` is what it is about (``penetration_test``, ``backup_drill``, ...). ``result`` is ``passed``, ``failed`` or
    another word of the person. ``declared_digest`` is the SHA-256 that it gives of its report, ``report_digest`` that
    of the file at ``report``; empty where there is none. ``findings`` counts what is still open by severity,
    ``measured`` are numbers such as ``rto_s``.
    """

    kind: str
    path: str
    by: Person
    role: str = ""
    organisation: str = ""
    made_on: date | None = None
    expires_on: date | None = None
    statement: str = ""
    result: str = ""
    scope: tuple[str, ...] = ()
    independent_of: tuple[Person, ...] = ()
    report: str = ""
    declared_digest: str = ""
    report_digest: str = ""
    commit: str = ""
    findings: dict[str, int] = {}
    measured: dict[str, float] = {}
    answers: dict[str, str] = {}
    line: int = 1

    @property
    def location(self) -> Location:
        """Where the attestation stands."""
        return Location(self.path, self.line)

    @property
    def passed(self) -> bool:
        """Whether the person says that it went well."""
        return self.result == "passed"

    def faults(self, *, now: datetime, authors: tuple[Person, ...] = ()) -> Iterator[str]:
        """Yield each reason for which the attestation cannot be relied on at *now* for a change by *authors*."""
        yield from self._faults_of_form(now.date())
        if self.by.among(authors):
            yield f"was made by {self.by}, an author of the change"
        if self.by.among(self.independent_of):
            yield f"says that {self.by} is independent of themselves"
        if self.report and not self.report_digest:
            yield f"names the report {self.report}, which is not there"
        elif self.report and not self.declared_digest:
            yield f"does not give the SHA-256 of its report {self.report}"
        elif self.report and self.declared_digest != self.report_digest:
            yield f"gives another SHA-256 than that of {self.report}, which was changed since"

    def _faults_of_form(self, today: date) -> Iterator[str]:
        if not self.by.identities():
            yield "names no person"
        if not self.role:
            yield "names no role"
        if not self.statement:
            yield "states nothing"
        if self.made_on is None:
            yield "has no date"
        elif self.made_on > today:
            yield f"is dated {self.made_on}, after the decision"
        if self.expires_on is not None and self.expires_on <= today:
            yield f"expired on {self.expires_on}"

    def age_days(self, now: datetime) -> int | None:
        """Return how many days ago it was made; None without a date."""
        return None if self.made_on is None else (now.date() - self.made_on).days


class Attestations(Evidence, frozen=True, kw_only=True):
    """Every attestation that was found. ``items`` are files that could not be read as one."""

    KIND: ClassVar[str] = "attestations"
    TITLE: ClassVar[str] = "Attestations by persons"
    STANDING: ClassVar[bool] = True
    UNITS: ClassVar[dict[str, Unit]] = {"attestation_count": Unit.COUNT}

    attestations: tuple[Attestation, ...] = ()

    @property
    def attestation_count(self) -> int:
        """How many there are."""
        return len(self.attestations)

    def latest(self, *kinds: str) -> Attestation | None:
        """Return the newest attestation of one of *kinds*, or None; it decides, whatever an older one says."""
        found = [item for item in self.attestations if item.kind in kinds]
        return max(found, key=lambda item: (item.made_on or date.min, item.path), default=None)

    def conflicts_with(self, other: Evidence) -> tuple[str, ...]:
        """Return nothing: several sources may hold different attestations."""
        return ()
