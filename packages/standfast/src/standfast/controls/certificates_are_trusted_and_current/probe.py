"""Decide whether the certificates of all endpoints are trusted and current."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from standfast.evidence.tls_scan.schema import TlsScan
from standfast.model import Doubt, Finding


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: how many days a certificate must still hold."""

    min_days_left: int = 14


def probe(scans: tuple[TlsScan, ...], params: Params, now: datetime) -> Iterator[Finding | Doubt]:
    """Yield each endpoint whose certificate is not trusted, expires soon, or was not looked at by any scan.

    Args:
        scans: Certificates by endpoint.
        params: Limits.
        now: The moment of the decision (UTC).

    Clause:
        security_standards.data_protection.encryption
    """
    endpoints = [endpoint for scan in scans for endpoint in scan.endpoints]
    dated = {endpoint.name for endpoint in endpoints if endpoint.expires_at is not None}
    judged = {endpoint.name for endpoint in endpoints if endpoint.trusted is not None}
    for endpoint in endpoints:
        if endpoint.trusted is False:
            yield Finding(f"{endpoint.name}: the certificate is not trusted", rule=endpoint.name)
        if endpoint.expires_at is not None:
            days_left = (endpoint.expires_at - now).days
            if days_left < params.min_days_left:
                yield Finding(
                    f"{endpoint.name}: the certificate holds {days_left} more days, must be at least "
                    f"{params.min_days_left}",
                    rule=endpoint.name,
                )
    for name in sorted({endpoint.name for endpoint in endpoints} - (dated & judged)):
        yield Doubt(f"the certificate of {name} was not looked at")
