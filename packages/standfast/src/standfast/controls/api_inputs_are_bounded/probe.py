"""Decide whether the API bounds what it accepts."""

from collections.abc import Iterator

from standfast.evidence.api_description.schema import ApiDescription
from standfast.model import Finding, Location, Measurement, Op, Unit


def probe(description: ApiDescription) -> Iterator[Finding | Measurement]:
    """Yield the number of unbounded inputs, and one finding for each, named by its JSON pointer.

    Args:
        description: The operations of the API.

    Clause:
        security_standards.data_protection.vulnerability_prevention
    """
    for operation in description.operations:
        for pointer in operation.unbounded:
            said = f"{operation.name} accepts an input of any size at {pointer.removeprefix(operation.pointer)}"
            yield Finding(said, Location(description.path), rule=pointer)
    yield Measurement("api_description.unbounded_count", description.unbounded_count, Op.LE, 0, Unit.COUNT)
