"""Decide whether the local links of the documents lead to tracked files."""

from collections.abc import Iterator

from standfast.evidence.repository.schema import Repository
from standfast.model import Finding, Measurement, Op, Unit


def probe(repository: Repository) -> Iterator[Finding | Measurement]:
    """Yield each local link that leads nowhere.

    Args:
        repository: Facts about the repository.

    Clause:
        mandatory_quality_gates.documentation
    """
    yield from repository.items.listed
    yield Measurement("repository.broken_link_count", repository.broken_link_count, Op.LE, 0, Unit.COUNT)
