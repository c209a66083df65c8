"""Single changes read out of a bundle."""

import re
from collections import OrderedDict
from collections.abc import Iterator
from hashlib import sha256

from standfast.app.export.auditor.chains import Chains, Scope
from standfast.app.export.auditor.changes import COLUMNS
from standfast.app.export.auditor.events import Event, event_of
from standfast.app.export.auditor.files import Files
from standfast.app.export.auditor.findings import INCOMPLETE, VIOLATION, Findings, RefusedError
from standfast.app.export.auditor.tree import TileError, Tree, entries_in, numbered


class Excerpt:
    """Reads the entries of single changes out of a bundle, each proven to be in the tree, and their chains."""

    def __init__(self, files: Files, tree: Tree, scope: Scope, findings: Findings) -> None:
        self._files, self._tree, self._scope, self._findings = files, tree, scope, findings
        self._bundles: OrderedDict[int, list[bytes]] = OrderedDict()

    def events(self, name: str, entries: str) -> list[Event]:
        """Return the events of the change *name*, which the population says are these *entries*."""
        found: list[Event] = []
        chains = Chains(self._scope._replace(start=1, session=name), self._findings)
        for index in indexes_in(entries, self._scope):
            data = self._entry(index)
            event = event_of(index, data, sha256(b"\0" + data).digest()) if data is not None else None
            if event is None:
                self._findings.add(VIOLATION, "entry-malformed", f"entry {index}", "it is not there, or no event")
                continue
            decision = f"{event.chain}-{event.number}" == name and event.kind == "gate.decided"
            if event.chain != name and not decision:
                self._findings.add(VIOLATION, "population-differs", name, f"entry {index} is of {event.chain}")
                continue
            if not decision:
                chains.take(event)
            found.append(event)
        return found

    def _entry(self, index: int) -> bytes | None:
        bundle, place = divmod(index, 256)
        entries = self._bundles.get(bundle)
        if entries is None:
            width = self._tree.width(bundle)
            data = self._files.read(numbered("entries", bundle, width), 256 * (2 + 65_535))
            entries = (entries_in(data, width) if data is not None else None) or []
            if len(self._bundles) == 64:
                self._bundles.popitem(last=False)
            self._bundles[bundle] = entries
        if place >= len(entries):
            return None
        try:
            proven = self._tree.tile(0, bundle)[place * 32 : place * 32 + 32]
        except TileError as error:
            self._findings.add(*error.finding)
            return None
        if sha256(b"\0" + entries[place]).digest() != proven:
            self._findings.add(VIOLATION, "entry-changed", f"entry {index}", "the signed tree has another hash there")
        return entries[place]


def indexes_in(entries: str, scope: Scope) -> Iterator[int]:
    """Yield the numbers in a list like `5 7-9`."""
    if not re.fullmatch(r"\d{1,18}(-\d{1,18})?( \d{1,18}(-\d{1,18})?)*", entries):
        raise RefusedError(f"the population has a list of entries {entries[:60]!r} that is none")
    count = 0
    for part in entries.split(" "):
        first, _, last = part.partition("-")
        count += int(last or first) - int(first) + 1
        if int(last or first) >= scope.end or count > 1_000_000:
            raise RefusedError(f"the population names entry {last or first}, which the bundle does not hold")
        yield from range(int(first), int(last or first) + 1)


def listed_rows(files: Files) -> Iterator[list[str]]:
    """Yield the rows of population.csv, cell by cell."""
    if "population.csv" not in files.sizes:
        raise RefusedError("there is no population.csv in the bundle")
    lines = files.lines("population.csv")
    if next(lines, b"").decode("latin-1").split(",") != [*COLUMNS]:
        raise RefusedError("population.csv does not begin with the names of its columns")
    for line in lines:
        cells = line.decode("latin-1").split(",")
        if len(cells) != len(COLUMNS):
            raise RefusedError(f"population.csv has a row of {len(cells)} cells: {line[:60]!r}")
        yield cells


def bound_list(files: Files, given: str, findings: Findings) -> None:
    """Compare the list with the digest that a full verification printed; without it the list is not proven."""
    hashing = sha256()
    for block in files.blocks("population.csv"):
        hashing.update(block)
    if not given:
        text = (
            "not proven to be complete in this run: verify the whole bundle, then give --population the digest it says"
        )
        findings.add(INCOMPLETE, "population-unproven", "population.csv", text)
    elif given != f"sha256:{hashing.hexdigest()}":
        findings.add(VIOLATION, "population-differs", "population.csv", f"it is not the list with the digest {given}")
