"""Decide whether the log can be read and joined by machines."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.log_lines.schema import LogLines
from standfast.model import Doubt, Finding, Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many lines a sample needs before it shows anything."""

    min_lines: int = 10


def probe(log: LogLines, params: Params) -> Iterator[Finding | Doubt | Measurement]:
    """Yield the shares of lines that are complete, correlated and, for errors, in context.

    Args:
        log: A sample of the service's log.
        params: The limit.

    Clause:
        error_handling_standards.response_format.logging
    """
    yield from log.items.listed
    if log.lines < params.min_lines:
        yield Doubt(f"the sample has {log.lines} lines, at least {params.min_lines} are needed")
        return
    if not log.requests:
        yield Doubt("no line of the sample is about a request")
    yield Measurement("log_lines.complete_ratio", log.complete / log.lines, Op.GE, 1.0, Unit.RATIO)
    if log.requests:
        yield Measurement("log_lines.correlated_ratio", log.correlated / log.requests, Op.GE, 1.0, Unit.RATIO)
    if log.errors:
        yield Measurement("log_lines.errors_in_context", log.errors_with_context / log.errors, Op.GE, 1.0, Unit.RATIO)
