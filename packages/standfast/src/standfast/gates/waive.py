"""Which waivers hold, which are refused and why, and what must be said about each."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import msgspec

from standfast.evidence.wording.people import Person, person
from standfast.model import Finding, GrantedWaiver, Notice, Outcome, Subject, Waiver, WaiverPolicy, WaiverUse
from standfast.model.waiver import UNSIGNED, says_something

_NO_MATCH = "matches no finding"

_AS_OF_BASE = " (an approver or role that the change itself adds does not count)"


class Offer(msgspec.Struct, frozen=True):
    """A waiver, and what else speaks for it or against it: how it is signed, how often it may be and was used."""

    waiver: Waiver
    signature: str = UNSIGNED
    void: str = ""
    known_as: tuple[str, ...] = ()
    uses: int | None = None
    used: int = 0
    revoked: bool = False

    @property
    def ended(self) -> bool:
        """Whether it was revoked or used up."""
        return self.revoked or (self.uses is not None and self.used >= self.uses)

    @property
    def renewal(self) -> str:
        """What to do about one that is over."""
        return "meet the control, or grant another one: `standfast waive`" if self.signed else "renew it or delete it"

    @property
    def removal(self) -> str:
        """What to do about one that is not needed."""
        return (
            f"end it if it is done: `standfast revoke {self.waiver.id}`" if self.signed else "delete it if it is done"
        )

    @property
    def signed(self) -> bool:
        """Whether somebody signed it."""
        return self.signature != UNSIGNED

    def use(self, *, applied: bool, why: str, findings: int = 0) -> WaiverUse:
        """Return the record that it was considered."""
        which = self.used + 1 if applied and self.uses else 0
        return WaiverUse(self.waiver.id, applied, why, findings, self.signature, which, self.uses or 0)


def offered(waivers: Iterable[Waiver], granted: Iterable[GrantedWaiver]) -> tuple[Offer, ...]:
    """Return the waivers that were written down and those that the ledger has, to be judged alike."""
    signed = (
        Offer(one.waiver, one.signature, one.void, one.known_as, one.uses, one.used, one.revoked) for one in granted
    )
    return (*map(Offer, waivers), *signed)


class Coverage(msgspec.Struct, frozen=True):
    """What waivers make of one failing control: the findings they cover, and how each waiver was used."""

    waived: tuple[Finding, ...]
    remaining: tuple[Finding, ...]
    uses: tuple[WaiverUse, ...]
    whole: bool


def refusal(offer: Offer, *, policy: WaiverPolicy, authors: tuple[Person, ...] | None, now: datetime) -> str | None:
    """Return why the waiver does not hold at *now*, or None where it does."""
    return next(_refusals(offer, policy, authors, now), None)


def _refusals(offer: Offer, policy: WaiverPolicy, authors: tuple[Person, ...] | None, now: datetime) -> Iterator[str]:
    waiver = offer.waiver
    yield from _record(offer, policy)
    if waiver.issued > now:
        yield f"is pending until {waiver.issued:%Y-%m-%d}"
    if waiver.expires is None:
        yield "has no expiry"
    elif waiver.expires <= now:
        yield f"expired on {waiver.expires:%Y-%m-%d}"
    elif waiver.expires - waiver.issued > timedelta(days=policy.cap_days):
        yield f"runs {(waiver.expires - waiver.issued).days} days, longer than the cap of {policy.cap_days}"
    for field in ("reason", "compensating_control", "requester", "approver", "approver_role"):
        if not says_something(getattr(waiver, field)):
            yield f"has an empty {field}"
    yield from _separation(offer, policy, authors)


def _record(offer: Offer, policy: WaiverPolicy) -> Iterator[str]:
    """Yield what the ledger and the signature say against it."""
    if offer.revoked:
        yield "was revoked"
    if offer.void:
        yield offer.void
    if offer.uses is not None and offer.used >= offer.uses:
        yield f"was used {offer.used} times, as often as it may be"
    if not offer.signed and policy.unsigned is False:
        yield "is unsigned, and [waivers] unsigned does not let that count; `standfast waive` grants a signed one"


def _separation(offer: Offer, policy: WaiverPolicy, authors: tuple[Person, ...] | None) -> Iterator[str]:
    waiver = offer.waiver
    forms = person(waiver.approver).identities() | set(offer.known_as)
    if forms & person(waiver.requester).identities():
        yield f"was requested and approved by the same person ({waiver.approver})"
    if authors is None:
        yield "cannot be accepted while the authors of the change are not known; --base lets git name them"
    elif any(forms & one.identities() for one in authors):
        yield f"was approved by an author of the change ({waiver.approver})"
    roles = next((held for name, held in policy.approvers.items() if forms & person(name).identities()), None)
    if roles is None:
        yield f"was approved by {waiver.approver}, who is not among [waivers.approvers]{_AS_OF_BASE}"
    elif waiver.approver_role not in roles:
        yield f"was approved as {waiver.approver_role}; {waiver.approver} holds {', '.join(roles) or 'no role'}"


def covers(
    control_id: str,
    findings: tuple[Finding, ...],
    outcome: Outcome,
    offers: Iterable[Offer],
    *,
    subject: Subject,
    policy: WaiverPolicy,
    authors: tuple[Person, ...] | None,
    now: datetime,
) -> Coverage:
    """Return what *offers* make of a control that did not pass.

    An ``error`` cannot be waived: it says nothing about the change. A waiver of one finding covers that finding only.
    """
    waived: list[Finding] = []
    remaining = list(findings)
    uses: list[WaiverUse] = []
    whole = False
    for offer in offers:
        waiver = offer.waiver
        if waiver.scope.control != control_id:
            continue
        why = _out_of_scope(waiver, subject) or refusal(offer, policy=policy, authors=authors, now=now)
        if why is None and outcome is Outcome.ERROR:
            why = "cannot cover an error: an error says nothing about the change"
        if why is None and whole:
            why = f"{_NO_MATCH} that another waiver does not cover"
        if why is not None:
            uses.append(offer.use(applied=False, why=why))
            continue
        if waiver.scope.finding is None:
            uses.append(offer.use(applied=True, why=waiver.reason, findings=len(remaining)))
            waived, remaining, whole = waived + remaining, [], True
            continue
        matched = [finding for finding in remaining if finding.identified(control_id) == waiver.scope.finding]
        why_used = waiver.reason if matched else f"{_NO_MATCH} {waiver.scope.finding} of this control"
        uses.append(offer.use(applied=bool(matched), why=why_used, findings=len(matched)))
        waived += matched
        remaining = [finding for finding in remaining if finding not in matched]
    return Coverage(tuple(waived), tuple(remaining), tuple(uses), whole or (bool(findings) and not remaining))


def _out_of_scope(waiver: Waiver, subject: Subject) -> str | None:
    for field in ("service", "artifact"):
        wanted = getattr(waiver.scope, field)
        if wanted is not None and wanted != getattr(subject, field):
            return f"covers {field} {wanted}, not {getattr(subject, field) or 'this one'}"
    return None


def notices(
    offers: Iterable[Offer], uses: Iterable[WaiverUse], *, policy: WaiverPolicy, now: datetime
) -> Iterator[Notice]:
    """Yield what must be said about each waiver: pending, expiring, endless, expired, refused, matching nothing."""
    considered = tuple(uses)
    used = {use.id for use in considered if use.applied}
    refused = {use.id: use.why for use in considered if not use.applied and not use.why.startswith(_NO_MATCH)}
    for offer in offers:
        waiver = offer.waiver
        name = f"waiver {waiver.id} of {waiver.scope.control}"
        if offer.ended:
            continue  # somebody meant it to be over; where it would have counted, it is told
        if waiver.expires is None:
            yield Notice("waiver-without-expiry", f"{name} has no expiry and is never applied", "give it `expires`")
        elif waiver.expires <= now:
            yield Notice("waiver-expired", f"{name} expired on {waiver.expires:%Y-%m-%d}", offer.renewal)
        elif waiver.issued > now:
            yield Notice("waiver-pending", f"{name} begins on {waiver.issued:%Y-%m-%d}")
        elif waiver.id not in used and waiver.id in refused:
            yield Notice("waiver-refused", f"{name} {refused[waiver.id]}", "correct it and have it approved again")
        elif waiver.id not in used:
            yield Notice("waiver-matches-nothing", f"{name} covers nothing in this verdict", offer.removal)
        elif waiver.expires - now <= timedelta(days=policy.warn_days):
            yield Notice("waiver-expiring", f"{name} expires on {waiver.expires:%Y-%m-%d}", "fix it or renew it")
