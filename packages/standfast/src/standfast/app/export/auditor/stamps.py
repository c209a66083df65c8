"""The time stamps of a bundle: each over the tree as it was at a size, which is computed again here."""

import re
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from cryptography import x509

from standfast.app.export.auditor.events import Event
from standfast.app.export.auditor.files import Files
from standfast.app.export.auditor.findings import INCOMPLETE, MAX_NOTE, VIOLATION, Findings
from standfast.app.export.auditor.time_stamps import MAX_STAMP, StampError, UnpinnedError, certify, stamp_of
from standfast.app.export.auditor.tree import TileError, Tree

STAMP_DRIFT = timedelta(minutes=5)
"""So far the clock of an authority and that of the ledger may be apart."""
_STAMP_NAME = re.compile(r"stamps/(0|[1-9][0-9]{0,18})-[1-9][0-9]{0,3}\.tsr\Z")


def stamp_name(size: int, number: int) -> str:
    """Return the name of the file with a time stamp over the checkpoint of *size* entries, from 1."""
    return f"stamps/{size}-{number}.tsr"


def stamp_text_name(size: int) -> str:
    """Return the name of the file with the text that the stamps of *size* are over: for programs of other people."""
    return f"stamps/{size}.checkpoint"


def checkpoint_text(origin: str, size: int, root: bytes) -> bytes:
    """Return the text of a checkpoint, which is what is signed and what is stamped."""
    return f"{origin}\n{size}\n{b64encode(root).decode()}\n".encode()


class Proven(NamedTuple):
    """A time stamp that leads to a pinned certificate: *size* entries were there at *at*."""

    size: int
    at: datetime
    authority: str


class Stamps:
    """All time stamps of a bundle: which are proven, how many could not be, and what they say of single entries."""

    def __init__(self, pinned: Sequence[x509.Certificate], findings: Findings) -> None:
        self._pinned, self._findings = pinned, findings
        self.count = 0
        self.unproven: list[str] = []
        self.newest: Proven | None = None
        self.latest: dict[int, str] = {}
        self.earliest: dict[int, str] = {}

    def read(self, files: Files, tree: Tree, origin: str) -> None:
        """Verify every stamp in the bundle, that of the largest tree last."""
        named = [(int(found[1]), found[0]) for name in files.sizes if (found := _STAMP_NAME.match(name))]
        for size, name in sorted(named):
            self.count += 1
            if size > tree.size:
                beyond = f"it is said to be over {size:,} entries, the bundle has {tree.size:,}"
                self._findings.add(VIOLATION, "time-stamp-differs", name, beyond)
                continue
            try:
                text = checkpoint_text(origin, size, tree.root_at(size))
                self._one(name, size, files.read(name, MAX_STAMP) or b"", text)
                written = files.read(stamp_text_name(size), MAX_NOTE)
            except TileError as error:
                self._findings.add(*error.finding)
                continue
            if written is not None and written != text:
                self._findings.add(VIOLATION, "time-stamp-differs", stamp_text_name(size), "the tree has another root")
        if self._pinned and self.newest is None:
            none = "no time stamp in it leads to a certificate that you pinned"
            self._findings.add(INCOMPLETE, "time-stamp-missing", "bundle", none)

    def _one(self, name: str, size: int, answer: bytes, text: bytes) -> None:
        try:
            stamp = stamp_of(answer, text, self._pinned)
            certify(stamp, self._pinned)
        except UnpinnedError as error:
            self.unproven.append(f"{name}: {error}")
        except StampError as error:
            self._findings.add(VIOLATION, error.name, name, str(error))
        else:
            self.newest = Proven(size, stamp.at, stamp.authority)
            latest, earliest = (text_of(stamp.at + drift) for drift in (STAMP_DRIFT, -STAMP_DRIFT))
            self.latest[size - 1] = min(latest, self.latest.get(size - 1, latest))
            self.earliest[size] = max(earliest, self.earliest.get(size, earliest))

    def compare(self, event: Event) -> None:
        """Compare the time of an entry that stands beside a proven stamp: it is not later than the one it is under."""
        latest, earliest = self.latest.get(event.entry, event.at), self.earliest.get(event.entry, event.at)
        where = f"entry {event.entry}"
        if event.at > latest:
            text = f"it says {event.at}, and an authority saw it before {latest}: it is dated ahead"
            self._findings.add(VIOLATION, "time-stamp-contradicts", where, text)
        if event.at < earliest:
            text = f"it says {event.at}, and was not there yet when an authority looked, after {earliest}: dated back"
            self._findings.add(VIOLATION, "time-stamp-contradicts", where, text)

    def said(self) -> str:
        """Return in one line up to where the ledger is time-stamped, as far as that is proven."""
        if not self.count:
            return "NOT TIME-STAMPED: only the ledger's own clock says when"
        if self.newest is None:
            why = "none leads to a certificate of --tsa" if self._pinned else "give certificates as --tsa"
            return f"TIME STAMPS NOT CHECKED: {self.count:,} are in the bundle; {why}"
        size, at, authority = self.newest
        rest = f"; {len(self.unproven):,} of {self.count:,} lead to no certificate of yours" if self.unproven else ""
        return f"time-stamped up to {size:,} entries: {at:%Y-%m-%d %H:%M:%S} UTC by {authority}{rest}"


def text_of(moment: datetime) -> str:
    """Return *moment* (UTC) as entries write it, without the Z at its end."""
    return moment.replace(tzinfo=None).isoformat()
