"""Decide how far a document is validated: written, approved by another person, and unchanged since; pure."""

from collections.abc import Iterator
from datetime import datetime

from standfast.evidence.attestations.schema import Attestation, Attestations
from standfast.evidence.documents.schema import Approval, Document
from standfast.model import Doubt, Finding

SETTLED = ("accepted", "approved", "final", "active", "implemented", "current", "stable", "published", "reviewed")
"""Words of a status that say that a document is no longer a draft."""


def attested(
    document: Document, bodies: tuple[Attestations, ...], kinds: tuple[str, ...], now: datetime
) -> tuple[Attestation, ...]:
    """Return the attestations that pass *document*: they name its file, give its digest, and are by another person."""
    return tuple(
        one
        for body in bodies
        for one in body.attestations
        if one.kind in kinds
        and one.report == document.path
        and one.passed
        and not tuple(one.faults(now=now, authors=document.written_by()))
    )


def approved_by_another(
    document: Document,
    approvals: tuple[Approval, ...],
    bodies: tuple[Attestations, ...],
    kinds: tuple[str, ...],
    now: datetime,
) -> Iterator[Finding]:
    """Yield why nobody but its author stands behind *document*; nothing where somebody does."""
    if document.independent(approvals) or attested(document, bodies, kinds, now):
        return
    if approvals:
        names = ", ".join(str(approval.by) for approval in approvals)
        said = f"{document.name} is approved only by its author ({names})"
        yield Finding(said, document.location, rule="own-approval")
    else:
        yield Finding(f"{document.name} is approved by nobody", document.location, rule="no-approval")


def approval_is_current(
    document: Document, bodies: tuple[Attestations, ...], kinds: tuple[str, ...], now: datetime
) -> Iterator[Finding | Doubt]:
    """Yield whether the text of *document* is the one that was approved: its digest decides."""
    if attested(document, bodies, kinds, now):
        return
    digests = {approval.digest for approval in document.approvals if approval.digest}
    if not digests:
        yield Doubt(f"the approval of {document.name} does not say which text it is about")
    elif document.body_digest not in digests:
        yield Finding(f"{document.name} was changed after it was approved", document.location, rule="changed-since")


def is_settled(document: Document) -> bool:
    """Return whether the status of *document* says that it is no longer a draft."""
    words = document.status.split()
    return bool(words) and words[0].strip(".,;:") in SETTLED
