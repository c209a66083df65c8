"""Decide whether a procedure for backup and restore is written down."""

from collections.abc import Iterator

from standfast.evidence.documents.schema import DocumentKind, Documents
from standfast.model import Finding


def probe(documents: Documents) -> Iterator[Finding]:
    """Yield a finding where no document describes both ways.

    Args:
        documents: The documents of the project.

    Clause:
        deployment_gates.actions.4
    """
    procedures = documents.of(DocumentKind.BACKUP_PROCEDURE)
    if not procedures:
        yield Finding("no document describes backup and restore", rule="no-backup-procedure")
        return
    # The title of a document is a section, too, and would hold both words: only what stands below it counts.
    filled = [one.title.casefold() for plan in procedures for one in plan.sections if one.filled and one.level > 1]
    for name, words in (("backup", ("backup", "back up")), ("restore", ("restor", "recover"))):
        if not any(word in title for title in filled for word in words):
            said = f"no filled section describes the {name}"
            yield Finding(said, procedures[0].location, rule=f"no-{name}-steps")
