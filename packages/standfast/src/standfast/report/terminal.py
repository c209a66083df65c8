"""The verdict for a person at a terminal: what closes a gate first, each with its clause and its evidence."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from standfast.model import ControlResult, Status, Verdict
from standfast.report.parts.bundle import Bundle, bundles
from standfast.report.parts.lines import EMPTY, Line, Span, clamp, hanging, to_bytes, to_console
from standfast.report.parts.order import WORDS, GateGroup, closed_without_reason, counts, groups, is_closing, tally
from standfast.report.parts.reason import (
    causes,
    deciding_clause,
    evidence_words,
    headline,
    more,
    sentence,
    total,
    waiver_words,
)
from standfast.report.parts.remarks import remarks
from standfast.report.parts.text import about, plural

if TYPE_CHECKING:
    from rich.console import Console

FORMAT = "terminal"
SUFFIX = ".txt"

LISTED = 3
"""So many offending items of one control are shown; `standfast explain` shows more."""

_INDENT = 11
_LABEL = 10
_KIND = 11


def render(verdict: Verdict, width: int = 100) -> bytes:
    """Return the verdict as plain text, readable without colour, at most *width* columns where words allow."""
    return to_bytes(lines(verdict, clamp(width)))


def render_rich(verdict: Verdict, console: "Console") -> None:
    """Print the verdict on *console*, the same words as `render`, with styles."""
    to_console(lines(verdict, clamp(console.width)), console)


def lines(verdict: Verdict, width: int) -> Iterator[Line]:
    """Yield the whole report."""
    yield from _head(verdict, width)
    shown: set[str] = set()
    for group in groups(verdict):
        yield EMPTY
        yield from _gate(group, shown, width)
    yield from _around(verdict, width)
    yield EMPTY
    yield from _hint(verdict, width)
    yield from _last(verdict, width)


def _head(verdict: Verdict, width: int) -> Iterator[Line]:
    moment = f"{verdict.decided_at:%Y-%m-%d %H:%M:%S} UTC"
    yield from hanging((Span(f"{'subject':<{_KIND}}", "label"),), about(verdict.subject), width=width)
    standard = f"{verdict.standard} {verdict.standard_version}, decided {moment} by standfast {verdict.engine}"
    yield from hanging((Span(f"{'standard':<{_KIND}}", "label"),), standard, width=width)


def _gate(group: GateGroup, shown: set[str], width: int) -> Iterator[Line]:
    word = WORDS[group.status]
    head = (Span(f"{word:<8} ", word), Span(group.gate, "name"), Span("  "))
    yield from hanging(head, tally(group.counts()), style="label", width=width)
    told = [result for result in group.results if result.status not in (Status.PASS, Status.NOTAPPLICABLE)]
    for bundle in bundles(result for result in told if result.control not in shown):
        yield from _bundle(bundle, group.gate, width)
    again = [result.control for result in told if result.control in shown]
    if again:
        yield from hanging((Span(" " * _INDENT), Span("see above ", "label")), ", ".join(again), width=width)
    shown.update(result.control for result in told)


def _bundle(bundle: Bundle, gate: str, width: int) -> Iterator[Line]:
    result = bundle[0]
    word = WORDS[result.status]
    name = result.control if len(bundle) == 1 else plural(len(bundle), "control")
    start = (Span(f"  {word:<{_INDENT - 2}}", word), Span(name, "name"), Span("  "))
    yield from hanging(start, headline(result), width=width)
    if len(bundle) > 1:
        names = ", ".join(one.control for one in bundle)
        yield from hanging((Span(" " * _INDENT),), names, style="name", width=width)
    if result.status in (Status.WARN, Status.WAIVED):
        for use in result.waivers:
            yield from _labelled("waiver", waiver_words(use), width)
        return
    for cause in list(causes(result))[1:]:
        yield from hanging((Span(" " * _INDENT),), cause, width=width)
    yield from _items(result, width)
    yield from _proof(result, gate, width)


def _items(result: ControlResult, width: int) -> Iterator[Line]:
    if total(result) < 2:
        return
    for finding in result.findings[:LISTED]:
        yield from hanging((Span(" " * _INDENT), Span("- ")), sentence(finding), width=width)
    rest = total(result) - min(len(result.findings), LISTED)
    if rest:
        yield Span(" " * _INDENT), Span(f"- and {rest:,} more", "label")


def _proof(result: ControlResult, gate: str, width: int) -> Iterator[Line]:
    clause = deciding_clause(result, gate)
    if clause is not None:
        yield from _labelled("clause", f'{clause.id}: "{clause.text}"', width)
    for use in result.evidence:
        yield from _labelled("evidence", evidence_words(use), width)
    for waiver in result.waivers:
        yield from _labelled("waiver", waiver_words(waiver), width)
    for change in result.smallest_change[:LISTED]:
        yield from _labelled("to green", change, width)
    yield from _labelled("more", more(result), width, style="command")


def _labelled(label: str, text: str, width: int, style: str = "") -> Iterator[Line]:
    yield from hanging((Span(" " * _INDENT), Span(f"{label:<{_LABEL}}", "label")), text, style=style, width=width)


def _around(verdict: Verdict, width: int) -> Iterator[Line]:
    bare = closed_without_reason(verdict)
    found = remarks(verdict)
    if bare or found:
        yield EMPTY
    for _, text in bare:
        yield from hanging((Span(f"{'unknown':<{_KIND}}", "unknown"),), text, width=width)
    for remark in found:
        yield from hanging((Span(f"{remark.kind:<{_KIND}}", "warn"),), remark.text, width=width)
        if remark.hint:
            yield from hanging((Span("hint: ", "hint"),), remark.hint, width=width)


def _hint(verdict: Verdict, width: int) -> Iterator[Line]:
    first = next((result for group in groups(verdict) for result in group.results if is_closing(result)), None)
    if first is not None and first.remediation:
        yield from hanging((Span("hint: ", "hint"),), f"start with {first.control}: {first.remediation}", width=width)


def _last(verdict: Verdict, width: int) -> Iterator[Line]:
    head = (Span(f"{'controls':<{_KIND}}", "label"),)
    yield from hanging(head, tally(counts(verdict.results)), width=width)
    word = WORDS[verdict.status]
    closed = sum(not gate.status.opens for gate in verdict.gates)
    gates = f": {closed} of {plural(len(verdict.gates), 'gate')} closed" if verdict.gates else ""
    yield Span(f"{'verdict':<{_KIND}}", "label"), Span(word, word), Span(f", exit {verdict.exit_code}{gates}", "name")
