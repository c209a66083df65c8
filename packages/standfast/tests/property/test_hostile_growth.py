"""Every reader of what strangers wrote takes time in proportion to it, wherever a hostile writer makes it grow."""

import re
from collections.abc import Iterator
from functools import cache
from random import Random

import pytest
from evidence_readers import Reader, collecting, importing
from hostile_growth import Growth, Steep, chosen, growths, steep

FIRST, MOST = 2_048, 16_384
GROWN = 12
"""How many growths of a sample are tried here, each time the same ones; the others are not tried."""


@pytest.fixture(scope="module")
def readers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Reader]:
    """Return every importer and every collector by name."""
    return {one.name: one for one in (*importing(), *collecting(tmp_path_factory.mktemp("hostile")))}


def slow_at(reader: Reader, count: int) -> Iterator[Steep]:
    """Yield what makes *reader* slow, of so many growths of each of its samples."""
    for sample in reader.samples:
        found = (steep(reader.read, growth, FIRST, MOST) for growth in chosen(sample, count, Random(reader.name)))  # noqa: S311  # the same each time
        yield from (one for one in found if one)


@pytest.mark.parametrize("name", [one.name for one in importing()])
def test_importer_takes_as_long_as_its_report(readers: dict[str, Reader], name: str) -> None:
    """Whatever is repeated in a report costs an importer as much as it is long, or is refused."""
    assert readers[name].samples

    assert [str(one) for one in slow_at(readers[name], GROWN)] == []


def test_collectors_take_as_long_as_what_their_tools_left(readers: dict[str, Reader]) -> None:
    """Whatever is repeated in what a tool left, or in a file of the project, costs as much as it is long."""
    collected = [one for one in readers.values() if "." in one.name]
    assert len(collected) > 50

    assert [f"{one.name} {slow}" for one in collected for slow in slow_at(one, GROWN)] == []


@cache
def planted(kind: str) -> re.Pattern[str]:
    """Return a pattern that takes the square of a text."""
    return re.compile({"blanks": r"^\s*x:", "brackets": r"\[[^\]]*\]\(x"}[kind], re.MULTILINE)


@pytest.mark.parametrize("kind", ["blanks", "brackets"])
def test_planted_slowness_is_found(kind: str) -> None:
    """The growths of a small sample are enough to find a pattern that takes the square of blanks, or of brackets."""
    slow = (
        steep(lambda data: planted(kind).findall(data.decode()), one, FIRST, MOST)
        for one in growths(b"a: 1\n\nb: [2]\n")
    )

    assert next((one.label for one in slow if one), None)


def test_bounded_slowness_is_none() -> None:
    """Who looks at the square of the first two thousand characters, and no more, takes as long as the rest."""
    growing = Growth("blanks", lambda size: b"\n" * size)

    assert steep(lambda data: planted("blanks").search(data[:2000].decode()), growing, FIRST, MOST * 8) is None
