"""Canonical bytes: the restricted profile of RFC 8785 (JCS) that everything the ledger hashes is written in.

Within the profile the sorted JSON of `standfast.model.canonical_json` *is* RFC 8785, so there is one writer.
Outside it two writers may disagree, or two values may share their bytes. Such a value is refused with its place and
the reason; nothing is ever rounded, re-encoded or dropped:

- no floats: a decimal is written as a string, in the smallest unit, or as a pair of integers;
- integers lie strictly between -2**53 and 2**53: beyond, readers in other languages merge neighbours;
- keys are ASCII: sorting by code point and by UTF-16 unit is then the same;
- no lone surrogates: they have no UTF-8 form.
"""

from collections.abc import Iterator
from datetime import date, time, timedelta
from decimal import Decimal
from uuid import UUID

import msgspec

from standfast.model import LedgerError, Problem, canonical_json

INTEGER_BOUND = 2**53
"""Integers are smaller than this in size."""

MAX_DEPTH = 64
"""Lists and objects are nested at most so deep."""

_NOT_PLAIN = (bytes, bytearray, memoryview, Decimal, UUID, date, time, timedelta)
"""What msgspec would write as text by its own choice; a struct of the ledger holds the text itself."""


def encode(value: object) -> bytes:
    """Return the canonical bytes of *value*: plain data, or a msgspec struct.

    Equal values give equal bytes, and `decode` gives the plain data back (a tuple as a list).

    Raises:
        LedgerError: The value is outside the profile; every place is named.
    """
    plain = msgspec.to_builtins(value, builtin_types=_NOT_PLAIN) if isinstance(value, msgspec.Struct) else value
    problems = tuple(_problems(plain, "", 0))
    if problems:
        raise _refused(problems)
    return canonical_json(plain)


def decode(data: bytes) -> object:
    """Return the value whose canonical bytes are exactly *data*.

    Raises:
        LedgerError: The bytes are no JSON, hold what the profile refuses, or are another way to write their value.
    """
    try:
        value: object = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise LedgerError("canonical-malformed", f"these bytes are no JSON: {error}") from error
    again = encode(value)
    if again != data:
        at = first_difference(again, data)
        raise LedgerError(
            "canonical-other-form",
            f"byte {at} is not as the canonical form has it: found {data[at : at + 16]!r}, "
            f"expected {again[at : at + 16]!r}",
            hint="take the bytes as they were recorded; any editor or formatter changes them",
        )
    return value


def first_difference(left: bytes, right: bytes) -> int:
    """Return the first position at which the two differ; the shorter length where one begins the other."""
    pairs = enumerate(zip(left, right, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(left), len(right)))


def _refused(problems: tuple[Problem, ...]) -> LedgerError:
    return LedgerError(
        "canonical-profile",
        "the value has no canonical form",
        hint="write decimals and large numbers as strings, and keys in ASCII",
        problems=problems,
    )


def _problems(value: object, where: str, depth: int) -> Iterator[Problem]:
    if depth > MAX_DEPTH:
        yield Problem(where, f"nesting deeper than {MAX_DEPTH}", "a flatter value")
    elif isinstance(value, dict):
        for key, held in value.items():
            yield from _key(key, where)
            yield from _problems(held, f"{where}/{_token(key)}", depth + 1)
    elif isinstance(value, list | tuple):
        for index, held in enumerate(value):
            yield from _problems(held, f"{where}/{index}", depth + 1)
    elif value is not None and not isinstance(value, bool):
        yield from _scalar(value, where or "/")


def _scalar(value: object, where: str) -> Iterator[Problem]:
    if isinstance(value, str):
        yield from _text(value, where)
    elif isinstance(value, float):
        yield Problem(where, f"the float {value!r}", "an integer or a string")
    elif not isinstance(value, int):
        yield Problem(where, f"a value of type {type(value).__name__}", "plain data")
    elif abs(value) >= INTEGER_BOUND:
        yield Problem(where, f"an integer of {value.bit_length()} bits", "less than 2**53 in size, or a string")


def _text(value: str, where: str) -> Iterator[Problem]:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        yield Problem(where, f"a lone surrogate at character {error.start}", "text that has a UTF-8 form")


def _key(key: object, where: str) -> Iterator[Problem]:
    if not isinstance(key, str):
        yield Problem(where or "/", f"the key {key!r} of type {type(key).__name__}", "a string")
    elif not key.isascii():
        yield Problem(where or "/", f"the key {key!a}", "an ASCII key")


def _token(key: object) -> str:
    """Return *key* as one part of a JSON pointer, in characters that can be printed anywhere."""
    return ascii(key)[1:-1].replace("~", "~0").replace("/", "~1") if isinstance(key, str) else ascii(key)
