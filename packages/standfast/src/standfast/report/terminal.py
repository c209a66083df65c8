"""The verdict for a person at a terminal: what fails with its proof, what is undecided by what would decide it."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from standfast.model import ClauseQuote, ControlResult, Status, Verdict
from standfast.report.parts.lines import EMPTY, Line, Span, clamp, hanging, to_bytes, to_console
from standfast.report.parts.order import (
    OTHER,
    WORDS,
    closed_without_reason,
    counts,
    groups,
    is_closing,
    ordered,
    tally,
)
from standfast.report.parts.reason import (
    causes,
    deciding_clause,
    evidence_words,
    exact_changes,
    headline,
    sentence,
    total,
    waiver_words,
)
from standfast.report.parts.remarks import remarks
from standfast.report.parts.text import about, plural
from standfast.report.parts.undecided import Step, Way, steps

if TYPE_CHECKING:
    from rich.console import Console

FORMAT = "terminal"
SUFFIX = ".txt"

LISTED = 3
"""So many offending items of one control are shown; `standfast explain` shows more."""

ASKED = 8
"""So many controls that were asked for by name are all told in full, whatever came of them."""

_INDENT = 11
_LABEL = 10
_KIND = 11
_LET_DECIDE = "let the evidence decide: "  # followed by the reason, which stands above already
_OF_THE_WHOLE = ("unresolved", "unbound")  # remarks on the standard, which a run over a part of it need not repeat


def render(verdict: Verdict, width: int = 100) -> bytes:
    """Return the verdict as plain text, readable without colour, at most *width* columns where words allow."""
    return to_bytes(lines(verdict, clamp(width)))


def render_rich(verdict: Verdict, console: "Console") -> None:
    """Print the verdict on *console*, the same words as `render`, with styles."""
    to_console(lines(verdict, clamp(console.width)), console)


def lines(verdict: Verdict, width: int) -> Iterator[Line]:
    """Yield the whole report."""
    asked = _asked_for(verdict)
    told = [result for result in _in_order(verdict) if result.control in asked or _is_told(result)]
    waiting = [result for result in ordered(verdict.results) if result.status is Status.UNKNOWN]
    parts = (
        _head(verdict, width),
        _told(told, width),
        _waiting([result for result in waiting if result.control not in asked], width),
        _softened(verdict, width),
        _around(verdict, width),
        _gates(verdict, width),
    )
    for part in parts:
        rows = list(part)
        if rows:
            yield from rows
            yield EMPTY
    yield from _hints(verdict, width)
    yield from _last(verdict, width)


def _asked_for(verdict: Verdict) -> frozenset[str]:
    """Return the controls that were asked for by name, unless they are many."""
    named = frozenset(verdict.selection) & {result.control for result in verdict.results}
    return named if len(named) <= ASKED else frozenset()


def _is_told(result: ControlResult) -> bool:
    return result.status in (Status.FAIL, Status.ERROR)


def _in_order(verdict: Verdict) -> tuple[ControlResult, ...]:
    """Return the results worst first, and then in the order of the gates, so that what belongs together stands so."""
    place = {gate.gate: number for number, gate in enumerate(verdict.gates)}
    last = len(place)
    rank = {result.control: number for number, result in enumerate(ordered(verdict.results))}
    status = {word: number for number, word in enumerate(WORDS)}
    return tuple(
        sorted(
            verdict.results,
            key=lambda result: (
                status[result.status],
                min((place.get(gate, last) for gate in result.gates), default=last),
                rank[result.control],
            ),
        )
    )


def _head(verdict: Verdict, width: int) -> Iterator[Line]:
    moment = f"{verdict.decided_at:%Y-%m-%d %H:%M:%S} UTC"
    yield from _row("subject", about(verdict.subject), width)
    standard = f"{verdict.standard} {verdict.standard_version}, decided {moment} by standfast {verdict.engine}"
    yield from _row("standard", standard, width)


def _told(results: Iterable[ControlResult], width: int) -> Iterator[Line]:
    quoted = ""
    for result in results:
        yield from _first_line(result, width)
        if result.status is Status.PASS:
            continue
        for cause in list(causes(result))[1:]:
            yield from hanging((Span(" " * _INDENT),), cause, width=width)
        yield from _items(result, width)
        clause = deciding_clause(result)
        yield from _clause(clause, quoted, width)
        yield from _proof(result, width)
        quoted = clause.id if clause is not None else ""


def _first_line(result: ControlResult, width: int) -> Iterator[Line]:
    word = WORDS[result.status]
    start = (Span(f"  {word:<{_INDENT - 2}}", word), Span(result.control, "name"), Span("  "))
    reason = headline(result) or "; ".join(str(value) for value in result.measurements)
    yield from _beside_or_below(start, reason, _INDENT, width)


def _beside_or_below(start: Line, text: str, indent: int, width: int) -> Iterator[Line]:
    """Yield *text* after *start* where both fit in one row, else in rows of its own."""
    if sum(len(span.text) for span in start) + len(text) <= width:
        yield from hanging(start, text, width=width)
    else:
        yield start[:-1]
        yield from hanging((Span(" " * indent),), text, width=width)


def _items(result: ControlResult, width: int) -> Iterator[Line]:
    said = set(causes(result))
    shown = [finding for finding in result.findings if finding.message not in said]
    if len(shown) == 1 and sentence(shown[0]) in said:
        shown = []
    for finding in shown[:LISTED]:
        yield from hanging((Span(" " * _INDENT), Span("- ")), sentence(finding), width=width)
    rest = total(result) - len(result.findings) + max(len(shown) - LISTED, 0)
    if rest > 0:
        yield Span(" " * _INDENT), Span(f"- and {rest:,} more", "label")


def _clause(clause: ClauseQuote | None, quoted: str, width: int) -> Iterator[Line]:
    if clause is None:
        return
    words = f"{clause.id}, as above" if clause.id == quoted else f'{clause.id}: "{clause.text}"'
    yield from _labelled("clause", words, width)


def _proof(result: ControlResult, width: int) -> Iterator[Line]:
    said = "\n".join(causes(result))
    for use in result.evidence[:LISTED]:
        yield from _labelled("evidence", evidence_words(use, said), width)
    for waiver in result.waivers:
        yield from _labelled("waiver", waiver_words(waiver), width)
    exact = exact_changes(result) if result.remediation else result.smallest_change
    for change in exact[:LISTED]:
        if not change.startswith(_LET_DECIDE):
            yield from _labelled("to green", change, width)
        elif result.evidence_from:
            yield from _labelled("to green", f"produce the evidence: {result.evidence_from}", width)
    if exact != result.smallest_change:
        yield from _labelled("fix", result.remediation, width)
    if is_closing(result) and len(result.gates) > 1:
        yield from _labelled("closes", ", ".join(result.gates), width)


def _waiting(results: list[ControlResult], width: int) -> Iterator[Line]:
    if results:
        head = (Span(f"{'undecided':<{_KIND}}", "unknown"), Span(plural(len(results), "control"), "name"))
        yield *head, Span(", by what they wait for", "label")
    for step in steps(results):
        yield from _step(step, width)


def _step(step: Step, width: int) -> Iterator[Line]:
    first = step.results[0]
    if len(step.results) == 1:
        start = (Span("  "), Span(first.control, "name"), Span("  "))
        yield from _beside_or_below(start, step.text, 4, width)
        return
    yield from hanging((Span("  "), Span(f"{plural(len(step.results), 'control')}  ", "name")), step.text, width=width)
    yield Span(" " * 4), Span(_names(step, width - 4), "label")


def _names(step: Step, room: int) -> str:
    """Return the controls of *step*, as many as fit in *room*; the others are counted."""
    names = [result.control for result in step.results]
    for count in range(len(names), 1, -1):
        rest = len(names) - count
        text = ", ".join(names[:count]) + (f" and {rest} more" if rest else "")
        if len(text) <= room:
            return text
    return f"{names[0]} and {len(names) - 1} more"


def _softened(verdict: Verdict, width: int) -> Iterator[Line]:
    for result in _in_order(verdict):
        if result.status not in (Status.WARN, Status.WAIVED) or result.control in _asked_for(verdict):
            continue
        yield from _first_line(result, width)
        for use in result.waivers:
            yield from _labelled("waiver", waiver_words(use), width)


def _around(verdict: Verdict, width: int) -> Iterator[Line]:
    for remark in remarks(verdict):
        if verdict.selection and remark.kind in _OF_THE_WHOLE:
            continue
        yield from hanging((Span(f"{remark.kind:<{_KIND}}", "warn"),), remark.text, width=width)
        if remark.hint:
            yield from hanging((Span("hint: ", "hint"),), remark.hint, width=width)


def _gates(verdict: Verdict, width: int) -> Iterator[Line]:
    """Yield one line per gate, closed ones first, and why a gate is closed that none of its controls closes."""
    bare = dict(closed_without_reason(verdict))
    broad = max((len(gate.gate) for gate in verdict.gates), default=0)
    for group in groups(verdict):
        if group.gate == OTHER:
            continue
        word = WORDS[group.status]
        head = (Span(f"{word:<8} ", word), Span(f"{group.gate:<{broad}}", "name"), Span("  "))
        yield from hanging(
            head,
            bare.pop(group.gate, "").replace(f" of gate {group.gate}", "") or tally(group.counts()),
            style="label",
            width=width,
        )
    if verdict.gates and (loose := _after_the_gates(verdict)):
        word = WORDS[loose[0].status]
        words = f"{tally(counts(loose))}; about what comes after the gates, and closes none"
        yield from hanging(
            (Span(f"{word:<8} ", word), Span(f"{OTHER:<{broad}}", "name"), Span("  ")), words, width=width
        )
    for text in bare.values():
        yield from hanging((Span(f"{'unknown':<{_KIND}}", "unknown"),), text, width=width)


def _after_the_gates(verdict: Verdict) -> list[ControlResult]:
    """Return the results that serve no gate, unless none of them applies."""
    loose = [result for result in ordered(verdict.results) if not result.gates]
    return loose if any(result.status is not Status.NOTAPPLICABLE for result in loose) else []


def _hints(verdict: Verdict, width: int) -> Iterator[Line]:
    closing = [result for result in _in_order(verdict) if is_closing(result)]
    failing = [result for result in closing if result.status is Status.FAIL and result.remediation]
    if len(failing) > LISTED:
        easiest = min(failing, key=lambda result: ("low", "medium", "high").index(result.effort))
        yield from _hint(f"start with {easiest.control}: {easiest.remediation}", width)
    asked = _asked_for(verdict)
    undecided = steps(result for result in closing if result.status is Status.UNKNOWN and result.control not in asked)
    if undecided and undecided[0].way is Way.NOW:
        count = len(undecided[0].results)
        wait = "control waits" if count == 1 else "controls wait"
        yield from _hint(f"{count} {wait} for this: {undecided[0].text}", width)
    if closing:
        shown = closing[0].control if len(closing) == 1 else "CONTROL"
        yield from _hint(f"`standfast explain {shown}` tells all about one control", width)


def _hint(text: str, width: int) -> Iterator[Line]:
    yield from hanging((Span("hint: ", "hint"),), text, width=width)


def _last(verdict: Verdict, width: int) -> Iterator[Line]:
    yield from _row("controls", tally(counts(verdict.results)), width)
    word = WORDS[verdict.status]
    closed = sum(not gate.status.opens for gate in verdict.gates)
    gates = f": {closed} of {plural(len(verdict.gates), 'gate')} closed" if verdict.gates else ""
    yield Span(f"{'verdict':<{_KIND}}", "label"), Span(word, word), Span(f", exit {verdict.exit_code}{gates}", "name")


def _row(label: str, text: str, width: int) -> Iterator[Line]:
    yield from hanging((Span(f"{label:<{_KIND}}", "label"),), text, width=width)


def _labelled(label: str, text: str, width: int, style: str = "") -> Iterator[Line]:
    yield from hanging((Span(" " * _INDENT), Span(f"{label:<{_LABEL}}", "label")), text, style=style, width=width)
