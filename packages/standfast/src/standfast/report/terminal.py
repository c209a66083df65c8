"""The verdict for a person at a terminal: what closes a gate first, each with its clause and its evidence."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from standfast.model import ControlResult, Status, Verdict
from standfast.report.parts.lines import EMPTY, Line, Span, clamp, hanging, to_bytes, to_console
from standfast.report.parts.order import WORDS, GateGroup, counts, groups, is_watched, tally
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
from standfast.report.parts.text import about, clean, plural

if TYPE_CHECKING:
    from rich.console import Console

FORMAT = "terminal"
SUFFIX = ".txt"

LISTED = 3
"""So many offending items of one control are shown; `standfast explain` shows more."""

_INDENT = 9
_LABEL = 10


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
    yield from _hints(verdict, width)
    yield _last(verdict)


def _head(verdict: Verdict, width: int) -> Iterator[Line]:
    moment = f"{verdict.decided_at:%Y-%m-%d %H:%M:%S} UTC"
    yield from hanging((Span("subject  ", "label"),), about(verdict.subject), width=width)
    standard = f"{verdict.standard} {verdict.standard_version}, decided {moment} by standfast {verdict.engine}"
    yield from hanging((Span("standard ", "label"),), standard, width=width)


def _gate(group: GateGroup, shown: set[str], width: int) -> Iterator[Line]:
    yield (
        Span(f"{WORDS[group.status]:<8} ", WORDS[group.status]),
        Span(clean(group.gate), "name"),
        Span(f"  {tally(group.counts())}", "label"),
    )
    for result in group.results:
        if result.status in (Status.PASS, Status.NOTAPPLICABLE):
            continue
        if result.control in shown:
            yield _again(result)
            continue
        shown.add(result.control)
        yield from _result(result, group.gate, width)


def _again(result: ControlResult) -> Line:
    word = WORDS[result.status]
    return Span(f"  {word:<7}", word), Span(result.control, "name"), Span("  (above)", "label")


def _result(result: ControlResult, gate: str, width: int) -> Iterator[Line]:
    word = WORDS[result.status]
    start = (Span(f"  {word:<7}", word), Span(result.control, "name"), Span("  "))
    yield from hanging(start, headline(result), width=width)
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
    if not result.evidence and result.evidence_from:
        yield from _labelled("evidence", f"none; `{result.evidence_from}` produces it", width)
    for waiver in result.waivers:
        yield from _labelled("waiver", waiver_words(waiver), width)
    for change in result.smallest_change[:LISTED]:
        yield from _labelled("to green", change, width)
    yield from _labelled("more", more(result), width, style="command")


def _labelled(label: str, text: str, width: int, style: str = "") -> Iterator[Line]:
    yield from hanging((Span(" " * _INDENT), Span(f"{label:<{_LABEL}}", "label")), text, style=style, width=width)


def _around(verdict: Verdict, width: int) -> Iterator[Line]:
    rows = list(_remarks(verdict))
    if not rows:
        return
    yield EMPTY
    for label, text in rows:
        yield from hanging((Span(f"{label:<8} ", "warn"),), text, width=width)


def _remarks(verdict: Verdict) -> Iterator[tuple[str, str]]:
    watched = [result.control for result in verdict.results if is_watched(result)]
    if watched:
        yield (
            "watched",
            f"{plural(len(watched), 'control')} found something that does not count yet: {', '.join(watched)}",
        )
    for override in verdict.overrides:
        way = "loosened" if override.loosens else "tightened"
        why = f", until {override.expires}, by {override.owner}: {override.reason}" if override.loosens else ""
        yield way, f"{override.clause} {override.fact} {override.was:g} -> {override.bound:g} {override.unit}{why}"
    for reference in verdict.unresolved:
        yield "missing", f"{reference.clause} refers to {reference.target}, which resolves to nothing"
    if verdict.unbound:
        yield "unbound", f"{plural(len(verdict.unbound), 'clause')} without a control; `standfast clauses` lists them"
    for notice in verdict.notices:
        yield "notice", f"{notice.message} [{notice.code}]"


def _hints(verdict: Verdict, width: int) -> Iterator[Line]:
    for hint in dict.fromkeys(_hint_texts(verdict)):
        yield from hanging((Span("hint: ", "hint"),), hint, width=width)


def _hint_texts(verdict: Verdict) -> Iterable[str]:
    yield from (notice.hint for notice in verdict.notices if notice.hint)
    first = next((result for group in groups(verdict) for result in group.results if not result.status.opens), None)
    if first is not None and first.remediation and not verdict.status.opens:
        yield f"start with {first.control}: {first.remediation}"


def _last(verdict: Verdict) -> Line:
    word = WORDS[verdict.status]
    return (
        Span(f"{word}", word),
        Span(f"  exit {verdict.exit_code}", "name"),
        Span(f"  {tally(counts(verdict.results))}", "label"),
    )
