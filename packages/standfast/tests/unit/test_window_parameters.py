"""Facts about parameters that a control takes from the window of a limit."""

from collections.abc import Iterator

import msgspec
import pytest

from standfast.gates.bind import Control, bind
from standfast.model import (
    Clause,
    ClauseKind,
    ConfigurationError,
    ControlSpec,
    Finding,
    Limit,
    Op,
    ParamSpec,
    Standard,
    Unit,
    sha256,
)
from standfast.model.control import LimitSource


class Params(msgspec.Struct, frozen=True):
    """One parameter."""

    window_min: float = 1.0


def probe(params: Params) -> Iterator[Finding]:
    """Find nothing."""
    yield from ()


def standard(window_s: float | None) -> Standard:
    """Return a standard of one clause whose limit has that window."""
    limit = Limit(fact="alert.x", op=Op.GT, bound=1, unit=Unit.PERCENT, window_s=window_s)
    clause = Clause(id="c", kind=ClauseKind.GATE, text="t", line=1, source="s", limits=(limit,))
    return Standard(name="n", version="1", digest=sha256(b""), clauses=(clause,))


def control() -> Control:
    """Return a control that takes that window in minutes."""
    source = LimitSource(clause="c", fact="alert.x", unit=Unit.MIN, part="window")
    spec = ControlSpec(
        title="t", clauses=("c",), why="w", remediation="r", params={"window_min": ParamSpec(limit=source)}
    )
    return Control(id="x", spec=spec, digest=sha256(b""), probe=probe, needs=(), params_type=Params)


def test_a_parameter_can_be_the_window_of_a_limit() -> None:
    """The window of a limit reaches the probe in the unit that the control asks for."""
    assert bind(standard(300.0), [control()]).controls[0].params == Params(window_min=5.0)


def test_a_limit_without_a_window_gives_none() -> None:
    """A control that needs a window and finds none is a configuration error, never a default."""
    with pytest.raises(ConfigurationError, match="window of time"):
        bind(standard(None), [control()])
