"""show: one change on one page."""

from collections.abc import Iterator, Sequence

from standfast.app.export.auditor.changes import Change
from standfast.app.export.auditor.events import DIGEST, OBJECTS, Event
from standfast.app.export.auditor.files import Files
from standfast.app.export.auditor.findings import INCOMPLETE, MAX_OBJECT, Findings, shown
from standfast.app.export.auditor.objects import engine_of, inputs_of, object_name

WANTED = (
    ("requirement.analysed", "nobody recorded an analysis of the requirements"),
    ("requirement.approved", "nobody approved the requirements"),
    ("decision.recorded", "no decision about architecture or security is recorded"),
    ("change.observed", "it is not recorded who wrote the change"),
    ("evidence.recorded", "no evidence is recorded"),
    ("gate.decided", "no gate was decided"),
    ("review.recorded", "no review is recorded"),
    ("approval.given", "nobody approved it"),
    ("deployment.started", "no deployment is recorded"),
    ("deployment.finished", "how the deployment ended is not recorded"),
    ("deployment.confirmed", "nobody saw afterwards that all was well"),
    ("lesson.recorded", "no lesson is recorded"),
    ("session.closed", "it is not closed"),
)
GRAVE = {
    "emergency_not_approved": "it was deployed in an emergency, and was not approved in each role within its time",
    "short_wait": "what stands in the place of an approval is a wait of less than a day, or was not waited for",
    "unapproved": "it was deployed without an approval of that commit",
    "gate_not_open": "it was deployed although the newest verdict on that commit did not open the gate",
    "approved_by_author": "an author of the change approved it",
    "deployer_approved_alone": "who deployed it was the only one to approve it",
    "unsigned": "an approval is not signed",
    "compensated": "something else stands in the place of an approval",
}


def page(name: str, events: Sequence[Event], files: Files, findings: Findings) -> Iterator[str]:
    """Yield the lines of the page about one change, gaps marked."""
    change = Change(name, "session" if events and events[0].chain == name else "decision")
    for event in events:
        change.take(event)
    row = change.row()
    yield f"{name}: opened {row['opened_at']} by {row['opened_by']}, {row['result'] or 'open'}, {row['count']} entries"
    authors, flags = (" ".join(sorted(held)) or "none" for held in (change.authors, change.flags))
    yield f"authors: {authors}; flags: {flags}"
    yield ""
    for event in events:
        at = event.at.replace("T", " ")[:19]
        yield f"{event.entry:>9}  {at}  {event.kind:<21} {event.actor:<14} {_facts(event, files)}"
    yield ""
    yield from _decisions(name, events, files)
    gaps = list(gaps_of(change, events, files))
    for gap in gaps:
        findings.add(INCOMPLETE, "gap", name, gap)
        yield f"GAP  {gap}"
    if not gaps:
        steps = "every step from the requirement to the lesson is recorded, and " if change.what == "session" else ""
        yield f"no gaps: {steps}every object that it names is here"


def _decisions(name: str, events: Sequence[Event], files: Files) -> Iterator[str]:
    """Yield how each decision can be computed again."""
    for event in events:
        if event.kind != "gate.decided":
            continue
        verdict = files.read(object_name(event.text("verdict")), MAX_OBJECT) or b""
        named = [event.text("verdict"), event.text("context"), *inputs_of(verdict)]
        gone = sum(object_name(one) not in files.sizes for one in named)
        if gone:
            yield f"decision {event.entry}: {gone} of its {len(named)} inputs are not here: nobody can compute it again"
            continue
        engine = shown(engine_of(verdict))
        yield (
            f"decision {event.entry}: its {len(named)} inputs are here; with standfast {engine} installed, "
            f"`standfast replay {name} --bundle BUNDLE --policy POLICY` computes it again"
        )


def gaps_of(change: Change, events: Sequence[Event], files: Files) -> Iterator[str]:
    """Yield what is missing from a change, or is not as it should be."""
    kinds = {event.kind for event in events}
    if change.what == "session":
        yield from (text for kind, text in WANTED if kind not in kinds)
        yield from (text for flag, text in GRAVE.items() if flag in change.flags)
    named = [event.text(field) for event in events for field in OBJECTS.get(event.kind, ())]
    missing = [one for one in named if one and object_name(one) not in files.sizes]
    if missing:
        yield f"{len(missing)} objects that it names are not in this bundle"


def _facts(event: Event, files: Files) -> str:
    facts = []
    for field in sorted(set(event.body) - {"kind", "tree", "rules", "words", "keep_until"}):
        value = event.body[field]
        if isinstance(value, dict):
            value = value.get("kind", "unsigned") if field == "signed" else ",".join(f"{a}:{value[a]}" for a in value)
        elif isinstance(value, list):
            value = f"{len(value)} listed"
        said = shown(str(value))
        if said.startswith("sd1:"):
            said = "(hidden)"
        elif DIGEST.match(said):
            known = field not in OBJECTS.get(event.kind, ()) or object_name(said) in files.sizes
            said = said[7:19] + ("" if known else " GAP: not in this bundle")
        facts.append(f"{field}={said[:60]}")
    return " ".join(facts)
