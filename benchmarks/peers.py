"""Bring the peers that we are measured against, pinned with their hashes, each into an environment of its own."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_LISTS = Path(__file__).parent / "peers"


@dataclass(frozen=True)
class Patch:
    """One line of a peer that is written anew, and why that is fair."""

    file: str
    old: str
    new: str
    why: str


@dataclass(frozen=True)
class Peer:
    """A peer: its package with version, its executable, and what is changed in it."""

    name: str
    version: str
    executable: str
    patch: Patch | None = None

    @property
    def title(self) -> str:
        """The name and version."""
        return f"{self.name} {self.version}"


COLLECTOR = Peer(
    name="secure-sdlc-evidence-collector",
    version="4.2.0",
    executable="sdlc-evidence",
    patch=Patch(
        file="evidence_collector/cli/commands/enrich.py",
        old="def _require_usable[FeedT: (EpssFeed, KevFeed)](feed: FeedT, path: Path, label: str) -> FeedT:",
        new="def _require_usable(feed, path, label):",
        why="it asks for Python 3.12; both sides run on the same Python, and this one line, "
        "in a command that is not measured, is all that 3.11 cannot read",
    ),
)
PYMERKLE = Peer(name="pymerkle", version="7.0.0", executable="python")
SARIF_TOOLS = Peer(name="sarif-tools", version="3.0.5", executable="sarif")


def executable_of(peer: Peer, base: Path) -> Path:
    """Return the executable of *peer*, installed below *base* if it is not there."""
    folder = base / f"{peer.name}-{peer.version}"
    if not (folder / "complete").is_file():
        _install(peer, folder)
    return folder / "bin" / peer.executable


def _install(peer: Peer, folder: Path) -> None:
    print(f"installing {peer.title} into {folder}", file=sys.stderr)
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
    python = str(folder / "bin" / "python")
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    options = ["--no-deps", "--require-hashes", "--ignore-requires-python"]
    subprocess.run([*pip, *options, "-r", str(_LISTS / f"{peer.name}.txt")], check=True)
    if peer.patch:
        _patch(peer.patch, next(folder.glob("lib/python*/site-packages")))
    subprocess.run([python, "-m", "compileall", "-q", str(folder / "lib")], check=True)
    (folder / "complete").write_text(f"{peer.title}\n")


def _patch(patch: Patch, packages: Path) -> None:
    file = packages / patch.file
    text = file.read_text()
    if text.count(patch.old) != 1:
        raise ValueError(f"{file} is not the one that the patch is for")
    file.write_text(text.replace(patch.old, patch.new))
    print(f"changed one line of {patch.file}: {patch.why}", file=sys.stderr)
