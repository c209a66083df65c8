"""Decide whether endpoints accept only TLS of the version that the standard asks for."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.tls_scan.schema import TlsScan
from standfast.model import Doubt, Finding, Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: the oldest TLS version that may be accepted."""

    min_tls_version: float = 1.3


def probe(scan: TlsScan, params: Params) -> Iterator[Finding | Measurement | Doubt]:
    """Yield the oldest version that any endpoint accepts against the limit, and which endpoints accept an older one.

    Args:
        scan: Protocols by endpoint.
        params: The limit, from the standard.

    Clause:
        security_standards.data_protection.encryption
    """
    if scan.tls_version is None:
        yield Doubt("no endpoint accepted any protocol")
        return
    yield Measurement("encryption.tls_version", scan.tls_version, Op.GE, params.min_tls_version, Unit.VERSION)
    for endpoint in scan.endpoints:
        if endpoint.oldest is not None and endpoint.oldest < params.min_tls_version:
            yield Finding(f"{endpoint.name} accepts {', '.join(endpoint.accepted)}", rule=endpoint.name)
