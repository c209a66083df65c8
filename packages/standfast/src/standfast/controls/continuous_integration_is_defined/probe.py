"""Decide whether a pipeline is defined in the repository."""

from collections.abc import Iterator

from standfast.evidence.repository.schema import Repository
from standfast.model import Finding


def probe(repository: Repository) -> Iterator[Finding]:
    """Yield a finding where the repository defines no pipeline.

    Args:
        repository: Facts about the repository.

    Clause:
        code_completion_gates.actions.2
    """
    if not repository.pipelines:
        yield Finding("the repository defines no continuous integration", rule="no-pipeline")
