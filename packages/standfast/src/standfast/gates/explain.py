"""From a judgement to the whole record of one control: waivers, enforcement, smallest change."""

from collections.abc import Iterator
from datetime import datetime

import msgspec
from msgspec.structs import replace

from standfast.evidence.wording.people import Person
from standfast.gates.bind import BoundControl
from standfast.gates.judge import Admitted, Judgement
from standfast.gates.waive import Coverage, Offer, covers
from standfast.model import (
    ControlResult,
    Enforcement,
    Finding,
    Measurement,
    Op,
    Outcome,
    Status,
    WaiverPolicy,
)

_FINE = (Outcome.PASS, Outcome.NOTAPPLICABLE)
_VERBS = {Op.GE: "raise", Op.GT: "raise", Op.LE: "lower", Op.LT: "lower", Op.EQ: "bring"}
_STATUS = {outcome: Status(outcome.value) for outcome in Outcome}


class Leniency(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that may soften a failing control, with the moment at which it is asked."""

    offers: tuple[Offer, ...]
    policy: WaiverPolicy
    authors: tuple[Person, ...] | None
    now: datetime


def explain(bound: BoundControl, judgement: Judgement, admitted: Admitted, leniency: Leniency) -> ControlResult:
    """Return the record of *bound*: what it found, what counts, and why."""
    kinds, uses = bound.kinds, admitted.uses
    evidence = uses.get(kinds[0], ()) if len(kinds) == 1 else tuple(use for kind in kinds for use in uses.get(kind, ()))
    effective_on = bound.control.spec.effective_on
    if judgement.outcome is Outcome.PASS and effective_on is None:
        measured = judgement.measurements
        return replace(bound.record, outcome=Outcome.PASS, status=Status.PASS, measurements=measured, evidence=evidence)
    coverage = _coverage(bound, judgement, admitted, leniency)
    remaining = coverage.remaining if coverage else judgement.findings
    return replace(
        bound.record,
        outcome=judgement.outcome,
        status=_status(bound, judgement.outcome, coverage, admitted.now),
        reasons=judgement.reasons if effective_on is None else (*judgement.reasons, *_pending(bound, admitted.now)),
        findings=remaining,
        findings_total=len(remaining),
        waived=coverage.waived if coverage else (),
        measurements=judgement.measurements,
        evidence=evidence,
        waivers=coverage.uses if coverage else (),
        smallest_change=() if judgement.outcome in _FINE else smallest_change(bound, judgement, remaining),
    )


def _coverage(bound: BoundControl, judgement: Judgement, admitted: Admitted, leniency: Leniency) -> Coverage | None:
    if judgement.outcome in _FINE or not leniency.offers:
        return None
    return covers(
        bound.id,
        judgement.findings,
        judgement.outcome,
        leniency.offers,
        subject=admitted.subject,
        policy=leniency.policy,
        authors=leniency.authors,
        now=leniency.now,
    )


def _status(bound: BoundControl, outcome: Outcome, coverage: Coverage | None, now: datetime) -> Status:
    if outcome in _FINE:
        return _STATUS[outcome]
    if bound.enforcement in (Enforcement.DRAFT, Enforcement.SCORE):
        return Status.NOTAPPLICABLE
    if coverage is not None and coverage.whole:
        return Status.WAIVED
    effective_on = bound.control.spec.effective_on
    if bound.enforcement is Enforcement.WARN or (effective_on is not None and now.date() < effective_on):
        return Status.WARN
    return _STATUS[outcome]


def _pending(bound: BoundControl, now: datetime) -> Iterator[str]:
    effective_on = bound.control.spec.effective_on
    if effective_on is not None and now.date() < effective_on:
        yield f"warns until {effective_on}, then {bound.enforcement}s"


def smallest_change(bound: BoundControl, judgement: Judgement, remaining: tuple[Finding, ...]) -> tuple[str, ...]:
    """Return the fewest changes that would turn the control green, one sentence each.

    For a typed limit this is exact: thresholds are monotone, so moving the value to its bound is enough.
    """
    if judgement.outcome in (Outcome.UNKNOWN, Outcome.ERROR):
        return (_next_evidence(bound, judgement),)
    breached = [measured for measured in judgement.measurements if not measured.holds]
    moves = [_move(measured) for measured in breached]
    if remaining is judgement.findings and len(remaining) == len(breached):
        return tuple(moves)
    facts = {measured.fact for measured in breached}
    return (*moves, *_resolve([finding for finding in remaining if finding.rule not in facts]))


def _next_evidence(bound: BoundControl, judgement: Judgement) -> str:
    if judgement.reasons and not judgement.lacking:
        return f"let the evidence decide: {judgement.reasons[0]}"
    command = bound.control.spec.evidence_from
    return f"produce the evidence: {command}" if command else "produce the missing evidence"


def _resolve(findings: list[Finding]) -> Iterator[str]:
    yield from list(dict.fromkeys(finding.fix for finding in findings if finding.fix))[:3]
    unfixed = sum(not finding.fix for finding in findings)
    if unfixed:
        yield f"resolve {unfixed} finding{'s' if unfixed > 1 else ''}"


def _move(measured: Measurement) -> str:
    value, bound = measured.texts()
    return f"{_VERBS[measured.op]} {measured.fact} from {value} to {measured.op.words} {bound}"
