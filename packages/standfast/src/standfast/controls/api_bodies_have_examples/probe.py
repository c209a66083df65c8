"""Decide whether the bodies of the API have examples."""

from collections.abc import Iterator

from standfast.evidence.api_description.schema import ApiDescription
from standfast.model import Finding, Location, Measurement, Op, Unit


def probe(description: ApiDescription) -> Iterator[Finding | Measurement]:
    """Yield how many bodies lack an example, and one finding per operation with such a body.

    Args:
        description: The operations of the API.

    Clause:
        code_completion_gates.validation.3
    """
    lacking = [one for one in description.operations if one.has_examples < one.wants_examples]
    for operation in lacking:
        missing = operation.wants_examples - operation.has_examples
        said = f"{operation.name} has {missing} of {operation.wants_examples} bodies without an example"
        yield Finding(said, Location(description.path), rule=operation.pointer)
    total = sum(one.wants_examples - one.has_examples for one in lacking)
    yield Measurement("api_description.bodies_without_example", total, Op.LE, 0, Unit.COUNT)
