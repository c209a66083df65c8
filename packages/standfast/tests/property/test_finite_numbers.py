"""Numbers that JSON cannot hold: none is stored as nothing, and a limit that never ends is no limit that is kept."""

import math
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.app import clock
from standfast.evidence.alert_rules.importers import prometheus_rules
from standfast.evidence.alert_rules.schema import AlertRules
from standfast.evidence.codec import decode, encode
from standfast.evidence.contract import readings
from standfast.evidence.coverage.schema import Coverage
from standfast.evidence.outbound_calls.scan import examine
from standfast.evidence.source.syntax import Source
from standfast.evidence.wording.numbers import finite
from standfast.model import Evidence, EvidenceError, Examination, Producer, Subject, Unit
from standfast.model.units import written

HUGE = ["1e999", "9" * 400]
SUBJECT = Subject(repository="r", tree="0" * 40)


@given(st.one_of(st.floats(), st.integers(), st.integers().map(lambda one: one**99)))
def test_every_number_is_finite_or_none(value: float | int) -> None:
    """A finite number stays, one that is too large keeps its sign and is the largest, and nan is none."""
    found = finite(value)

    if isinstance(value, float) and math.isnan(value):
        assert found is None
    else:
        assert found is not None
        assert math.isfinite(found)
        assert (found > 0) == (value > 0)
        assert found == value or abs(value) > 2**53


@pytest.mark.parametrize("text", HUGE)
def test_call_that_never_gives_up_has_a_limit_that_is_too_long(text: str) -> None:
    """A time-out beyond every number is the largest one: it is over each limit, and is not taken for an unknown."""
    source = Source("a.py", f"import requests\nrequests.get(u, timeout={text})\n".encode())
    (call,) = examine(source)["calls"]

    assert call["limit_s"] == sys.float_info.max


@pytest.mark.parametrize("text", HUGE)
def test_alert_that_never_fires_keeps_its_threshold(text: str) -> None:
    """An alert above every number is read back with the threshold that it was read with."""
    rule = f"groups:\n- name: a\n  rules:\n  - alert: E\n    expr: rate(errors_total[5m]) > {text}\n"
    for reading in readings(prometheus_rules.read(rule.encode())):
        assert isinstance(reading.body, AlertRules)
        assert decode(form(reading.body)).body == reading.body


def form(body: Evidence) -> bytes:
    """Return the stored form of *body*."""
    return encode(subject=SUBJECT, producer=Producer(tool="t"), produced_at=clock.now(), raw=(), body=body)


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_evidence_with_a_number_that_cannot_be_stored_is_refused(value: float) -> None:
    """What JSON would write as nothing is an error of ours, whatever kind of evidence holds it."""
    body = Coverage(
        examination=Examination("files", 1),
        files=(),
        lines=1,
        lines_covered=1,
        branches=None,
        branches_covered=None,
        declared_line_ratio=value,
    )

    with pytest.raises(EvidenceError) as caught:
        form(body)

    assert caught.value.code == "statement-not-finite"


@pytest.mark.parametrize(
    ("value", "text"), [(sys.float_info.max, "1.8e+308 s"), (1e15, "1e+15 s"), (1e15 - 1, "999999999999999 s")]
)
def test_very_large_numbers_are_written_short(value: float, text: str) -> None:
    """Nobody reads three hundred digits."""
    assert written(value, Unit.S) == text
