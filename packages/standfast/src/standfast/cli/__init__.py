"""The command line: the only part that prints and exits.

Importing it moves the folders of PYTHONPATH behind everything else: a project that is judged with its own sources on
that path (``PYTHONPATH=src``) must not stand in for a module of ours or of the standard library.
"""

import os
import sys


def _absolute(folder: str) -> str:
    try:
        return os.path.abspath(folder)  # noqa: PTH100  # pathlib would be one more module to stand in for
    except OSError:  # the current folder is gone
        return folder


def _behind(path: list[str], given: str) -> list[str]:
    """Return *path* with the folders that *given*, the value of PYTHONPATH, names at its end; never fails."""
    named = {_absolute(folder) for folder in given.split(os.pathsep) if folder}
    return sorted(path, key=lambda folder: _absolute(folder) in named) if named else path


sys.path[:] = _behind(sys.path, os.environ.get("PYTHONPATH", ""))
