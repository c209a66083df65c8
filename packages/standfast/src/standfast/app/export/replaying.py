"""Compute the decisions in an audit bundle again, from nothing but what is in it."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from standfast.app.export.auditor.events import Event
from standfast.app.export.auditor.excerpts import Excerpt
from standfast.app.export.auditor.files import Files, open_bundle
from standfast.app.export.auditor.findings import (
    INCOMPLETE,
    MAX_OBJECT,
    UNCHECKED,
    VIOLATION,
    Findings,
    RefusedError,
)
from standfast.app.export.auditor.notes import PolicyReader
from standfast.app.export.auditor.objects import decision_differs, object_name
from standfast.app.export.auditor.verification import Verification
from standfast.app.replay import MAX_DIFFERENCES, Replayed, recomputed
from standfast.model import Digest, EvidenceError, StandfastError, sha256


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the decisions of one session: a line for each, and what was found (see the auditor's program)."""

    lines: tuple[str, ...]
    findings: tuple[str, ...]
    exit_code: int


def replay_bundle(bundle: Path, policy: bytes, session: str, gate: str | None = None) -> Judged:
    """Return what the decisions of *session* in *bundle* come to when they are computed again.

    The bundle is verified as a whole first, by the keys in *policy*: what is not in the signed tree is not replayed.
    With *gate*, only decisions about that gate are.
    """
    findings = Findings()
    lines: tuple[str, ...] = ()
    try:
        with open_bundle(bundle) as files:
            lines = tuple(_lines(files, policy, session, gate, findings))
    except RefusedError as error:
        findings.add(UNCHECKED, "refused", "what was given", str(error))
    return Judged(lines=lines, findings=tuple(map(str, findings.listed)), exit_code=findings.exit_code)


def _lines(files: Files, policy: bytes, session: str, gate: str | None, findings: Findings) -> Iterator[str]:
    events = _events(files, policy, session, findings)
    decisions = [event for event in events if event.kind == "gate.decided" and _is_about(event, gate)]
    if not decisions and not findings.listed:
        about = f" about {gate}" if gate else ""
        findings.add(INCOMPLETE, "nothing-to-replay", session, f"it holds no decision{about}")
    for event in decisions:
        yield f"entry {event.entry}  {event.at[:19].replace('T', ' ')}  {event.text('status')}: " + _one(
            files, event, findings
        )


def _events(files: Files, policy: bytes, session: str, findings: Findings) -> list[Event]:
    """Return the events of *session*, all of them, proven; none where the bundle does not hold."""
    places: list[str] = []

    def each(row: dict[str, object]) -> None:
        if row["id"] == session:
            places.append(str(row["entries"]))

    whole = Findings()
    verification = Verification(files, PolicyReader().read(policy), whole)
    result = verification.run(each)
    for one in whole.listed:
        if one.code != INCOMPLETE:  # what else is missing from the bundle is for the auditor's program to say
            findings.add(*one)
    if result is None or findings.listed:
        return []
    if not places:
        raise RefusedError(f"the population of this bundle has no {session[:80]!r}")
    opened = Verification(files, PolicyReader().read(policy), Findings()).begin()
    return Excerpt(files, opened[2], opened[1], findings).events(session, places[0]) if opened else []


def _is_about(event: Event, gate: str | None) -> bool:
    gates = event.body.get("gates")
    return gate is None or (isinstance(gates, dict) and gate in gates)


def _one(files: Files, event: Event, findings: Findings) -> str:
    """Return in a few words what became of one decision; whatever is wrong becomes a finding."""
    where = f"entry {event.entry}"
    try:
        verdict = _bytes(files, Digest(event.text("verdict")))
        if different := decision_differs(event.body, verdict):
            findings.add(VIOLATION, "verdict-differs", where, different)
            return "its verdict is another"
        replayed = recomputed(verdict, lambda digest: _bytes(files, digest))
    except EvidenceError as error:
        findings.add(INCOMPLETE, error.code, where, error.message)
        return "inputs are missing"
    except StandfastError as error:
        findings.add(UNCHECKED, "not-replayed", where, error.message)
        return "this program cannot read its inputs"
    return compared(replayed, where, findings)


def compared(replayed: Replayed, where: str, findings: Findings) -> str:
    """Return in a few words what *replayed* means; another verdict counts only where the same program gave it."""
    if replayed.same:
        return "the same, byte for byte"
    if replayed.equal:
        return f"the same verdict by another program ({'; '.join(replayed.remarks)})"
    if replayed.remarks:
        text = f"{'; '.join(replayed.remarks)}: replay it with the program that decided it"
        findings.add(UNCHECKED, "other-program", where, text)
        return "another verdict, by another program"
    for difference in replayed.differences[:MAX_DIFFERENCES]:
        findings.add(VIOLATION, "replay-differs", where, difference)
    return "ANOTHER VERDICT"


def _bytes(files: Files, digest: Digest) -> bytes:
    """Return the bytes of an object in the bundle, which are those of its name.

    Raises:
        EvidenceError: It is not there.
    """
    data = files.read(object_name(digest), MAX_OBJECT)
    if data is None or sha256(data) != digest:
        raise EvidenceError("object-missing", f"{digest:.19}, from which it was decided, is not in the bundle")
    return data
