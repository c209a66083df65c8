"""One control in full: everything that made it what it is, and the way out."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from standfast.model import ControlResult, Verdict
from standfast.report.parts.lines import EMPTY, Line, Span, clamp, hanging, to_bytes, to_console
from standfast.report.parts.order import WORDS
from standfast.report.parts.reason import causes, evidence_words, limit_words, sentence, total, waiver_words
from standfast.report.parts.text import about, plural

if TYPE_CHECKING:
    from rich.console import Console

LISTED = 20
"""So many offending items are listed; the count beside them is exact."""

_LABEL = 12


def render(result: ControlResult, verdict: Verdict, width: int = 100) -> bytes:
    """Return the explanation of *result*, which is one of *verdict*'s, as plain text."""
    return to_bytes(lines(result, verdict, clamp(width)))


def render_rich(result: ControlResult, verdict: Verdict, console: "Console") -> None:
    """Print the explanation on *console*, the same words as `render`, with styles."""
    to_console(lines(result, verdict, clamp(console.width)), console)


def lines(result: ControlResult, verdict: Verdict, width: int) -> Iterator[Line]:
    """Yield the whole explanation."""
    word = WORDS[result.status]
    yield Span(f"{word}  ", word), Span(result.control, "name")
    yield from hanging((Span(" " * 2),), result.title, width=width)
    for cause in causes(result):
        yield from hanging((Span(" " * 2),), cause, width=width)
    for part in (_clauses, _measurements, _items, _evidence, _waivers, _way_out, _context):
        rows = list(part(result, verdict, width))
        if rows:
            yield EMPTY
            yield from rows


def _row(label: str, text: str, width: int, style: str = "") -> Iterator[Line]:
    yield from hanging((Span(f"{label:<{_LABEL}}", "label"),), text, style=style, width=width)


def _clauses(result: ControlResult, verdict: Verdict, width: int) -> Iterator[Line]:
    for clause in result.clauses:
        yield from _row("clause", f"{clause.id}  ({clause.source}:{clause.line})", width)
        yield from _row("", f'"{clause.text}"', width, "quote")
        for limit in clause.limits:
            yield from _row("  limit", limit_words(limit), width)


def _measurements(result: ControlResult, verdict: Verdict, width: int) -> Iterator[Line]:
    for measured in result.measurements:
        yield from _row("measured", f"{measured}{'' if measured.holds else '  <- not met'}", width)


def _items(result: ControlResult, verdict: Verdict, width: int) -> Iterator[Line]:
    count = total(result)
    if count:
        yield from _row("findings", plural(count, "finding"), width)
    for finding in result.findings[:LISTED]:
        yield from hanging((Span("  "),), sentence(finding), width=width)
        yield from hanging(
            (Span("    "),), f"fingerprint {finding.identified(result.control)}", style="faint", width=width
        )
    rest = count - min(len(result.findings), LISTED)
    if rest > 0:
        yield Span(f"  and {rest:,} more", "label"), Span("; the json report lists them", "label")


def _evidence(result: ControlResult, verdict: Verdict, width: int) -> Iterator[Line]:
    for use in result.evidence:
        yield from _row("evidence", evidence_words(use), width)
        yield from _row("", f"{use.digest}  produced {use.produced_at:%Y-%m-%d %H:%M:%S} UTC", width, "faint")
    present = {use.kind for use in result.evidence}
    for kind in result.needs:
        if kind not in present:
            source = f"; get it with: {result.evidence_from}" if result.evidence_from else ""
            yield from _row("evidence", f"no {kind}{source}", width)


def _waivers(result: ControlResult, verdict: Verdict, width: int) -> Iterator[Line]:
    for use in result.waivers:
        yield from _row("waiver", waiver_words(use), width)
    for finding in result.waived[:LISTED]:
        yield from hanging((Span("  waived: ", "waived"),), sentence(finding), width=width)


def _way_out(result: ControlResult, verdict: Verdict, width: int) -> Iterator[Line]:
    for change in result.smallest_change:
        yield from _row("to green", change, width)
    if result.remediation:
        yield from _row("how to fix", result.remediation, width)
    yield from _row("effort", result.effort, width)


def _context(result: ControlResult, verdict: Verdict, width: int) -> Iterator[Line]:
    if result.why:
        yield from _row("why", result.why, width)
    for framework, ids in sorted(result.mappings.items()):
        yield from _row("mapped to", f"{framework}: {', '.join(ids)}", width)
    yield from _row("gates", ", ".join(result.gates) or "none", width)
    yield from _row("enforcement", result.enforcement, width)
    yield from _row("subject", about(verdict.subject), width)
    yield from _row("decided", f"{verdict.decided_at:%Y-%m-%d %H:%M:%S} UTC by standfast {verdict.engine}", width)
