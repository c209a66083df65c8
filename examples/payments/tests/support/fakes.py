"""Fakes for what the service needs from the outside."""

import itertools
from datetime import datetime, timedelta

from payments.ports import Screening, ScreeningRequest
from support.values import NOON


class FakeClock:
    """A clock that moves only when told to."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        """Return the current moment."""
        return self.now

    def forward(self, **step: float) -> None:
        """Move ahead by a `timedelta` given in words."""
        self.now += timedelta(**step)


class CountingIds:
    """Ids that can be predicted."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def __call__(self, prefix: str) -> str:
        """Return the next id."""
        return f"{prefix}_{next(self._numbers):032x}"


class FakeScreener:
    """A fraud provider that says what the test wants and remembers what it was asked."""

    def __init__(self) -> None:
        self.advice = Screening(approved=True, reason="low_risk")
        self.failure: Exception | None = None
        self.asked: list[ScreeningRequest] = []
        self.closed = False

    def screen(self, request: ScreeningRequest) -> Screening:
        """Return the prepared advice or raise the prepared failure."""
        self.asked.append(request)
        if self.failure is not None:
            raise self.failure
        return self.advice

    def close(self) -> None:
        """Remember that the screener was closed."""
        self.closed = True
