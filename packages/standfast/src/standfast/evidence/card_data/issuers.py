"""Which digits make a card number: the ranges of the issuers, and the check digit."""

from collections.abc import Iterator

# Issuer, first digits, lengths. The wide Maestro ranges are left to a key that names a card: alone they fit too much.
_RANGES: tuple[tuple[str, tuple[tuple[int, int], ...], tuple[int, ...]], ...] = (
    ("American Express", ((34, 34), (37, 37)), (15,)),
    ("Diners Club", ((300, 305), (309, 309), (36, 36), (38, 39)), (14, 16)),
    ("JCB", ((3528, 3589),), (16, 17, 18, 19)),
    ("Visa", ((4, 4),), (13, 16, 19)),
    ("Mastercard", ((51, 55), (2221, 2720)), (16,)),
    ("Discover", ((6011, 6011), (644, 649), (65, 65)), (16, 17, 18, 19)),
    ("UnionPay", ((62, 62), (81, 81)), (16, 17, 18, 19)),
    ("Maestro", ((5018, 5018), (5020, 5020), (5038, 5038), (5893, 5893), (6304, 6304), (6759, 6763)), (12, 13, 16, 19)),
)

_PUBLISHED = """
3782_8224_6310_005 3714_4963_5398_431 3787_3449_3671_000 3700_0000_0000_002 3056_9309_0259_04
3852_0000_0232_37 3622_7206_2716_67 3600_6666_3333_44 3530_1113_3330_0000 3566_0020_2036_0505
3569_9900_1009_5841 4000_0566_5566_5556 4012_8888_8888_1881 4111_1111_1111_1111 4222_2222_2222_2
4242_4242_4242_4242 4000_0000_0000_0002 4000_0000_0000_0069 4000_0000_0000_0077 4000_0000_0000_0119
4000_0000_0000_0127 4000_0000_0000_0259 4000_0000_0000_0341 4000_0000_0000_1976 4000_0000_0000_3220
4000_0000_0000_9995 4000_0000_0000_0101 4000_0025_0000_3155 4000_0027_6000_3184 4000_0082_6000_3178
4100_0000_0000_0019 4444_3333_2222_1111 4917_6100_0000_0000 4917_4845_8989_7107 4462_0300_0000_0000
4988_4388_4388_4305 4166_6766_6766_6746 4646_4646_4646_4644 4000_6200_0000_0007 4009_3488_8888_1881
4012_0000_3333_0026 4012_0000_7777_7777 4005_5192_0000_0004 4217_6511_1111_1119 4500_6000_0000_0061
4000_1111_1111_1115 5105_1051_0510_5100 5200_8282_8282_8210 5555_5555_5555_4444 5431_1111_1111_1111
5454_5454_5454_5454 5555_3412_4444_1115 5500_0000_0000_0004 5424_0000_0000_0015 5100_2900_2900_2909
5577_0000_5577_0004 2223_0031_2200_3222 2222_4000_7000_0005 2222_4107_4036_0010 2223_0000_4841_0010
2720_9943_2658_1252 6011_0009_9013_9424 6011_1111_1111_1117 6011_6011_6011_6611 6011_0000_0000_0004
6445_6445_6445_6445 6200_0000_0000_0005 6200_0000_0000_0047 6243_0300_0000_0001 6759_6498_2643_8453
6761_0000_0000_0006
"""

PUBLISHED = frozenset(_PUBLISHED.replace("_", "").split())
"""Numbers that payment networks and providers publish for tests; written so that this file holds none."""


def luhn_holds(digits: str) -> bool:
    """Return whether the last of *digits* is the check digit of the others (ISO/IEC 7812-1)."""
    total = 0
    for index, sign in enumerate(reversed(digits)):
        value = int(sign) * (2 if index % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def issuer_of(digits: str) -> str:
    """Return the issuer of the card number *digits*; ``""`` where it is none."""
    return next(_issuers(digits), "") if luhn_holds(digits) else ""


def _issuers(digits: str) -> Iterator[str]:
    for name, ranges, lengths in _RANGES:
        if len(digits) in lengths:
            for low, high in ranges:
                if low <= int(digits[: len(str(low))]) <= high:
                    yield name


def is_published(digits: str) -> bool:
    """Return whether *digits* is a number for tests: a published one, or one of at most three different digits."""
    return digits in PUBLISHED or len(set(digits)) <= 3
