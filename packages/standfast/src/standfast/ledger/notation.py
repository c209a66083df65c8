"""Base64 and decimal numbers in the one spelling that each value has; every other spelling is nothing."""

import re
from base64 import b64encode
from binascii import Error, a2b_base64

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


def to_base64(data: bytes) -> str:
    """Return *data* in standard base64 with padding."""
    return b64encode(data).decode("ascii")


def from_base64(text: str) -> bytes | None:
    """Return the bytes of which *text* is the base64, or nothing: no spaces, no stray bits, padding as it must be."""
    try:
        data = a2b_base64(text.encode("ascii"), strict_mode=True)
    except (Error, UnicodeEncodeError):
        return None
    return data if to_base64(data) == text else None


def from_decimal(text: str) -> int | None:
    """Return the number below 2**63 that *text* is, or nothing: ASCII digits, no sign, no leading zeros."""
    if not _DECIMAL.fullmatch(text):
        return None
    number = int(text)
    return number if number < 1 << 63 else None
