"""Show what changed between two standards in words."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from standfast.cli.clause_tables import limit_words
from standfast.model import Standard

if TYPE_CHECKING:
    from standfast.app.traceability import Effect
    from standfast.standard.diff import ClauseChange, Difference, LimitChange


def difference_lines(old: Standard, new: Standard, changed: "Difference", found: Iterable["Effect"]) -> Iterator[str]:
    """Yield the difference: limits, then clauses, then the verdicts that may change."""
    yield f"{old.name} {old.version} -> {new.name} {new.version}"
    if old.digest == new.digest:
        yield "the same standard"
        return
    parts = (
        ("limits", [line for limit in changed.limits for line in _limit(limit)]),
        ("clauses", [line for clause in changed.clauses for line in _clause(clause)]),
        ("verdicts that may change", [line for effect in found for line in _effect(effect)]),
    )
    for title, lines in parts:
        yield ""
        yield title if lines else f"{title}: none"
        yield from (f"  {line}" for line in lines)


def _limit(change: "LimitChange") -> Iterator[str]:
    yield f"{change.direction.value:<9}  {change.fact}  {change.clause}"
    before = limit_words(change.before) if change.before else "no limit"
    after = limit_words(change.after) if change.after else "no limit"
    yield f"           {before.strip()} -> {after.strip()}"


def _clause(change: "ClauseChange") -> Iterator[str]:
    before, after = change.before, change.after
    what = "added" if before is None else "removed" if after is None else "reworded"
    if before and after and before.kind is not after.kind:
        what += f", {before.kind.value} -> {after.kind.value}"
    yield f"{what:<9}  {change.id}"
    if before and (after is None or before.text != after.text):
        yield f'         - "{before.text}"'
    if after and (before is None or before.text != after.text):
        yield f'         + "{after.text}"'


def _effect(effect: "Effect") -> Iterator[str]:
    gates = f"  ({', '.join(effect.gates)})" if effect.gates else ""
    yield f"{effect.control}{gates} may {effect.may}"
    yield from (f"    {why}" for why in effect.why)
