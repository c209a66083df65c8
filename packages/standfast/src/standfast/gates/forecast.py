"""On which day which gate changes, if nothing but the date does."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta

import msgspec

from standfast.gates.bind import Control
from standfast.gates.decide import Context, decide, prepare
from standfast.model import ControlResult, Standard, Statement, Status, Verdict

MAX_DAYS = 730


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """One gate or control whose status is another one from a certain day on (UTC), and why."""

    at: datetime
    name: str
    before: Status
    after: Status
    why: tuple[str, ...]


def forecast(
    context: Context,
    controls: Iterable[Control],
    statements: Iterable[Statement],
    *,
    days: int,
    later: Mapping[date, Standard] | None = None,
) -> tuple[Turn, ...]:
    """Return every change of status in the next *days* days, in order of time.

    *later* says what the standard becomes, by the day from which on it does (an override of it that ends).

    The verdict is decided anew for the start of each day with the same evidence, so whatever depends on time is
    found: waivers and loosenings that end, evidence that grows stale, controls that begin to block, freezes.
    """
    every, found = tuple(controls), tuple(statements)
    standards = sorted((later or {}).items())
    start = context.decided_at.replace(hour=0, minute=0, second=0, microsecond=0)
    turns: list[Turn] = []
    before = _at(context, every, found, context.decided_at)
    for day in range(1, min(days, MAX_DAYS) + 1):
        moment = start + timedelta(days=day)
        then = [standard for begins, standard in standards if begins <= moment.date()]
        current = msgspec.structs.replace(context, standard=then[-1]) if then else context
        after = _at(current, every, found, moment)
        turns += _turns(before, after, moment)
        before = after
    return tuple(turns)


def _at(
    context: Context, controls: tuple[Control, ...], statements: tuple[Statement, ...], moment: datetime
) -> Verdict:
    then = msgspec.structs.replace(context, decided_at=moment)
    return decide(then, prepare(then, controls), statements)


def _turns(before: Verdict, after: Verdict, moment: datetime) -> Iterator[Turn]:
    earlier = {result.control: result for result in before.results}
    changed: dict[str, tuple[str, ...]] = {}
    for result in after.results:
        was = earlier[result.control]
        if was.status is not result.status:
            changed[result.control] = _why(was, result)
            yield Turn(
                at=moment,
                name=result.control,
                before=was.status,
                after=result.status,
                why=changed[result.control],
            )
    gates = {gate.gate: gate.status for gate in before.gates}
    for gate in after.gates:
        if gates[gate.gate] is not gate.status:
            because = tuple(
                result.control for result in after.results if result.control in changed and gate.gate in result.gates
            )
            yield Turn(at=moment, name=gate.gate, before=gates[gate.gate], after=gate.status, why=because)


def _why(before: ControlResult, after: ControlResult) -> tuple[str, ...]:
    known = {*before.reasons, *(use.why for use in before.waivers if not use.applied)}
    said = (
        *after.reasons,
        *(f"waiver {use.id} {use.why}" for use in after.waivers if not use.applied and use.why not in known),
        *(finding.message for finding in after.findings),
    )
    fresh = tuple(sentence for sentence in said if sentence not in known)
    return fresh[:3] or (f"{after.control} is {after.status}",)
