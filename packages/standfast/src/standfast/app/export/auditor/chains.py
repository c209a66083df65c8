"""The chains of entries, and which of them a bundle is about."""

import json
from datetime import date
from typing import NamedTuple

from standfast.app.export.auditor.changes import Change
from standfast.app.export.auditor.events import ENDS, LEDGER, OPENS, Event
from standfast.app.export.auditor.files import Files
from standfast.app.export.auditor.findings import (
    FORMAT,
    INCOMPLETE,
    MAX_ABOUT,
    MAX_OPEN_SESSIONS,
    VIOLATION,
    Findings,
    RefusedError,
)
from standfast.app.export.auditor.notes import Checkpoint


class Scope(NamedTuple):
    """What a bundle is about: a period (dates, both included) or one session, and which entries it holds."""

    first: str
    last: str
    session: str
    start: int
    end: int

    def covers(self, change: Change) -> bool:
        """Return whether *change* belongs to the population: it was open on some day of the period."""
        if self.session:
            return change.name == self.session
        is_open = change.what == "session" and not change.result
        return change.opened[0][:10] <= self.last and (is_open or change.newest[:10] >= self.first)

    def covers_event(self, event: Event) -> bool:
        """Return whether the objects that *event* names belong into the bundle."""
        # A time is its day, a T and more: it is not before the first day, and before the last one with a U.
        return event.chain == self.session if self.session else self.first <= event.at < self.last + "U"


class Chains:
    """Follows every chain through the entries in their order, and yields each change once it has ended."""

    def __init__(self, scope: Scope, findings: Findings) -> None:
        self.open: dict[str, Change] = {}
        self.closed: set[str] = set()
        self.newest, self.frozen = "", False
        self._scope, self._findings = scope, findings

    def take(self, event: Event) -> Change | None:
        """Follow *event*; return the change that it ends, or is."""
        kind, chain = event.kind, event.chain
        if event.at < self.newest:
            self._broken("time-went-back", event, f"{event.at} is before {self.newest} of an entry before it")
        else:
            self.newest = event.at
        change = self.open.get(chain) or self._begun(event)
        if self.frozen or event.number != change.number + 1 or event.previous != change.head or kind in OPENS:
            self._linked(change, event)
        change.number, change.head = event.number, event.digest
        if chain == LEDGER:
            return self._of_ledger(event)
        change.take(event)
        if kind not in ENDS:
            return None
        self._ended(event)
        self.closed.add(chain)
        return self.open.pop(chain)

    def _begun(self, event: Event) -> Change:
        if len(self.open) == MAX_OPEN_SESSIONS:
            raise RefusedError(f"more than {MAX_OPEN_SESSIONS:,} sessions are open at the same time")
        change = self.open[event.chain] = Change(event.chain, "session")
        if event.chain in self.closed:
            self._broken("entry-after-end", event, f"{event.chain} had ended")
        elif self._scope.start and event.number > 1 and event.chain != self._scope.session:
            change.number, change.head = event.number - 1, event.previous  # it began before these entries
        elif event.number == 1 and event.kind not in OPENS:
            self._broken("chain-broken", event, f"{event.kind} as the first of {event.chain}")
        return change

    def _linked(self, change: Change, event: Event) -> None:
        """Say what is wrong with the place of *event* in its chain, if anything."""
        if self.frozen:
            self._broken("entry-after-end", event, "the ledger had ended")
        if event.number != change.number + 1:
            text = f"number {event.number} of {event.chain} follows {change.number}: something was removed or put in"
            self._broken("chain-broken", event, text)
        elif event.previous != change.head:
            text = f"it names {event.previous[:16] or 'nothing'} as the entry before it in {event.chain}, "
            self._broken("chain-broken", event, f"{text}that is {change.head[:16] or 'none'}")
        elif event.kind in OPENS and not (event.number == 1 and event.chain.startswith(OPENS[event.kind])):
            self._broken("chain-broken", event, f"{event.kind} as number {event.number} of {event.chain}")

    def _ended(self, event: Event) -> None:
        if (event.body.get("count"), event.text("last")) != (event.number - 1, f"sha256:{event.previous}"):
            self._broken("count-differs", event, f"the end of {event.chain} does not name what precedes it")

    def _of_ledger(self, event: Event) -> Change | None:
        if event.kind == "ledger.frozen":
            self.frozen = True
            self._ended(event)
        if event.kind != "gate.decided":
            return None
        decision = Change(f"{LEDGER}-{event.number}", "decision")
        decision.take(event)
        return decision

    def _broken(self, name: str, event: Event, text: str) -> None:
        self._findings.add(VIOLATION, name, f"entry {event.entry}", text)


def scope_of(files: Files, checkpoint: Checkpoint, findings: Findings) -> Scope:
    """Return what the bundle says it is about, compared with the checkpoint."""
    data = files.read("bundle.json", MAX_ABOUT)
    try:
        about = json.loads(data or b"")
        if about["format"] != FORMAT:
            raise ValueError(f"format {about['format']!r}")
        first, last, session = about["from"], about["to"], about["session"] or ""
        date.fromisoformat(first), date.fromisoformat(last)
        scope = Scope(first, last, session + "", int(about["start"]), int(about["end"]))
        if not 0 <= scope.start <= scope.end <= checkpoint.size or scope.start % 256:
            raise ValueError(f"entries {scope.start} to {scope.end}")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise RefusedError(f"bundle.json cannot be used: {error}") from error
    if not session and scope.end != checkpoint.size:
        text = f"it holds entries {scope.start:,} to {scope.end:,} of {checkpoint.size:,}"
        findings.add(INCOMPLETE, "entries-missing", "bundle.json", text)
    return scope
