"""Tell what an alert rule watches and at which bound, in the units of the standard; pure."""

import re

from standfast.evidence.alert_rules import promql
from standfast.evidence.alert_rules.promql import Comparison
from standfast.evidence.alert_rules.schema import Signal
from standfast.model import Op

_EXTERNAL = re.compile(
    r"dependenc|external|upstream|downstream|provider|outbound|egress|third.?part|http_client|client_request"
)
_ERRORS = re.compile(r"5\.\.|5xx|[^a-z]5\d\d|error|fail|exception|2\.\.|2xx")
_SATURATION = re.compile(
    r"memory|cpu|disk|filesystem|saturat|utili[sz]ation|pool|queue|connections|file_descriptors|threads|throttl|inflight|in_flight"
)
_PERCENT = re.compile(r"percent|_pct")
_RATIO_NAME = re.compile(r"ratio|rate|percent|_pct|availability")
_MS = re.compile(r"(?:_ms|_milliseconds|_millis)(?:_|\Z)")
_SECONDS = re.compile(r"_seconds(?:_|\Z)")


def signal_of(expression: str, said: str) -> Signal:
    """Return what *expression* watches; *said* is the rule's own annotation, which decides where it is known."""
    folded = said.strip().casefold().replace("-", "_").removeprefix("alert.")
    if folded in list(Signal):
        return Signal(folded)
    lowered = expression.casefold()
    names = " ".join(promql.metrics(expression)).casefold()
    if "predict_linear" in lowered or "deriv(" in lowered:
        return Signal.TREND
    if 0.95 in promql.quantiles(expression):
        return Signal.OTHER if _EXTERNAL.search(lowered) else Signal.LATENCY_P95
    is_ratio = _divides(expression) or _RATIO_NAME.search(names) is not None
    if is_ratio and _ERRORS.search(lowered) and promql.comparisons(expression):
        return Signal.EXTERNAL_ERROR_RATIO if _EXTERNAL.search(lowered) else Signal.ERROR_RATIO
    return Signal.SATURATION if _SATURATION.search(names) else Signal.OTHER


def _divides(expression: str) -> bool:
    read = promql.tokens(expression) or ()
    return any(token.text == "/" for token in read)


def bound_of(expression: str, signal: Signal) -> tuple[Op, float] | None:
    """Return the comparison that decides the alert, a ratio as 0 to 1 and a latency in ms; None where unclear."""
    found = promql.comparisons(expression)
    upward = next((one for one in found if one.op in (Op.GT, Op.GE)), None)
    if upward is None:
        return None
    names = " ".join(promql.metrics(expression)).casefold()
    match signal:
        case Signal.ERROR_RATIO | Signal.EXTERNAL_ERROR_RATIO:
            return _ratio(upward, names)
        case Signal.LATENCY_P95:
            return _latency(upward, names)
        case _:
            return upward.op, upward.bound


def _ratio(one: Comparison, names: str) -> tuple[Op, float] | None:
    bound = one.bound / 100 if one.percent or _PERCENT.search(names) else one.bound
    return (one.op, bound) if 0 <= bound <= 1 else None


def _latency(one: Comparison, names: str) -> tuple[Op, float] | None:
    if _MS.search(names):
        return one.op, one.bound
    return (one.op, one.bound * 1000) if _SECONDS.search(names) else None
