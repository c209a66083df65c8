"""Tools that the project does not bring: each pinned requirement in an environment of its own, below the user's cache.

Nothing is ever installed into the project's environment.
"""

import os
import shutil
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

from standfast.app.collecting.processes import Command, run_process
from standfast.app.storage.locking import locked
from standfast.app.storage.store import named
from standfast.model import UndecidableError, sha256

INSTALL_S = 900.0
NPM = "npm:"
"""A requirement that starts so is an npm package: ``npm:eslint@9.39.1``."""

_DONE = "complete"
_PASSED_ON = ("UV_", "PIP_", "NPM_CONFIG_", "npm_config_", "SSL_", "HTTP_", "HTTPS_", "NO_", "ALL_")
_PASSED_ON_EXACTLY = ("NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "HOME", "PATH", "TMPDIR", "LANG")


def tools_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Return where isolated environments are kept: ``$STANDFAST_TOOLS``, else the user's cache."""
    given = environment.get("STANDFAST_TOOLS")
    if given:
        return Path(given)
    return Path(environment.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "standfast" / "tools"


def identity(requirement: str, python: str) -> str:
    """Return the name of the environment for *requirement* under the interpreter *python*, as that is now."""
    maker = "" if requirement.startswith(NPM) else stamp(python)
    return f"{named(requirement)[:60]}-{sha256(f'{requirement} {maker}'.encode())[7:19]}"


def stamp(path: str) -> str:
    """Return a text that changes when the file at *path* is replaced."""
    try:
        status = os.stat(path)  # noqa: PTH116  # one system call
    except OSError:
        return path
    return f"{path} {status.st_size} {status.st_mtime_ns}"


def is_made(requirement: str, python: str) -> bool:
    """Return whether the environment for *requirement* is there already."""
    return (tools_folder() / identity(requirement, python) / _DONE).is_file()


def isolated_bin(requirement: str, python: str, cancel: threading.Event | None = None) -> Path:
    """Return the folder of executables of the environment that holds *requirement*, made if it is missing.

    Raises:
        UndecidableError: It cannot be made: no installer, no network, no such version.
    """
    base = tools_folder()
    base.mkdir(parents=True, exist_ok=True)
    folder = base / identity(requirement, python)
    bin_folder = folder / "node_modules" / ".bin" if requirement.startswith(NPM) else folder / "bin"
    if (folder / _DONE).is_file():
        return bin_folder
    with locked(base / f"{folder.name}.lock", timeout_s=INSTALL_S):
        if not (folder / _DONE).is_file():
            shutil.rmtree(folder, ignore_errors=True)
            for step in _steps(requirement, python, folder):
                _run(step, base, requirement, cancel)
            (folder / _DONE).write_text(f"{requirement}\n")
    return bin_folder


def _steps(requirement: str, python: str, folder: Path) -> list[list[str]]:
    if requirement.startswith(NPM):
        npm = shutil.which("npm")
        if npm is None:
            raise UndecidableError("installer-missing", f"{requirement} needs npm, which is not installed")
        packages = requirement.removeprefix(NPM).split()
        options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        return [[npm, "install", "--prefix", str(folder), *options, *packages]]
    packages, inside = requirement.split(), str(folder / "bin" / "python")
    uv = shutil.which("uv") or _beside_python("uv")
    if uv:
        install = [uv, "pip", "install", "--quiet", "--python", inside, "--compile-bytecode", *packages]
        return [[uv, "venv", "--quiet", "--python", python, str(folder)], install]
    return [[python, "-m", "venv", str(folder)], [inside, "-m", "pip", "install", "--quiet", *packages]]


def _beside_python(name: str) -> str | None:
    path = Path(sys.executable).with_name(name)
    return str(path) if path.is_file() else None


def _run(argv: list[str], base: Path, requirement: str, cancel: threading.Event | None) -> None:
    ended = run_process(
        Command(
            argv=tuple(argv),
            cwd=str(base),
            environment=_installer_environment(),
            timeout_s=INSTALL_S,
            network=True,
        ),
        cancel,
    )
    if ended.status != 0:
        said = ended.stderr.decode("utf-8", "replace")
        why = ended.not_started or cause_in(said) or f"exit status {ended.status}"
        raise UndecidableError(
            "tool-not-installable",
            f"{requirement} could not be installed into an environment of its own: {why}",
            hint="install the tool in the project's environment, or run once with the package index reachable",
        )


def cause_in(said: str) -> str:
    """Return the line of an installer's errors that tells most: the innermost cause, else its error, else the last.

    Hints come last and tell what to try, not what happened.
    """
    lines = [line.strip(" \t│├╰▶─\u00d7") for line in said.splitlines()]
    for sign in ("caused by:", "cause:", "error:"):
        telling = [line for line in lines if line.lower().startswith(sign)]
        if telling:
            return telling[-1][:300]
    return next((line[:300] for line in reversed(lines) if line and not line.lower().startswith("hint:")), "")


def _installer_environment() -> dict[str, str]:
    return {
        name: value
        for name, value in os.environ.items()
        if name in _PASSED_ON_EXACTLY or name.upper().startswith(_PASSED_ON) or name.startswith(_PASSED_ON)
    }
