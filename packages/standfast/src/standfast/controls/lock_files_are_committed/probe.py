"""Decide whether every file that declares dependencies is locked."""

from collections.abc import Iterator

from standfast.evidence.repository.schema import Repository
from standfast.model import Doubt, Finding, Location


def probe(repository: Repository) -> Iterator[Finding | Doubt]:
    """Yield one finding per manifest without a lock file.

    Args:
        repository: Facts about the repository.

    Clause:
        code_completion_gates.requirements.2
    """
    if not repository.manifests:
        yield Doubt("no file declares dependencies in a form that is known")
    for manifest in repository.manifests:
        if not manifest.lock:
            said = f"nothing locks the {manifest.ecosystem} dependencies declared in {manifest.path}"
            yield Finding(said, Location(manifest.path), rule="no-lock-file")
