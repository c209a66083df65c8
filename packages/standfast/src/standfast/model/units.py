"""Units of limits and facts, and the exact conversion between them."""

import re
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

import msgspec


class Unit(StrEnum):
    """Every unit that a limit or a fact may carry."""

    RATIO = "ratio"
    PERCENT = "percent"
    MS = "ms"
    S = "s"
    MIN = "min"
    H = "h"
    D = "d"
    Y = "y"
    BYTES = "bytes"
    KB = "kB"
    MB = "MB"
    GB = "GB"
    BITS = "bits"
    COUNT = "count"
    SCORE = "score"
    VERSION = "version"
    FLAG = "flag"


# (dimension, how many of the dimension's base unit one unit is); decimal prefixes: 512 MB is
# 512,000,000 bytes, the stricter of the two readings of a written limit.
_SCALE: dict[Unit, tuple[str, Decimal]] = {
    Unit.RATIO: ("share", Decimal(1)),
    Unit.PERCENT: ("share", Decimal("0.01")),
    Unit.MS: ("time", Decimal("0.001")),
    Unit.S: ("time", Decimal(1)),
    Unit.MIN: ("time", Decimal(60)),
    Unit.H: ("time", Decimal(3600)),
    Unit.D: ("time", Decimal(86400)),
    Unit.Y: ("time", Decimal(365 * 86400)),
    Unit.BYTES: ("size", Decimal(1)),
    Unit.KB: ("size", Decimal(1000)),
    Unit.MB: ("size", Decimal(1000**2)),
    Unit.GB: ("size", Decimal(1000**3)),
    Unit.BITS: ("bits", Decimal(1)),
    Unit.COUNT: ("count", Decimal(1)),
    Unit.SCORE: ("score", Decimal(1)),
    Unit.VERSION: ("version", Decimal(1)),
    Unit.FLAG: ("flag", Decimal(1)),
}

_WORDS: dict[str, Unit] = {
    "%": Unit.PERCENT,
    "percent": Unit.PERCENT,
    "ratio": Unit.RATIO,
    "ms": Unit.MS,
    "millisecond": Unit.MS,
    "s": Unit.S,
    "sec": Unit.S,
    "second": Unit.S,
    "min": Unit.MIN,
    "minute": Unit.MIN,
    "h": Unit.H,
    "hour": Unit.H,
    "d": Unit.D,
    "day": Unit.D,
    "y": Unit.Y,
    "year": Unit.Y,
    "b": Unit.BYTES,
    "byte": Unit.BYTES,
    "kb": Unit.KB,
    "mb": Unit.MB,
    "gb": Unit.GB,
    "bit": Unit.BITS,
}

_QUANTITY = re.compile(r"\s*(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>%|[A-Za-z]+)?\s*\Z")


class Quantity(msgspec.Struct, frozen=True):
    """A number with its unit."""

    value: float
    unit: Unit


def unit_named(word: str) -> Unit | None:
    """Return the unit that *word* names (singular, plural, any case), or None."""
    lowered = word.lower()
    return _WORDS.get(lowered) or _WORDS.get(lowered.removesuffix("s"))


def parse_quantity(text: str) -> Quantity | None:
    """Return the quantity that *text* is, such as ``200ms`` or ``5 minutes``, or None.

    A bare number has the unit ``score``. An unknown unit gives None: the caller reports it.
    """
    match = _QUANTITY.match(text)
    if match is None:
        return None
    word = match["unit"]
    unit = Unit.SCORE if word is None else unit_named(word)
    return None if unit is None else Quantity(float(Decimal(match["number"])), unit)


def same_dimension(left: Unit, right: Unit) -> bool:
    """Return whether a value in *left* can be expressed in *right*."""
    return _SCALE[left][0] == _SCALE[right][0]


def convert(value: float, unit: Unit, to: Unit) -> float:
    """Return *value* given in *unit*, expressed in *to*; exact in decimal.

    Raises:
        ValueError: The units are of different dimensions.
    """
    if unit is to:
        return value
    if not same_dimension(unit, to):
        raise ValueError(f"{unit} cannot be expressed in {to}")
    return float(Decimal(str(value)) * _SCALE[unit][1] / _SCALE[to][1])


_BARE = frozenset({Unit.COUNT, Unit.SCORE, Unit.VERSION})


_LARGE = 1e15
"""From here on a number is written with its power of ten: nobody counts so many digits."""


@lru_cache(maxsize=8192)
def written(value: float, unit: Unit, digits: int = 3) -> str:
    """Return *value* as it is written for people, such as ``71.4 %``, with at most *digits* decimals."""
    if unit is Unit.FLAG:
        return "yes" if value else "no"
    if unit in (Unit.RATIO, Unit.PERCENT):
        share = value * 100 if unit is Unit.RATIO else value
        return _trimmed(share, max(digits - 1, 0)) + " %"
    number = _trimmed(value, digits)
    return number if unit in _BARE else f"{number} {unit}"


def _trimmed(value: float, digits: int) -> str:
    if abs(value) >= _LARGE:
        return f"{value:.3g}"
    text = f"{value + 0.0:.{digits}f}"  # a sum is never -0.0, which equals 0.0 and would be written otherwise
    return text.rstrip("0").rstrip(".") if "." in text else text
