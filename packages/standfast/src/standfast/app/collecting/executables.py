"""Decide which executable a plan's first word means: the project's own, an isolated one, or the system's."""

import shutil
import sys
import threading
from pathlib import Path

import msgspec

from standfast.app.collecting.isolated import identity, is_made, isolated_bin, stamp
from standfast.app.repository.project import Installed
from standfast.model import UndecidableError

PYTHON = "python"
"""As the first word of a plan: the interpreter of the project's own environment."""

_OLDEST_FOR_TOOLS = (3, 10)


class Executable(msgspec.Struct, frozen=True, kw_only=True):
    """Where a command will come from, known without making it.

    ``identity`` changes when another version would run. ``requirement`` is set where it comes from an isolated
    environment made with the interpreter ``python``; otherwise ``path`` is the executable.
    """

    name: str
    identity: str
    path: str = ""
    requirement: str = ""
    python: str = ""

    @property
    def origin(self) -> str:
        """Where it comes from, in words."""
        return f"isolated ({self.requirement})" if self.requirement else self.path

    @property
    def ready(self) -> bool:
        """Whether it is there already."""
        return not self.requirement or is_made(self.requirement, self.python)

    def located(self, cancel: threading.Event | None = None) -> str:
        """Return the path of the executable; an isolated environment is made if it is missing.

        Raises:
            UndecidableError: It cannot be made, or does not bring the command.
        """
        if not self.requirement:
            return self.path
        folder = isolated_bin(self.requirement, self.python, cancel)
        path = folder / self.name
        if not path.exists():
            raise UndecidableError(
                "tool-without-command", f"{self.requirement} brings no command {self.name}; it is a fault of ours"
            )
        return str(path)


def resolve(name: str, requirement: str, installed: Installed) -> Executable:
    """Return what the command *name* means in a project that has *installed*.

    Raises:
        UndecidableError: There is no such command and no requirement that would bring it.
    """
    if name == sys.executable:
        return Executable(name=name, path=name, identity=f"standfast {sys.version}")
    if Path(name).is_absolute():
        return Executable(name=name, path=name, identity=stamp(name))
    own = installed.python if name == PYTHON else installed.tools.get(name)
    if own is not None:
        return Executable(name=name, path=own, identity=f"{stamp(own)} {installed.fingerprint}")
    if requirement:
        python = python_for_tools(installed)
        return Executable(
            name=name,
            identity=identity(requirement, python),
            requirement=requirement,
            python=python,
        )
    if name == PYTHON:
        raise UndecidableError(
            "python-missing",
            "the project has no Python environment of its own; make .venv with the project and what its tests need",
            hint="`python -m venv .venv`, then install the project with its test requirements into it",
        )
    system = shutil.which(name)
    if system is None:
        raise UndecidableError("tool-missing", f"{name} is not installed", hint=f"install {name}, or import its report")
    return Executable(name=name, path=system, identity=stamp(system))


def python_for_tools(installed: Installed) -> str:
    """Return the interpreter for isolated environments: the project's, so that they read its syntax, or our own."""
    version = tuple(int(part) for part in installed.version.split(".")[:2] if part.isdigit())
    if installed.python is not None and version >= _OLDEST_FOR_TOOLS:
        return str(Path(installed.python).resolve())
    return str(Path(sys.executable).resolve())
