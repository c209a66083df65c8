"""Which gates, phases and controls a run is about."""

from collections.abc import Iterable
from difflib import get_close_matches

from standfast.gates.bind import Bound, BoundControl
from standfast.model import UsageError


def chosen_controls(bound: Bound, selection: Iterable[str]) -> tuple[BoundControl, ...]:
    """Return the bound controls that *selection* names, all of them where it is empty.

    Raises:
        UsageError: A name is no gate, no phase and no control.
    """
    wanted = frozenset(selection)
    if not wanted:
        return bound.controls
    known = {*bound.gates, *(item.id for item in bound.controls)}
    unknown = sorted(wanted - known)
    if unknown:
        raise UsageError(
            "selection-unknown",
            f"{', '.join(unknown)} is no gate, phase or control of {bound.standard.name}",
            hint=meant(unknown, known)
            or f"gates and phases are {', '.join(bound.gates)}; `standfast clauses` lists the controls",
        )
    return tuple(item for item in bound.controls if item.id in wanted or wanted.intersection(item.gates))


def meant(unknown: Iterable[str], known: Iterable[str]) -> str:
    """Return what was probably meant; empty where nothing is near."""
    names = sorted(known)
    near = [
        close
        for name in unknown
        for close in get_close_matches(name, names, n=2, cutoff=0.7) or [whole for whole in names if name in whole][:3]
    ]
    return f"did you mean {' or '.join(dict.fromkeys(near))}?" if near else ""


def chosen_gates(bound: Bound, selection: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return the gates and phases that a verdict over *selection* states, with their texts."""
    wanted = frozenset(selection)
    return tuple((gate, text) for gate, text in bound.gates.items() if not wanted or gate in wanted)
