"""A real PostgreSQL server for tests: in a folder of its own, on a socket of its own, with durable commits."""

import atexit
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import LiteralString

import psycopg

OWNER, WRITER = "ledger_owner", "ledger_writer"


def programs() -> Path:
    """Return the folder with ``initdb`` and ``postgres`` of the newest version that is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    there = shutil.which("initdb")
    assert there, "the tests of the ledger need PostgreSQL: scripts/system-packages installs it"
    return Path(there).resolve().parent


def as_somebody(words: list[str]) -> list[str]:
    """Return *words* such that who runs them is not root, which PostgreSQL refuses to be."""
    if os.geteuid():
        return words
    unshared = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
    if not subprocess.run([*unshared, "true"], capture_output=True, check=False).returncode:
        return [*unshared, *words]
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", *words]


class Server:
    """A server that runs until it is stopped, or killed."""

    def __init__(self, more: str = "") -> None:
        self._more = more
        # The path of a socket may have 107 bytes; folders of tests are deeper than that.
        self.folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
        self.folder.chmod(0o700)
        if not os.geteuid() and as_somebody(["x"])[0] == "setpriv":
            shutil.chown(self.folder, "postgres", "postgres")
        self.data = self.folder / "data"
        self._programs = programs()
        self._call("initdb", "--pgdata", str(self.data), "--username=super", "--auth=trust", "--no-instructions")
        self.start()
        self.execute("CREATE ROLE ledger_owner LOGIN")
        self.execute("CREATE ROLE ledger_writer LOGIN")
        self.execute("GRANT CREATE ON DATABASE postgres TO ledger_owner")

    def start(self) -> None:
        """Start it, after a crash too, and wait until it answers."""
        durable = "-c fsync=on -c synchronous_commit=on"
        options = f"-k {self.folder} -c listen_addresses= -c shared_buffers=16MB {durable} {self._more}"
        log = str(self.folder / "log")
        self._call("pg_ctl", "--pgdata", str(self.data), "--wait", "--log", log, "--options", options, "start")

    def stop(self, how: str = "fast") -> None:
        """Stop it: ``fast``, or ``immediate`` as if the machine had died."""
        self._call("pg_ctl", "--pgdata", str(self.data), "--wait", "--mode", how, "stop")

    def remove(self) -> None:
        """Stop it and delete all of it."""
        self.stop("immediate")
        shutil.rmtree(self.folder)

    def address(self, role: str) -> str:
        """Return the address of the server for *role*."""
        return f"host={self.folder} user={role} dbname=postgres"

    def execute(self, statement: LiteralString, role: str = "super") -> None:
        """Run *statement* as *role*."""
        with psycopg.connect(self.address(role), autocommit=True) as connection:
            connection.execute(statement)

    def _call(self, program: str, *words: str) -> None:
        # What it prints goes to a file: a pipe would be held open by the server that pg_ctl leaves behind.
        said = self.folder.parent / f"{self.folder.name}.said"
        with said.open("wb") as stream:
            command = as_somebody([str(self._programs / program), *words])
            done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream, check=False)
        assert done.returncode == 0, said.read_text()
        said.unlink()


@cache
def server() -> Server:
    """Return the server of this process, which goes with it."""
    made = Server()
    atexit.register(made.remove)
    return made
