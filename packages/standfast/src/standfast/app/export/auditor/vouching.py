"""Who signed what: the signature of every approval, waiver and review of access, and the keys that made them."""

from collections import Counter

from standfast.app.export.auditor.events import Event
from standfast.app.export.auditor.findings import INCOMPLETE, MOST, UNCHECKED, VIOLATION, Findings
from standfast.app.export.auditor.signatures import signed_statement, signer_by
from standfast.ledger.signatures.offline import FIRST_LINE, UNPROVED, Made

_ELSEWHERE = ("sigstore",)
"""Kinds of signature that exist and are not verified here."""


class Vouching:
    """The signatures of people, in the order of their entries."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._counts: Counter[str] = Counter()
        self._holders: set[tuple[str, str]] = set()
        self._counters: dict[str, int] = {}
        self._strangers: Counter[tuple[str, str]] = Counter()

    def enrolled(self, event: Event) -> None:
        """Note whose a key is, as the ledger says."""
        if len(self._holders) < MOST * MOST:
            self._holders.add((event.text("key"), event.text("holder")))

    def take(self, event: Event, origin: str, statement: bytes) -> None:
        """Verify the signature that *event* says it has, and that it is over just what the event says."""
        claimed = _claimed(event)
        if claimed["kind"] == "unsigned" or claimed["kind"] in _ELSEWHERE:
            self._counts[str(claimed["kind"])] += 1
            return
        where = f"entry {event.entry}"
        try:
            said, signature, message, namespace = signed_statement(event.kind, statement)
            if signature.partition("\n")[0].removeprefix(f"{FIRST_LINE} ") in _ELSEWHERE:
                self._counts[_ELSEWHERE[0]] += 1
                return
            kind, key, made = signer_by(signature, message, namespace)
        except UNPROVED as error:
            why = str(error) or "it is not over what the statement says"
            self._findings.add(VIOLATION, "signature-wrong", where, f"its signature does not verify: {why}")
            return
        signed = {"kind": kind, "key": key, "person_verified": made.person_verified}
        found, wanted = _same(event, said, origin)
        if found != wanted or any(claimed[name] not in (None, signed[name]) for name in signed):
            text = "the signature is by another key, or over another statement than the entry says"
            self._findings.add(VIOLATION, "signature-differs", where, text)
        self._counted(where, made)
        if (key, event.actor) not in self._holders:
            self._strangers[key, event.actor] += 1
        self._counts["verified"] += 1

    def _counted(self, where: str, made: Made) -> None:
        """Compare the counter of an authenticator with what it said before: one that was copied counts twice."""
        before, counter = self._counters.get(made.line, 0), made.counter or 0
        if (before or counter) and counter <= before:
            text = f"the authenticator had signed {before} times before, and now says {counter}: there may be two of it"
            self._findings.add(VIOLATION, "signature-counter", where, text)
        if counter and len(self._counters) < MOST * MOST:
            self._counters[made.line] = max(before, counter)

    def told(self, *, whole: bool) -> list[str]:
        """Return what there is to say. In the *whole* of a ledger every key was enrolled before it was used."""
        verified, unsigned = self._counts.pop("verified", 0), self._counts.pop("unsigned", 0)
        notes = []
        if verified:
            text = f"{verified:,} signatures of approvals, refusals, waivers and reviews were verified"
            notes.append(f"{text}; whose the keys are is not told here")
        if unsigned:
            notes.append(f"{unsigned:,} approvals or waivers are not signed")
        for kind, count in sorted(self._counts.items()):
            text = f"{count:,} approvals, waivers or reviews are signed by {kind}, which is not verified here"
            self._findings.add(UNCHECKED, "signature-not-checked", "signatures", text)
        for (key, actor), count in self._strangers.items() if whole else ():
            text = f"{count:,} signatures of {actor} are by the key {key:.19}, which no entry before says is theirs"
            self._findings.add(INCOMPLETE, "key-not-enrolled", "signatures", text)
        return notes


def _claimed(event: Event) -> dict[str, object]:
    """Return what *event* says about its signature; a review of access says nothing, and always has one."""
    signed = event.body.get("signed")
    said = signed if isinstance(signed, dict) else {}
    if event.kind == "access.reviewed":
        return {"kind": None, "key": None, "person_verified": None}
    return {
        "kind": said.get("kind", "unsigned"),
        "key": said.get("key", ""),
        "person_verified": said.get("person_verified", False),
    }


def _same(event: Event, said: dict[str, object], origin: str) -> tuple[list[object], list[object]]:
    """Return what was signed, and what the event says instead; both are the same where all is well."""
    body = event.body

    def part(name: str) -> dict[str, object]:
        held = said.get(name)
        return held if isinstance(held, dict) else {}

    if event.kind == "access.reviewed":
        grants = part("seen").get("grants")
        count = len(grants) if isinstance(grants, list) else None
        return [said.get("reviewer"), part("seen").get("ledger"), count], [event.actor, origin, body.get("population")]
    found, wanted = [said.get("approver"), said.get("ledger")], [body.get("approver", event.actor), origin]
    if event.kind == "waiver.granted":
        names = ("waiver", "requester", "uses")
        found += [*map(said.get, names), *map(part("scope").get, ("control", "finding"))]
        return found, [*wanted, *map(body.get, (*names, "control", "finding"))]
    found += [said.get("session"), said.get("role")]
    wanted += [event.chain, body.get("role")]
    if event.kind == "requirement.approved":
        return found, wanted
    names = ("commit", "verdict", "deployment")
    return [*found, *map(part("about").get, names)], [*wanted, *map(body.get, names)]
