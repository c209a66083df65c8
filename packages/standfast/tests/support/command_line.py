"""Run the command line as a user does, in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec

COMMAND = "from standfast.cli.main import main; main()"


class Ran(msgspec.Struct, frozen=True):
    """How a command ended."""

    code: int
    out: str
    err: str


def standfast(*arguments: str, cwd: Path, **environment: str) -> Ran:
    """Run ``standfast`` with *arguments* in *cwd*."""
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, *arguments],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return Ran(done.returncode, done.stdout, done.stderr)
