"""Sets of line numbers as short text: ``1-4,7``."""

from collections.abc import Iterable


def as_ranges(lines: Iterable[int]) -> str:
    """Return *lines*, in rising order, as text."""
    parts: list[str] = []
    first = last = -2
    for line in lines:
        if line == last + 1:
            last = line
            continue
        if last >= 0:
            parts.append(f"{first}-{last}" if last > first else f"{first}")
        first = last = line
    if last >= 0:
        parts.append(f"{first}-{last}" if last > first else f"{first}")
    return ",".join(parts)


def from_ranges(text: str) -> frozenset[int]:
    """Return the lines that *text* names; the inverse of `as_ranges`."""
    lines: set[int] = set()
    for part in text.split(",") if text else ():
        first, _, last = part.partition("-")
        lines.update(range(int(first), int(last or first) + 1))
    return frozenset(lines)
