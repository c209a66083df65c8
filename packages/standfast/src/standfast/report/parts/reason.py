"""Sentences about one result: why it stands as it does, on which evidence, by which clause."""

import re
from collections.abc import Iterator

from standfast.model import ClauseQuote, ControlResult, EvidenceUse, Finding, Limit, Outcome, WaiverUse, written
from standfast.model.waiver import UNSIGNED
from standfast.report.parts.text import age, plural, short

_BY_COUNT = re.compile(r"resolve [\d,]+ finding")


def total(result: ControlResult) -> int:
    """Return the exact number of findings that count, listed or not."""
    return max(result.findings_total, len(result.findings))


def headline(result: ControlResult) -> str:
    """Return the first reason why the result is not a pass; empty for a pass."""
    return next(iter(causes(result)), "")


def causes(result: ControlResult) -> Iterator[str]:
    """Yield every reason, without the tool's own findings where they are many."""
    if result.outcome in (Outcome.UNKNOWN, Outcome.ERROR, Outcome.NOTAPPLICABLE):
        yield from result.reasons
        return
    breaches = [str(measured) for measured in result.measurements if not measured.holds]
    yield from breaches
    said = set(breaches)
    items = [finding for finding in result.findings or result.waived if finding.message not in said]
    count = total(result) - (len(result.findings) - len(items)) if result.findings else len(items)
    if len(items) == 1 and count == 1:
        yield sentence(items[0])
    elif count:
        yield plural(count, "more finding" if breaches else "finding")
    yield from result.reasons


def sentence(finding: Finding) -> str:
    """Return a finding as one line: place, rule, message."""
    place = f"{finding.location}: " if finding.location else ""
    rule = f"{finding.rule}: " if finding.rule and not finding.message.startswith(finding.rule) else ""
    return f"{place}{rule}{finding.message}"


def deciding_clause(result: ControlResult) -> ClauseQuote | None:
    """Return the clause that decided: whose limit was broken, else the first that is no gate, else the gate's own."""
    for measured in result.measurements:
        if measured.holds:
            continue
        for clause in result.clauses:
            if clause.id == measured.clause or any(limit.fact == measured.fact for limit in clause.limits):
                return clause
    specific = (clause for clause in result.clauses if not _is_gate(clause, result.gates))
    return next(specific, result.clauses[0] if result.clauses else None)


def _is_gate(clause: ClauseQuote, gates: tuple[str, ...]) -> bool:
    """Whether the clause is a gate itself, rather than a sentence about one thing."""
    return clause.id.rpartition(".")[2] in gates


def limit_words(limit: Limit) -> str:
    """Return a limit as it reads: fact, bound, window."""
    window = f" for {age(int(limit.window_s))}" if limit.window_s else ""
    return f"{limit.fact} {limit.op.words} {written(limit.bound, limit.unit)}{window}"


def evidence_words(use: EvidenceUse, said: str = "") -> str:
    """Return a statement in a few words; why it does not count is left out where *said* has it already."""
    tool = f"{use.tool} {use.version}".strip()
    line = f"{use.kind} by {tool}, {age(use.age_s)} old, {short(use.digest)}"
    if not use.refused:
        return line
    return f"{line}; does not count" if use.refused in said else f"{line}; does not count: {use.refused}"


def waiver_words(use: WaiverUse) -> str:
    """Return a waiver in a few words: applied to what, or refused and why."""
    told = waiver_facts(use)
    name = f"{use.id} ({told})" if told else use.id
    if use.applied:
        return f"{name} covers {plural(use.findings, 'finding')}: {use.why}"
    return f"{name} refused: {use.why}"


def waiver_facts(use: WaiverUse) -> str:
    """Return how a waiver is signed, and which of its uses this is; nothing where the verdict does not say."""
    signed = use.signature if use.signature in ("", UNSIGNED) else f"signed with {use.signature}"
    which = f"use {use.use} of {use.uses}" if use.use else ""
    return ", ".join(filter(None, (signed, which)))


def exact_changes(result: ControlResult) -> tuple[str, ...]:
    """Return the smallest changes that say what to change, without those that only count findings."""
    return tuple(change for change in result.smallest_change if not _BY_COUNT.match(change))


def more(result: ControlResult) -> str:
    """Return the command that shows the whole explanation of one control."""
    return f"standfast explain {result.control}"
