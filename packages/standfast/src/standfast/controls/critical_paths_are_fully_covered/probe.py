"""Decide whether every line and branch of the critical paths ran under test."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.coverage.joined import CoveredFile, covered_files, uncovered
from standfast.evidence.coverage.schema import Coverage
from standfast.evidence.coverage.union import ADVICE, Share
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
    yield from _branches(critical, params)


def _lines(critical: dict[str, CoveredFile], params: Params) -> Iterator[Finding | Measurement]:
    executable = sum(len(file.executable) for file in critical.values())
    if not executable:
        return
    ratio = sum(len(file.ran) for file in critical.values()) / executable
    yield Measurement("coverage.critical_ratio", ratio, Op.GE, params.min_line_ratio, Unit.RATIO)
    if ratio < params.min_line_ratio:
        for path, file in sorted(critical.items()):
            yield from uncovered(path, file.missed, "critical and not run by any test")


def _branches(critical: dict[str, CoveredFile], params: Params) -> Iterator[Finding | Measurement | Doubt]:
    unmeasured = sorted(path for path, file in critical.items() if file.executable and file.taken is None)
    if unmeasured:
        yield Doubt(
            f"no report has branch data of {unmeasured[0]}, so whether its decisions went both ways is not known"
        )
    taken = {path: file.taken for path, file in critical.items() if file.taken is not None}
    branches = sum(view.total for view in taken.values())
    if not branches:
        return
    share = Share(branches, sum(view.least for view in taken.values()), sum(view.most for view in taken.values()))
    ratio = share.decided(params.min_branch_ratio)
    if ratio is None:
        yield Doubt(f"the reports do not say together which way each critical decision went; {ADVICE}")
        return
    yield Measurement("coverage.critical_branch_ratio", ratio, Op.GE, params.min_branch_ratio, Unit.RATIO)
    if ratio < params.min_branch_ratio:
        for path, view in sorted(taken.items()):
            for line in sorted(view.missed):
                message = f"a critical decision on line {line} is never taken one way"
                yield Finding(message, Location(path, line), rule="uncovered-branch")
