"""An office whose session holds decisions, and the bundle that an auditor gets of it."""

from pathlib import Path

from command_line import Ran
from little_waivers import WaiverOffice

from standfast.app.ledger.opening import find
from standfast.app.ledger.reading import reading
from standfast.ledger.bodies import AnyBody, GateDecided


class Replays:
    """An office whose session holds a decision that rests on a waiver, and the auditor beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.office = WaiverOffice(folder)
        self.office.sits("Ana Ruiz", "ana@example.org")
        self.office.session("open", "Pay by card", "--issue", "34")
        self.office.bea()
        self.office.granted()
        self.office.gate()
        self.office.run("gate", "documentation", "--no-collect")
        self.session: str = self.office.shown()["session"]

    def exported(self, name: str = "bundle") -> Path:
        """Export everything, and return where it is."""
        ran = self.office.run("export", "audit", "--from", "2026-01-01", "--to", "2099-12-31", "-o", f"../{name}")
        assert ran.code == 0, ran
        known = find(self.office.root, self.office.home())
        assert known is not None
        with reading(known) as reader:
            (self.folder / "auditor.policy").write_text(f"log {reader.store.identity.vkey}\nquorum none\n")
        return self.folder / name

    def replay(self, bundle: Path, *words: str, session: str = "") -> Ran:
        """Replay the session from *bundle*, in a folder that is no project."""
        policy = str(self.folder / "auditor.policy")
        whole = ("replay", session or self.session, "--bundle", str(bundle), "--policy", policy, *words)
        return self.office.run(*whole)

    def decision(self) -> GateDecided:
        """Return the first decision of the session."""
        found, *_others = [leaf.body for leaf in self.office.leaves() if isinstance(leaf.body, GateDecided)]
        assert isinstance(found, GateDecided)
        return found

    def record(self, body: AnyBody) -> None:
        """Record something else in the session, as somebody with the key of the log could."""
        self.office.record(body)
