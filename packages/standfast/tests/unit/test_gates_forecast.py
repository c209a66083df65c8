"""On which day which gate turns, and why."""

from datetime import date, timedelta

import mini

from standfast.gates.forecast import forecast
from standfast.model import Status

RED = (mini.statement(mini.coverage(10)), mini.GREEN[1])


def test_waiver_that_ends_turns_its_gate_red_on_that_day() -> None:
    """The forecast names the first day on which an expired waiver no longer opens the gate."""
    context = mini.context(waivers=(mini.waiver(expires=mini.NOW + timedelta(days=5)),))

    turns = forecast(context, mini.controls(), RED, days=30)

    tested = next(turn for turn in turns if turn.name == "tested")
    assert tested.at.date() == date(2026, 3, 8)
    assert (tested.before, tested.after) == (Status.WAIVED, Status.FAIL)
    assert "expired on 2026-03-07" in " ".join(tested.why)


def test_evidence_that_ages_turns_its_gate_unknown() -> None:
    """Evidence that may be seven days old stops counting after the seventh."""
    turns = forecast(mini.context(), mini.controls(max_age_days=7), mini.GREEN, days=30)

    assert {(turn.name, turn.at.date(), turn.after) for turn in turns} >= {
        ("tested", date(2026, 3, 10), Status.UNKNOWN),
        ("secret_free", date(2026, 3, 10), Status.UNKNOWN),
    }


def test_nothing_that_depends_on_time_gives_an_empty_forecast() -> None:
    """Where nothing ends, nothing turns."""
    assert forecast(mini.context(), mini.controls(), mini.GREEN, days=400) == ()


def test_override_that_ends_turns_its_gate_on_that_day() -> None:
    """Where the standard becomes stricter on a day, the gate turns on that day."""
    begins = date(2026, 3, 20)

    turns = forecast(
        mini.context(standard=mini.standard(0.5)),
        mini.controls(),
        (mini.statement(mini.coverage(80)), mini.GREEN[1]),
        days=60,
        later={begins: mini.standard(0.9)},
    )

    assert {(turn.at.date(), turn.after) for turn in turns if turn.name == "tested"} == {(begins, Status.FAIL)}
