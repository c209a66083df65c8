"""Decide whether every line that handles an error ran under test."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.code_paths.schema import CodePaths
from standfast.evidence.coverage.joined import covered_files, uncovered
from standfast.evidence.coverage.schema import Coverage
from standfast.model import Finding, Location, Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: lines of error handling that ran as a share of all, 0 to 1."""

    min_ratio: float = 1.0


def probe(coverage: tuple[Coverage, ...], code_paths: CodePaths, params: Params) -> Iterator[Finding | Measurement]:
    """Yield the ratio against its limit, and the lines that no test ran where it falls short.

    Args:
        coverage: Every coverage report of the subject; a line that it leaves out as not executable does not count.
        code_paths: Where Python code handles errors: statements of ``except`` bodies, and ``raise``.
        params: The limit, from the standard.

    Clause:
        tdd.coverage_requirements.error_handling
    """
    measured = covered_files(coverage, (file.path for file in code_paths.files))
    missed: dict[str, frozenset[int]] = {}
    total = 0
    for file in code_paths.files:
        lines = file.handling_lines
        if not lines:
            continue
        if file.path not in measured:
            message = f"its {len(lines)} lines of error handling are not measured"
            yield Finding(message, Location(file.path), rule="unmeasured")
            continue
        counted = lines & measured[file.path].executable
        total += len(counted)
        missed[file.path] = counted & measured[file.path].missed
    if not total:
        if any(missed.values()) or missed:
            yield Finding("no report counts any of the lines that handle errors", rule="unmeasured")
        return
    ratio = 1 - sum(map(len, missed.values())) / total
    yield Measurement("coverage.error_handling_ratio", ratio, Op.GE, params.min_ratio, Unit.RATIO)
    if ratio < params.min_ratio:
        for path, lines in sorted(missed.items()):
            yield from uncovered(path, lines, "error handling that no test ran")
