"""Which controls serve which clauses, and what a change of the standard does to them."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import msgspec

from standfast.app.context import context_of, read_written
from standfast.app.modules.discovery import all_controls
from standfast.app.written.settings import FILE_NAME
from standfast.gates.bind import Bound, BoundControl, Control, bind
from standfast.gates.decide import prepare
from standfast.model import Clause, ConfigurationError, Standard, Subject
from standfast.standard.diff import Difference, Direction, LimitChange


class Served(msgspec.Struct, frozen=True):
    """A control that serves a clause, with the kinds of evidence that it takes."""

    id: str
    title: str
    evidence: tuple[str, ...]


class Row(msgspec.Struct, frozen=True):
    """A clause with the controls that serve it; none means that nothing decides it."""

    clause: Clause
    controls: tuple[Served, ...]


class May(StrEnum):
    """What may become of a verdict."""

    FAIL = "fail where it passed"
    PASS = "pass where it failed"  # noqa: S105  # nosec B105  # what may happen, not a password
    EITHER = "pass or fail where it did not"
    BEGIN = "be decided where it was not"
    END = "not be decided any more"
    BREAK = "stop with an error"
    MOVE = "count for other gates"


class Effect(msgspec.Struct, frozen=True):
    """What a change of the standard may do to the verdict of one control, and why."""

    control: str
    gates: tuple[str, ...]
    may: May
    why: tuple[str, ...]


def bound_for(root: Path, standard: Standard, *, now: datetime) -> Bound:
    """Return *standard* with every control that the project in *root* is judged by, its own included.

    Raises:
        ConfigurationError: The settings, or a control with this standard, cannot be taken.
    """
    if not (root / FILE_NAME).exists():
        return bind(standard, all_controls())
    subject = Subject(repository=root.name, tree="")
    context = context_of(read_written(root), standard, subject, selection=(), now=now)
    return prepare(context, all_controls()).bound


def traced(bound: Bound) -> tuple[Row, ...]:
    """Return a row for each clause; clauses that no control serves come first."""
    served: dict[str, list[Served]] = {}
    for item in bound.controls:
        found = Served(item.id, item.control.spec.title, item.kinds)
        for clause in item.clauses:
            served.setdefault(clause.id, []).append(found)
    rows = [Row(clause, tuple(served.get(clause.id, ()))) for clause in bound.standard.clauses]
    return tuple(sorted(rows, key=lambda row: bool(row.controls)))


def effects(old: Standard, new: Standard, changed: Difference, controls: Iterable[Control]) -> tuple[Effect, ...]:
    """Return what *changed*, the difference from *old* to *new*, may do to the verdict of each control."""
    found = (_effect(control, old, new, changed) for control in sorted(controls, key=lambda control: control.id))
    return tuple(effect for effect in found if effect is not None)


def _effect(control: Control, old: Standard, new: Standard, changed: Difference) -> Effect | None:
    before = _bound(control, old)
    after = _bound(control, new)
    if isinstance(after, ConfigurationError):
        return None if isinstance(before, ConfigurationError) else Effect(control.id, (), May.BREAK, (after.message,))
    if isinstance(before, ConfigurationError) or before is None:
        return Effect(control.id, after.gates, May.BEGIN, _cited(after)) if after else None
    if after is None:
        return Effect(control.id, before.gates, May.END, _cited(before))
    limits = tuple(_taken(control, changed.limits))
    if limits:
        return Effect(control.id, after.gates, _may(limits), tuple(map(_why, limits)))
    if before.gates != after.gates:
        why = f"was {', '.join(before.gates) or 'no gate'}"
        return Effect(control.id, after.gates, May.MOVE, (why,))
    return None


def _bound(control: Control, standard: Standard) -> BoundControl | ConfigurationError | None:
    try:
        found = bind(standard, [control]).controls
    except ConfigurationError as error:
        return error
    return found[0] if found else None


def _taken(control: Control, limits: Iterable[LimitChange]) -> Iterator[LimitChange]:
    """Yield the changed limits that the control takes a parameter or a threshold from."""
    sources = [spec.limit for spec in control.spec.params.values()]
    sources += [threshold.limit for threshold in control.spec.thresholds]
    taken = {(source.clause, source.fact) for source in sources if source is not None}
    yield from (limit for limit in limits if (limit.clause, limit.fact) in taken)


def _may(limits: tuple[LimitChange, ...]) -> May:
    directions = {limit.direction for limit in limits}
    if directions == {Direction.TIGHTENED}:
        return May.FAIL
    return May.PASS if directions == {Direction.LOOSENED} else May.EITHER


def _why(limit: LimitChange) -> str:
    return f"{limit.fact} of {limit.clause} {limit.direction.value}"


def _cited(item: BoundControl) -> tuple[str, ...]:
    return tuple(clause.id for clause in item.clauses)
