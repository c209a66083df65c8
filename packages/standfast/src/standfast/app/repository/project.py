"""Find a project's root, its own Python environment and its own tools."""

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from standfast.app.written.settings import FILE_NAME
from standfast.model import ConfigurationError, sha256

_VENV_NAMES = (".venv", "venv", "env")
_BIN = "Scripts" if os.name == "nt" else "bin"


class Installed(msgspec.Struct, frozen=True, kw_only=True):
    """What the project brings along.

    ``python`` is the interpreter of its environment, ``folder`` that environment, ``version`` its Python version.
    ``tools`` goes from name to executable, ``folders`` are where they were found, nearest first.
    ``fingerprint`` changes whenever a package of the environment does.
    """

    python: str | None = None
    folder: str | None = None
    version: str = ""
    tools: Mapping[str, str] = {}
    folders: tuple[str, ...] = ()
    fingerprint: str = ""


def find_root(start: Path) -> Path:
    """Return the nearest folder from *start* upwards that has settings, else the repository's top, else *start*."""
    start = start.resolve()
    chain = (start, *start.parents)
    for marker in (FILE_NAME, ".git"):
        for folder in chain:
            if (folder / marker).exists():
                return folder
    return start


def installed_in(root: Path, *, named: str | None = None, environment: Mapping[str, str] = os.environ) -> Installed:
    """Return what the project at *root* brings along.

    Its Python environment is the one that is *named* (``[collect.python] environment``), else ``.venv``, ``venv`` or
    ``env`` in *root* or above it within the repository, else the active one that is not Standfast's own.

    Raises:
        ConfigurationError: The named environment is none.
    """
    folder = _named_environment(root, named) if named else _environment_of(root, environment)
    bins = [folder / _BIN] if folder else []
    bins += [place / "node_modules" / ".bin" for place in _upwards(root) if (place / "node_modules" / ".bin").is_dir()]
    tools: dict[str, str] = {}
    for place in bins:
        for name, path in _executables(place):
            tools.setdefault(name, path)
    return Installed(
        python=str(folder / _BIN / "python") if folder else None,
        folder=str(folder) if folder else None,
        version=_python_version(folder) if folder else "",
        tools=tools,
        folders=tuple(map(str, bins)),
        fingerprint=_fingerprint(folder, bins),
    )


def _named_environment(root: Path, named: str) -> Path:
    folder = root / named
    if not _is_environment(folder):
        raise ConfigurationError(
            "environment-missing",
            f"[collect.python] environment names {named}, which is not a Python environment",
            hint="make it with `python -m venv`, or name another",
        )
    return folder


def _environment_of(root: Path, environment: Mapping[str, str]) -> Path | None:
    for place in _upwards(root):
        for name in _VENV_NAMES:
            if _is_environment(place / name):
                return place / name
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        active = environment.get(variable)
        if active and Path(active, _BIN, "python").exists() and not _is_our_own(Path(active)):
            return Path(active)
    return None


def _is_our_own(folder: Path) -> bool:
    return folder.resolve() == Path(sys.prefix).resolve()


def _is_environment(folder: Path) -> bool:
    return (folder / "pyvenv.cfg").is_file() and (folder / _BIN / "python").exists()


def _upwards(root: Path) -> Iterator[Path]:
    """Yield *root* and the folders above it, up to the top of its repository; only *root* where there is none."""
    chain = (root, *root.parents)
    top = next((folder for folder in chain if (folder / ".git").exists()), root)
    for folder in chain:
        yield folder
        if folder == top:
            return


def _executables(folder: Path) -> Iterator[tuple[str, str]]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if os.access(entry.path, os.X_OK) and entry.is_file():
            yield entry.name, entry.path


def _python_version(folder: Path) -> str:
    try:
        lines = (folder / "pyvenv.cfg").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    pairs = {name.strip(): value.strip() for name, _, value in (line.partition("=") for line in lines)}
    return pairs.get("version_info") or pairs.get("version") or ""


def _fingerprint(folder: Path | None, bins: list[Path]) -> str:
    """Return a digest over the installed distributions: their names carry their versions."""
    names: list[str] = []
    if folder is not None:
        for site in sorted(folder.glob("lib/python*/site-packages")):
            names += sorted(
                entry.name for entry in os.scandir(site) if entry.name.endswith((".dist-info", ".egg-info"))
            )
    for place in bins:
        lock = place.parent / ".package-lock.json"
        if lock.is_file():
            status = lock.stat()
            names.append(f"{lock}:{status.st_size}:{status.st_mtime_ns}")
    return sha256("\n".join([str(folder), *names]).encode())
