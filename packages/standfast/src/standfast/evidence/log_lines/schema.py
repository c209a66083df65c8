"""A sample of a service's log: is each line structured, and does it say what belongs together?"""

from typing import ClassVar

from standfast.model import Evidence, Unit


class LogLines(Evidence, frozen=True, kw_only=True):
    """What was counted over the lines. ``items`` are lines that are not JSON objects or lack a required key.

    ``requests`` counts lines that are about a request (they name a path, a route or a method), ``correlated`` those
    of them that carry the id of the request or trace. ``keys`` counts how often each key occurs.
    """

    KIND: ClassVar[str] = "log_lines"
    TITLE: ClassVar[str] = "Sample of the service's log"
    UNITS: ClassVar[dict[str, Unit]] = {
        "lines": Unit.COUNT,
        "structured": Unit.COUNT,
        "requests": Unit.COUNT,
        "correlated": Unit.COUNT,
        "errors": Unit.COUNT,
    }

    lines: int
    structured: int
    complete: int = 0
    requests: int = 0
    correlated: int = 0
    errors: int = 0
    errors_with_context: int = 0
    correlation_keys: tuple[str, ...] = ()
    keys: dict[str, int] = {}

    def conflicts_with(self, other: Evidence) -> tuple[str, ...]:
        """Return nothing: two samples are of two moments."""
        return ()
