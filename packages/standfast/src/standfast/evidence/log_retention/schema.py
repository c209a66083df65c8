"""Each stream of logs: how long it is kept, whether it can be changed, who looks at it."""

from typing import ClassVar

import msgspec

from standfast.evidence.formats.native import Count
from standfast.model import Evidence, Unit


class LogStream(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One stream.

    For ``online_days`` it can be searched at once; ``review`` is ``automated``, ``daily``, ``weekly`` or ``""``.
    """

    name: str
    retained_days: Count
    online_days: Count
    append_only: bool
    time_synchronised: bool
    review: str = ""
    security: bool = True


class LogRetention(Evidence, frozen=True, kw_only=True):
    """The streams of logs of the subject."""

    KIND: ClassVar[str] = "log_retention"
    TITLE: ClassVar[str] = "Retention and review of logs"
    STANDING: ClassVar[bool] = True
    UNITS: ClassVar[dict[str, Unit]] = {"stream_count": Unit.COUNT, "retained_days": Unit.D, "online_days": Unit.D}

    streams: tuple[LogStream, ...]

    @property
    def stream_count(self) -> int:
        """How many streams there are."""
        return len(self.streams)

    @property
    def retained_days(self) -> int | None:
        """The shortest retention of a security stream, in days."""
        return min((one.retained_days for one in self.streams if one.security), default=None)

    @property
    def online_days(self) -> int | None:
        """The shortest time that a security stream can be searched at once, in days."""
        return min((one.online_days for one in self.streams if one.security), default=None)
