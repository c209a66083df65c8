"""Write the bundle by which an auditor verifies a ledger without us."""

import contextlib
import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, date, datetime, time
from itertools import islice
from pathlib import Path
from typing import IO

import msgspec

from standfast.app.export import words
from standfast.app.export.auditor.assessment import (
    ASSESSMENT,
    ASSESSMENT_HEAD,
    assessment_foot,
    assessment_line,
    no_assessment_line,
)
from standfast.app.export.auditor.chains import Chains, Scope
from standfast.app.export.auditor.changes import COLUMNS, Change, csv_line, json_line
from standfast.app.export.auditor.events import ENDS, LEDGER, OBJECTS, Event, event_of
from standfast.app.export.auditor.findings import FORMAT, Findings
from standfast.app.export.auditor.handovers import handover_name
from standfast.app.export.auditor.notes import Checkpoint
from standfast.app.export.auditor.objects import inputs_of, object_name
from standfast.app.export.auditor.stamps import stamp_name, stamp_text_name
from standfast.app.export.destination import Parcel, parcel
from standfast.app.export.program import program
from standfast.app.keeping.bodies import Bodies, bodies_of
from standfast.app.ledger.handovers import handovers
from standfast.app.ledger.home import Home, Known
from standfast.app.ledger.opening import open_ledger
from standfast.app.ledger.reading import Reader, reading
from standfast.app.storage.store import Store
from standfast.ledger.bodies import LedgerExported
from standfast.ledger.merkle import TILE_WIDTH, leaf_hash
from standfast.ledger.note import parse_note
from standfast.ledger.policy_file import parse_policy
from standfast.ledger.retention import retention
from standfast.ledger.rotation import following
from standfast.ledger.stores.contract import LedgerStore, lost
from standfast.ledger.tiles import Bundle, entry_bundle, tiles_between
from standfast.model import Digest, EvidenceError, LedgerError, UsageError


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What the auditor asked for: the days (both included), one session or all, and the policy that must be met."""

    first: date
    last: date
    session: str | None = None
    policy: bytes | None = None


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """What was written; ``manifest`` is the digest of its list of files, which the ledger recorded.

    ``missing`` are objects that were never kept or are lost, ``erased`` those whose keys were destroyed on purpose.
    """

    size: int
    changes: int
    objects: int
    missing: int
    erased: int
    manifest: Digest
    witnesses: tuple[str, ...]


def export(known: Known, home: Home, asked: Asked, path: Path) -> Exported:
    """Return what was written to *path*: a folder, or a tar file where it ends in ``.tar``.

    That it was handed out is in the ledger before it is there.

    Raises:
        UsageError: There is something at *path*, the period ends before it begins, or there is no such session.
        LedgerError: The ledger is damaged, the policy is not met, or the export cannot be recorded.
    """
    if asked.last < asked.first:
        raise UsageError("export-period", f"the period ends on {asked.last}, before it begins on {asked.first}")
    with parcel(path) as made:
        with reading(known) as reader, contextlib.closing(bodies_of(known, home)) as bodies:
            written = _Export(reader, Store(Path(known.root)), bodies, asked, made).write()
        start = datetime.combine(asked.first, time.min, UTC)
        end = datetime.combine(asked.last, time.max, UTC)
        body = LedgerExported(manifest=written.manifest, start=start, end=end, sessions=written.changes)
        newest = home.at(Path(known.root)) or known  # a log of a year that is over takes no more entries
        with open_ledger(newest, home) as ledger:
            ledger.record(body)
        made.publish()
    return written


class _Export:
    """One bundle while it is written."""

    def __init__(self, reader: Reader, store: Store, bodies: Bodies, asked: Asked, made: Parcel) -> None:
        self._ledger: LedgerStore = reader.store
        self._store, self._bodies, self._asked, self._made = store, bodies, asked, made
        self._note, self._checkpoint = reader.published()
        self._policy = asked.policy or _plain_policy(self._ledger.identity.vkey, reader.known.witnesses)
        self._handovers = handovers(self._ledger)
        trusted = following(parse_policy(self._policy), self._handovers.chain, self._checkpoint.size).accept(self._note)
        self._witnesses = tuple(one.name for one in trusted.seen)
        self._findings = Findings()
        self._retention = retention(self._ledger.chain(LEDGER))
        self._changes, self._objects, self._missing, self._erased = 0, 0, 0, 0

    def write(self) -> Exported:
        """Write every file of the bundle but give it no name yet."""
        self._made.add("policy", self._policy)
        scope = self._scope()
        self._made.add("checkpoint", self._note)
        for number, proof in enumerate(self._handovers.proofs, 1):
            self._made.add(handover_name(number), proof)
        self._tiles()
        self._stamps()
        self._entries(scope)
        about = f"session {scope.session}" if scope.session else f"all changes from {scope.first} to {scope.last}"
        facts = {"origin": self._checkpoint.origin, "size": self._checkpoint.size, "about": about}
        counts = {"population": self._changes, "objects": self._objects, "missing": self._missing}
        counts["erased"] = self._erased
        self._made.add("README.md", words.readme({**facts, **counts}, witnesses=self._witnesses))
        self._made.add("verify.py", program())
        self._made.add("bundle.json", _about(scope))
        return Exported(
            size=self._checkpoint.size,
            changes=self._changes,
            objects=self._objects,
            missing=self._missing,
            erased=self._erased,
            manifest=self._made.sums(),
            witnesses=self._witnesses,
        )

    def _scope(self) -> Scope:
        """Return which entries belong into the bundle: all of them, or those from the session's first to its last."""
        size, days = self._checkpoint.size, (self._asked.first.isoformat(), self._asked.last.isoformat())
        session = self._asked.session
        if session is None:
            return Scope(*days, "", self._retention.pruned, size)
        start = self._retention.pruned
        held = [(index, leaf) for index, leaf in self._ledger.chain(session) if start <= index < size]
        if not held:
            raise UsageError("export-no-session", f"the ledger has no session {session}")
        newest = event_of(*held[-1], leaf_hash(held[-1][1]))
        closed = newest is not None and newest.kind in ENDS
        # Of one that is still open, every entry since is needed: only they show that none of them is of it.
        end = min(size, -(-(held[-1][0] + 1) // TILE_WIDTH) * TILE_WIDTH) if closed else size
        return Scope(*days, session, held[0][0] // TILE_WIDTH * TILE_WIDTH, end)

    def _tiles(self) -> None:
        for tile in tiles_between(0, self._checkpoint.size):
            data = self._ledger.tile(tile.level, tile.index)
            if data is None:
                raise lost(tile.path, self._ledger.name)
            self._made.add(tile.path, data[: tile.width * 32])

    def _stamps(self) -> None:
        """Write every time stamp over a checkpoint up to this one, and the text that it is over."""
        counts: Counter[int] = Counter()
        for stamp in self._ledger.time_stamps():
            note = self._ledger.checkpoint(stamp.size) if stamp.size <= self._checkpoint.size else None
            if note is not None:
                counts[stamp.size] += 1
                self._made.add(stamp_name(stamp.size, counts[stamp.size]), stamp.answer)
                self._made.add(stamp_text_name(stamp.size), parse_note(note).text.encode())

    def _entries(self, scope: Scope) -> None:
        """Write the entries, the objects that they name, and the population that they tell of."""
        chains = Chains(scope, self._findings)
        with ExitStack() as stack:
            listing = _Listing(stack)
            for event in self._events(scope):
                change = chains.take(event)
                if change is not None:
                    self._listed(listing, scope, change)
                if scope.covers_event(event):
                    self._put_objects(event, listing)
            chains.open.pop(LEDGER, None)
            for change in chains.open.values():
                self._listed(listing, scope, change)
            self._require_sound()
            head = (self._checkpoint.origin, self._checkpoint.size, self._checkpoint.root)
            listing.put(self._made, assessment_foot(Checkpoint(*head), scope, chains.newest), no_assessment_line(scope))

    def _events(self, scope: Scope) -> Iterator[Event]:
        entries = enumerate((entry.leaf for entry in self._ledger.entries(scope.start, scope.end)), scope.start)
        while page := list(islice(entries, TILE_WIDTH)):
            bundle = Bundle(page[0][0] // TILE_WIDTH, len(page))
            self._made.add(bundle.path, entry_bundle([leaf for _index, leaf in page]))
            for index, leaf in page:
                event = event_of(index, leaf, leaf_hash(leaf))
                if event is None:
                    raise _damaged(f"entry {index} is no event")
                yield event

    def _listed(self, listing: "_Listing", scope: Scope, change: Change) -> None:
        if scope.covers(change):
            listing.add(change.row())
            self._changes += 1

    def _put_objects(self, event: Event, listing: "_Listing") -> None:
        for field in OBJECTS.get(event.kind, ()):
            address = event.text(field)
            data = self._put(address, event) if address else None
            if field == "verdict":
                listing.decided(assessment_line(event, data))
            if data is not None and field == "verdict":
                for statement in inputs_of(data):
                    self._put(statement, event)

    def _put(self, address: str, event: Event) -> bytes | None:
        data = self._held(Digest(address))
        if data is None:
            gone = self._retention.is_gone(event.chain, datetime.fromisoformat(f"{event.at}Z"))
            self._missing, self._erased = self._missing + (not gone), self._erased + gone
            return None
        if self._made.add(object_name(address), data):
            self._objects += 1
        return data

    def _held(self, address: Digest) -> bytes | None:
        """Return the content as it was sealed when the event was recorded, else as the evidence store has it."""
        try:
            found = self._bodies.get(address)
            return self._store.get(address) if found is None else found
        except EvidenceError:
            return None
        except LedgerError as error:
            if error.code != "sealed-erased":
                raise
            return None

    def _require_sound(self) -> None:
        if self._findings.listed:
            raise _damaged(str(self._findings.listed[0]))


class _Listing:
    """The population and the assessment while they are written; they may be larger than the memory."""

    def __init__(self, stack: ExitStack) -> None:
        self._files: dict[str, IO[bytes]] = {
            name: stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115  # the stack closes it
            for name in ("population.csv", "population.json", ASSESSMENT)
        }
        self._files["population.csv"].write(",".join(COLUMNS).encode() + b"\n")
        self._files["population.json"].write(b"[")
        self._files[ASSESSMENT].write(ASSESSMENT_HEAD.encode())
        self._between, self._between_decisions = b"\n", b"\n"

    def add(self, row: dict[str, object]) -> None:
        """Add one change."""
        self._files["population.csv"].write(csv_line(row).encode() + b"\n")
        self._files["population.json"].write(self._between + json_line(row).encode())
        self._between = b",\n"

    def decided(self, line: str) -> None:
        """Add one decision."""
        self._files[ASSESSMENT].write(self._between_decisions + line.encode())
        self._between_decisions = b",\n"

    def put(self, made: Parcel, foot: str, none: str) -> None:
        """Put the lists into the bundle; the assessment ends with *foot*, and holds *none* where it would be empty."""
        if self._between_decisions == b"\n":
            self.decided(none)
        self._files["population.json"].write(b"\n]\n")
        self._files[ASSESSMENT].write(f"\n{foot}\n".encode())
        for name, stream in self._files.items():
            made.add_file(name, stream)


def _plain_policy(vkey: str, witnesses: Sequence[str]) -> bytes:
    """Return the policy that names the ledger and the witnesses that its owner knows, and asks for none of them."""
    lines = [f"witness witness-{number} {key}" for number, key in enumerate(witnesses, 1)]
    return "\n".join([f"log {vkey}", *lines, "quorum none", ""]).encode()


def _about(scope: Scope) -> bytes:
    """Return what the bundle says it is about; the verifier compares all of it."""
    about = {
        "format": FORMAT,
        "from": scope.first,
        "to": scope.last,
        "session": scope.session,
        "start": scope.start,
        "end": scope.end,
    }
    return json.dumps(about, indent=1).encode() + b"\n"


def _damaged(found: str) -> LedgerError:
    return LedgerError(
        "ledger-damaged",
        f"no bundle was made: {found}",
        hint="run `standfast ledger fsck`, and restore the database from a copy",
    )
