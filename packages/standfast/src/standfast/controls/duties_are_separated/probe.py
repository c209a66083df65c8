"""Decide whether no person both wrote and approved, or approved and deployed, the same change."""

from collections.abc import Iterator

from standfast.evidence.production_changes.schema import ProductionChange, ProductionChanges
from standfast.model import Finding


def probe(production: ProductionChanges) -> Iterator[Finding]:
    """Yield each change in which one person had two duties.

    Args:
        production: Who wrote, approved and deployed each change; people under one name each.

    Clause:
        security_standards.compliance_frameworks.sox
    """
    for change in production.changes:
        yield from (Finding(f"{change.artifact}: {fault}", rule=change.artifact) for fault in _faults(change))


def _faults(change: ProductionChange) -> Iterator[str]:
    authors, approvers = _named(change.authors), _named(change.approvers)
    if not authors:
        yield "nobody is named as the author"
    for person in sorted(authors & approvers):
        yield f"{person} wrote and approved it"
    if approvers and not approvers - authors:
        yield "no approver is independent of the authors"
    for person in sorted(_named((change.deployer,)) & (approvers | authors)):
        yield f"{person} {'approved' if person in approvers else 'wrote'} and deployed it"
    if not change.deployer.strip():
        yield "nobody is named as the one who deployed it"


def _named(people: tuple[str, ...]) -> set[str]:
    return {person.strip().casefold() for person in people if person.strip()}
