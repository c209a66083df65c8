"""Decide whether the project has errors of its own for failures of infrastructure and other services."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.error_handling.schema import ErrorHandling
from standfast.model import Finding, Location


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Requirements: names, one of which each such error carries (as a whole or as a part of a longer name)."""

    carries: tuple[str, ...] = ("hint", "retry", "action", "guidance", "remedy", "recover", "help", "runbook", "advice")


def probe(handling: ErrorHandling, params: Params) -> Iterator[Finding]:
    """Yield a finding where there is no such error, or where none of them carries what its reader needs.

    Args:
        handling: The exceptions that the product defines.
        params: The requirements.

    Clause:
        error_handling_standards.exception_hierarchy.system_errors
    """
    found = handling.of_family("system")
    if not found:
        yield Finding(
            "the project has no exception for failures of infrastructure and other services", rule="no-family"
        )
        return
    if not any(name in field for one in found for field in one.fields for name in params.carries):
        for one in found:
            yield Finding(
                f"{one.name} carries none of {', '.join(params.carries)}", Location(one.path, one.line), "empty"
            )
