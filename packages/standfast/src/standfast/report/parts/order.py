"""The order in which results are read: what closes a gate first."""

from collections.abc import Container, Iterable, Iterator

import msgspec

from standfast.model import ControlResult, GateVerdict, Outcome, Status, Verdict

READING_ORDER = (
    Status.FAIL,
    Status.ERROR,
    Status.UNKNOWN,
    Status.WARN,
    Status.WAIVED,
    Status.PASS,
    Status.NOTAPPLICABLE,
)
_RANK = {status: rank for rank, status in enumerate(READING_ORDER)}

WORDS = {
    Status.FAIL: "fail",
    Status.ERROR: "error",
    Status.UNKNOWN: "unknown",
    Status.WARN: "warn",
    Status.WAIVED: "waived",
    Status.PASS: "pass",
    Status.NOTAPPLICABLE: "not applicable",
}

OTHER = "no gate"
"""The name under which results are shown that serve none of the verdict's gates."""


class GateGroup(msgspec.Struct, frozen=True):
    """One gate with its results, worst first."""

    gate: str
    text: str
    status: Status
    results: tuple[ControlResult, ...]

    def counts(self) -> dict[Status, int]:
        """Return how many results have each status, in reading order."""
        return counts(self.results)


def home(result: ControlResult, gates: Container[str]) -> str:
    """Return the gate under which the result is told in full: the first that it serves, out of *gates*."""
    return next((gate for gate in result.gates if gate in gates), OTHER)


def ordered(results: Iterable[ControlResult]) -> tuple[ControlResult, ...]:
    """Return *results* worst first, then by id."""
    return tuple(sorted(results, key=lambda result: (_RANK[result.status], result.control)))


def counts(results: Iterable[ControlResult]) -> dict[Status, int]:
    """Return how many of *results* have each status, in reading order; none is left out silently."""
    found = dict.fromkeys(READING_ORDER, 0)
    for result in results:
        found[result.status] += 1
    return {status: count for status, count in found.items() if count}


def groups(verdict: Verdict) -> tuple[GateGroup, ...]:
    """Return every gate with the results that serve it, gates that do not open first.

    Results that serve no gate of the verdict come last, as the group `OTHER`.
    """
    found = sorted(_groups(verdict), key=lambda group: (group.gate == OTHER, _RANK[group.status]))
    return tuple(found)


def _groups(verdict: Verdict) -> Iterator[GateGroup]:
    names = {gate.gate for gate in verdict.gates}
    by_gate: dict[str, list[ControlResult]] = {name: [] for name in names}
    loose: list[ControlResult] = []
    for result in ordered(verdict.results):
        homes = [name for name in dict.fromkeys(result.gates) if name in names]
        for name in homes:
            by_gate[name].append(result)
        if not homes:
            loose.append(result)
    for gate in verdict.gates:
        yield _group(gate, by_gate[gate.gate])
    if loose:
        yield GateGroup(OTHER, "", loose[0].status, tuple(loose))


def _group(gate: GateVerdict, results: list[ControlResult]) -> GateGroup:
    return GateGroup(gate.gate, gate.text, gate.status, tuple(results))


def closed_without_reason(verdict: Verdict) -> tuple[tuple[str, str], ...]:
    """Return name and sentence of each gate that stays closed although none of its controls closes it.

    A format that lists controls only must list these too, or it would look green. The name of the verdict itself is
    ``verdict``.
    """
    found = tuple(_closed_without_reason(verdict))
    if found or verdict.status.opens or any(not gate.status.opens for gate in verdict.gates):
        return found
    if any(is_closing(result) for result in verdict.results):
        return ()
    return (("verdict", f"the verdict is {WORDS[verdict.status]}, exit {verdict.exit_code}"),)


def _closed_without_reason(verdict: Verdict) -> Iterator[tuple[str, str]]:
    for group in groups(verdict):
        if group.gate == OTHER or group.status.opens or any(is_closing(result) for result in group.results):
            continue
        if any(result.status is not Status.NOTAPPLICABLE for result in group.results):
            yield group.gate, f"gate {group.gate} is {WORDS[group.status]}"
        else:
            yield group.gate, f"no control of gate {group.gate} applies; without proof a gate is {WORDS[group.status]}"


def is_closing(result: ControlResult) -> bool:
    """Whether the result keeps its gates closed."""
    return result.status in (Status.FAIL, Status.ERROR, Status.UNKNOWN)


def is_watched(result: ControlResult) -> bool:
    """Whether the control found something that its enforcement (draft, score) does not count."""
    return result.status is Status.NOTAPPLICABLE and result.outcome is not Outcome.NOTAPPLICABLE


def tally(found: dict[Status, int]) -> str:
    """Return counts as words: ``3 fail, 1 unknown, 5 pass``."""
    return ", ".join(f"{count} {WORDS[status]}" for status, count in found.items()) or "no controls"
