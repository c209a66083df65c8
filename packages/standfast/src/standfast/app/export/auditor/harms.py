"""Harms to what a bundle holds beside its tree: a time stamp, an object, a waiver."""

import re
from collections.abc import Iterator

from standfast.app.export.auditor.chains import Scope
from standfast.app.export.auditor.events import OBJECTS, event_of
from standfast.app.export.auditor.files import Files
from standfast.app.export.auditor.findings import INCOMPLETE, MAX_NOTE
from standfast.app.export.auditor.forger import Forger, Harm
from standfast.app.export.auditor.objects import object_name
from standfast.app.export.auditor.stamps import stamp_name
from standfast.app.export.auditor.time_stamps import MAX_STAMP

STAMP_HARM = "a time stamp is put over another checkpoint"
OBJECT_HARM = "a sealed object is removed"
WAIVER_HARM = "a waiver is removed, signed with the stolen key"


def content_harms(files: Files, forger: Forger, scope: Scope) -> Iterator[Harm]:
    """Yield ways to harm what is in the bundle, as far as there is something of the kind."""
    stamps = sorted(name for name in files.sizes if name.startswith("stamps/") and name.endswith(".tsr"))
    if stamps:
        other = stamp_name(0, 1) if len(stamps) == 1 else stamps[-1]
        yield Harm(STAMP_HARM, {other: files.read(stamps[0], MAX_STAMP) or b""}, {"time-stamp-differs"})
    for at, entry in forger.backwards(scope):
        name = _needed(files, scope, at, entry)
        if name:
            yield Harm(OBJECT_HARM, {name: None}, {"object-missing"}, code=INCOMPLETE)
            break
    for at, entry in forger.backwards(scope):
        if at and b'"kind":"waiver.granted"' in entry:
            changes, remade = forger.replaced(at, forger.entry(at - 1))
            changes["checkpoint"] = forger.signed(remade)
            yield Harm(WAIVER_HARM, changes, {"chain-broken"}, files.read("checkpoint", MAX_NOTE))
            break


def _needed(files: Files, scope: Scope, at: int, entry: bytes) -> str:
    """Return the name of the file with an object that *entry* names and that has to be there; empty if none has."""
    if re.search(rb'"kind":"(evidence|gate|review|approval|waiver|deployment)\.', entry) is None:
        return ""
    event = event_of(at, entry, b"")
    if event is None or not scope.covers_event(event) or event.text("keep_until"):
        return ""
    names = [object_name(event.text(field)) for field in OBJECTS.get(event.kind, ())]
    return next((name for name in names if name in files.sizes), "")
