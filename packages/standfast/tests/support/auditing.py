"""The words of the auditor's program by which tests speak of it, from its parts."""

from standfast.app.export.auditor.chains import Chains, Scope
from standfast.app.export.auditor.changes import Change
from standfast.app.export.auditor.events import KINDS, LEDGER, OBJECTS, event_of
from standfast.app.export.auditor.files import Altered, Files, open_bundle
from standfast.app.export.auditor.findings import (
    FORMAT,
    INCOMPLETE,
    MAX_LINE,
    PROVEN,
    UNCHECKED,
    VIOLATION,
    Findings,
    RefusedError,
)
from standfast.app.export.auditor.forger import bundled
from standfast.app.export.auditor.notes import (
    Checkpoint,
    Policy,
    PolicyReader,
    accepted,
    key_of,
    parse_checkpoint,
    parse_note,
)
from standfast.app.export.auditor.objects import object_name
from standfast.app.export.auditor.people import key_digest
from standfast.app.export.auditor.samples import drawn
from standfast.app.export.auditor.stamps import Stamps
from standfast.app.export.auditor.time_stamps import certificates_in
from standfast.app.export.auditor.tree import Tree, entries_in, numbered
from standfast.app.export.auditor.verification import Own, Verification

__all__ = [
    "FORMAT",
    "INCOMPLETE",
    "KINDS",
    "LEDGER",
    "MAX_LINE",
    "OBJECTS",
    "PROVEN",
    "UNCHECKED",
    "VIOLATION",
    "Altered",
    "Chains",
    "Change",
    "Checkpoint",
    "Files",
    "Findings",
    "Own",
    "Policy",
    "PolicyReader",
    "RefusedError",
    "Scope",
    "Stamps",
    "Tree",
    "Verification",
    "accepted",
    "bundled",
    "certificates_in",
    "drawn",
    "entries_in",
    "event_of",
    "key_digest",
    "key_of",
    "numbered",
    "object_name",
    "open_bundle",
    "parse_checkpoint",
    "parse_note",
]
