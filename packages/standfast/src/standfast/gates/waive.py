"""Which waivers hold, which are refused and why, and what must be said about each."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import msgspec

from standfast.evidence.wording.people import Person, person
from standfast.model import Finding, Notice, Outcome, Subject, Waiver, WaiverPolicy, WaiverUse
from standfast.model.waiver import says_something

_NO_MATCH = "matches no finding"

_AS_OF_BASE = " (an approver or role that the change itself adds does not count)"


class Coverage(msgspec.Struct, frozen=True):
    """What waivers make of one failing control: the findings they cover, and how each waiver was used."""

    waived: tuple[Finding, ...]
    remaining: tuple[Finding, ...]
    uses: tuple[WaiverUse, ...]
    whole: bool


def refusal(waiver: Waiver, *, policy: WaiverPolicy, authors: tuple[Person, ...] | None, now: datetime) -> str | None:
    """Return why *waiver* does not hold at *now*, or None where it does."""
    return next(_refusals(waiver, policy, authors, now), None)


def _refusals(waiver: Waiver, policy: WaiverPolicy, authors: tuple[Person, ...] | None, now: datetime) -> Iterator[str]:
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
    yield from _separation(waiver, policy, authors)


def _separation(waiver: Waiver, policy: WaiverPolicy, authors: tuple[Person, ...] | None) -> Iterator[str]:
    approver = person(waiver.approver)
    if approver.same_as(person(waiver.requester)):
        yield f"was requested and approved by the same person ({waiver.approver})"
    if authors is None:
        yield "cannot be accepted while the authors of the change are not known; --base lets git name them"
    elif approver.among(authors):
        yield f"was approved by an author of the change ({waiver.approver})"
    roles = next((held for name, held in policy.approvers.items() if approver.same_as(person(name))), None)
    if roles is None:
        yield f"was approved by {waiver.approver}, who is not among [waivers.approvers]{_AS_OF_BASE}"
    elif waiver.approver_role not in roles:
        yield f"was approved as {waiver.approver_role}; {waiver.approver} holds {', '.join(roles) or 'no role'}"


def covers(
    control_id: str,
    findings: tuple[Finding, ...],
    outcome: Outcome,
    waivers: Iterable[Waiver],
    *,
    subject: Subject,
    policy: WaiverPolicy,
    authors: tuple[Person, ...] | None,
    now: datetime,
) -> Coverage:
    """Return what *waivers* make of a control that did not pass.

    An ``error`` cannot be waived: it says nothing about the change. A waiver of one finding covers that finding only.
    """
    waived: list[Finding] = []
    remaining = list(findings)
    uses: list[WaiverUse] = []
    whole = False
    for waiver in waivers:
        if waiver.scope.control != control_id:
            continue
        why = _out_of_scope(waiver, subject) or refusal(waiver, policy=policy, authors=authors, now=now)
        if why is None and outcome is Outcome.ERROR:
            why = "cannot cover an error: an error says nothing about the change"
        if why is not None:
            uses.append(WaiverUse(waiver.id, applied=False, why=why))
            continue
        if waiver.scope.finding is None:
            uses.append(WaiverUse(waiver.id, applied=True, why=waiver.reason, findings=len(remaining)))
            waived, remaining, whole = waived + remaining, [], True
            continue
        matched = [finding for finding in remaining if finding.identified(control_id) == waiver.scope.finding]
        why_used = waiver.reason if matched else f"{_NO_MATCH} {waiver.scope.finding} of this control"
        uses.append(WaiverUse(waiver.id, applied=bool(matched), why=why_used, findings=len(matched)))
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
    waivers: Iterable[Waiver], uses: Iterable[WaiverUse], *, policy: WaiverPolicy, now: datetime
) -> Iterator[Notice]:
    """Yield what must be said about each waiver: pending, expiring, endless, expired, refused, matching nothing."""
    considered = tuple(uses)
    used = {use.id for use in considered if use.applied}
    refused = {use.id: use.why for use in considered if not use.applied and not use.why.startswith(_NO_MATCH)}
    for waiver in waivers:
        name = f"waiver {waiver.id} of {waiver.scope.control}"
        if waiver.expires is None:
            yield Notice("waiver-without-expiry", f"{name} has no expiry and is never applied", "give it `expires`")
        elif waiver.expires <= now:
            yield Notice("waiver-expired", f"{name} expired on {waiver.expires:%Y-%m-%d}", "renew it or delete it")
        elif waiver.issued > now:
            yield Notice("waiver-pending", f"{name} begins on {waiver.issued:%Y-%m-%d}")
        elif waiver.id not in used and waiver.id in refused:
            yield Notice("waiver-refused", f"{name} {refused[waiver.id]}", "correct it and have it approved again")
        elif waiver.id not in used:
            yield Notice("waiver-matches-nothing", f"{name} covers nothing in this verdict", "delete it if it is done")
        elif waiver.expires - now <= timedelta(days=policy.warn_days):
            yield Notice("waiver-expiring", f"{name} expires on {waiver.expires:%Y-%m-%d}", "fix it or renew it")
