"""A repository with a change whose control is not met, and people who may waive that, through the command line."""

import json
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

from command_line import Ran
from little_sessions import Office

from standfast.app import clock
from standfast.app.ledger.opening import standing
from standfast.app.ledger.recording import ENGINE
from standfast.ledger.bodies import AnyBody
from standfast.ledger.fields import Actor

CONTROL = "change-is-reviewed-by-another-person"
"""A control that is unknown here: nobody says who reviewed the change."""

WAIVERS = """
[waivers.approvers]
"Bea Lind <bea@example.org>" = ["quality"]
"Ana Ruiz <ana@example.org>" = ["quality"]
"""


def ssh_key(folder: Path, name: str = "id") -> tuple[Path, str]:
    """Make an SSH key, and return where it is and its public half."""
    path = folder / name
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(path)], check=True)
    return path, path.with_suffix(".pub").read_text().strip()


def in_days(days: int) -> str:
    """Return the date so many days from now."""
    return (clock.now() + timedelta(days=days)).date().isoformat()


class WaiverOffice(Office):
    """An office in which Bea and Ana may waive; Bea has a key, and sits there."""

    def __init__(self, folder: Path, *, keys: bool = True, more: str = "") -> None:
        self.key, public = ssh_key(folder)
        self.ana_key, ana_public = ssh_key(folder, "ana")
        table = f'\n[approvals.keys]\n"bea@example.org" = ["{public}"]\n"ana@example.org" = ["{ana_public}"]\n'
        super().__init__(folder, keys=(table if keys else "") + more + WAIVERS)
        self.bea()

    def waive(self, *more: str, by: str = "Ana Ruiz <ana@example.org>", **other: str) -> Ran:
        """Run ``standfast waive``; *other* are options with another value than a good one."""
        options = {
            "reason": "The importer is replaced",
            "compensating-control": "Tried by hand",
            "requested-by": by,
            "role": "quality",
            "expires": in_days(20),
            "key": str(self.key),
        } | {name.replace("_", "-"): value for name, value in other.items()}
        control = options.pop("control", CONTROL)
        return self.run("waive", control, *(f"--{name}={value}" for name, value in options.items()), *more)

    def granted(self, *more: str, **other: str) -> str:
        """Grant a waiver, and return its id."""
        ran = self.waive(*more, **other)
        assert ran.code == 0, ran.err
        return ran.out.split()[1].rstrip(",")

    def gate(self, *words: str) -> dict[str, Any]:
        """Judge the control, and return the verdict."""
        ran = self.run("gate", CONTROL, "--format", "json", *words)
        assert ran.out, ran.err
        found: dict[str, Any] = json.loads(ran.out)
        return found

    def waivers(self, verdict: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        """Return the waivers that were considered."""
        (result,) = (verdict or self.gate())["results"]
        found: list[dict[str, Any]] = result.get("waivers", [])
        return found

    def note(self, body: AnyBody, *, actor: Actor = ENGINE) -> None:
        """Record *body* in the chain of the ledger, as somebody with the key of the log could."""
        with standing(self.root, "little", self.home()).ledger as ledger:
            ledger.record(body, actor=actor)

    def all_kinds(self) -> list[str]:
        """Return the kinds of all events of the ledger."""
        return [leaf.kind.value for leaf in self.leaves()]
