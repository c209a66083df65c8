"""Ledgers full of change sessions, and the bundles that an auditor gets of them."""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import chain, islice, zip_longest
from pathlib import Path

import auditing as verify
import msgspec
from command_line import Ran
from event_ledgers import Machine
from ledger_story import FIRST, Story, whole_story

from standfast.app.export.audit import Asked, Exported, export
from standfast.app.export.program import program
from standfast.app.ledger.home import Known
from standfast.app.storage.store import Store
from standfast.ledger.bodies import ApprovalGiven, RequirementApproved, SessionClosed, Signed
from standfast.ledger.chain import Head
from standfast.ledger.events import Leaf, encode
from standfast.ledger.fields import ChainId
from standfast.ledger.keys import FileSigner
from standfast.ledger.projection import entry_with
from standfast.ledger.writer import Writer
from standfast.model import Status

YEAR = Asked(first=date(2026, 1, 1), last=date(2026, 12, 31))
DAY = timedelta(hours=24)

# What the statements of a story were made from: their digests are those of these bytes.
OBJECTS = (
    b"requirements", b"test_results", b"load_test", b"r", b"context", b"monitoring",
    FIRST.encode() + Status.PASS.encode(), f"security{FIRST}".encode(), f"release{FIRST}".encode(),
)  # fmt: skip


class Audited:
    """A machine whose ledger holds change sessions, and the auditor with a policy, all below *folder*."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.machine = Machine(folder)
        self.machine.now = datetime(2026, 1, 2, tzinfo=UTC)
        self.known: Known = self.machine.begun()
        self.policy = folder / "auditor.policy"
        self.checkpoint = b""
        store = Store(self.machine.root)
        for data in OBJECTS:
            store.put(data)
        self.append(())

    def append(self, leaves: Iterable[Leaf]) -> "Audited":
        """Record *leaves* as they are, in batches."""
        with self.machine.opened(self.known) as ledger:
            writer = Writer(ledger.store, FileSigner(self.machine.home.of(self.known.id) / "key"), ledger.anchor)
            remaining = iter(leaves)
            while batch := [entry_with(encode(leaf), leaf) for leaf in islice(remaining, 1000)]:
                writer.append(batch)
            self.policy.write_text(f"log {ledger.store.identity.vkey}\nquorum none\n")
            self.checkpoint = ledger.store.checkpoint()
        return self

    def exported(self, name: str = "bundle", asked: Asked = YEAR) -> Path:
        """Write a bundle, and return where it is."""
        self.export(name, asked)
        return self.folder / name

    def export(self, name: str, asked: Asked = YEAR) -> Exported:
        """Write a bundle, and return what is said of it."""
        return export(self.known, self.machine.home, asked, self.folder / name)


def sessions(count: int, *, story: Callable[[], Story] = whole_story, first: int = 1) -> Iterator[Leaf]:
    """Yield the leaves of that many sessions, each a day after the one before it."""
    for number in range(first, first + count):
        yield from moved(story(), f"S-{number}", DAY * (number - 1))


def moved(story: Story, name: str, later: timedelta) -> Iterator[Leaf]:
    """Yield the leaves of *story* as a session of another name, that much later; nobody signs what they agree to."""
    head = Head(chain=ChainId(name))
    for leaf in story.leaves:
        body = leaf.body
        if isinstance(body, SessionClosed) and head.last is not None:
            body = msgspec.structs.replace(body, count=head.count, last=head.last)
        if isinstance(body, ApprovalGiven | RequirementApproved):
            body = msgspec.structs.replace(body, signed=Signed())
        following = head.next(body, at=leaf.at + later, actor=leaf.actor)
        head = head.after(following)
        yield following


def interleaved(count: int, *, together: int = 20) -> Iterator[Leaf]:
    """Yield the leaves of *count* sessions, of which so many are open at the same time."""
    for start in range(1, count + 1, together):
        names = range(start, min(start + together, count + 1))
        each = [moved(whole_story(), f"S-{number}", DAY * (start // together)) for number in names]
        yield from (leaf for leaf in chain.from_iterable(zip_longest(*each)) if leaf is not None)


def judged(*arguments: str | Path) -> Ran:
    """Run the one file of the auditor in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "verify.py"
        copy.write_bytes(program())
        done = subprocess.run(
            [sys.executable, "-I", str(copy), *map(str, arguments)], capture_output=True, text=True, check=False
        )
    return Ran(done.returncode, done.stdout, done.stderr)


def verified(bundle: Path, policy: Path, since: bytes | None = None, authorities: bytes = b"") -> verify.Findings:
    """Verify a bundle within this process, and return what was found."""
    findings = verify.Findings()
    own = verify.Own(since, verify.certificates_in(authorities) if authorities else ())
    pinned = verify.PolicyReader().read(policy.read_bytes())
    try:
        with verify.open_bundle(bundle) as files:
            verify.Verification(files, pinned, findings, own).run()
    except verify.RefusedError as error:
        findings.add(verify.UNCHECKED, "refused", "bundle", str(error))
    return findings
