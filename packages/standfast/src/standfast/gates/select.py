"""Which gates, phases and controls a run is about."""

from collections.abc import Iterable

from standfast.gates.bind import Bound, BoundControl, gates_of
from standfast.model import UsageError


def chosen_controls(bound: Bound, selection: Iterable[str]) -> tuple[BoundControl, ...]:
    """Return the bound controls that *selection* names, all of them where it is empty.

    Raises:
        UsageError: A name is no gate, no phase and no control.
    """
    wanted = frozenset(selection)
    if not wanted:
        return bound.controls
    known = {*gates_of(bound.standard), *(item.id for item in bound.controls)}
    unknown = sorted(wanted - known)
    if unknown:
        raise UsageError(
            "selection-unknown",
            f"{', '.join(unknown)} is no gate, phase or control of {bound.standard.name}",
            hint=f"gates and phases are {', '.join(gates_of(bound.standard))}; `standfast clauses` lists the controls",
        )
    return tuple(item for item in bound.controls if item.id in wanted or wanted.intersection(item.gates))


def chosen_gates(bound: Bound, selection: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return the gates and phases that a verdict over *selection* states, with their texts."""
    wanted = frozenset(selection)
    return tuple((gate, text) for gate, text in gates_of(bound.standard).items() if not wanted or gate in wanted)
