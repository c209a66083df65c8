"""Decide whether keys are strong and were rotated in time."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from standfast.evidence.key_management.schema import Key, KeyManagement
from standfast.model import Finding

STRONG_BITS = {"AES": 256, "CHACHA20": 256, "RSA": 3072, "EC": 256, "ECDSA": 256, "ED25519": 256, "HMAC": 256}
"""The least length by algorithm (NIST SP 800-57, 128 bits of security or more; AES as the standard asks)."""


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: the longest period for which a key may be used, in days."""

    max_cryptoperiod_days: int = 730


def probe(management: KeyManagement, params: Params, now: datetime) -> Iterator[Finding]:
    """Yield each key that is weak, of an unknown algorithm, or older than its period.

    Args:
        management: Every key that protects data.
        params: Limits.
        now: The moment of the decision (UTC).

    Clause:
        security_standards.data_protection.encryption
    """
    for key in management.keys:
        yield from (Finding(f"{key.id} {fault}", rule=key.id) for fault in _faults(key, params, now))


def _faults(key: Key, params: Params, now: datetime) -> Iterator[str]:
    least = STRONG_BITS.get(key.algorithm.upper().partition("-")[0])
    if least is None:
        yield f"uses {key.algorithm}, which is not known to be strong"
    elif key.bits < least:
        yield f"has {key.bits} bits, {key.algorithm} needs at least {least}"
    age_days = (now - key.rotated_at).days
    period = min(key.cryptoperiod_days, params.max_cryptoperiod_days)
    if age_days > period:
        yield f"was rotated {age_days} days ago, at most {period}"
    if age_days < 0:
        yield f"was rotated on {key.rotated_at:%Y-%m-%d}, after the decision"
