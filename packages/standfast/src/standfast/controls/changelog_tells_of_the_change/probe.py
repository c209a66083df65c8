"""Decide whether a change of the code is told in the changelog."""

import re
from collections.abc import Iterator

from standfast.evidence.changes.schema import Changes
from standfast.evidence.repository.schema import Repository
from standfast.model import Finding, Location

_FRAGMENT = re.compile(r"(?:^|/)(?:changelog\.d|newsfragments|changes\.d|\.changeset|unreleased)/")


def probe(changes: Changes, repository: Repository) -> Iterator[Finding]:
    """Yield a finding where there is no changelog, or where sources change and it does not.

    Args:
        changes: The commits of the change.
        repository: Facts about the repository.

    Clause:
        code_completion_gates.actions.4
    """
    if not repository.changelog and not repository.changelog_fragments:
        yield Finding("the repository has no changelog", rule="no-changelog")
        return
    told = any(path == repository.changelog or _FRAGMENT.search(path) for path in changes.paths)
    if changes.sources and not told:
        where = Location(repository.changelog) if repository.changelog else None
        said = f"{len(changes.sources)} source files changed, the changelog did not"
        yield Finding(said, where, rule="changelog-silent")
