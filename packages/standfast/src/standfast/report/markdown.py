"""Markdown for a pull-request comment: what closes a gate, folded, always below the limit of a comment."""

from collections.abc import Iterator

from standfast.model import ControlResult, Status, Verdict
from standfast.report.parts.bundle import Bundle, bundles, reasons_of
from standfast.report.parts.markup import code, inline_html, text
from standfast.report.parts.order import (
    WORDS,
    GateGroup,
    closed_without_reason,
    counts,
    groups,
    is_closing,
    ordered,
    tally,
)
from standfast.report.parts.reason import (
    deciding_clause,
    evidence_words,
    more,
    total,
    waiver_words,
)
from standfast.report.parts.remarks import remarks
from standfast.report.parts.text import about, cut, plural

FORMAT = "markdown"
SUFFIX = ".md"

COMMENT_BYTES = 65_000
"""GitHub refuses a comment of 65,536 characters or more; bytes are never fewer than characters."""

LISTED = 10
MESSAGE = 300

MARKER = "<!-- standfast verdict -->"
"""The first line, by which a later run finds the comment to replace."""

GATES = 40
REMARKS = 15
BARE = 12

SIGNS = {
    Status.FAIL: "❌",
    Status.ERROR: "⛔",
    Status.UNKNOWN: "❔",
    Status.WARN: "⚠️",
    Status.WAIVED: "🔷",
    Status.PASS: "✅",
    Status.NOTAPPLICABLE: "⚪",
}
"""Beside a word each time, never instead of it."""


def render(verdict: Verdict) -> bytes:
    """Return the comment, below 65,536 characters whatever the verdict holds."""
    return within(verdict, limit=COMMENT_BYTES, listed=LISTED)


def within(verdict: Verdict, *, limit: int, listed: int) -> bytes:
    """Return as much of the verdict as fits into *limit* bytes; what is left out is counted."""
    head, tail = list(_head(verdict)), list(_tail(verdict))
    found = bundles(result for result in ordered(verdict.results) if _is_shown(result))
    sections = ["\n".join(_section(bundle, listed)) for bundle in found]
    room = limit - _size([*head, *tail, _left_out(len(sections))])
    kept = []
    for section in sections:
        room -= _size([section])
        if room < 0:
            break
        kept.append(section)
    left = [_left_out(len(sections) - len(kept))] if len(kept) < len(sections) else []
    return "\n".join([*head, *kept, *left, *tail, ""]).encode()


def _size(rows: list[str]) -> int:
    return sum(len(row.encode()) + 1 for row in rows)


def _left_out(count: int) -> str:
    return f"\n_{plural(count, 'more control')} did not fit here; the HTML report has all of them._\n"


def _is_shown(result: ControlResult) -> bool:
    return result.status not in (Status.PASS, Status.NOTAPPLICABLE)


def _head(verdict: Verdict) -> Iterator[str]:
    yield MARKER
    yield f"## {SIGNS[verdict.status]} Production standard: {WORDS[verdict.status]}"
    yield ""
    yield f"{tally(counts(verdict.results)).capitalize()}. Exit code {verdict.exit_code}."
    yield ""
    yield "| gate | status | controls |"
    yield "| --- | --- | --- |"
    shown = groups(verdict)
    for group in shown[:GATES]:
        yield _row(group)
    if len(shown) > GATES:
        yield f"| {len(shown) - GATES} more gates | | |"
    yield ""
    for gate, words in closed_without_reason(verdict)[:BARE]:
        yield f"- {SIGNS[Status.UNKNOWN]} {code(cut(gate, 80))}: {text(cut(words, MESSAGE))}"


def _row(group: GateGroup) -> str:
    name = code(cut(group.gate, 80)).replace("|", "\\|")
    return f"| {name} | {SIGNS[group.status]} {WORDS[group.status]} | {tally(group.counts())} |"


def _section(bundle: Bundle, listed: int) -> Iterator[str]:
    result = bundle[0]
    name = result.control if len(bundle) == 1 else plural(len(bundle), "control")
    label = f"{SIGNS[result.status]} {WORDS[result.status]} <b>{inline_html(cut(name, 80))}</b>"
    yield ""
    reasons = reasons_of(bundle)
    yield f"<details><summary>{label} {inline_html(cut(reasons[0] if reasons else '', MESSAGE))}</summary>"
    yield ""
    yield from _quote(result)
    for cause in reasons[:listed]:
        yield f"- {text(cut(cause, MESSAGE))}"
    yield from _items(result, listed)
    if len(bundle) > 1:
        yield from (f"  - {code(cut(one.control, 80))} {text(cut(one.title, MESSAGE))}" for one in bundle[:listed])
    if len(bundle) > listed:
        yield f"  - and {plural(len(bundle) - listed, 'more control')}"
    yield ""
    yield from _facts(result)
    yield code(more(result))
    yield ""
    yield "</details>"


def _quote(result: ControlResult) -> Iterator[str]:
    clause = deciding_clause(result)
    if clause is None:
        return
    yield f"> {text(cut(clause.text, MESSAGE))}"
    yield f"> — {code(cut(clause.id, 120))}, {text(cut(clause.source, 120))} line {clause.line}"
    yield ""


def _items(result: ControlResult, listed: int) -> Iterator[str]:
    count = total(result)
    if count < 2:
        return
    for finding in result.findings[:listed]:
        place = f"{code(cut(str(finding.location), 160))} " if finding.location else ""
        rule = f"{code(cut(finding.rule, 60))} " if finding.rule else ""
        yield f"  - {place}{rule}{text(cut(finding.message, MESSAGE))}"
    rest = count - min(len(result.findings), listed)
    if rest:
        yield f"  - and {rest:,} more"


def _facts(result: ControlResult) -> Iterator[str]:
    rows = [("evidence", evidence_words(use, "\n".join(result.reasons))) for use in result.evidence[:5]]
    rows += [("waiver", waiver_words(use)) for use in result.waivers[:5]]
    rows += [("to green", change) for change in result.smallest_change[:3]]
    if is_closing(result) and result.remediation:
        rows.append(("how to fix", f"{result.remediation} (effort: {result.effort})"))
    for label, words in rows:
        yield f"**{label}** {text(cut(words, MESSAGE))}  "


def _tail(verdict: Verdict) -> Iterator[str]:
    found = remarks(verdict)
    if found:
        yield ""
        yield f"<details><summary>{plural(len(found), 'remark')}</summary>"
        yield ""
        for remark in found[:REMARKS]:
            hint = f"; {text(cut(remark.hint, MESSAGE))}" if remark.hint else ""
            yield f"- **{remark.kind}** {text(cut(remark.text, MESSAGE))}{hint}"
        if len(found) > REMARKS:
            yield f"- and {len(found) - REMARKS:,} more"
        yield ""
        yield "</details>"
    yield ""
    standard = text(cut(f"{verdict.standard} {verdict.standard_version}", 120))
    moment = f"{verdict.decided_at:%Y-%m-%d %H:%M} UTC"
    engine = text(cut(verdict.engine, 40))
    yield f"<sub>{standard}, {text(cut(about(verdict.subject), 300))}, decided {moment} by standfast {engine}</sub>"
