"""Decide whether each operation documents its errors in the common form."""

from collections.abc import Iterator

from standfast.evidence.api_description.schema import ApiDescription
from standfast.model import Finding, Location


def probe(description: ApiDescription) -> Iterator[Finding]:
    """Yield one finding per operation without errors, or with errors in another form.

    Args:
        description: The operations of the API.

    Clause:
        mandatory_quality_gates.documentation
    """
    where = Location(description.path)
    for operation in description.operations:
        if not operation.errors:
            yield Finding(f"{operation.name} documents no error", where, rule=operation.pointer)
        others = [status for status in operation.errors if status not in operation.problem_errors]
        if others:
            said = f"{operation.name} answers {', '.join(others)} without application/problem+json"
            yield Finding(said, where, rule=operation.pointer)
