"""Judge one control against the evidence that is there.

The rule of the house: only proof passes. Missing evidence, evidence about something else, and evidence that was
cut short are ``unknown``; what cut-short evidence *does* find still fails.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import msgspec

from standfast.gates.bind import BoundControl, Need
from standfast.model import (
    Doubt,
    Evidence,
    EvidenceUse,
    Finding,
    Measurement,
    Outcome,
    Profile,
    Statement,
    Subject,
)

CLOCK_TOLERANCE = timedelta(minutes=5)
"""Evidence may be this much younger than the decision before the clock is held to be wrong."""


_TIME = "%Y-%m-%d %H:%M:%SZ"


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """A collector or importer that produced no evidence: which kind, which tool, and why.

    ``crashed`` tells a tool that broke (outcome ``error``) from one that could not be run (``unknown``). ``silent``
    says that the tool had nothing to do here: a probe for which the kind is optional may decide without it.
    """

    kind: str
    tool: str
    reason: str
    hint: str = ""
    crashed: bool = True
    silent: bool = False


class Admitted(msgspec.Struct, frozen=True, kw_only=True):
    """The evidence about one subject at one moment, sorted by whether it may count.

    ``doubts`` (by kind) say why nothing of that kind may pass, ``refused`` (by digest) why a statement does not count
    at all. ``suspect`` are the kinds with a doubt or a failure; ``uses`` is how each kind is cited in a record.
    """

    subject: Subject
    profile: Profile
    now: datetime
    by_kind: Mapping[str, tuple[Statement, ...]]
    doubts: Mapping[str, tuple[str, ...]]
    refused: Mapping[str, str]
    refused_statements: Mapping[str, tuple[Statement, ...]]
    failures: Mapping[str, tuple[Failure, ...]]
    uses: Mapping[str, tuple[EvidenceUse, ...]]
    kinds: frozenset[str]
    suspect: frozenset[str]

    def statements(self) -> tuple[Statement, ...]:
        """Return every statement that counts, in a fixed order."""
        return tuple(statement for kind in sorted(self.by_kind) for statement in self.by_kind[kind])


class Judgement(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a control found, before waivers and enforcement; ``lacking`` says that evidence was not there at all."""

    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    reasons: tuple[str, ...] = ()
    lacking: bool = False


PASSED = Judgement(Outcome.PASS)


def admit(
    statements: Iterable[Statement],
    *,
    subject: Subject,
    profile: Profile,
    now: datetime,
    failures: Iterable[Failure] = (),
) -> Admitted:
    """Return *statements* sorted by whether they may count for *subject* at *now*."""
    by_kind: dict[str, list[Statement]] = {}
    doubts: dict[str, list[str]] = {}
    refused: dict[str, str] = {}
    refused_statements: dict[str, list[Statement]] = {}
    unique = {statement.digest: statement for statement in statements}
    for _, statement in sorted(unique.items()):
        refusal = _refusal(statement, subject, now)
        if refusal is not None:
            refused[statement.digest] = refusal
            refused_statements.setdefault(statement.kind, []).append(statement)
            continue
        by_kind.setdefault(statement.kind, []).append(statement)
        doubts.setdefault(statement.kind, []).extend(_doubts(statement))
    broken: dict[str, list[Failure]] = {}
    for failure in failures:
        broken.setdefault(failure.kind, []).append(failure)
    return Admitted(
        uses={
            kind: tuple(_uses(by_kind.get(kind, ()), refused_statements.get(kind, ()), refused, now))
            for kind in {*by_kind, *refused_statements}
        },
        kinds=frozenset(by_kind),
        suspect=frozenset(broken).union(kind for kind, found in doubts.items() if found),
        subject=subject,
        profile=profile,
        now=now,
        by_kind={kind: tuple(found) for kind, found in by_kind.items()},
        doubts={kind: tuple(found) for kind, found in doubts.items() if found},
        refused=refused,
        refused_statements={kind: tuple(found) for kind, found in refused_statements.items()},
        failures={kind: tuple(found) for kind, found in broken.items()},
    )


def _uses(
    counted: Iterable[Statement], left_out: Iterable[Statement], refused: Mapping[str, str], now: datetime
) -> Iterator[EvidenceUse]:
    for statement in (*counted, *left_out):
        yield EvidenceUse(
            kind=statement.kind,
            digest=statement.digest,
            tool=statement.producer.tool,
            version=statement.producer.version,
            produced_at=statement.produced_at,
            age_s=int((now - statement.produced_at).total_seconds()),
            refused=refused.get(statement.digest) or "; ".join(statement.problems),
        )


def _refusal(statement: Statement, subject: Subject, now: datetime) -> str | None:
    mismatch = subject.mismatch(statement.subject)
    if mismatch is not None:
        return mismatch
    if statement.produced_at - now > CLOCK_TOLERANCE:
        return f"was produced at {statement.produced_at:{_TIME}}, after the decision at {now:{_TIME}}"
    return None


def _doubts(statement: Statement) -> Iterator[str]:
    for problem in (*statement.problems, *statement.body.examination.shortfalls()):
        yield f"{statement.producer.tool}: {problem}"


def judge(bound: BoundControl, admitted: Admitted) -> Judgement:
    """Return what *bound* finds in *admitted*; never raises for what a probe does."""
    if bound.control.spec.applies_when:
        excluded = _not_applicable(bound, admitted.profile)
        if excluded is not None:
            return excluded
    if not bound.required <= admitted.kinds:
        return _without_evidence(bound, admitted)
    try:
        findings, measurements, undecided = _run_probe(bound, admitted)
    except Exception as error:  # noqa: BLE001  # one control's error must never hide another's result
        return Judgement(Outcome.ERROR, reasons=(f"the probe failed: {type(error).__name__}: {error}",))
    if findings:
        return Judgement(Outcome.FAIL, tuple(findings), tuple(measurements))
    if undecided or bound.control.spec.max_age_days is not None or not admitted.suspect.isdisjoint(bound.kinds):
        doubts = (*undecided, *_all_doubts(bound, admitted))
        if doubts:
            return Judgement(Outcome.UNKNOWN, (), tuple(measurements), doubts)
    return Judgement(Outcome.PASS, (), tuple(measurements)) if measurements else PASSED


def _without_evidence(bound: BoundControl, admitted: Admitted) -> Judgement:
    lacking = bound.required - admitted.kinds
    crashed = any(failure.crashed for kind in lacking for failure in admitted.failures.get(kind, ()))
    missing = tuple(_missing(bound.control.needs, admitted))
    return Judgement(Outcome.ERROR if crashed else Outcome.UNKNOWN, reasons=missing, lacking=True)


def _not_applicable(bound: BoundControl, profile: Profile) -> Judgement | None:
    for flag in bound.control.spec.applies_when:
        value = profile.flag(flag)
        if value is False:
            line = profile.lines.get(flag, f"{flag} = false")
            return Judgement(Outcome.NOTAPPLICABLE, reasons=(f"the profile says `{line}`",))
        if value is None:
            reason = f"the profile does not say whether `{flag}` is true; add it to standfast.toml"
            return Judgement(Outcome.UNKNOWN, reasons=(reason,))
    return None


def _missing(needs: Iterable[Need], admitted: Admitted) -> Iterator[str]:
    for need in needs:
        kind = need.kind.KIND
        if need.optional or kind in admitted.by_kind:
            continue
        failures = admitted.failures.get(kind, ())
        refused = admitted.refused_statements.get(kind, ())
        yield from (f"{failure.tool}: {failure.reason}" for failure in failures)
        yield from (
            f"evidence from {statement.producer.tool} {admitted.refused[statement.digest]}" for statement in refused
        )
        if not failures and not refused:
            yield f"no evidence of kind {kind}"


def _run_probe(bound: BoundControl, admitted: Admitted) -> tuple[list[Finding], list[Measurement], list[str]]:
    findings: list[Finding] = []
    measurements: list[Measurement] = []
    undecided: list[str] = []
    for found in _answers(bound, admitted):
        if isinstance(found, Measurement):
            measurements.append(found)
            if not found.holds:
                findings.append(breach(found))
        elif isinstance(found, Doubt):
            undecided.append(found.reason)
        else:
            findings.append(found)
    return findings, measurements, undecided


def _answers(bound: BoundControl, admitted: Admitted) -> list[Finding | Measurement | Doubt]:
    """Return what the probe yields for each combination of evidence: the worst of them counts."""
    probe, name = bound.control.probe, bound.sole_need
    if name is not None and bound.evidence_only:
        statements = admitted.by_kind[bound.kinds[0]]
        if len(statements) == 1:  # most probes take one thing, and mostly there is one
            return list(probe(**{name: statements[0].body}))
    return [found for arguments in _arguments(bound, admitted) for found in probe(**arguments)]


def _arguments(bound: BoundControl, admitted: Admitted) -> Iterator[Mapping[str, Any]]:
    fixed = _context(bound, admitted)
    needs = bound.control.needs
    names = [need.name for need in needs]
    for choice in product(*(_offers(need, admitted) for need in needs)):
        yield {**dict(zip(names, choice, strict=True)), **fixed}


def _offers(need: Need, admitted: Admitted) -> tuple[Evidence | None, ...] | tuple[tuple[Evidence, ...], ...]:
    bodies = tuple(statement.body for statement in admitted.by_kind.get(need.kind.KIND, ()))
    if need.many:
        return (bodies,)
    return bodies or (None,)


def _context(bound: BoundControl, admitted: Admitted) -> dict[str, Any]:
    values: dict[str, Any] = {} if bound.params is None else {"params": bound.params}
    context = bound.control.context
    if context:
        offered = {
            "now": lambda: admitted.now,
            "profile": lambda: admitted.profile,
            "subject": lambda: admitted.subject,
            "statements": admitted.statements,
        }
        values.update({name: offered[name]() for name in context})
    return values


def _all_doubts(bound: BoundControl, admitted: Admitted) -> Iterator[str]:
    max_age = bound.control.spec.max_age_days
    optional = {need.kind.KIND for need in bound.control.needs if need.optional}
    for kind in bound.kinds:
        yield from admitted.doubts.get(kind, ())
        for failure in admitted.failures.get(kind, ()):
            if not (failure.silent and kind in optional):
                yield f"{failure.tool}: {failure.reason}"
        if max_age is not None:
            for statement in admitted.by_kind.get(kind, ()):
                age = admitted.now - statement.produced_at
                if age > timedelta(days=max_age):
                    yield f"{statement.producer.tool}: the evidence is {age.days} days old, limit {max_age}"


def breach(measured: Measurement) -> Finding:
    """Return the finding that a measurement outside its bound amounts to."""
    return Finding(message=str(measured), rule=measured.fact)
