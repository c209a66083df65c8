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
    for name, words in (("backup", ("backup", "back up")), ("restore", ("restor", "recover"))):
        sections = [document.section(*words) for document in procedures]
        # The title of the document itself is a section, too: it only counts together with text of its own.
        if not any(section is not None and section.filled and section.level > 1 for section in sections):
            where = procedures[0].location
            yield Finding(f"no filled section describes the {name}", where, rule=f"no-{name}-steps")
