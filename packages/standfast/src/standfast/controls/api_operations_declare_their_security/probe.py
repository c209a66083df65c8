"""Decide whether each operation declares its security."""

from collections.abc import Iterator

from standfast.evidence.api_description.schema import ApiDescription
from standfast.model import Finding, Location


def probe(description: ApiDescription) -> Iterator[Finding]:
    """Yield one finding per operation that declares nothing, or a scheme that is not defined.

    Args:
        description: The operations of the API.

    Clause:
        security_standards.data_protection.access_controls
    """
    where = Location(description.path)
    for operation in description.operations:
        if operation.security is None:
            said = f"{operation.name} says neither which credentials it needs nor `security: []`"
            yield Finding(said, where, rule=operation.pointer)
            continue
        for scheme in operation.security:
            if scheme not in description.schemes:
                said = f"{operation.name} needs the scheme {scheme}, which is not defined"
                yield Finding(said, where, rule=operation.pointer)
