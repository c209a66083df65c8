"""Machines that share a ledger on a real PostgreSQL server, each with a working copy and keys of its own."""

import os
import subprocess
import sys
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from background import background
from command_line import Ran
from little_postgres import OWNER, WRITER, Server, programs, server
from little_sessions import Office

from standfast.app.ledger.home import Known
from standfast.app.ledger.opening import Wanted, begin, create, open_store
from standfast.app.ledger.recording import Ledger
from standfast.app.ledger.shared import Server as Place
from standfast.app.ledger.signing import signer_of
from standfast.ledger.anchor import AnchorFile

OLD = datetime(2024, 6, 1, tzinfo=UTC)
_numbers = count()


class Shared:
    """A ledger on a server, made by the machine ``first``; ``schema`` is its own."""

    def __init__(
        self, folder: Path, *, on: Server | None = None, first: Office | None = None, making: tuple[str, ...] = ()
    ) -> None:
        self.folder, self.server, self.schema = folder, on or server(), f"shared_{next(_numbers)}"
        self.first = first or _office(folder / "first")
        self.made = self.init(self.first, "--owner", self.address(OWNER), *making)
        assert self.made.code == 0, self.made.err

    def address(self, role: str = WRITER) -> str:
        """Return the address of the server for *role*."""
        return f"postgresql:///postgres?host={self.server.folder}&user={role}"

    def init(self, office: Office, *words: str) -> Ran:
        """Run ``standfast ledger init`` for this ledger at *office*."""
        return office.run("ledger", "init", "--database", self.address(), "--schema", self.schema, *words)

    def kept(self) -> Path:
        """Return a file with the checkpoint that is published by now."""
        path = self.folder / f"checkpoint-{next(_numbers)}"
        path.write_text(self.first.run("ledger", "verify").out)
        return path

    def key(self, office: Office | None = None) -> Path:
        """Return the file with the signing key of *office*, or of the first machine."""
        found = office or self.first
        folder = found.home().of(known_at(found).id)
        return next(iter(sorted(folder.glob("key-*"))), folder / "key")

    def keys(self) -> tuple[str, ...]:
        """Return the options by which a machine that joins is given the keys of the first one."""
        sealing = self.first.home().of(known_at(self.first).lineage) / "sealing-key"
        return "--key", str(self.key()), "--sealing-key", str(sealing)

    def another(self) -> Office:
        """Return a machine with a copy of the first one's repository, which has no ledger yet."""
        return Copied(self.first, self.folder / f"machine-{next(_numbers)}")

    def joined(self) -> Office:
        """Return another machine that writes the ledger as well."""
        office = self.another()
        done = self.init(office, "--join", str(self.kept()), *self.keys())
        assert done.code == 0, done.err
        return office

    def dumped(self) -> str:
        """Return a backup of the schema, as statements."""
        words = [str(programs() / "pg_dump"), f"--schema={self.schema}", self.server.address("super")]
        return subprocess.run(words, capture_output=True, text=True, check=True).stdout

    def restored(self, backup: str) -> None:
        """Put *backup* in the place of what is there."""
        dropping = f"SET client_min_messages = warning; DROP SCHEMA {self.schema} CASCADE;"
        words = [str(programs() / "psql"), "--quiet", "--set=ON_ERROR_STOP=1", self.server.address("super")]
        subprocess.run(words, input=dropping + backup, text=True, check=True, stdout=subprocess.DEVNULL)


class Aged(Shared):
    """A shared ledger that began in 2024."""

    def __init__(self, folder: Path, *, first: Office | None = None) -> None:
        self.folder, self.server, self.schema = folder, server(), f"shared_{next(_numbers)}"
        self.first = first or _office(folder / "first")
        place = Place(address=self.address(), schema=self.schema, owner=self.address(OWNER))
        home = self.first.home()
        known = create(self.first.root, "little", home, Wanted(required=True, server=place))
        store = open_store(known)
        anchor = AnchorFile(Path(known.anchor))
        with Ledger(known, store, signer_of(known, home, store), anchor, now=lambda: OLD) as ledger:
            begin(ledger)


def _office(folder: Path) -> Office:
    folder.mkdir()
    return Office(folder)


class Copied(Office):
    """A machine with a clone of another one's repository."""

    def __init__(self, other: Office, folder: Path) -> None:
        folder.mkdir()
        self.root, self.environment = folder / "little", {"XDG_DATA_HOME": str(folder / "data")}
        words = ["git", "clone", "--quiet", str(other.root), str(self.root)]
        subprocess.run(words, check=True, capture_output=True)
        self.git("branch", "--quiet", "main", "origin/main")
        self.sits("Ana Ruiz", "ana@example.org")


def known_at(office: Office) -> Known:
    """Return what is known of the ledger of *office*."""
    known = office.home().at(office.root)
    assert known is not None
    return known


def writing(office: Office, many: int) -> AbstractContextManager["subprocess.Popen[bytes]"]:
    """Give a process that records so many events one by one, and prints the index of each that was acknowledged."""
    support = Path(__file__).parent
    words = [sys.executable, str(support / "shared_process.py"), str(office.root), str(many)]
    return background(words, env={**os.environ, **office.environment, "PYTHONPATH": str(support)})
