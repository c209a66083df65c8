"""Decide whether a change takes more tests away than it brings."""

from collections.abc import Iterator

from standfast.evidence.changed_lines.schema import ChangedLines
from standfast.model import Finding


def probe(changed: ChangedLines) -> Iterator[Finding]:
    """Yield every test that is gone, where the change removes more tests than it adds.

    Args:
        changed: The difference from the base. Tests are told by their first line in Python, Go and JavaScript.

    Clause:
        tdd.quality_gates.tests_are_meaningful
    """
    if changed.removed_test_count > changed.added_test_count:
        yield from changed.removed_tests.listed
        if changed.removed_tests.unlisted > 0:
            yield Finding(f"{changed.removed_tests.unlisted} more tests were removed", rule="removed-test")
