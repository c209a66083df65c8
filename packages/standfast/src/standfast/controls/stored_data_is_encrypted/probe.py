"""Decide whether every place that stores data encrypts it strongly enough."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from standfast.evidence.storage_encryption.schema import StorageEncryption
from standfast.model import Doubt, Finding, Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: length of keys in bits, age of the verification in days."""

    min_key_bits: int = 256
    max_age_days: int = 90


def probe(storage: StorageEncryption, params: Params, now: datetime) -> Iterator[Finding | Measurement | Doubt]:
    """Yield the shortest key against the limit, and each place that is not encrypted or not verified.

    Args:
        storage: Every place where data is stored.
        params: Limits, from the standard.
        now: The moment of the decision (UTC).

    Clause:
        security_standards.data_protection.encryption
    """
    if storage.at_rest_bits is None:
        return
    yield Measurement("encryption.at_rest_bits", storage.at_rest_bits, Op.GE, params.min_key_bits, Unit.BITS)
    for store in storage.stores:
        if not store.cipher:
            yield Finding(f"{store.name} is not encrypted", rule=store.name)
        elif store.key_bits < params.min_key_bits:
            yield Finding(f"{store.name} is encrypted with {store.key_bits} bits", rule=store.name)
        age_days = (now - store.verified_at).days
        if not store.verified_by:
            yield Doubt(f"nobody says how the encryption of {store.name} is known")
        elif not 0 <= age_days <= params.max_age_days:
            yield Doubt(f"{store.name} was verified {age_days} days ago, at most {params.max_age_days}")
