"""The table that `make bench` prints."""

from collections.abc import Iterator

from benchmarks.measure import Figures
from benchmarks.tasks import Row

_HEAD = ("", "CPU s", "least", "wall s", "least", "peak MB", "runs", "CPU ratio")
_WIDTHS = (54, 8, 8, 8, 8, 8, 5, 10)


def lines(rows: list[Row]) -> Iterator[str]:
    """Yield the lines of the table: medians and least values; the ratio says how many times our CPU a peer used."""
    yield _line(_HEAD)
    for row in rows:
        yield ""
        yield f"{row.task}{_verdict(row)}"
        for side in row.sides:
            yield _line(_cells(side, row.sides[0]))


def _verdict(row: Row) -> str:
    if row.holds is None:
        return ""
    return f" ({row.target}: {'holds' if row.holds else 'MISSED'})"


def _cells(side: Figures, ours: Figures) -> tuple[str, ...]:
    return (
        f"  {side.name}",
        f"{side.cpu_s:.3f}",
        f"{side.least_cpu_s:.3f}",
        f"{side.wall_s:.3f}",
        f"{side.least_wall_s:.3f}",
        f"{side.peak_mb:.0f}",
        str(side.runs),
        "" if side is ours else f"{side.cpu_s / ours.cpu_s:.1f}x",
    )


def _line(cells: tuple[str, ...]) -> str:
    first, *others = cells
    return (first.ljust(_WIDTHS[0]) + "".join(map(str.rjust, others, _WIDTHS[1:]))).rstrip()
