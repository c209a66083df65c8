"""The command line: the only part that prints and exits.

Importing it moves the folders of PYTHONPATH behind everything else: a project that is judged with its own sources on
that path (``PYTHONPATH=src``) must not stand in for a module of ours or of the standard library.
"""

import os
import sys


def _behind(path: list[str], given: str) -> list[str]:
    """Return *path* with the folders that *given*, the value of PYTHONPATH, names at its end."""
    named = {os.path.realpath(folder) for folder in given.split(os.pathsep) if folder}
    return sorted(path, key=lambda folder: os.path.realpath(folder) in named)


sys.path[:] = _behind(sys.path, os.environ.get("PYTHONPATH", ""))
