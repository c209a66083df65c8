"""From a judgement to the whole record of one control: waivers, enforcement, smallest change."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from standfast.evidence.people import Person
from standfast.gates.bind import BoundControl
from standfast.gates.judge import Admitted, Judgement, shown
from standfast.gates.waive import Coverage, covers
from standfast.model import (
    ControlResult,
    Enforcement,
    EvidenceUse,
    Finding,
    Measurement,
    Op,
    Outcome,
    Status,
    Waiver,
    WaiverPolicy,
)

_FINE = (Outcome.PASS, Outcome.NOTAPPLICABLE)
_STATUS = {outcome: Status(outcome.value) for outcome in Outcome}


class Leniency(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that may soften a failing control, with the moment at which it is asked."""

    waivers: tuple[Waiver, ...]
    policy: WaiverPolicy
    authors: tuple[Person, ...] | None
    now: datetime


def explain(bound: BoundControl, judgement: Judgement, admitted: Admitted, leniency: Leniency) -> ControlResult:
    """Return the record of *bound*: what it found, what counts, and why."""
    spec = bound.control.spec
    coverage = _coverage(bound, judgement, admitted, leniency)
    status = _status(bound, judgement.outcome, coverage, admitted.now)
    remaining = coverage.remaining if coverage else judgement.findings
    return ControlResult(
        control=bound.id,
        title=spec.title,
        outcome=judgement.outcome,
        status=status,
        enforcement=bound.enforcement,
        clauses=bound.quotes,
        gates=bound.gates,
        reasons=(*judgement.reasons, *_pending(bound, admitted.now)) if spec.effective_on else judgement.reasons,
        findings=remaining,
        findings_total=len(remaining),
        waived=coverage.waived if coverage else (),
        measurements=judgement.measurements,
        evidence=_cited(bound, admitted),
        needs=bound.kinds,
        waivers=coverage.uses if coverage else (),
        smallest_change=() if judgement.outcome in _FINE else tuple(smallest_change(bound, judgement, remaining)),
        why=spec.why,
        remediation=spec.remediation,
        effort=spec.effort,
        evidence_from=spec.evidence_from,
        mappings=spec.mappings,
    )


def _coverage(bound: BoundControl, judgement: Judgement, admitted: Admitted, leniency: Leniency) -> Coverage | None:
    if judgement.outcome in _FINE or not leniency.waivers:
        return None
    return covers(
        bound.id,
        judgement.findings,
        judgement.outcome,
        leniency.waivers,
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


def _cited(bound: BoundControl, admitted: Admitted) -> tuple[EvidenceUse, ...]:
    if len(bound.kinds) == 1:
        return admitted.uses.get(bound.kinds[0], ())
    return tuple(use for kind in bound.kinds for use in admitted.uses.get(kind, ()))


def smallest_change(bound: BoundControl, judgement: Judgement, remaining: tuple[Finding, ...]) -> Iterator[str]:
    """Yield the fewest changes that would turn the control green, one sentence each.

    For a typed limit this is exact: thresholds are monotone, so moving the value to its bound is enough.
    """
    if judgement.outcome in (Outcome.UNKNOWN, Outcome.ERROR):
        command = bound.control.spec.evidence_from
        if judgement.lacking or not judgement.reasons:
            yield f"produce the evidence: {command}" if command else "produce the missing evidence"
        else:
            yield f"let the evidence decide: {judgement.reasons[0]}"
        return
    breached = tuple(measured for measured in judgement.measurements if not measured.holds)
    for measured in breached:
        yield _move(measured)
    others = [finding for finding in remaining if finding.rule not in {measured.fact for measured in breached}]
    fixes = list(dict.fromkeys(finding.fix for finding in others if finding.fix))
    yield from fixes[:3]
    unfixed = sum(1 for finding in others if not finding.fix)
    if unfixed:
        yield f"resolve {unfixed} finding{'s' if unfixed > 1 else ''}"


def _move(measured: Measurement) -> str:
    verb = {Op.GE: "raise", Op.GT: "raise", Op.LE: "lower", Op.LT: "lower", Op.EQ: "bring"}[measured.op]
    return (
        f"{verb} {measured.fact} from {shown(measured.value, measured)} "
        f"to {measured.op.words} {shown(measured.bound, measured)}"
    )
