"""Content addresses and the bytes they are taken over."""

import hashlib
from typing import NewType

import msgspec

Digest = NewType("Digest", str)
"""``sha256:`` and 64 lower-case hexadecimal digits."""

_encoder = msgspec.json.Encoder(order="sorted")


def sha256(data: bytes) -> Digest:
    """Return the content address of *data*."""
    return Digest("sha256:" + hashlib.sha256(data).hexdigest())


def canonical_json(value: object) -> bytes:
    """Return the one JSON form of *value*: UTF-8, keys sorted, no white space.

    Two equal values give equal bytes, so the digest of the bytes names the value.
    """
    return _encoder.encode(value)
