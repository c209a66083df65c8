"""Reports of several test runs amount to what the runs amount to: never to more, and to no less where they say it."""

from collections.abc import Mapping
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from standfast.evidence.coverage.joined import covered_files
from standfast.evidence.coverage.schema import Coverage
from standfast.evidence.coverage.tally import FileLines, coverage_of
from standfast.evidence.coverage.union import united

Taken = Mapping[int, frozenset[str]]
"""The ways that were gone from each line with a decision."""

WAYS = {2: ("a", "b"), 4: ("a", "b"), 6: ("a", "b", "c")}
EXECUTABLE = frozenset(range(1, 8))
runs = st.lists(
    st.tuples(
        st.frozensets(st.sampled_from(sorted(EXECUTABLE))),
        st.fixed_dictionaries({line: st.frozensets(st.sampled_from(ways)) for line, ways in WAYS.items()}),
    ),
    min_size=1,
    max_size=4,
)


def report(ran: frozenset[int], taken: Taken, path: str = "src/a.py") -> Coverage:
    """Return what a tool reports of a run."""
    file = FileLines()
    for line in EXECUTABLE:
        file.line(line, ran=line in ran)
    for line, ways in WAYS.items():
        file.branch(line, len(taken[line]), len(ways))
    return coverage_of({path: file}, branches_measured=True)


@given(runs)
def test_lines_are_those_of_all_runs(found: list[tuple[frozenset[int], Taken]]) -> None:
    """A line counts as covered exactly where one run covered it."""
    union = united(tuple(report(*run) for run in found))

    truth = frozenset[int]().union(*(ran for ran, _ in found))
    assert (union.lines.least, union.lines.most, union.lines.total) == (len(truth), len(truth), len(EXECUTABLE))
    assert union.files[0].missed == tuple(sorted(EXECUTABLE - truth))


@given(runs)
def test_branches_are_never_overstated(found: list[tuple[frozenset[int], Taken]]) -> None:
    """What all runs took lies between what is certain and what is possible, and is no less than the best run's."""
    reports = tuple(report(*run) for run in found)

    share = united(reports).branches

    truth = sum(len(frozenset[str]().union(*(taken[line] for _, taken in found))) for line in WAYS)
    assert share.least <= truth <= share.most <= share.total
    assert share.least >= max(one.branches_covered or 0 for one in reports)
    assert share.least == share.most or len(found) > 1


@given(runs, st.randoms())
def test_order_and_repetition_change_nothing(found: list[tuple[frozenset[int], Taken]], random: Random) -> None:
    """The same reports in another order, or one of them twice, make the same lines."""
    reports = [report(*run) for run in found]
    again = [*reports, random.choice(reports)]
    random.shuffle(again)

    first, second = united(tuple(reports)), united(tuple(again))

    assert (first.lines, first.branches.least) == (second.lines, second.branches.least)
    assert first.unsure == second.unsure == ()


@given(runs, st.sampled_from(["/build/", "work/", ""]))
def test_folder_from_which_files_are_named_changes_nothing(
    found: list[tuple[frozenset[int], Taken]], folder: str
) -> None:
    """Reports that name a file from different folders are about one file."""
    here = report(*found[0])
    there = report(*found[-1], path=f"{folder}src/a.py")

    assert united((here, there)).lines == united((here, report(*found[-1]))).lines
    assert united((there, here)).lines == united((here, there)).lines


@given(st.integers(0, 20), st.integers(0, 20), st.integers(1, 20))
def test_counts_without_lines_never_add_up(first: int, second: int, lines: int) -> None:
    """Where two reports do not say which lines ran, together they prove nothing that they do not both say."""
    reports = tuple(_counted(min(covered, lines), lines) for covered in (first, second))

    share = united(reports).lines

    same = reports[0] == reports[1]
    assert share.least == (reports[0].lines_covered if same else 0)
    assert share.most >= max(report.lines_covered for report in reports)


def _counted(covered: int, lines: int) -> Coverage:
    whole = coverage_of({"a.go": FileLines()}, branches_measured=False)
    file = type(whole.files[0])(path="a.go", lines=lines, covered=covered)
    return type(whole)(examination=whole.examination, files=(file,), lines=lines, lines_covered=covered)


@given(runs, st.frozensets(st.integers(1, 12), min_size=1))
def test_files_that_differ_in_which_lines_can_run_prove_nothing(
    found: list[tuple[frozenset[int], Taken]], lines: frozenset[int]
) -> None:
    """Another set of lines that can run is a contradiction, which no run makes good."""
    ours = report(*found[0])
    file = FileLines()
    for line in lines:
        file.line(line, ran=True)
    theirs = coverage_of({"src/a.py": file}, branches_measured=False)

    differ = lines != EXECUTABLE
    assert bool(ours.conflicts_with(theirs)) is differ
    assert bool(theirs.conflicts_with(ours)) is differ
    assert (united((ours, theirs)).lines.least == 0) is differ
    assert bool(covered_files((ours, theirs))["src/a.py"].unsure) is differ
