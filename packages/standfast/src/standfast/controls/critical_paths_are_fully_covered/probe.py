"""Decide whether every line and branch of the critical paths ran under test."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.coverage.joined import CoveredFile, covered_files, uncovered
from standfast.evidence.coverage.schema import Coverage
from standfast.evidence.runs.inventory import matches
from standfast.model import Doubt, Finding, Location, Measurement, Op, Profile, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: covered lines and taken branches of critical files as shares of all of theirs, 0 to 1."""

    min_line_ratio: float = 1.0
    min_branch_ratio: float = 1.0


def probe(coverage: tuple[Coverage, ...], profile: Profile, params: Params) -> Iterator[Finding | Measurement | Doubt]:
    """Yield both ratios against their limits, and what is not covered where they fall short.

    Args:
        coverage: Every coverage report of the subject.
        profile: Its ``critical_paths`` are globs; one that no measured file matches is a finding.
        params: The limits; that on lines from the standard.

    Clause:
        tdd.coverage_requirements.critical_paths
    """
    if not profile.critical_paths:
        yield Doubt("the profile names no critical paths; list them in standfast.toml under [profile] critical_paths")
        return
    measured = covered_files(coverage)
    critical: dict[str, CoveredFile] = {}
    for glob in profile.critical_paths:
        found = {path: file for path, file in measured.items() if matches(path, glob) or matches(path, f"*/{glob}")}
        if not any(file.executable for file in found.values()):
            yield Finding(f"{glob} names no file that was measured", rule="unmeasured")
        critical.update(found)
    yield from _lines(critical, params)
    yield from _branches(coverage, critical, params)


def _lines(critical: dict[str, CoveredFile], params: Params) -> Iterator[Finding | Measurement]:
    executable = sum(len(file.executable) for file in critical.values())
    if not executable:
        return
    ratio = sum(len(file.ran) for file in critical.values()) / executable
    yield Measurement("coverage.critical_ratio", ratio, Op.GE, params.min_line_ratio, Unit.RATIO)
    if ratio < params.min_line_ratio:
        for path, file in sorted(critical.items()):
            yield from uncovered(path, file.missed, "critical and not run by any test")


def _branches(
    coverage: tuple[Coverage, ...], critical: dict[str, CoveredFile], params: Params
) -> Iterator[Finding | Measurement | Doubt]:
    if all(report.branches is None for report in coverage):
        yield Doubt("no report has branch data, so whether critical decisions were taken both ways is not known")
        return
    branches = sum(file.branches for file in critical.values())
    if not branches:
        return
    ratio = sum(file.branches_covered for file in critical.values()) / branches
    yield Measurement("coverage.critical_branch_ratio", ratio, Op.GE, params.min_branch_ratio, Unit.RATIO)
    if ratio < params.min_branch_ratio:
        for path, file in sorted(critical.items()):
            for line in sorted(file.missed_branches):
                message = f"a critical decision on line {line} is never taken one way"
                yield Finding(message, Location(path, line), rule="uncovered-branch")
