"""The verdict for a person at a terminal: what closes a gate first, each with its clause and its evidence."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from standfast.model import ControlResult, Status, Verdict
from standfast.report.parts.bundle import Bundle, bundles, reasons_of
from standfast.report.parts.lines import EMPTY, Line, Span, clamp, hanging, to_bytes, to_console
from standfast.report.parts.order import (
    WORDS,
    GateGroup,
    closed_without_reason,
    counts,
    groups,
    home,
    is_closing,
    ordered,
    tally,
)
from standfast.report.parts.reason import (
    deciding_clause,
    evidence_words,
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

NAMED = 4
"""So many controls that are told elsewhere are named; more are counted."""

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
    bare = dict(closed_without_reason(verdict))
    gates = {gate.gate for gate in verdict.gates}
    for group in groups(verdict):
        yield EMPTY
        yield from _gate(group, gates, bare.pop(group.gate, ""), width)
    yield from _around(verdict, bare, width)
    yield EMPTY
    yield from _hint(verdict, width)
    yield from _last(verdict, width)


def _head(verdict: Verdict, width: int) -> Iterator[Line]:
    moment = f"{verdict.decided_at:%Y-%m-%d %H:%M:%S} UTC"
    yield from hanging((Span(f"{'subject':<{_KIND}}", "label"),), about(verdict.subject), width=width)
    standard = f"{verdict.standard} {verdict.standard_version}, decided {moment} by standfast {verdict.engine}"
    yield from hanging((Span(f"{'standard':<{_KIND}}", "label"),), standard, width=width)


def _gate(group: GateGroup, gates: set[str], bare: str, width: int) -> Iterator[Line]:
    word = WORDS[group.status]
    head = (Span(f"{word:<8} ", word), Span(group.gate, "name"), Span("  "))
    yield from hanging(head, tally(group.counts()), style="label", width=width)
    if group.text and not group.status.opens:
        yield from hanging((Span(" " * 9),), f'"{group.text}"', style="quote", width=width)
    if bare:
        yield from hanging((Span(" " * 9),), bare, width=width)
    told = [result for result in group.results if result.status not in (Status.PASS, Status.NOTAPPLICABLE)]
    elsewhere: dict[str, list[str]] = {}
    here = []
    for result in told:
        place = home(result, gates)
        if place == group.gate:
            here.append(result)
        else:
            elsewhere.setdefault(place, []).append(result.control)
    for bundle in bundles(here):
        yield from _bundle(bundle, group, width)
    for place, names in elsewhere.items():
        shown = ", ".join(names) if len(names) <= NAMED else plural(len(names), "control")
        yield from hanging((Span(" " * 9), Span(f"under {place}: ", "label")), shown, width=width)


def _bundle(bundle: Bundle, group: GateGroup, width: int) -> Iterator[Line]:
    result = bundle[0]
    word = WORDS[result.status]
    name = result.control if len(bundle) == 1 else plural(len(bundle), "control")
    start = (Span(f"  {word:<{_INDENT - 2}}", word), Span(name, "name"), Span("  "))
    reasons = reasons_of(bundle)
    yield from hanging(start, reasons[0] if reasons else "", width=width)
    if result.status in (Status.WARN, Status.WAIVED):
        for use in result.waivers:
            yield from _labelled("waiver", waiver_words(use), width)
        return
    for cause in reasons[1:]:
        yield from hanging((Span(" " * _INDENT),), cause, width=width)
    if len(bundle) > 1:
        yield from _labelled("controls", ", ".join(one.control for one in bundle), width, style="name")
    yield from _items(result, width)
    yield from _proof(bundle, group, width)


def _items(result: ControlResult, width: int) -> Iterator[Line]:
    if total(result) < 2:
        return
    for finding in result.findings[:LISTED]:
        yield from hanging((Span(" " * _INDENT), Span("- ")), sentence(finding), width=width)
    rest = total(result) - min(len(result.findings), LISTED)
    if rest:
        yield Span(" " * _INDENT), Span(f"- and {rest:,} more", "label")


def _proof(bundle: Bundle, group: GateGroup, width: int) -> Iterator[Line]:
    result = bundle[0]
    clauses = {clause.id: clause for clause in map(deciding_clause, bundle) if clause is not None}
    if len(bundle) > 1:
        clauses = {key: clause for key, clause in clauses.items() if clause.text != group.text}
    for clause in list(clauses.values())[:LISTED]:
        yield from _labelled("clause", f'{clause.id}: "{clause.text}"', width)
    if len(clauses) > LISTED:
        yield from _labelled("", f"and {plural(len(clauses) - LISTED, 'more clause')}", width)
    said = "\n".join(reasons_of(bundle))
    for use in result.evidence:
        yield from _labelled("evidence", evidence_words(use, said), width)
    for waiver in result.waivers:
        yield from _labelled("waiver", waiver_words(waiver), width)
    for change in result.smallest_change[:LISTED]:
        yield from _labelled("to green", change, width)
    yield from _labelled("more", more(result), width, style="command")


def _labelled(label: str, text: str, width: int, style: str = "") -> Iterator[Line]:
    yield from hanging((Span(" " * _INDENT), Span(f"{label:<{_LABEL}}", "label")), text, style=style, width=width)


def _around(verdict: Verdict, bare: dict[str, str], width: int) -> Iterator[Line]:
    found = remarks(verdict)
    if bare or found:
        yield EMPTY
    for text in bare.values():
        yield from hanging((Span(f"{'unknown':<{_KIND}}", "unknown"),), text, width=width)
    for remark in found:
        yield from hanging((Span(f"{remark.kind:<{_KIND}}", "warn"),), remark.text, width=width)
        if remark.hint:
            yield from hanging((Span("hint: ", "hint"),), remark.hint, width=width)


def _hint(verdict: Verdict, width: int) -> Iterator[Line]:
    closing = [result for result in ordered(verdict.results) if is_closing(result)]
    failing = next((result for result in closing if result.status is Status.FAIL and result.remediation), None)
    undecided = max(bundles(closing), key=len, default=())
    if failing is not None:
        hint = f"start with {failing.control}: {failing.remediation}"
    elif undecided and undecided[0].smallest_change:
        hint = f"{undecided[0].smallest_change[0]} ({plural(len(undecided), 'control')})"
    else:
        return
    yield from hanging((Span("hint: ", "hint"),), hint, width=width)


def _last(verdict: Verdict, width: int) -> Iterator[Line]:
    head = (Span(f"{'controls':<{_KIND}}", "label"),)
    yield from hanging(head, tally(counts(verdict.results)), width=width)
    word = WORDS[verdict.status]
    closed = sum(not gate.status.opens for gate in verdict.gates)
    gates = f": {closed} of {plural(len(verdict.gates), 'gate')} closed" if verdict.gates else ""
    yield Span(f"{'verdict':<{_KIND}}", "label"), Span(word, word), Span(f", exit {verdict.exit_code}{gates}", "name")
