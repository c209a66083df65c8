"""What changes reports for tests and for the fuzzer stays small itself, or it would end a run that found nothing."""

import tracemalloc
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from report_mutations import mutated

MOST_BYTES = 4_096
MOST_HELD = 4_000_000
GROWING = {
    "a line without an end": (b"x" * 4_000, 800),
    "lists in lists": (b"[[[" + b"1," * 500 + b"1]]]", 150),
    "a line of lists": (b'{"a": [[' + b"1," * 400 + b'1]]}\n{"b": [1]}\n', 150),
    "elements": (b"<a><b>" + b"c" * 4_000 + b"</b></a>", 800),
}
"""Reports, and for how many seeds each is changed."""


def held(report: bytes, seeds: range) -> int:
    """Return how many bytes were held at once, at most, while *report* was changed for each seed."""
    tracemalloc.start()
    try:
        for seed in seeds:
            assert len(mutated(report, Random(seed), MOST_BYTES)) <= MOST_BYTES  # noqa: S311  # repeatable damage
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("growing", GROWING)
def test_repeated_again_and_again_stays_small(growing: str) -> None:
    """Changes that repeat what an earlier one repeated do not grow to its power."""
    report, seeds = GROWING[growing]

    assert held(report, range(seeds)) < MOST_HELD


@settings(max_examples=30, suppress_health_check=list(HealthCheck))
@given(part=st.binary(min_size=1, max_size=64), seed=st.integers(0, 2**32))
def test_any_report_is_changed_in_bounded_memory(part: bytes, seed: int) -> None:
    """Whatever is changed, and however often it is repeated, no more is held at once than a fuzzer can afford."""
    assert held(part * (MOST_BYTES // len(part)), range(seed, seed + 10)) < MOST_HELD
