"""Change limits: tighter freely, looser only with a reason, an owner and an expiry."""

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from standfast.model import Clause, Limit, Override, Problem, convert
from standfast.model.units import same_dimension
from standfast.model.waiver import says_something
from standfast.standard.bounds import absurdity, tightens
from standfast.standard.document import OverrideRequest


def overridden(
    clauses: Sequence[Clause], requests: Iterable[OverrideRequest], *, today: date, problems: list[Problem]
) -> tuple[tuple[Clause, ...], tuple[Override, ...]]:
    """Return *clauses* with the limits that *requests* ask for, and a record of each change.

    A request changes its limit wherever the standard states it: the same fact in the same role. One that loosens
    must say reason, owner and expiry; from the day of its expiry the limit is again what it was before, and the
    record says that the override is not applied.
    """
    by_id = {clause.id: clause for clause in clauses}
    records: list[Override] = []
    for request in requests:
        found = _limit(by_id, request, problems)
        if found is None:
            continue
        for clause in tuple(by_id.values()):
            for limit in clause.limits:
                if (limit.fact, limit.role) == (found.fact, found.role):
                    record = _record(clause, limit, request, today)
                    _refuse_loose(record, request, problems)
                    records.append(record)
                    if record.applied:
                        by_id[clause.id] = _changed(by_id[clause.id], limit, record, request, problems)
    return tuple(by_id.values()), tuple(records)


def _limit(by_id: dict[str, Clause], request: OverrideRequest, problems: list[Problem]) -> Limit | None:
    clause = by_id.get(request.clause)
    if clause is None:
        problems.append(Problem(request.where, f"an override of {request.clause}", "the id of a clause"))
        return None
    limit = clause.limit(request.fact)
    facts = ", ".join(limit.fact for limit in clause.limits) or "none: this clause has no limit"
    if limit is None:
        problems.append(Problem(request.where, f"an override of {request.fact} in {clause.id}", facts))
    elif not same_dimension(limit.unit, request.unit):
        problems.append(Problem(request.where, f"{request.bound:g} {request.unit} for {limit.fact}", f"{limit.unit}"))
        return None
    return limit


def _record(clause: Clause, limit: Limit, request: OverrideRequest, today: date) -> Override:
    bound = convert(request.bound, request.unit, limit.unit)
    loosens = not tightens(limit, bound)
    return Override(
        clause=clause.id,
        fact=limit.fact,
        was=limit.bound,
        bound=bound,
        unit=limit.unit,
        loosens=loosens,
        reason=request.reason,
        owner=request.owner,
        expires=request.expires,
        applied=not loosens or (request.expires is not None and today < request.expires),
    )


def _refuse_loose(record: Override, request: OverrideRequest, problems: list[Problem]) -> None:
    if not record.loosens:
        return
    given = {
        "reason": says_something(record.reason),
        "owner": says_something(record.owner),
        "expires": record.expires,
    }
    missing = [name for name, value in given.items() if not value]
    if missing:
        found = (
            f"{record.fact} loosened from {record.was:g} to {record.bound:g} {record.unit} without {', '.join(missing)}"
        )
        problems.append(Problem(request.where, found, "reason, owner and expires, or a tighter bound"))


def _changed(
    clause: Clause, limit: Limit, record: Override, request: OverrideRequest, problems: list[Problem]
) -> Clause:
    words = f"{limit.text} (changed to {record.bound:g} {record.unit} by {request.where})"
    changed = msgspec.structs.replace(limit, bound=record.bound, text=words)
    absurd = absurdity(changed)
    if absurd is not None:
        found = f"{record.bound:g} {record.unit} for {limit.fact}, which {absurd}"
        problems.append(Problem(request.where, found, "a limit that can be met and can be missed"))
    limits = tuple(changed if other is limit else other for other in clause.limits)
    return msgspec.structs.replace(clause, limits=limits)
