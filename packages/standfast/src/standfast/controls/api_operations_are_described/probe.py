"""Decide whether each operation says in words what it does."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.api_description.schema import ApiDescription, Operation
from standfast.model import Finding, Location


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many words a summary or description needs."""

    min_words: int = 3


def probe(description: ApiDescription, params: Params) -> Iterator[Finding]:
    """Yield one finding per operation and fault; the finding's rule is the place in the description.

    Args:
        description: The operations of the API.
        params: The limit.

    Clause:
        mandatory_quality_gates.documentation
    """
    for operation in description.operations:
        for fault in _faults(operation, params):
            yield Finding(f"{operation.name} {fault}", Location(description.path), rule=operation.pointer)


def _faults(operation: Operation, params: Params) -> Iterator[str]:
    words = max(len(operation.summary.split()), len(operation.description.split()))
    if not words:
        yield "has no summary"
    elif operation.generated:
        yield f"is described only by the name of its function ({operation.summary or operation.description})"
    elif words < params.min_words:
        yield f"is described in {words} words, fewer than {params.min_words}"
    if not operation.successes:
        yield "does not say what it answers when it succeeds"
