"""Which way a limit points, and which limits make no sense."""

from standfast.model import Limit, LimitRole, Op, Unit
from standfast.model.units import same_dimension

_EXAMPLES = {
    Unit.MS: "a time, such as 200ms",
    Unit.RATIO: "a share, such as 5%",
    Unit.BYTES: "a size, such as 512MB",
    Unit.BITS: "a key length in bits, such as 256",
    Unit.COUNT: "a count, such as Zero",
    Unit.SCORE: "a bare number, such as 0.1",
    Unit.VERSION: "a version of two digits, such as 1.3",
}


def upward(op: Op) -> bool:
    """Return whether values above the bound satisfy *op*."""
    return op in (Op.GT, Op.GE)


def expects(unit: Unit) -> str:
    """Return what a number of the dimension of *unit* looks like."""
    return next((text for known, text in _EXAMPLES.items() if same_dimension(known, unit)), f"a number in {unit}")


def higher_is_tighter(limit: Limit) -> bool:
    """Return whether raising the bound asks for more: of coverage yes; of an alert, which then fires later, no."""
    return upward(limit.op) and limit.role in (LimitRole.REQUIRE, LimitRole.RETAIN, LimitRole.SUCCEED)


def tightens(limit: Limit, bound: float) -> bool:
    """Return whether *bound*, in the unit of *limit*, asks at least as much as its own."""
    return bound >= limit.bound if higher_is_tighter(limit) else bound <= limit.bound


def absurdity(limit: Limit) -> str | None:
    """Return in what way *limit* can never or will always be met, or None."""
    if limit.window_s is not None and limit.window_s <= 0:
        return "has an empty window"
    if limit.bound <= 0:
        return _absurd_nothing(limit)
    if same_dimension(limit.unit, Unit.RATIO):
        return _absurd_share(limit.bound_in(Unit.RATIO), limit.op)
    return None


def _absurd_nothing(limit: Limit) -> str | None:
    if limit.op is Op.LT:
        return "is under nothing"
    if any(same_dimension(limit.unit, unit) for unit in (Unit.S, Unit.BYTES, Unit.BITS, Unit.VERSION)):
        return "is nothing"
    return "is always met" if limit.op is Op.GE else None


def _absurd_share(share: float, op: Op) -> str | None:
    if share > 1:
        return "is more than the whole"
    return "can never be exceeded" if share == 1 and op in (Op.GT, Op.LE) else None
