"""Decide whether keys are kept where nobody can copy them."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.key_management.schema import KeyManagement
from standfast.model import Finding

HELD = ("hsm", "kms")


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: how many people must hold a key of a hardware module together."""

    min_custodians: int = 2


def probe(management: KeyManagement, params: Params) -> Iterator[Finding]:
    """Yield each key that lives elsewhere, can be taken out, or that one person holds alone.

    Args:
        management: Every key that protects data.
        params: Limits.

    Clause:
        security_standards.data_protection.encryption
    """
    for key in management.keys:
        if key.protection not in HELD:
            yield Finding(f"{key.id} ({key.purpose}) is kept as {key.protection}", rule=key.id)
        if key.exportable:
            yield Finding(f"{key.id} can be taken out of where it lives", rule=key.id)
        if key.protection == "hsm" and len(set(key.custodians)) < params.min_custodians:
            held = len(set(key.custodians))
            yield Finding(f"{key.id} has {held} custodians, at least {params.min_custodians}", rule=key.id)
