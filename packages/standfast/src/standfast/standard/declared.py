"""Limits written beside a sentence in TOML, and whether the sentence says the same."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from standfast.model import Limit, LimitRole, Op, Quantity, Unit, convert, parse_quantity
from standfast.model.units import same_dimension
from standfast.standard.bounds import absurdity
from standfast.standard.limits import read_limits, unlimited
from standfast.standard.text import Complaint, quoted
from standfast.standard.vocabulary import Term
from standfast.standard.words import Token, TokenKind, tokens_of

_BARE = {Unit.COUNT, Unit.SCORE, Unit.BITS, Unit.VERSION, Unit.RATIO}


class LimitTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry of ``limits``. ``bound`` is text with a unit ("200 ms"), or a number with ``unit`` beside it."""

    fact: str
    op: Op
    bound: float | str
    unit: Unit | None = None
    role: LimitRole = LimitRole.REQUIRE
    window: str = ""
    aggregate: str | None = None
    min_samples: int | None = None


def declared_limits(
    tables: Iterable[LimitTable], text: str, terms: Sequence[Term], line: int
) -> tuple[tuple[Limit, ...], list[Complaint]]:
    """Return the limits that *tables* declare for the sentence *text*, and where they are wrong or disagree with it."""
    found = [_limit(table, text, line) for table in tables]
    limits = tuple(part for part in found if isinstance(part, Limit))
    complaints = [part for part in found if isinstance(part, Complaint)]
    facts = [limit.fact for limit in limits]
    repeated = sorted({fact for fact in facts if facts.count(fact) > 1})
    complaints += [Complaint(f"{facts.count(fact)} limits on {fact}", "one in one clause") for fact in repeated]
    if not complaints:
        complaints = list(_disagreements(limits, text, terms, line))
    return limits, complaints


def quantity_of(bound: float | str, unit: Unit | None) -> Quantity | Complaint:
    """Return the quantity that ``bound`` and ``unit`` give together."""
    written = f"bound = {bound!r}" + (f", unit = {unit.value!r}" if unit else "")
    if isinstance(bound, str):
        quantity = parse_quantity(bound)
        if quantity is None:
            return Complaint(written, 'a number with a known unit, such as "200 ms"')
        bare = quantity.unit is Unit.SCORE
        if not bare and unit is not None:
            return Complaint(written, "the unit in one place")
        if not bare:
            return quantity
        bound = quantity.value
    if unit is None:
        return Complaint(written, 'a unit: bound = "200 ms", or bound = 200 with unit = "ms"')
    if not 0 <= bound < 1e15:
        return Complaint(written, "a number from 0")
    return Quantity(float(bound), unit)


def _limit(table: LimitTable, text: str, line: int) -> Limit | Complaint:
    quantity = quantity_of(table.bound, table.unit)
    if isinstance(quantity, Complaint):
        return quantity
    window = parse_quantity(table.window) if table.window else None
    if table.window and (window is None or not same_dimension(window.unit, Unit.S)):
        return Complaint(f"window = {table.window!r}", 'a duration, such as "5 min"')
    if not table.fact or not table.fact.replace("_", "").replace(".", "").isalnum() or not table.fact.isascii():
        return Complaint(f"fact = {table.fact!r}", "a name of letters, digits, _ and dots")
    if table.min_samples is not None and table.min_samples < 1:
        return Complaint(f"min_samples = {table.min_samples}", "a count from 1")
    limit = Limit(
        fact=table.fact,
        op=table.op,
        bound=quantity.value,
        unit=quantity.unit,
        role=table.role,
        window_s=convert(window.value, window.unit, Unit.S) if window else None,
        aggregate=table.aggregate,
        min_samples=table.min_samples,
        text=text,
        line=line,
    )
    absurd = absurdity(limit)
    if absurd is not None:
        return Complaint(f"the limit on {table.fact}, which {absurd}", "a limit that can be met and can be missed")
    return limit


def _disagreements(limits: Sequence[Limit], text: str, terms: Sequence[Term], line: int) -> Iterator[Complaint]:
    tokens, complaints = tokens_of(text)
    yield from complaints
    numbers = [token for token in tokens if token.kind is TokenKind.NUMBER]
    for token in numbers:
        if not any(_states(token, limit) or _states_window(token, limit) for limit in limits):
            values = ", ".join(f"{limit.bound:g} {limit.unit}" for limit in limits)
            yield Complaint(
                f"the number {quoted(text[token.start : token.end])} in {quoted(text)}", f"{values}, as declared"
            )
    for limit in limits if numbers else ():
        if not any(_states(token, limit) for token in numbers):
            yield Complaint(f"a limit on {limit.fact} of {limit.bound:g} {limit.unit}", f"its number in {quoted(text)}")
    if numbers:
        yield from _contrary_readings(limits, text, terms, line)
    yield from unlimited(text, limits, terms)


def _states(token: Token, limit: Limit) -> bool:
    if token.unit is None:
        return limit.unit in _BARE and token.value == limit.bound
    if not same_dimension(token.unit, limit.unit):
        return False
    return convert(token.value, token.unit, limit.unit) == limit.bound


def _states_window(token: Token, limit: Limit) -> bool:
    if limit.window_s is None or token.unit is None or not same_dimension(token.unit, Unit.S):
        return False
    return convert(token.value, token.unit, Unit.S) == limit.window_s


def _contrary_readings(limits: Sequence[Limit], text: str, terms: Sequence[Term], line: int) -> Iterator[Complaint]:
    """Yield where the sentence, read as far as it can be, says another thing than what is declared."""
    declared = {limit.fact: limit for limit in limits}
    for read in read_limits(text, terms, line).limits:
        limit = declared.get(read.fact)
        agrees = any(_same(read, other) for other in limits) if limit is None else _same(read, limit)
        if not agrees:
            found = _words(limit) if limit else "no limit that says so"
            yield Complaint(found, f"{_words(read)}, as {quoted(read.text)} says")


def _words(limit: Limit) -> str:
    window = "" if limit.window_s is None else f" for {limit.window_s:g} s"
    return f"on {limit.fact} of {limit.op.words} {limit.bound:g} {limit.unit}{window}"


def _same(read: Limit, limit: Limit) -> bool:
    """Return whether *limit* says what was *read*; a role is compared only where the fact is the same."""
    if read.unit is not limit.unit and not same_dimension(read.unit, limit.unit):
        return read.unit in _BARE and limit.unit in _BARE and (read.op, read.bound) == (limit.op, limit.bound)
    if read.op is not limit.op or read.window_s != limit.window_s or read.aggregate not in (None, limit.aggregate):
        return False
    return read.bound_in(limit.unit) == limit.bound and (read.fact != limit.fact or read.role is limit.role)
