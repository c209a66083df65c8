"""The one place that asks the system for the time."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the current time in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)
