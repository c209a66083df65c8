"""Which content an event names: what lies beside the ledger under its digest."""

import msgspec

from standfast.ledger.bodies import AnyBody
from standfast.model import Digest

_FIELDS = ("statement", "verdict", "context", "document")


class _Inputs(msgspec.Struct):
    evidence: tuple[str, ...] = ()


class _Verdict(msgspec.Struct):
    inputs: _Inputs


_decoder = msgspec.json.Decoder(_Verdict)


def named_by(body: AnyBody) -> tuple[Digest, ...]:
    """Return the addresses of statements, verdicts, contexts and documents that *body* names."""
    found = (getattr(body, field, None) for field in _FIELDS)
    return tuple(Digest(address) for address in found if address)


def inputs_of(data: bytes) -> tuple[Digest, ...]:
    """Return the addresses of the statements that the verdict *data* was decided from; none where it is no verdict."""
    try:
        return tuple(Digest(address) for address in _decoder.decode(data).inputs.evidence)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ()
