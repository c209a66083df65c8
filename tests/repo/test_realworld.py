"""The comparison with real projects ends with 1 unless every difference is explained."""

import pytest
from benchmarks.realworld.compared import Compared, Row, exit_code, unsteady
from benchmarks.realworld.projects import listed

ROWS = [
    ([Row("ruff", "findings", 3, 3)], [], 0),
    ([Row("ruff", "findings", 3, 4)], [], 1),
    ([Row("ruff", "findings", None, 0)], [], 1),
    ([Row("ruff", "findings", 3, 4, "ruff counts a file twice")], [], 0),
    ([Row("ruff", "findings", 4, 4, "ruff counts a file twice")], [], 1),
    ([Row("ruff", "findings", 3, 3)], ["the gate ended with 4"], 1),
]


@pytest.mark.parametrize(("rows", "failures", "expected"), ROWS)
def test_unexplained_difference_ends_with_one(rows: list[Row], failures: list[str], expected: int) -> None:
    """A count that differs needs a reason, a reason needs a count that differs, and no crash is explained."""
    clean = Compared("plain", "1", 1, 2.0, 1.0, rows=[Row("mypy", "errors", 0, 0)])
    one = Compared("odd", "1", 1, 2.0, 1.0, rows=rows, failures=failures)

    assert exit_code([clean, one]) == expected
    assert exit_code([clean]) == 0


@pytest.mark.parametrize(
    ("ours", "by_hand", "expected"),
    [
        (5, [5, 5], ""),
        (6, [5, 5], ""),
        (6, [5, 7], "2 runs by hand count 5 to 7"),
        (7, [7, 5, 6], "3 runs by hand count 5 to 7"),
        (8, [5, 7], ""),
        (None, [5, 7], ""),
    ],
)
def test_only_a_count_that_differs_from_itself_is_unsteady(ours: object, by_hand: list[int], expected: str) -> None:
    """A difference is explained by other differences only where the runs by hand enclose it."""
    assert unsteady(ours, by_hand) == expected


def test_list_holds_what_it_promises() -> None:
    """At least six projects from PyPI, one from npm, and this repository are compared."""
    sources = [project.source for project in listed().values()]

    assert sources.count("pypi") >= 6
    assert {"npm", "repository"} <= set(sources)
