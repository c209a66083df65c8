"""The body of each kind of event: small typed facts and digests, one struct per kind.

What people write (titles, reasons, lessons) is a salted commitment here, `Hidden`, and its length in words; what it
says stands in a disclosure that can be deleted. Documents, statements and reports are named by `Address`.
"""

from standfast.ledger.bodies.deploying import (
    DeploymentConfirmed,
    DeploymentFinished,
    DeploymentReverted,
    DeploymentStarted,
    SettingsObserved,
)
from standfast.ledger.bodies.judging import (
    ApprovalDeclined,
    ApprovalGiven,
    ApprovalRefused,
    ApprovalRevoked,
    DutyCompensated,
    EvidenceRecorded,
    GateDecided,
    ReviewRecorded,
    WaiverExpired,
    WaiverGranted,
    WaiverRevoked,
    WaiverUsed,
)
from standfast.ledger.bodies.keeping import (
    LedgerExported,
    LedgerFrozen,
    LedgerOpened,
    RetentionErased,
    RetentionHeld,
    RetentionPruned,
    RetentionReleased,
)
from standfast.ledger.bodies.people import (
    AccessReviewed,
    IdentityEnrolled,
    IdentityLinked,
    KeyEnrolled,
    KeyRevoked,
    KeyRotated,
    RoleGranted,
    RoleRevoked,
)
from standfast.ledger.bodies.sessions import (
    ChangeObserved,
    DecisionRecorded,
    LessonRecorded,
    RequirementAnalysed,
    RequirementApproved,
    SessionAdvanced,
    SessionBound,
    SessionClosed,
    SessionNoted,
    SessionOpened,
    SessionRefused,
)
from standfast.ledger.bodies.words import (
    Basis,
    Body,
    Compensation,
    DutyRules,
    Forge,
    KeyUse,
    Part,
    Phase,
    Refused,
    Result,
    SignatureKind,
    Signed,
    Taking,
    Topic,
)

AnyBody = (
    SessionOpened
    | SessionBound
    | SessionAdvanced
    | SessionNoted
    | SessionRefused
    | SessionClosed
    | ChangeObserved
    | RequirementAnalysed
    | RequirementApproved
    | DecisionRecorded
    | EvidenceRecorded
    | GateDecided
    | ReviewRecorded
    | ApprovalGiven
    | ApprovalDeclined
    | ApprovalRefused
    | ApprovalRevoked
    | WaiverGranted
    | WaiverUsed
    | WaiverExpired
    | WaiverRevoked
    | DutyCompensated
    | DeploymentStarted
    | DeploymentFinished
    | DeploymentReverted
    | DeploymentConfirmed
    | LessonRecorded
    | IdentityEnrolled
    | IdentityLinked
    | RoleGranted
    | RoleRevoked
    | AccessReviewed
    | KeyEnrolled
    | KeyRotated
    | KeyRevoked
    | SettingsObserved
    | RetentionHeld
    | RetentionReleased
    | RetentionPruned
    | RetentionErased
    | LedgerOpened
    | LedgerFrozen
    | LedgerExported
)
"""Any of them; the ``kind`` of the written form says which."""

__all__ = [
    "AccessReviewed",
    "AnyBody",
    "ApprovalDeclined",
    "ApprovalGiven",
    "ApprovalRefused",
    "ApprovalRevoked",
    "Basis",
    "Body",
    "ChangeObserved",
    "Compensation",
    "DecisionRecorded",
    "DeploymentConfirmed",
    "DeploymentFinished",
    "DeploymentReverted",
    "DeploymentStarted",
    "DutyCompensated",
    "DutyRules",
    "EvidenceRecorded",
    "Forge",
    "GateDecided",
    "IdentityEnrolled",
    "IdentityLinked",
    "KeyEnrolled",
    "KeyRevoked",
    "KeyRotated",
    "KeyUse",
    "LedgerExported",
    "LedgerFrozen",
    "LedgerOpened",
    "LessonRecorded",
    "Part",
    "Phase",
    "Refused",
    "RequirementAnalysed",
    "RequirementApproved",
    "Result",
    "RetentionErased",
    "RetentionHeld",
    "RetentionPruned",
    "RetentionReleased",
    "ReviewRecorded",
    "RoleGranted",
    "RoleRevoked",
    "SessionAdvanced",
    "SessionBound",
    "SessionClosed",
    "SessionNoted",
    "SessionOpened",
    "SessionRefused",
    "SettingsObserved",
    "SignatureKind",
    "Signed",
    "Taking",
    "Topic",
    "WaiverExpired",
    "WaiverGranted",
    "WaiverRevoked",
    "WaiverUsed",
]
