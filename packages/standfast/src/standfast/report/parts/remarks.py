"""What a reader must know beside the controls: changed limits, loose ends of the standard, notices."""

from collections.abc import Iterator
from typing import NamedTuple

from standfast.model import Override, Verdict
from standfast.report.parts.order import is_watched
from standfast.report.parts.text import plural


class Remark(NamedTuple):
    """One remark: its kind in one word, what is to be known, and the next step where there is one."""

    kind: str
    text: str
    hint: str = ""


def remarks(verdict: Verdict) -> tuple[Remark, ...]:
    """Return every remark, those that need someone to act first."""
    return tuple(_remarks(verdict))


def _remarks(verdict: Verdict) -> Iterator[Remark]:
    if verdict.subject.dirty:
        yield Remark("dirty", "the working copy differs from its commit; the verdict is about what was in it")
    for notice in verdict.notices:
        yield Remark("notice", f"{notice.message} [{notice.code}]", notice.hint)
    yield from (_override(override) for override in verdict.overrides)
    targets = tuple(dict.fromkeys(reference.target for reference in verdict.unresolved))
    if targets:
        count = plural(len(verdict.unresolved), "reference")
        yield Remark("unresolved", f"{count} of the standard lead to nothing here: {', '.join(targets)}")
    watched = [result.control for result in verdict.results if is_watched(result)]
    if watched:
        names = ", ".join(watched)
        yield Remark("watched", f"{plural(len(watched), 'control')} not met, without effect yet: {names}")
    if verdict.unbound:
        count = plural(len(verdict.unbound), "clause")
        yield Remark("unbound", f"{count} without a control; `standfast clauses` lists them first")


def _override(override: Override) -> Remark:
    change = f"{override.clause}, {override.fact}: {override.was:g} -> {override.bound:g} {override.unit}"
    if not override.applied:
        return Remark("void", f"{change}: the loosening ended on {override.expires}; the limit is the original one")
    if not override.loosens:
        return Remark("tightened", change)
    return Remark("loosened", f"{change}, until {override.expires}, by {override.owner}: {override.reason}")
