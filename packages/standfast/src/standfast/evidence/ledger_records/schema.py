"""What the ledger says about the session of this change, and about what it has kept.

The ledger itself states this evidence; a copy of its records in another form is not taken.
"""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

import msgspec

from standfast.evidence.wording.people import Person
from standfast.model import Digest, Evidence, Unit


class Phase(StrEnum):
    """The four phases of a session, in their order."""

    PRE_DEVELOPMENT = "pre_development"
    DURING_DEVELOPMENT = "during_development"
    PRE_DEPLOYMENT = "pre_deployment"
    POST_DEPLOYMENT = "post_deployment"


class RecordKind(StrEnum):
    """What an event of a session records."""

    REQUIREMENTS_ANALYSIS = "requirements_analysis"
    ARCHITECTURE_DECISION = "architecture_decision"
    SECURITY_CONSIDERATION = "security_consideration"
    TEST_RUN = "test_run"
    GATE_RESULT = "gate_result"
    REVIEW = "review"
    PERFORMANCE_TEST = "performance_test"
    APPROVAL = "approval"
    SECURITY_APPROVAL = "security_approval"
    DEPLOYMENT = "deployment"
    MONITORING_CONFIRMATION = "monitoring_confirmation"
    LESSONS_LEARNED = "lessons_learned"
    NOTE = "note"


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One event of a session. ``words`` counts those of its text; ``refers_to`` is the digest of what it is about."""

    kind: RecordKind
    phase: Phase
    at: datetime
    by: Person
    role: str = ""
    words: int = 0
    status: str = ""
    refers_to: str = ""


class Session(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One change session. ``reference`` is the issue that it is bound to, if any."""

    id: str
    opened_at: datetime
    opened_by: Person
    reference: str = ""
    records: tuple[Record, ...] = ()

    def of(self, *kinds: RecordKind) -> tuple[Record, ...]:
        """Return its records of those kinds."""
        return tuple(record for record in self.records if record.kind in kinds)


class Kept(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Evidence that the ledger is to keep: what, since when, and whether its bytes are there and unchanged.

    ``kept_until`` is until when its deletion is barred; None where nothing bars it.
    """

    kind: str
    digest: Digest
    recorded_at: datetime
    present: bool
    intact: bool = True
    kept_until: datetime | None = None


class LedgerRecords(Evidence, frozen=True, kw_only=True):
    """The session of the subject, if it has one, and the evidence of all verdicts so far."""

    KIND: ClassVar[str] = "ledger_records"
    TITLE: ClassVar[str] = "Records of the ledger"
    STANDING: ClassVar[bool] = True
    UNITS: ClassVar[dict[str, Unit]] = {"record_count": Unit.COUNT, "kept_count": Unit.COUNT, "lost_count": Unit.COUNT}

    session: Session | None = None
    kept: tuple[Kept, ...] = ()
    verified: bool = False

    @property
    def record_count(self) -> int:
        """How many records the session has."""
        return len(self.session.records) if self.session else 0

    @property
    def kept_count(self) -> int:
        """How many pieces of evidence the ledger is to keep."""
        return len(self.kept)

    @property
    def lost_count(self) -> int:
        """How many of them are gone or changed."""
        return sum(1 for one in self.kept if not one.present or not one.intact)
