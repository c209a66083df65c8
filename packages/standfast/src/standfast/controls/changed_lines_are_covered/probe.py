"""Decide whether enough of the lines that a change brings ran under test."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.changed_lines.schema import ChangedLines
from standfast.evidence.coverage.joined import covered_files, uncovered
from standfast.evidence.coverage.schema import Coverage
from standfast.evidence.runs.inventory import is_product
from standfast.model import Finding, Location, Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: covered lines as a share of the executable lines that changed, 0 to 1."""

    min_ratio: float = 0.9


def probe(changed: ChangedLines, coverage: tuple[Coverage, ...], params: Params) -> Iterator[Finding | Measurement]:
    """Yield the ratio against its limit, and the changed lines that no test ran where it falls short.

    Args:
        changed: The difference from the base.
        coverage: Every coverage report of the subject.
        params: The limit, the same as for all lines.

    Clause:
        tdd.coverage_requirements.line_coverage
    """
    measured = covered_files(coverage, (file.path for file in changed.files))
    languages = {path.rpartition(".")[2] for report in coverage for path in (file.path for file in report.files)}
    missed: dict[str, frozenset[int]] = {}
    total = 0
    for file in changed.files:
        if file.path in measured:
            executable = file.lines & measured[file.path].executable
            total += len(executable)
            missed[file.path] = executable & measured[file.path].missed
        elif file.lines and is_product(file.path) and file.path.rpartition(".")[2] in languages:
            yield Finding("the file changed, and no coverage report knows it", Location(file.path), rule="unmeasured")
    if not total:
        return
    ratio = 1 - sum(map(len, missed.values())) / total
    yield Measurement("coverage.changed_line_ratio", ratio, Op.GE, params.min_ratio, Unit.RATIO)
    if ratio < params.min_ratio:
        for path, lines in sorted(missed.items()):
            yield from uncovered(path, lines, "new and not run by any test")
