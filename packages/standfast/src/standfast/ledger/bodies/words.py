"""The closed sets of words that bodies use, and what every body has in common."""

from enum import StrEnum
from typing import Annotated

import msgspec

from standfast.ledger.fields import Address, Name, Who
from standfast.ledger.kinds import EventKind


class Phase(StrEnum):
    """Where a change session is."""

    REQUIREMENTS = "requirements"
    DEVELOPMENT = "development"
    PRE_DEPLOYMENT = "pre_deployment"
    ROLLOUT = "rollout"
    CLOSED = "closed"


class Forge(StrEnum):
    """Where the issue of a session is; ``local`` is no forge at all."""

    LOCAL = "local"
    GITHUB = "github"
    GITLAB = "gitlab"


class Part(StrEnum):
    """What a person had to do with the commits of a change."""

    AUTHOR = "author"
    CO_AUTHOR = "co_author"
    COMMITTER = "committer"
    PUSHER = "pusher"
    MERGER = "merger"
    RUN_ACTOR = "run_actor"


class Topic(StrEnum):
    """What a decision is about."""

    ARCHITECTURE = "architecture"
    SECURITY = "security"


class SignatureKind(StrEnum):
    """How an approval is signed; ``unsigned`` is shown as such everywhere."""

    UNSIGNED = "unsigned"
    ED25519 = "ed25519"
    SSH = "ssh"
    WEBAUTHN = "webauthn"
    SIGSTORE = "sigstore"


class Refused(StrEnum):
    """Why an event was refused."""

    NOT_OPEN = "not_open"
    WRONG_CHAIN = "wrong_chain"
    WRONG_PHASE = "wrong_phase"
    WRONG_NUMBER = "wrong_number"
    WRONG_LINK = "wrong_link"
    TIME_WENT_BACK = "time_went_back"
    ILLEGAL_TRANSITION = "illegal_transition"
    REQUIREMENT_MISSING = "requirement_missing"
    GATE_NOT_OPEN = "gate_not_open"
    APPROVAL_MISSING = "approval_missing"
    OTHER_COMMIT = "other_commit"
    OTHER_ARTIFACT = "other_artifact"
    AUTHORS_UNKNOWN = "authors_unknown"
    APPROVER_IS_AUTHOR = "approver_is_author"
    APPROVER_WROTE_IT = "approver_wrote_it"
    APPROVER_HOLDS_NO_ROLE = "approver_holds_no_role"
    APPROVER_HAS_OTHER_DUTY = "approver_has_other_duty"
    APPROVER_IS_NO_PERSON = "approver_is_no_person"
    UNSIGNED = "unsigned"
    NOT_OWN_APPROVAL = "not_own_approval"
    DEPLOYER_IS_SOLE_APPROVER = "deployer_is_sole_approver"
    DEPLOYER_HAS_OTHER_DUTY = "deployer_has_other_duty"
    COMPENSATION_NOT_ALLOWED = "compensation_not_allowed"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    REASON_MISSING = "reason_missing"
    WRONG_COUNT = "wrong_count"
    WRONG_RESULT = "wrong_result"


class Result(StrEnum):
    """How a session or a deployment ended."""

    COMPLETED = "completed"
    FAILED = "failed"
    ABANDONED = "abandoned"


class Compensation(StrEnum):
    """What takes the place of an approval where one person does everything."""

    COOLING_OFF = "cooling_off"
    LATER_REVIEW = "later_review"
    EXTERNAL_REVIEW = "external_review"


class KeyUse(StrEnum):
    """What a key is for."""

    LOG = "log"
    APPROVAL = "approval"
    WITNESS = "witness"
    WRAPPING = "wrapping"
    TIME = "time"


class Basis(StrEnum):
    """Why something is held, pruned or erased."""

    RETENTION_OVER = "retention_over"
    ERASURE_REQUEST = "erasure_request"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    COURT_ORDER = "court_order"
    LEGAL_HOLD = "legal_hold"
    RECORDED_BY_MISTAKE = "recorded_by_mistake"


class DutyRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rules of one session, fixed when it is opened; a leaf spells each of them out.

    ``roles`` must each approve; with ``different_people``, nobody for two of them. With ``deployer_apart``, who
    deploys neither wrote nor approved any of it. ``compensation`` lets `duty.compensated` stand for an approval,
    ``unsigned`` lets an approval count that nobody signed.
    """

    roles: Annotated[tuple[Name, ...], msgspec.Meta(min_length=1, max_length=8)] = ("security", "release")
    different_people: bool = True
    deployer_apart: bool = False
    compensation: bool = False
    unsigned: bool = False


class Taking(msgspec.Struct, frozen=True, order=True, forbid_unknown_fields=True):
    """One person's part in the commits of a change."""

    who: Who
    part: Part


class Signed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """How a statement is signed: by which key, and whether the person was verified when signing (a second factor)."""

    kind: SignatureKind = SignatureKind.UNSIGNED
    key: Address | None = None
    person_verified: bool = False


class Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="kind"):
    """What every body has in common: its kind."""

    @property
    def kind(self) -> EventKind:
        """The kind of event that it is the body of."""
        return EventKind(str(self.__struct_config__.tag))
