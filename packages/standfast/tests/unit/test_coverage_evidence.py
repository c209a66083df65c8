"""Lines, branches, paths and their joins."""

import json

import pytest

from standfast.evidence.coverage.importers import clover, cobertura, coverage_py, go_cover, istanbul, jacoco, lcov
from standfast.evidence.coverage.joined import covered_files, uncovered
from standfast.evidence.coverage.paths import joined, tracked_by_reported
from standfast.evidence.coverage.ranges import as_ranges, from_ranges
from standfast.evidence.coverage.schema import Coverage
from standfast.model import EvidenceError


def coverage(body: object) -> Coverage:
    """Return *body* as what it is."""
    assert isinstance(body, Coverage)
    return body


def cobertura_of(classes: str, root: str = 'line-rate="1"') -> Coverage:
    """Return what the Cobertura importer makes of *classes*."""
    xml = f"<coverage {root}><packages><package><classes>{classes}</classes></package></packages></coverage>"
    return coverage(cobertura.read(xml.encode()).body)


@pytest.mark.parametrize(("lines", "text"), [([], ""), ([3], "3"), ([1, 2, 3], "1-3"), ([0, 1, 4, 6, 7], "0-1,4,6-7")])
def test_ranges_are_short_and_reversible(lines: list[int], text: str) -> None:
    """Line numbers become ranges and come back."""
    assert as_ranges(lines) == text
    assert from_ranges(text) == frozenset(lines)


def test_classes_of_one_file_are_merged() -> None:
    """A line ran if any class of its file says so, and is counted once."""
    line = '<line number="{}" hits="{}"/>'.format
    body = cobertura_of(
        f'<class filename="a.py"><lines>{line(1, 0)}{line(2, 1)}</lines></class>'
        f'<class filename="a.py"><lines>{line(1, 3)}{line(3, 0)}</lines></class>'
    )

    assert [(file.path, file.lines, file.covered, file.missed) for file in body.files] == [("a.py", 3, 2, (3,))]


def test_branch_without_its_share_counts_as_not_taken() -> None:
    """A branch whose share of taken conditions is missing is a missed branch."""
    body = cobertura_of('<class filename="a.py"><lines><line number="1" hits="1" branch="true"/></lines></class>')

    assert (body.branches, body.branches_covered) == (1, 0)


def test_declared_rate_counts_where_it_is_worse() -> None:
    """Of the declared and the recomputed ratio the lower one is the ratio."""
    lines = '<class filename="a.py"><lines><line number="1" hits="1"/></lines></class>'

    worse = cobertura_of(lines, 'line-rate="0.4"')
    better = cobertura_of(
        '<class filename="a.py"><lines><line number="1" hits="0"/></lines></class>', 'line-rate="0.9"'
    )

    assert (worse.line_ratio, better.line_ratio) == (0.4, 0.0)
    assert worse.disagreements
    assert better.disagreements


@pytest.mark.parametrize("rate", ["NaN", "-0.1", "1.1", "Infinity", "all"])
def test_declared_rate_that_is_none_is_a_contradiction(rate: str) -> None:
    """A share that is no number from 0 to 1 is said, and the lines alone count."""
    body = cobertura_of(
        '<class filename="a.py"><lines><line number="1" hits="1"/></lines></class>', f'line-rate="{rate}"'
    )

    assert (body.line_ratio, len(body.disagreements)) == (1.0, 1)


def test_declared_rate_of_nothing_is_no_contradiction() -> None:
    """A tool that divides nothing by nothing says NaN, and there is nothing that it could contradict."""
    assert cobertura_of("", 'line-rate="NaN"').disagreements == ()


@pytest.mark.parametrize(
    ("read", "data"),
    [
        (cobertura.read, b'<coverage line-rate="1"><line number="1" hits="1"/></coverage>'),
        (cobertura.read, b'<coverage line-rate="1"><class filename="a"><line number="x" hits="1"/></class></coverage>'),
        (
            cobertura.read,
            b'<coverage line-rate="1"><class filename="a"><line number="1" hits="-1"/></class></coverage>',
        ),
        (cobertura.read, b'<coverage line-rate="1"><class filename="a"><line number="1"/></class></coverage>'),
        (
            cobertura.read,
            b'<coverage line-rate="1"><class filename="a"><line number="9999999" hits="1"/></class></coverage>',
        ),
        (cobertura.read, b'<coverage line-rate="1"><class name="a"/></coverage>'),
        (lcov.read, b"SF:a.js\nDA:1,1\n"),
        (lcov.read, b"DA:1,1\n"),
        (lcov.read, b"SF:a.js\nDA:1\nend_of_record\n"),
        (lcov.read, b"SF:a.js\nDA:one,1\nend_of_record\n"),
        (go_cover.read, b"mode: set\na.go:1.1,2.2 1 1"),
        (go_cover.read, b"mode: set\na.go:1.1,99999999.2 1 1\n"),
        (go_cover.read, b"mode: set\na.go:5.1,2.2 1 1\n"),
        (go_cover.read, b"mode: set\nnonsense\n"),
        (jacoco.read, b'<report name="a"><package name="p"><line nr="1" ci="1"/></package></report>'),
        (clover.read, b'<coverage generated="1"><line num="1" count="1"/></coverage>'),
        (istanbul.read, b'{"a.js":{"statementMap":{}}}'),
        (coverage_py.read, b'{"meta":{},"files":{"a.py":{"executed_lines":[1]}},"totals":{}}'),
    ],
)
def test_broken_report_is_refused(read: object, data: bytes) -> None:
    """An entry that is cut, misplaced or impossible is refused, never counted as covered."""
    assert callable(read)

    with pytest.raises(EvidenceError):
        read(data)


def test_many_overlapping_blocks_are_refused() -> None:
    """A profile whose blocks span millions of lines in a few bytes is refused before it fills the memory."""
    lines = "".join(f"a.go:1.1,900000.{column} 1 1\n" for column in range(8))

    with pytest.raises(EvidenceError, match="span over"):
        go_cover.read(f"mode: set\n{lines}".encode())


def test_sole_source_is_put_before_the_name() -> None:
    """A name is joined to the only source; with several, or an absolute name, it stands as it is."""
    assert joined(("/ci/src",), "pay/a.py") == "/ci/src/pay/a.py"
    assert joined((".",), "pay\\a.py") == "pay/a.py"
    assert joined(("/ci/src", "/ci/lib"), "a.py") == "a.py"
    assert joined(("/ci/src",), "C:\\src\\a.cs") == "C:/src/a.cs"


def test_reported_paths_find_their_tracked_file() -> None:
    """Absolute and package paths find the tracked file that they mean; a name that fits two finds none."""
    tracked = ("src/pay/a.py", "src/pay/__init__.py", "src/__init__.py", "java/src/com/acme/A.java")

    found = tracked_by_reported(
        ("/ci/build/src/pay/a.py", "src/pay/__init__.py", "com/acme/A.java", "__init__.py", "other.py"), tracked
    )

    assert found == {
        "/ci/build/src/pay/a.py": "src/pay/a.py",
        "src/pay/__init__.py": "src/pay/__init__.py",
        "com/acme/A.java": "java/src/com/acme/A.java",
    }


def test_reports_are_joined_line_by_line() -> None:
    """A line that ran in one of two reports ran."""
    line = '<line number="{}" hits="{}"/>'.format
    first = cobertura_of(f'<class filename="a.py"><lines>{line(1, 1)}{line(2, 0)}{line(3, 0)}</lines></class>')
    second = cobertura_of(f'<class filename="a.py"><lines>{line(1, 0)}{line(2, 1)}{line(3, 0)}</lines></class>')

    file = covered_files([first, second])["a.py"]

    assert (sorted(file.ran), sorted(file.missed)) == ([1, 2], [3])


def test_neighbouring_lines_are_one_finding() -> None:
    """Missed lines that follow one another are named together, at their first line."""
    found = list(uncovered("a.py", {7, 2, 3, 4}, "not run"))

    assert [(str(item.location), item.message) for item in found] == [
        ("a.py:2", "lines 2 to 4 are not run"),
        ("a.py:7", "line 7 is not run"),
    ]


def test_no_branch_data_is_not_no_branches() -> None:
    """A report that counts no branches says None; code without branches says 0."""
    without = coverage(lcov.read(b"SF:a.js\nDA:1,1\nend_of_record\n").body)
    none_there = coverage(
        coverage_py.read(
            b'{"meta":{"branch_coverage":true},"files":{"a.py":{"executed_lines":[1],"missing_lines":[]}},"totals":{}}'
        ).body
    )

    assert (without.branches, none_there.branches) == (None, 0)
    assert (without.branch_ratio, none_there.branch_ratio) == (None, None)


def _with_summary(total: int, covered: int) -> Coverage:
    """Return what a report says that lists one branch taken and one missed, and counts *covered* of *total*."""
    report = {
        "meta": {"branch_coverage": True},
        "files": {
            "a.py": {
                "executed_lines": [1, 2],
                "missing_lines": [],
                "executed_branches": [[1, 2]],
                "missing_branches": [[1, 5]],
                "summary": {"num_branches": total, "covered_branches": covered},
            }
        },
        "totals": {"num_branches": total, "covered_branches": covered},
    }
    body = coverage_py.read(json.dumps(report).encode()).body
    assert isinstance(body, Coverage)
    return body


def test_branches_to_excluded_lines_are_counted_as_coverage_py_counts_them() -> None:
    """A branch that leads to an excluded line is in the summary and in no list; it counts, so that figures agree."""
    body = _with_summary(total=4, covered=3)

    assert (body.branches, body.branches_covered, body.disagreements) == (4, 3, ())


def test_a_summary_that_hides_a_missed_branch_counts_for_nothing() -> None:
    """A summary with fewer missed branches than the list is not believed, and the disagreement is told."""
    body = _with_summary(total=4, covered=4)

    assert (body.branches, body.branches_covered) == (2, 1)
    assert body.disagreements
