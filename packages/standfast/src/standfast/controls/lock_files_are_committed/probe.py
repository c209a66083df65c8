"""Decide whether every file that declares dependencies is locked."""

from collections.abc import Iterator

from standfast.evidence.repository.schema import Repository
from standfast.model import Doubt, Finding, Location


def probe(repository: Repository) -> Iterator[Finding | Doubt]:
    """Yield one finding per manifest without a lock file, and a doubt per list that may not be complete.

    A manifest that declares no dependency needs no lock.

    Args:
        repository: Facts about the repository.

    Clause:
        code_completion_gates.requirements.2
    """
    if not repository.manifests:
        yield Doubt("no file declares dependencies in a form that is known")
    for manifest in repository.manifests:
        if manifest.declares and not manifest.lock:
            said = f"nothing locks the {manifest.ecosystem} dependencies declared in {manifest.path}"
            yield Finding(said, Location(manifest.path), rule="no-lock-file")
        elif not manifest.proven:
            yield Doubt(
                f"{manifest.lock} pins what it names; neither hashes nor a resolver's comments show that it names all"
            )
