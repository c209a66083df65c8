"""Tell unit, integration and end-to-end tests apart by where they stand and how they are called."""

from collections.abc import Iterable, Iterator, Mapping

from standfast.evidence.runs.inventory import matches
from standfast.evidence.test_results.schema import CaseGroup, TestResults
from standfast.model import Doubt, Finding, Measurement, Op, Unit

_FOLDERS = {
    "unit": frozenset({"unit", "units", "unittest", "unittests", "unit_tests"}),
    "integration": frozenset({"integration", "integrations", "integration_tests", "integrationtest", "it", "inttest"}),
    "e2e": frozenset({"e2e", "end_to_end", "end-to-end", "endtoend", "acceptance", "system"}),
}
_ENDINGS = {
    "unit": ("UnitTest", "UnitTests"),
    "integration": ("IT", "ITCase", "IntegrationTest", "IntegrationTests", "_integration_test"),
    "e2e": ("E2ETest", "E2ETests", "E2EIT", "_e2e_test"),
}


def groups_at(level: str, reports: Iterable[TestResults], own: Mapping[str, tuple[str, ...]]) -> Iterator[CaseGroup]:
    """Yield the groups of cases at *level*; *own* are the globs by level of the project's profile.

    A level that the profile names is told by its globs alone, any other by the names of folders and classes.
    """
    for report in reports:
        yield from (group for group in report.groups if is_at(level, group, own))


def executed_at(
    level: str, reports: tuple[TestResults, ...], own: Mapping[str, tuple[str, ...]], *, called: str, where: str
) -> Iterator[Finding | Measurement | Doubt]:
    """Yield how many tests ran at *level*, at least one of which must have; that none stands there is a finding.

    Tests whose level nothing tells may be of this one: they leave a doubt, unless the profile says where it stands.
    """
    groups = tuple(groups_at(level, reports, own))
    if groups:
        executed = sum(group.run for group in groups)
        yield Measurement(f"test_results.{level}_executed", executed, Op.GE, 1, Unit.COUNT)
        return
    untold = 0 if level in own else sum(group.run for report in reports for group in _untold(report, own))
    if untold:
        yield Doubt(f"{untold} tests ran at no level that is told; say in `[profile] test_levels` where each stands")
    else:
        yield Finding(f"no {called}: none stands in {where}, or where `test_levels` says", rule="missing-level")


def _untold(report: TestResults, own: Mapping[str, tuple[str, ...]]) -> Iterator[CaseGroup]:
    yield from (group for group in report.groups if not any(is_at(level, group, own) for level in _FOLDERS))


def is_at(level: str, group: CaseGroup, own: Mapping[str, tuple[str, ...]]) -> bool:
    """Return whether *group* is at *level*."""
    names = tuple(_names(group))
    if level in own:
        return any(matches(name, glob) or matches(name, f"*/{glob}") for name in names for glob in own[level])
    return any(_by_convention(level, name) for name in names)


def _names(group: CaseGroup) -> Iterator[str]:
    """Yield the group's file, and its class or package as a path."""
    if group.file:
        yield group.file
    if "/" in group.name:
        yield group.name
    elif group.name:
        yield group.name.replace("::", ".").replace(".", "/")


def _by_convention(level: str, name: str) -> bool:
    *folders, last = name.split("/")
    stem, _, extensions = last.partition(".")
    if not _FOLDERS[level].isdisjoint(folder.lower() for folder in (*folders, stem)):
        return True
    return stem.endswith(_ENDINGS[level]) or f".{level}." in f".{extensions}."
