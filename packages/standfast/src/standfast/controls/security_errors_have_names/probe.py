"""Decide whether the project has errors of its own for refused access."""

from collections.abc import Iterator

from standfast.evidence.error_handling.schema import ErrorHandling
from standfast.model import Finding


def probe(handling: ErrorHandling) -> Iterator[Finding]:
    """Yield a finding where there is no such error, or where nothing raises one.

    Args:
        handling: The exceptions that the product defines.

    Clause:
        error_handling_standards.exception_hierarchy.security_errors
    """
    found = handling.of_family("security")
    if not found:
        yield Finding("the project has no exception for refused access", rule="no-family")
    elif not any(one.raised for one in found):
        names = ", ".join(one.name for one in found)
        yield Finding(f"nothing raises {names}", rule="not-raised")
