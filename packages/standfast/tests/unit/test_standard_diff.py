"""A changed limit asks more, less, or something else."""

import msgspec
import pytest

from standfast.model import Limit, LimitRole, Op, Unit
from standfast.standard.diff import Direction, direction_of

BASE = Limit(fact="api.latency_p95", op=Op.LT, bound=200, unit=Unit.MS, min_samples=10)
ALERT = Limit(fact="alert.error_ratio", op=Op.GT, bound=1, unit=Unit.PERCENT, role=LimitRole.ALERT, window_s=300)
STEP = Limit(fact="rollout.step_1.share", op=Op.EQ, bound=5, unit=Unit.PERCENT, role=LimitRole.STEP, window_s=900)
COVERAGE = Limit(fact="coverage.line_ratio", op=Op.GE, bound=90, unit=Unit.PERCENT)
TIGHTENED, LOOSENED, CHANGED = Direction.TIGHTENED, Direction.LOOSENED, Direction.CHANGED


@pytest.mark.parametrize(
    ("limit", "change", "expected"),
    [
        (BASE, {"bound": 150}, TIGHTENED),
        (BASE, {"bound": 250}, LOOSENED),
        (BASE, {"bound": 0.2, "unit": Unit.S}, None),
        (BASE, {"bound": 0.1, "unit": Unit.S}, TIGHTENED),
        (BASE, {"op": Op.LE}, LOOSENED),
        (BASE, {"op": Op.GT}, CHANGED),
        (BASE, {"unit": Unit.MB}, CHANGED),
        (BASE, {"min_samples": 100}, TIGHTENED),
        (BASE, {"min_samples": None}, LOOSENED),
        (BASE, {"min_samples": 100, "bound": 250}, CHANGED),
        (BASE, {"aggregate": "average"}, CHANGED),
        (BASE, {"window_s": 60}, CHANGED),
        (BASE, {"text": "other words", "line": 9}, None),
        (COVERAGE, {"bound": 95}, TIGHTENED),
        (COVERAGE, {"op": Op.GT}, TIGHTENED),
        (ALERT, {"bound": 0.5}, TIGHTENED),
        (ALERT, {"bound": 2}, LOOSENED),
        (ALERT, {"op": Op.GE}, TIGHTENED),
        (ALERT, {"window_s": 600}, LOOSENED),
        (ALERT, {"window_s": 60}, TIGHTENED),
        (STEP, {"bound": 1}, TIGHTENED),
        (STEP, {"window_s": 600}, LOOSENED),
        (STEP, {"window_s": 1800, "bound": 10}, CHANGED),
    ],
)
def test_direction_follows_from_what_the_limit_is_for(
    limit: Limit, change: dict[str, object], expected: Direction | None
) -> None:
    """Lower latency, higher coverage, earlier alerts and longer steps ask more."""
    assert direction_of(limit, msgspec.structs.replace(limit, **change)) is expected


def test_a_new_limit_asks_more_and_a_missing_one_less() -> None:
    """A limit that is added tightens the standard, one that is removed loosens it."""
    assert (direction_of(None, BASE), direction_of(BASE, None)) == (TIGHTENED, LOOSENED)
