"""Decide whether the review left no discussion open."""

from collections.abc import Iterator

from standfast.evidence.reviews.schema import Level, Reviews
from standfast.model import Doubt, Finding, Measurement, Op, Unit


def probe(reviews: tuple[Reviews, ...]) -> Iterator[Finding | Doubt | Measurement]:
    """Yield how many discussions are open; only a forge knows.

    Args:
        reviews: Every source of reviews of the change.

    Clause:
        code_completion_gates.actions.3
    """
    known = [body for body in reviews if body.level is not Level.TRAILER and body.open_threads is not None]
    if not known:
        yield Doubt("no source of the reviews tells which discussions are resolved")
    for body in known:
        yield Measurement("reviews.open_threads", body.open_threads or 0, Op.LE, 0, Unit.COUNT)
