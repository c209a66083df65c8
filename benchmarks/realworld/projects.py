"""The list of published projects, and how each becomes a repository with an environment of its own."""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from benchmarks import home

HERE = Path(__file__).parent
HOME = Path(tempfile.gettempdir()) / "standfast-realworld"
"""Outside of this repository: tools look for their configuration in the folders above, too."""


@dataclass(frozen=True)
class Explained:
    """A count that rightly differs: in which tool's run, what is counted, and why. One that is equal again is stale."""

    tool: str
    what: str
    reason: str


@dataclass(frozen=True)
class Project:
    """One entry of ``projects.toml``; ``leaves`` are files that its tests leave behind, which git has to ignore."""

    name: str
    version: str
    source: Literal["pypi", "npm", "repository"]
    sha256: str = ""
    why: str = ""
    install: tuple[str, ...] = ()
    settings: str = ""
    leaves: tuple[str, ...] = ()
    explained: tuple[Explained, ...] = ()

    @property
    def folder(self) -> Path:
        """Where it is unpacked."""
        return HOME / "projects" / self.name

    @property
    def requirements(self) -> Path:
        """The pinned packages of its environment."""
        if self.source == "repository":
            return home.ROOT / "requirements" / "dev.txt"
        return HERE / "pins" / f"{self.name}.txt"


def listed() -> dict[str, Project]:
    """Return every project of the list, by name."""
    table = tomllib.loads((HERE / "projects.toml").read_text())
    projects = [msgspec.convert(entry, Project) for entry in table["project"]]
    return {project.name: project for project in projects}


def prepare(project: Project) -> None:
    """Unpack *project* into a repository with one commit, and make its environment; both only where missing."""
    stamp = project.folder / ".git" / "standfast-realworld"
    revision = project.sha256 or home.said("git", "-C", str(home.ROOT), "rev-parse", "HEAD").strip()
    wanted = f"{project.version} {revision}\n{project.settings}"
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    shutil.rmtree(project.folder, ignore_errors=True)
    project.folder.parent.mkdir(parents=True, exist_ok=True)
    match project.source:
        case "repository":
            home.said("git", "clone", "--quiet", "--no-hardlinks", str(home.ROOT), str(project.folder))
        case "pypi" | "npm":
            _unpack(_fetched(project), project.folder)
            home.commit_all(project.folder)
    exclude = project.folder / ".git" / "info" / "exclude"
    exclude.write_text("\n".join([".venv/", ".standfast/", "node_modules/", *project.leaves, ""]))
    _environment(project)
    stamp.write_text(wanted)


def _fetched(project: Project) -> Path:
    folder = HOME / "archives" / f"{project.name}-{project.version}"
    found = sorted(folder.glob("*.gz")) + sorted(folder.glob("*.tgz"))
    if not found:
        folder.mkdir(parents=True, exist_ok=True)
        wanted = f"{project.name}=={project.version}"
        if project.source == "npm":
            said_in(folder, "npm", "pack", "--silent", f"{project.name}@{project.version}")
        else:
            options = ("--quiet", "--no-deps", "--no-binary", project.name, "--disable-pip-version-check")
            home.said(*_pip(), "download", *options, "--dest", str(folder), wanted)
        found = sorted(folder.iterdir())
    archive = found[0]
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    if digest != project.sha256:
        raise ValueError(f"{archive.name} has sha256 {digest}, expected {project.sha256}")
    return archive


def _unpack(archive: Path, folder: Path) -> None:
    with tarfile.open(archive) as stream:
        stream.extractall(folder.with_name(f"{folder.name}.new"), filter="data")
    (top,) = folder.with_name(f"{folder.name}.new").iterdir()
    top.rename(folder)
    folder.with_name(f"{folder.name}.new").rmdir()


def _environment(project: Project) -> None:
    if project.source == "npm":
        _modules(project)
        return
    python = str(project.folder / ".venv" / "bin" / "python")
    home.said(home.UV, "venv", "--quiet", "--python", sys.executable, str(project.folder / ".venv"))
    pip = (home.UV, "pip", "install", "--quiet", "--compile-bytecode", "--python", python)
    home.said(*pip, "--requirement", str(project.requirements))
    install = project.install or (".",)
    editable = [word for path in install for word in ("--editable", str(project.folder / path))]
    isolation = ("--no-build-isolation",) if project.source == "repository" else ()
    home.said(*pip, "--no-deps", *isolation, *editable)


def _modules(project: Project) -> None:
    # Installed elsewhere and moved, because npm would also want what the package itself is developed with.
    folder = HOME / "modules" / project.name
    options = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--legacy-peer-deps")
    home.said("npm", "install", "--prefix", str(folder), *options, *project.install)
    shutil.move(folder / "node_modules", project.folder / "node_modules")


def _pip() -> tuple[str, ...]:
    folder = HOME / "pip"
    if not (folder / "bin" / "pip").is_file():
        home.said(sys.executable, "-m", "venv", "--clear", str(folder))
    return (str(folder / "bin" / "pip"),)


def said_in(folder: Path, *argv: str) -> None:
    """Run a command in *folder*."""
    subprocess.run(argv, cwd=folder, check=True, capture_output=True)


def tools_environment() -> dict[str, str]:
    """Return the variables with which Standfast keeps its tools in `HOME` and finds uv, from wherever it is started."""
    # Standfast finds uv on PATH; where it is not, it is the one that this repository brings.
    path = os.pathsep.join([os.environ["PATH"], str(home.ROOT / ".tools" / "uv" / "bin")])
    return {"STANDFAST_TOOLS": str(HOME / "tools"), "PATH": path}
