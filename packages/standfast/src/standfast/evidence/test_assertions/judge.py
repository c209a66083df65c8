"""Conclude which tests assert something from what their functions call; pure."""

from collections.abc import Iterable

import msgspec

from standfast.evidence.source.printed import Scanned
from standfast.evidence.test_assertions.schema import TestAssertions
from standfast.model import Finding, Items, Location, Severity


class FunctionRow(msgspec.Struct, frozen=True):
    """A function as the scan prints it."""

    path: str
    line: int
    name: str
    title: str
    test: bool
    asserts: bool
    empty: bool
    uses: tuple[str, ...]


class _Module(msgspec.Struct, frozen=True):
    functions: tuple[FunctionRow, ...]


class _Found(msgspec.Struct, frozen=True):
    test_assertions: tuple[_Module, ...]


class Printed(Scanned, frozen=True, kw_only=True):
    """What the scan printed."""

    found: _Found
    python: str


def assertions_of(printed: Printed, expected: int | None) -> TestAssertions:
    """Return how many tests assert something; *expected* is the number of files that should have been examined."""
    rows = tuple(row for module in printed.found.test_assertions for row in module.functions)
    asserting = asserting_names(rows)
    tests = [row for row in rows if row.test]
    silent = [row for row in tests if not row.asserts and asserting.isdisjoint(row.uses)]
    return TestAssertions(
        scope="Python",
        examination=printed.examination(expected),
        items=Items.of([_finding(row) for row in silent]),
        tests=len(tests),
    )


def asserting_names(rows: Iterable[FunctionRow]) -> frozenset[str]:
    """Return the names of the functions that assert, also through others that they call; tests are none of them."""
    helpers = [row for row in rows if not row.test]
    found = {row.name for row in helpers if row.asserts}
    while True:
        more = {row.name for row in helpers if row.name not in found and not found.isdisjoint(row.uses)}
        if not more:
            return frozenset(found)
        found |= more


def _finding(row: FunctionRow) -> Finding:
    said = "asserts only a constant" if row.empty else "asserts nothing"
    rule = "empty-assertion" if row.empty else "no-assertion"
    return Finding(f"{row.title} {said}", Location(row.path, row.line), rule=rule, severity=Severity.MEDIUM)
