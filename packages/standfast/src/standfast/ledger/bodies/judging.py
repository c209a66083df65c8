"""What is proved, decided, reviewed, approved and waived."""

from standfast.evidence.reviews.schema import State
from standfast.evidence.wording.moments import Moment
from standfast.ledger.bodies.words import Body, Compensation, Forge, Refused, Signed
from standfast.ledger.fields import Address, Commit, Count, Hidden, Label, Name, Number, Tree, Who
from standfast.ledger.kinds import EventKind
from standfast.model import Status


class EvidenceRecorded(Body, frozen=True, kw_only=True, tag=EventKind.EVIDENCE_RECORDED.value):
    """Evidence was stored under the address of its statement, to be kept until ``keep_until``."""

    evidence: Name
    statement: Address
    tool: Label
    tree: Tree
    keep_until: Moment
    raw_files: Count = 0
    raw_bytes: Count = 0
    commit: Commit | None = None
    problems: Count = 0


class GateDecided(Body, frozen=True, kw_only=True, tag=EventKind.GATE_DECIDED.value):
    """A verdict, and the addresses of everything that it can be computed from again.

    ``evidence`` is the digest of the canonical list of the ``evidence_count`` statements' addresses.
    """

    verdict: Address
    status: Status
    gates: dict[Name, Status]
    standard: Address
    context: Address
    controls: Address
    evidence: Address
    evidence_count: Count
    engine: Label
    tree: Tree
    decided_at: Moment
    commit: Commit | None = None
    artifact: Address | None = None
    service: Name | None = None
    environment: Name | None = None
    waivers: Count = 0


class ReviewRecorded(Body, frozen=True, kw_only=True, tag=EventKind.REVIEW_RECORDED.value):
    """A review by ``reviewer``, read from ``forge``; ``statement`` is the evidence that holds it."""

    reviewer: Who
    state: State
    forge: Forge
    commit: Commit
    statement: Address
    role: Name | None = None
    words: Count = 0


class ApprovalGiven(Body, frozen=True, kw_only=True, tag=EventKind.APPROVAL_GIVEN.value):
    """The actor agreed in a role; ``statement`` is what was seen and signed, ``verdict`` the verdict it relies on.

    ``deployment`` is the emergency that is approved afterwards; without it, it is the newest commit of the change.
    """

    role: Name
    commit: Commit
    statement: Address
    verdict: Address
    signed: Signed = Signed()
    artifact: Address | None = None
    deployment: Name | None = None


class ApprovalDeclined(Body, frozen=True, kw_only=True, tag=EventKind.APPROVAL_DECLINED.value):
    """The actor did not agree, and said why; ``statement`` is what was signed, where it was."""

    role: Name
    commit: Commit
    text: Hidden
    words: Count
    statement: Address | None = None
    signed: Signed = Signed()


class ApprovalRefused(Body, frozen=True, kw_only=True, tag=EventKind.APPROVAL_REFUSED.value):
    """An approval that the actor gave does not count; ``attempt`` is the digest of the canonical bytes of its body."""

    role: Name
    attempt: Address
    reason: Refused


class ApprovalRevoked(Body, frozen=True, kw_only=True, tag=EventKind.APPROVAL_REVOKED.value):
    """The approval with that ``statement`` was taken back by the one who gave it."""

    statement: Address
    text: Hidden
    words: Count


class WaiverGranted(Body, frozen=True, kw_only=True, tag=EventKind.WAIVER_GRANTED.value):
    """A waiver began to hold. ``finding`` is the fingerprint that it covers, None for the whole control."""

    waiver: Name
    control: Name
    statement: Address
    requester: Who
    approver: Who
    role: Name
    expires: Moment
    signed: Signed = Signed()
    finding: Label | None = None
    service: Name | None = None
    artifact: Address | None = None
    uses: Number | None = None


class WaiverUsed(Body, frozen=True, kw_only=True, tag=EventKind.WAIVER_USED.value):
    """A waiver covered findings of one verdict."""

    waiver: Name
    verdict: Address
    findings: Count


class WaiverExpired(Body, frozen=True, kw_only=True, tag=EventKind.WAIVER_EXPIRED.value):
    """A waiver ceased to hold by itself: its time or its number of uses was over."""

    waiver: Name
    used_up: bool = False


class WaiverRevoked(Body, frozen=True, kw_only=True, tag=EventKind.WAIVER_REVOKED.value):
    """A waiver was taken back before its end."""

    waiver: Name
    text: Hidden
    words: Count


class DutyCompensated(Body, frozen=True, kw_only=True, tag=EventKind.DUTY_COMPENSATED.value):
    """Nobody independent can approve in ``role``, and this takes the place of the approval, for this commit only.

    It is no approval. With ``cooling_off`` nothing is deployed before ``not_before``.
    """

    role: Name
    commit: Commit
    compensation: Compensation
    not_before: Moment
    text: Hidden
    words: Count
