"""Where the benchmarks keep things, and our own side of them: Standfast as a wheel in an environment of its own."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / "out" / "bench"
UV = str(ROOT / "scripts" / "uv")
SETTINGS = """\
[project]
name = "bench"

[profile]
service = true
api = true
database = true
"""
"""A service with an API and a database: most controls apply to it."""


@dataclass(frozen=True)
class Ours:
    """Our own side: the executable and the interpreter of an environment that holds the wheel and nothing of ours."""

    standfast: str
    python: str


def installed() -> Ours:
    """Build the wheel from the working copy, install it with its pinned dependencies, compiled, and return it."""
    wheels, folder = HOME / "wheels", HOME / "standfast"
    shutil.rmtree(wheels, ignore_errors=True)
    said(UV, "build", "--quiet", "--wheel", "--out-dir", str(wheels), str(ROOT / "packages" / "standfast"))
    said(UV, "venv", "--quiet", "--clear", "--python", sys.executable, str(folder))
    python = str(folder / "bin" / "python")
    pins = str(ROOT / "requirements" / "dev.txt")
    wheel = str(next(wheels.glob("*.whl")))
    said(UV, "pip", "install", "--quiet", "--compile-bytecode", "--python", python, "--constraint", pins, wheel)
    return Ours(standfast=str(folder / "bin" / "standfast"), python=python)


def inputs() -> dict[str, Path]:
    """Return the seeded reports by name; they are made in another process, so that this one stays small."""
    folder = HOME / "inputs"
    subprocess.run([sys.executable, "-m", "benchmarks.inputs", str(folder)], check=True, cwd=ROOT)
    return {path.name: path for path in sorted(folder.iterdir())}


def repository(name: str, files: dict[str, str]) -> Path:
    """Return a new repository that holds *files* in one commit."""
    folder = HOME / name
    shutil.rmtree(folder, ignore_errors=True)
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    commit_all(folder)
    return folder


def commit_all(folder: Path, message: str = "Begin") -> None:
    """Make *folder* a repository if it is none, and commit all that it holds."""
    identity = ("-c", "user.name=bench", "-c", "user.email=bench@example.org", "-c", "commit.gpgsign=false")
    said("git", "init", "--quiet", "--initial-branch=main", str(folder))
    said("git", "-C", str(folder), "add", "--all")
    said("git", "-C", str(folder), *identity, "commit", "--quiet", "--message", message)


def said(*argv: str) -> str:
    """Return what a command prints.

    Raises:
        RuntimeError: It fails.
    """
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(argv)} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return done.stdout
