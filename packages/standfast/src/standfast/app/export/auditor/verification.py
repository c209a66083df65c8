"""The verification of a whole bundle."""

import re
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any, NamedTuple

from cryptography import x509

from standfast.app.export.auditor.chains import Chains, Scope, scope_of
from standfast.app.export.auditor.changes import Change
from standfast.app.export.auditor.events import LEDGER, NOTED, OBJECTS, Event, event_of
from standfast.app.export.auditor.files import Files, digest, plain_name
from standfast.app.export.auditor.findings import (
    INCOMPLETE,
    MAX_FILES,
    MAX_NOTE,
    MAX_OBJECT,
    MOST,
    VIOLATION,
    Findings,
    RefusedError,
)
from standfast.app.export.auditor.handovers import Handover, handovers, kept_checkpoint, keyed, vkey_digest
from standfast.app.export.auditor.listing import Listing
from standfast.app.export.auditor.notes import Checkpoint, Policy, Trusted, accepted
from standfast.app.export.auditor.objects import decision_differs, inputs_of, object_name, status_of
from standfast.app.export.auditor.people import People
from standfast.app.export.auditor.signatures import STATEMENTS
from standfast.app.export.auditor.stamps import Stamps
from standfast.app.export.auditor.tree import TileError, Tree, entries_in, numbered
from standfast.app.export.auditor.vouching import Vouching


class Result(NamedTuple):
    """What a full verification came to; the rows are those of the population, proven."""

    trusted: Trusted
    scope: Scope
    population: str
    objects: int


class Own(NamedTuple):
    """What the auditor has beside the policy: a kept checkpoint, certificates of time stamping, whose the keys are."""

    since: bytes | None = None
    authorities: tuple[x509.Certificate, ...] = ()
    people: dict[str, str] | None = None


class Verification:
    """One verification of one bundle; every part is done unless an earlier one leaves nothing to do it with."""

    def __init__(self, files: Files, policy: Policy, findings: Findings, own: Own | None = None) -> None:
        own = own or Own()
        self.files, self.policy, self.findings, self.since = files, policy, findings, own.since
        self.stamps = Stamps(own.authorities, findings)
        self.people = People(own.people)
        self.keys: tuple[Handover, ...] = ()
        self.notes: list[str] = []
        self.hashes: dict[str, str] = {}
        self.present: set[object] = set()
        self._newest_verdict: tuple[str, list[str], bytes] = ("", [], b"")
        self.listing: Listing
        self.decisions = 0
        self.missing: dict[str, list[Any]] = {}
        self.erased: dict[str, int] = {}
        self.lacking: set[str] = set()
        self.over: dict[str, str] = {}
        self.holds: dict[str, str] = {}
        self.pruned: list[tuple[int, int, str, frozenset[str]]] = []
        self.first: Event | None = None
        self.vouching, self.origin = Vouching(findings), ""

    def run(self, each: Callable[[dict[str, object]], None] | None = None) -> Result | None:
        """Do all of it; call *each* with every row of the population. None where there is nothing to go by."""
        opened = self.begin()
        if opened is None:
            return None
        trusted, scope, tree = opened
        self.origin = trusted.checkpoint.origin
        objects = self._sums()
        self.stamps.read(self.files, tree, trusted.checkpoint.origin)
        self._entries(tree, trusted.checkpoint, scope, each)
        if self.since is not None:
            self._continues(tree, trusted.checkpoint)
        return Result(trusted, scope, f"sha256:{self.hashes.get('population.csv', '')}", objects)

    def begin(self) -> tuple[Trusted, Scope, Tree] | None:
        """Return what everything else goes by: the signed checkpoint, the scope, the tree under the signed root."""
        note = self.files.read("checkpoint", MAX_NOTE)
        if note is None:
            raise RefusedError("there is no checkpoint in it: this is no bundle")
        self.keys = handovers(self.files, self.policy, self.findings)
        if self.findings.counts[VIOLATION]:
            return None
        trusted = accepted(note, keyed(self.policy, self.keys, note, self.findings), self.findings)
        if trusted is None:
            return None
        scope = scope_of(self.files, trusted.checkpoint, self.findings)
        try:
            tree = Tree(self.files, trusted.checkpoint, self.findings)
            for one in self.keys:
                self._handed_over(one, tree)
            return trusted, scope, tree
        except TileError as error:
            self.findings.add(*error.finding)
            return None

    def _handed_over(self, one: Handover, tree: Tree) -> None:
        """Compare the checkpoint that introduces a key, and the entry in it, with the tree of the bundle."""
        self.notes.append(f"entry {one.place:,} hands the ledger over to the key {one.key.name}+{one.key.id.hex()}")
        size = one.checkpoint.size
        if size > tree.size:
            text = f"the bundle has {tree.size:,} entries, a key was handed over when there were {size:,}"
            self.findings.add(VIOLATION, "rolled-back", one.where, text)
            return
        place = one.place % 256 * 32
        leaf_hash = tree.tile(0, one.place // 256)[place : place + 32]
        if tree.root_at(size) != one.checkpoint.root or leaf_hash != sha256(b"\0" + one.entry).digest():
            text = f"entry {one.place:,} of this ledger does not introduce it: this history is another one"
            self.findings.add(VIOLATION, "key-not-introduced", one.where, text)

    def _sums(self) -> int:
        """Hash every file, compare with SHA256SUMS and with the names of the objects; return how many objects."""
        listed = self._listed()
        for name in sorted(self.files.sizes):
            if name == "SHA256SUMS":
                continue
            hashing = sha256()
            for block in self.files.blocks(name):
                hashing.update(block)
            found = hashing.hexdigest()
            if name.startswith("objects/"):
                self.present.add(f"sha256:{found}")
                if name != f"objects/sha256/{found[:2]}/{found[2:]}":
                    self.findings.add(VIOLATION, "object-changed", name, f"its bytes have the digest {found[:16]}")
            if name in ("population.csv", "population.json"):
                self.hashes[name] = found
            wanted = listed.pop(name, None)
            if wanted is None:
                self.findings.add(VIOLATION, "file-unlisted", name, "it is not in SHA256SUMS")
            elif wanted != found:
                self.findings.add(VIOLATION, "file-changed", name, "its bytes are not those of SHA256SUMS")
        for name in listed:
            self.findings.add(INCOMPLETE, "file-missing", name, "it is in SHA256SUMS and not in the bundle")
        return len(self.present)

    def _listed(self) -> dict[str, str]:
        if "SHA256SUMS" not in self.files.sizes:
            self.findings.add(INCOMPLETE, "file-missing", "SHA256SUMS", "there is no list of the files")
            return {}
        listed: dict[str, str] = {}
        for line in self.files.lines("SHA256SUMS"):
            found = re.fullmatch(r"([0-9a-f]{64})  (\S+)", line.decode("latin-1"))
            if found is None or len(listed) == MAX_FILES:
                raise RefusedError(f"SHA256SUMS has a line {line[:100]!r} that is none")
            if listed.setdefault(plain_name(found[2]), found[1]) != found[1]:
                self.findings.add(VIOLATION, "file-changed", found[2], "SHA256SUMS names it twice")
        return listed

    def _entries(
        self, tree: Tree, checkpoint: Checkpoint, scope: Scope, each: Callable[[dict[str, object]], None] | None
    ) -> None:
        """Follow every chain through the entries, each compared with the tree, and compare the population."""
        chains = Chains(scope, self.findings)
        listing = self.listing = Listing(self.files, self.findings)

        def ended(change: Change) -> None:
            self._ended(change)
            if scope.covers(change):
                row = change.row()
                listing.compare(row)
                if each is not None:
                    each(row)

        for event in self._events(tree, scope):
            change = chains.take(event)
            if change is not None:
                ended(change)
            kind = event.kind
            if kind in OBJECTS:
                if scope.covers_event(event):
                    self._objects(event)
            elif kind in NOTED:
                self._noted(event, tree)
        chains.open.pop(LEDGER, None)
        for change in chains.open.values():
            ended(change)
        listing.end(checkpoint, scope, chains.newest)
        self._say_session(chains, scope, tree)
        self.notes += self.vouching.told(whole=not scope.start and not scope.session)
        self._say_decisions()
        self.people.judge(self.findings)
        self._say_pruned(scope)
        self._say_missing(chains.newest)

    def _noted(self, event: Event, tree: Tree) -> None:
        """Note what an entry says about keeping; compare what it says about a key with the keys that signed."""
        if event.kind.startswith("retention."):
            self._retained(event)
        if event.kind == "key.enrolled":
            self.vouching.enrolled(event)
        if event.body.get("use") != "log" or event.kind == "key.enrolled":
            return
        known = {vkey_digest(key): key for key in (*self.policy.logs, *(one.key for one in self.keys))}
        if event.kind == "key.revoked":
            named = known.get(event.text("key"))
            name = f"{named.name}+{named.id.hex()}" if named else event.text("key")[:23]
            why = "somebody else may have had it" if event.body.get("compromised") is True else "it was given up"
            self.notes.append(
                f"entry {event.entry:,}: the key {name} counts for nothing since {event.text('since')}: {why}; only "
                "witnesses, time stamps and kept checkpoints tell what it signed after that from a forgery"
            )
        elif event.text("former") in known and event.entry not in {one.place for one in self.keys}:
            self._unfollowed(event, tree)

    def _unfollowed(self, event: Event, tree: Tree) -> None:
        if event.entry + 1 < tree.size:
            text = "it hands the ledger over to another key, and the bundle goes on without that key"
            self.findings.add(VIOLATION, "key-retired", f"entry {event.entry}", text)

    def _events(self, tree: Tree, scope: Scope) -> Iterator[Event]:
        for bundle in range(scope.start // 256, -(-scope.end // 256)):
            for index, data, leaf_hash in self._proven(tree, bundle):
                event = event_of(index, data, leaf_hash)
                if event is None:
                    self.findings.add(VIOLATION, "entry-malformed", f"entry {index}", "its bytes are no event")
                    continue
                self.first = self.first or event
                if index in self.stamps.latest or index in self.stamps.earliest:
                    self.stamps.compare(event)
                if self.people:
                    self.people.take(event)
                yield event

    def _say_session(self, chains: Chains, scope: Scope, tree: Tree) -> None:
        if scope.session and scope.session not in chains.closed | set(chains.open):
            self.findings.add(INCOMPLETE, "session-missing", scope.session, "no entry of this session is in the bundle")
        elif scope.session in chains.open and scope.end < tree.size:
            text = "it is not closed, and the bundle does not hold all entries after its newest one"
            self.findings.add(INCOMPLETE, "session-open", scope.session, text)

    def _proven(self, tree: Tree, bundle: int) -> Iterator[tuple[int, bytes, bytes]]:
        """Yield (index, bytes, hash) of the entries of one file of entries, compared with the tree."""
        width = tree.width(bundle)
        where = numbered("entries", bundle, width)
        data = self.files.read(where, 256 * (2 + 65_535))
        if data is None:
            text = f"entries {bundle * 256:,} to {bundle * 256 + width - 1:,} are not in the bundle"
            self.findings.add(INCOMPLETE, "entries-missing", where, text)
            return
        entries = entries_in(data, width)
        if entries is None:
            text = f"it does not consist of {width} entries: one was taken out or put in, or the file was cut off"
            self.findings.add(VIOLATION, "entries-differ", where, text)
            return
        found = [sha256(b"\0" + entry).digest() for entry in entries]
        try:
            hashes = tree.tile(0, bundle)
        except TileError as error:
            self.findings.add(*error.finding)
            hashes = b"".join(found)  # what the tile should say is not known; the chains are followed all the same
        if b"".join(found) != hashes:
            for place, one in enumerate(found):
                if one != hashes[place * 32 : place * 32 + 32]:
                    text = f"its bytes have the hash {one.hex()[:16]}, the signed tree has another"
                    self.findings.add(VIOLATION, "entry-changed", f"entry {bundle * 256 + place}", text)
        yield from zip(range(bundle * 256, bundle * 256 + width), entries, found, strict=True)

    def _objects(self, event: Event) -> None:
        """Note which objects that *event* names are not there."""
        for field in OBJECTS[event.kind]:
            named = event.body.get(field)
            if named is None or (isinstance(named, str) and named in self.present):
                continue
            until = event.text("keep_until")
            month = f" in {event.at[:7]}" if event.chain == LEDGER else ""
            self._lacks(event, f"{event.chain}{month}, until {until[:10]}", event.text(field), until)
        if event.kind == "gate.decided":
            self._verdict(event)
        (named, *_more) = OBJECTS[event.kind]
        if event.kind in STATEMENTS and event.body.get(named) in self.present:
            data = self.files.read(object_name(event.text(named)), MAX_OBJECT) or b""
            self.vouching.take(event, self.origin, data)

    def _lacks(self, event: Event, group: str, named: str, until: str) -> None:
        """Count an object that *event* names and that is not there."""
        group = group if len(self.missing) < MOST else "others"
        found = self.missing.setdefault(group, [0, event.entry, named, event.chain, until, event.at])
        found[0] += 1
        self.lacking.add(event.chain)

    def _verdict(self, event: Event) -> None:
        """Compare what a decision says with the verdict that it names, and that with the statements in the bundle."""
        address = event.text("verdict")
        if event.body.get("verdict") not in self.present:
            self.listing.decided(event, None)
            return
        if self._newest_verdict[0] != address:
            verdict = self.files.read(object_name(address), MAX_OBJECT) or b""
            self._newest_verdict = (address, inputs_of(verdict), verdict)
        _address, inputs, verdict = self._newest_verdict
        self.listing.decided(event, verdict)
        if not status_of(verdict):
            return
        if different := decision_differs(event.body, verdict):
            self.findings.add(VIOLATION, "verdict-differs", f"entry {event.entry}", different)
        self.decisions += all(one in self.present for one in (*inputs, event.body.get("context")))
        for one in inputs:
            if one not in self.present:
                month = f" in {event.at[:7]}" if event.chain == LEDGER else ""
                self._lacks(event, f"{event.chain}{month}, inputs", one, "")

    def _say_decisions(self) -> None:
        if self.decisions:
            text = f"decisions that name exactly the inputs that are here: {self.decisions:,}"
            self.notes.append(f"{text}; `standfast replay --bundle` computes them again")

    def _ended(self, change: Change) -> None:
        """Note when a session ended of which objects are not there."""
        if change.what == "session" and change.result and change.name in self.lacking:
            self.over[change.name] = change.newest

    def _retained(self, event: Event) -> None:
        """Note what is held, and what is said to be gone."""
        body = event.body
        if event.kind == "retention.held":
            self.holds[event.text("hold")] = event.text("session") or "everything"
        elif event.kind == "retention.released":
            self.holds.pop(event.text("hold"), None)
        elif event.kind == "retention.erased" and event.text("session"):
            self.erased[event.text("session")] = event.entry
        elif event.kind == "retention.pruned" and isinstance(body.get("end"), int):
            self.pruned.append((event.entry, body["end"], event.text("before"), frozenset(self.holds.values())))

    def _say_pruned(self, scope: Scope) -> None:
        """Say which entries are not in the bundle because the ledger pruned them; other gaps are gaps."""
        if scope.session or not scope.start:
            return
        entry = next((one[0] for one in self.pruned if one[1] >= scope.start), None)
        if entry is None:
            text = f"entries 0 to {scope.start:,} are not in it, and no entry says that they were pruned"
            self.findings.add(INCOMPLETE, "entries-missing", "bundle.json", text)
        elif self.first is None or self.first.at[:10] > scope.first:
            text = f"pruned by entry {entry:,}: what ended before then is not in the population"
            self.findings.add(INCOMPLETE, "pruned", f"entries 0 to {scope.start:,}", text)
        self.notes.append(f"entries 0 to {scope.start:,} are not in it: pruned by entry {entry}; hashes are proven")

    def _is_pruned(self, chain: str, at: str) -> bool:
        """Return whether an entry says that content of *chain*, named last at that time, was pruned."""
        over = self.over.get(chain, "") if chain != LEDGER else f"{at[:7]}-32"
        return bool(over) and any(
            over < before and not {chain, "everything"} & held for _entry, _end, before, held in self.pruned
        )

    def _say_missing(self, newest: str) -> None:
        for count, index, named, chain, until, at in self.missing.values():
            if chain in self.erased or (until and until.rstrip("Z") < newest) or self._is_pruned(chain, at):
                continue  # erased or pruned by a named entry, or no longer to be kept
            text = f"{count:,} objects that it names are not in the bundle, the first is {named:.19} of entry {index}"
            self.findings.add(INCOMPLETE, "object-missing", f"chain {chain}", text)

    def _continues(self, tree: Tree, checkpoint: Checkpoint) -> None:
        """Compare with the checkpoint that the auditor kept."""
        policy = keyed(self.policy, self.keys, self.since or b"", self.findings)
        kept = kept_checkpoint(self.since or b"", policy, self.findings)
        if kept is None:
            return
        where = f"the kept checkpoint of {kept.size:,} entries"
        if kept.origin != checkpoint.origin:
            follows = self.first.text("checkpoint") if self.first and self.first.entry == 0 else ""
            if follows != f"sha256:{digest(self.since or b'')}":
                text = f"it is of {kept.origin}, and {checkpoint.origin} does not say that it follows exactly that"
                self.findings.add(INCOMPLETE, "not-comparable", where, text)
        elif kept.size > checkpoint.size:
            text = f"the bundle has {checkpoint.size:,} entries: the ledger was put back to an older state"
            self.findings.add(VIOLATION, "rolled-back", where, text)
        else:
            try:
                root = tree.root_at(kept.size)
            except TileError as error:
                self.findings.add(*error.finding)
                return
            if root != kept.root:
                text = f"the first {kept.size:,} entries are not those that it was over: history was rewritten"
                self.findings.add(VIOLATION, "forked", where, text)
