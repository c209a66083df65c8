"""Every waiver that there is, signed or only written down, and how it stands: holding, ending, over, or refused."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

import msgspec

from standfast.app.context import read_written
from standfast.app.ledger.home import Home
from standfast.app.ledger.waived import REMEMBERED
from standfast.app.modules.discovery import all_controls
from standfast.app.sessions.waived import granted
from standfast.app.written.base_policy import waivers_as_of_base
from standfast.app.written.settings import Settings
from standfast.gates.waive import Offer, offered, refusal
from standfast.model import UsageError


class State(StrEnum):
    """How a waiver stands."""

    PENDING = "pending"
    ACTIVE = "active"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    REVOKED = "revoked"
    USED_UP = "used up"
    REFUSED = "refused"


HOLDING = frozenset({State.PENDING, State.ACTIVE, State.EXPIRING})


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """One waiver. ``clauses`` are those of its control; ``left`` is how often it may still be used, None without end.

    ``signature`` is ``unsigned`` where nobody signed it; ``why`` says why it does not hold, empty where it does.
    """

    id: str
    state: State
    control: str
    clauses: tuple[str, ...]
    signature: str
    requester: str
    approver: str
    role: str
    issued: datetime
    expires: datetime | None
    reason: str
    compensating_control: str
    reference: str = ""
    finding: str | None = None
    service: str | None = None
    artifact: str | None = None
    used: int = 0
    uses: int | None = None
    left: int | None = None
    why: str = ""


def listed(root: Path, about: Collection[str], *, now: datetime, within: timedelta) -> tuple[Listed, ...]:
    """Return the waivers of the project at *root* by control and end; those that end *within* are expiring.

    *about* names controls, clauses, or the element that clauses are in; nothing means all of them. Whether an approver
    wrote the change is left to the gate.

    Raises:
        UsageError: *about* names what is neither a control nor a clause of one.
        ConfigurationError: Settings or waivers cannot be taken.
        LedgerError: The ledger has waivers and does not verify.
    """
    written = read_written(root)
    held = granted(root, told_after=REMEMBERED) if written.granted or Home().at(root) is not None else ()
    clauses = _clauses(written.settings)
    _require_known(about, clauses)
    policy = waivers_as_of_base(written.settings, root)
    found = []
    for offer in offered(written.waivers, held):
        mine = clauses.get(offer.waiver.scope.control, ())
        if not about or any(_names(one, offer.waiver.scope.control, mine) for one in about):
            why = refusal(offer, policy=policy, authors=(), now=now) or ""
            found.append(_listed(offer, mine, _state(offer, why, now, within), why))
    return tuple(sorted(found, key=lambda one: (one.control, one.expires is None, one.expires or one.issued, one.id)))


def _clauses(settings: Settings) -> dict[str, tuple[str, ...]]:
    return {one.id: tuple(one.spec.clauses) for one in all_controls()} | {
        one.id: one.clauses for one in settings.control
    }


def _names(word: str, control: str, clauses: Collection[str]) -> bool:
    return word == control or any(clause == word or clause.startswith(f"{word}.") for clause in clauses)


def _require_known(about: Collection[str], clauses: dict[str, tuple[str, ...]]) -> None:
    unknown = [word for word in about if not any(_names(word, control, held) for control, held in clauses.items())]
    if unknown:
        raise UsageError(
            "control-unknown",
            f"there is no control and no clause called {unknown[0]!r:.100}",
            hint="`standfast clauses` lists the clauses, and `standfast gate` the controls that are not met",
        )


def _state(offer: Offer, why: str, now: datetime, within: timedelta) -> State:
    ends = offer.waiver.expires
    reached = (
        (offer.revoked, State.REVOKED),
        (offer.ended, State.USED_UP),
        (ends is not None and ends <= now, State.EXPIRED),
        (not why and ends is not None and ends <= now + within, State.EXPIRING),
        (not why, State.ACTIVE),
        (offer.waiver.issued > now, State.PENDING),
    )
    return next((state for holds, state in reached if holds), State.REFUSED)


def _listed(offer: Offer, clauses: tuple[str, ...], state: State, why: str) -> Listed:
    waiver, scope = offer.waiver, offer.waiver.scope
    return Listed(
        id=waiver.id,
        state=state,
        control=scope.control,
        clauses=clauses,
        signature=offer.signature,
        requester=waiver.requester,
        approver=waiver.approver,
        role=waiver.approver_role,
        issued=waiver.issued,
        expires=waiver.expires,
        reason=waiver.reason,
        compensating_control=waiver.compensating_control,
        reference=waiver.reference,
        finding=scope.finding,
        service=scope.service,
        artifact=scope.artifact,
        used=offer.used,
        uses=offer.uses,
        left=None if offer.uses is None else max(offer.uses - offer.used, 0),
        why=why,
    )
