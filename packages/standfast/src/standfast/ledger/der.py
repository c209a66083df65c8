"""Read DER (X.690) strictly: one value, definite and shortest lengths, nothing after it."""

from typing import NamedTuple

from standfast.model import LedgerError

INTEGER, OCTETS, OBJECT, TIME, SEQUENCE, SET = 0x02, 0x04, 0x06, 0x18, 0x30, 0x31
_LONG_TAG = 0x1F
_MOST_LENGTH_BYTES = 3


class Value(NamedTuple):
    """One value: its tag, its content, and all of its bytes."""

    tag: int
    body: bytes
    whole: bytes


def one(data: bytes, tag: int) -> Value:
    """Return the value with *tag* that *data* is, from its first byte to its last.

    Raises:
        LedgerError: It is another, or there is more, or less.
    """
    found = values(data)
    if len(found) != 1:
        raise refused(f"found {len(found)} values, expected one")
    return tagged(found[0], tag)


def tagged(value: Value, tag: int) -> Value:
    """Return *value*, which has *tag*.

    Raises:
        LedgerError: It has another.
    """
    if value.tag != tag:
        raise refused(f"found the tag {value.tag:#04x}, expected {tag:#04x}")
    return value


def parts(value: Value, tag: int = SEQUENCE) -> tuple[Value, ...]:
    """Return what is in *value*, which has *tag*.

    Raises:
        LedgerError: It has another, or does not hold whole values.
    """
    return values(tagged(value, tag).body)


def values(data: bytes) -> tuple[Value, ...]:
    """Return the values that *data* consists of.

    Raises:
        LedgerError: It does not.
    """
    found: list[Value] = []
    at = 0
    while at < len(data):
        start, end = _content(data, at)
        found.append(Value(data[at], data[start:end], data[at:end]))
        at = end
    return tuple(found)


def integer(value: Value) -> int:
    """Return the number, which is in its shortest form.

    Raises:
        LedgerError: It is no number, or a longer form of one.
    """
    body = tagged(value, INTEGER).body
    if not body or (len(body) > 1 and body[0] in (0, 0xFF) and (body[0] ^ body[1]) < 0x80):
        raise refused("a number is not in its shortest form")
    return int.from_bytes(body, "big", signed=True)


def encoded(tag: int, *bodies: bytes) -> bytes:
    """Return the value with *tag* that holds *bodies*."""
    body = b"".join(bodies)
    if len(body) < 0x80:
        return bytes([tag, len(body)]) + body
    length = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + body


def number(value: int) -> bytes:
    """Return the number *value*, which is not negative, as a value."""
    return encoded(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _content(data: bytes, at: int) -> tuple[int, int]:
    if data[at] & _LONG_TAG == _LONG_TAG or at + 2 > len(data):
        raise refused("a tag is too long, or its length is missing")
    first, start = data[at + 1], at + 2
    length = first
    if first >= 0x80:
        count = first & 0x7F
        digits = data[start : start + count]
        if not 0 < count <= _MOST_LENGTH_BYTES or len(digits) != count:
            raise refused("a length is indefinite, huge or cut off")
        length, start = int.from_bytes(digits, "big"), start + count
        if length < 0x80 or digits[0] == 0:
            raise refused("a length is not in its shortest form")
    if start + length > len(data):
        raise refused("it is cut off")
    return start, start + length


def refused(why: str) -> LedgerError:
    """Return the error that the bytes are not what they should be."""
    return LedgerError(
        "time-stamp-malformed",
        f"the answer is no time stamp in DER: {why}",
        hint="ask again; if it stays so, ask the operator of the authority what answered",
    )
