"""Bytes as they arrive when a report was cut off or damaged, and what must hold of whatever is read from them."""

import msgspec
from hypothesis import strategies as st

from standfast.evidence.codec import kind_type
from standfast.evidence.contract import Importer, Reading, readings
from standfast.model import Evidence, EvidenceError, canonical_json

WORDS = [b"null", b"-1", b"1e999", b'"x"', b"[]", b"{}", b"true", b"99999999999999999999", b"\xff", b"\\ud800", b"NaN"]


@st.composite
def damaged(draw: st.DrawFn, samples: list[bytes]) -> bytes:
    """Return one of *samples* that was cut, or had bytes replaced, doubled or removed."""
    data = bytearray(draw(st.sampled_from(samples)))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(data)))
        upto = min(len(data), at + draw(st.integers(0, 12)))
        match draw(st.sampled_from(("cut", "replace", "double", "remove"))):
            case "cut":
                del data[at:]
            case "replace":
                data[at:upto] = draw(st.one_of(st.binary(max_size=12), st.sampled_from(WORDS)))
            case "double":
                data[at:at] = data[at:upto]
            case _:
                del data[at:upto]
    return bytes(data)


def read_harmlessly(importer: Importer, data: bytes) -> tuple[Reading, ...]:
    """Return what *importer* reads, all of which can be stored; what it refuses with our own error is nothing."""
    try:
        found = readings(importer.read(data))
    except EvidenceError:
        return ()
    for reading in found:
        assert_storable(reading.body)
    return found


def assert_storable(body: Evidence) -> None:
    """Make sure that *body* can be stored, read back equal, and questioned."""
    assert msgspec.json.decode(canonical_json(body), type=kind_type(body.KIND)) == body
    body.facts()
    body.examination.shortfalls()
    assert body.items.total >= len(body.items.listed)
