"""Protocol versions and certificates of endpoints."""

from collections.abc import Iterable
from typing import ClassVar

import msgspec

from standfast.evidence.wording.moments import Moment
from standfast.model import Evidence, Examination, Unit

VERSIONS: dict[str, float] = {
    "SSLv2": 0.2,
    "SSLv3": 0.3,
    "TLSv1.0": 1.0,
    "TLSv1.1": 1.1,
    "TLSv1.2": 1.2,
    "TLSv1.3": 1.3,
}
"""Protocols by name; SSL is older than any TLS."""


class Endpoint(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One endpoint: the protocols it accepts, and what is known of its certificate; None where not looked at.

    ``unknown`` are protocols that could not be tried. ``expires_at`` is in UTC.
    """

    host: str
    port: int
    accepted: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    expires_at: Moment | None = None
    trusted: bool | None = None

    @property
    def name(self) -> str:
        """Host and port."""
        return f"{self.host}:{self.port}"

    @property
    def oldest(self) -> float | None:
        """The oldest protocol version that it accepts; None where it accepts none."""
        return min((VERSIONS.get(one, 0.0) for one in self.accepted), default=None)


class TlsScan(Evidence, frozen=True, kw_only=True):
    """What a TLS scanner found."""

    KIND: ClassVar[str] = "tls_scan"
    TITLE: ClassVar[str] = "Encryption in transit"
    STANDING: ClassVar[bool] = True
    UNITS: ClassVar[dict[str, Unit]] = {"endpoint_count": Unit.COUNT, "tls_version": Unit.VERSION}

    endpoints: tuple[Endpoint, ...]

    @property
    def endpoint_count(self) -> int:
        """How many endpoints were looked at."""
        return len(self.endpoints)

    @property
    def tls_version(self) -> float | None:
        """The oldest protocol version that any endpoint accepts; None where none accepts any."""
        return min((one.oldest for one in self.endpoints if one.oldest is not None), default=None)

    @classmethod
    def of(cls, endpoints: Iterable[Endpoint], *, errors: int = 0, notes: tuple[str, ...] = ()) -> "TlsScan":
        """Return the evidence for *endpoints*; one that accepts no protocol was not reached."""
        found = tuple(endpoints)
        silent = tuple(f"{one.name} accepted no protocol" for one in found if not one.accepted)
        untried = tuple(f"{one.name}: {', '.join(one.unknown)} not tried" for one in found if one.unknown)
        return cls(
            examination=Examination(
                "endpoints",
                examined=sum(1 for one in found if one.accepted),
                skipped=len(silent),
                errors=errors + len(untried),
                notes=(*notes, *silent, *untried)[:5],
            ),
            endpoints=found,
            scope=", ".join(sorted(one.name for one in found)),
        )
