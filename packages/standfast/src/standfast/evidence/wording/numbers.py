"""Numbers that can be stored: JSON has neither infinity nor what is no number."""

import math
import sys


def finite(value: float | str) -> float | None:
    """Return *value*, which is written as a number, as a finite one; None where it is none (``nan``).

    What is too large becomes the largest number there is, and not nothing: a limit that never ends is a limit that is
    too long.
    """
    try:
        number = float(value)
    except OverflowError:
        number = math.inf if isinstance(value, int) and value > 0 else -math.inf
    return None if math.isnan(number) else max(-sys.float_info.max, min(number, sys.float_info.max))
