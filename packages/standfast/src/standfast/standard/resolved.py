"""The stored form of a standard: the bytes from which a verdict can be recomputed without its sources."""

import msgspec

from standfast.model import Clause, Digest, Override, Reference, Standard, StandardError, canonical_json, sha256


class _Unsealed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A `Standard` without its digest."""

    name: str
    version: str
    clauses: tuple[Clause, ...]
    status: str = ""
    updated: str = ""
    sources: tuple[str, ...] = ()
    unresolved: tuple[Reference, ...] = ()
    overrides: tuple[Override, ...] = ()


def sealed(
    *,
    name: str,
    version: str,
    clauses: tuple[Clause, ...],
    status: str = "",
    updated: str = "",
    sources: tuple[str, ...] = (),
    unresolved: tuple[Reference, ...] = (),
    overrides: tuple[Override, ...] = (),
) -> Standard:
    """Return the standard of these parts with its digest: the content address of `stored_bytes`."""
    parts = _Unsealed(
        name=name,
        version=version,
        clauses=clauses,
        status=status,
        updated=updated,
        sources=sources,
        unresolved=unresolved,
        overrides=overrides,
    )
    return _with_digest(parts, sha256(canonical_json(parts)))


def stored_bytes(standard: Standard) -> bytes:
    """Return the canonical JSON of *standard* without its digest; ``sha256`` of it is that digest."""
    fields = {name: getattr(standard, name) for name in _Unsealed.__struct_fields__}
    return canonical_json(_Unsealed(**fields))


def from_stored(data: bytes) -> Standard:
    """Return the standard that `stored_bytes` gave *data* for; clauses, limits and digest are the same.

    Raises:
        StandardError: The bytes are not a stored standard, or not in canonical form.
    """
    try:
        parts = msgspec.json.decode(data, type=_Unsealed)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise StandardError("standard-stored", f"these bytes are no stored standard: {error}") from error
    if canonical_json(parts) != data:
        raise StandardError("standard-stored", "this stored standard is not in canonical form")
    return _with_digest(parts, sha256(data))


def _with_digest(parts: _Unsealed, digest: Digest) -> Standard:
    fields = {name: getattr(parts, name) for name in _Unsealed.__struct_fields__}
    return Standard(digest=digest, **fields)
