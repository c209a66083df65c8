"""A repository with a change, in which several people work on a session through the command line."""

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from command_line import Ran, standfast
from little_project import ANA

from standfast.app import clock
from standfast.app.ledger.decisions import named, present
from standfast.app.ledger.home import Home
from standfast.app.ledger.opening import standing
from standfast.app.ledger.recording import ENGINE
from standfast.app.repository.subject import working_subject
from standfast.ledger.bodies import AnyBody, GateDecided
from standfast.ledger.events import Leaf, decode
from standfast.ledger.fields import Actor
from standfast.model import Digest, Status, sha256

SETTINGS = """\
[project]
name = "little"
base = "main"

[approvals]
{rules} = {unsigned}

[approvals.approvers]
"Bea Lind <bea@example.org>" = ["product", "security"]
"Cay Moss <cay@example.org>" = ["release"]
"Ana Ruiz <ana@example.org>" = ["product", "security"]
"""


class Office:
    """A repository on branch ``topic``, one commit of Ana's after ``main``; people sit down at it in turn."""

    def __init__(self, folder: Path, *, unsigned: bool = True, keys: str = "", rules: str = "unsigned") -> None:
        self.root = folder / "little"
        self.root.mkdir()
        self.environment = {"XDG_DATA_HOME": str(folder / "data")}
        self.git("init", "--quiet", "--initial-branch=main")
        self.write("standfast.toml", SETTINGS.format(rules=rules, unsigned=str(unsigned).lower()) + keys)
        self.write(".gitignore", ".standfast/\n")
        self.commit("Begin")
        self.git("checkout", "--quiet", "-b", "topic")
        self.write("pay.py", '"""Pay."""\n')
        self.commit("Pay by card")
        self.sits("Ana Ruiz", "ana@example.org")

    def git(self, *words: str) -> str:
        """Return what git prints."""
        environment = {**os.environ, **ANA}
        done = subprocess.run(
            ["git", *words], cwd=self.root, env=environment, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def write(self, name: str, text: str) -> None:
        """Write a file of the working copy."""
        (self.root / name).write_text(text)

    def commit(self, subject: str) -> None:
        """Commit everything, as Ana."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", subject)

    def sits(self, name: str, email: str) -> None:
        """Let somebody sit down at the working copy."""
        self.git("config", "user.name", name)
        self.git("config", "user.email", email)

    def bea(self) -> None:
        """Let Bea sit down."""
        self.sits("Bea Lind", "bea@example.org")

    def cay(self) -> None:
        """Let Cay sit down."""
        self.sits("Cay Moss", "cay@example.org")

    def run(self, *words: str) -> Ran:
        """Run standfast in the working copy."""
        return standfast(*words, cwd=self.root, **self.environment)

    def session(self, *words: str) -> Ran:
        """Run ``standfast session``."""
        return self.run("session", *words)

    def shown(self) -> dict[str, Any]:
        """Return the newest session as data."""
        newest = json.loads(self.session("list", "--format", "json").out)[-1]
        found: dict[str, Any] = json.loads(self.session("show", newest["session"], "--format", "json").out)
        return found

    def kinds(self) -> list[str]:
        """Return the kinds of the events of the newest session."""
        return [line["kind"] for line in self.shown()["lines"]]

    def outcomes(self, *controls: str, words: Sequence[str] = ()) -> list[str]:
        """Return the outcome of each of *controls*, from what is stored and what the ledger says."""
        ran = self.run("gate", "--no-collect", "--format", "json", *words)
        assert ran.out, ran.err
        found = {result["control"]: result["outcome"] for result in json.loads(ran.out)["results"]}
        return [found[control] for control in controls]

    def decided(self, status: Status = Status.PASS, *, artifact: str | None = None) -> None:
        """Record a verdict about all gates of the newest commit, as the gate does."""
        subject = working_subject(self.root).subject
        digest = sha256(status.encode())
        body = GateDecided(
            verdict=digest,
            status=status,
            gates={named("code_quality"): status},
            standard=digest,
            context=digest,
            controls=digest,
            evidence=digest,
            evidence_count=1,
            engine="standfast-1",
            tree=subject.tree,
            decided_at=clock.now(),
            commit=subject.commit,
            artifact=None if artifact is None else Digest(artifact),
        )
        self.record(body)

    def record(self, body: AnyBody, *, actor: Actor = ENGINE) -> None:
        """Record *body* in the open session."""
        with standing(self.root, "little", self.home()).ledger as ledger:
            session = present(ledger.store)
            assert session is not None
            ledger.record(body, chain=session, actor=actor)

    def home(self) -> Home:
        """Return the folder of this user's ledgers."""
        return Home(self.environment)

    def leaves(self) -> list[Leaf]:
        """Return every event of the ledger."""
        with standing(self.root, "little", self.home()).ledger as ledger:
            return [decode(entry.leaf) for entry in ledger.store.entries(0, ledger.store.head().size)]

    def ready(self) -> None:
        """Bring the session to the phase before deployment, with a verdict that opens the gate."""
        self.session("open", "Pay by card", "--issue", "34")
        self.session("decide", "requirements", "Customers pay by card")
        self.bea()
        assert self.run("approve", "product").code == 0
        self.sits("Ana Ruiz", "ana@example.org")
        assert self.session("advance", "development").code == 0
        self.session("note", "Written test by test")
        assert self.session("advance", "pre_deployment").code == 0
        self.decided()
