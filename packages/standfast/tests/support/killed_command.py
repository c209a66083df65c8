"""A command that is killed before the so-manieth thing that it does to files.

`python killed_command.py N WORD...`

Nothing of ours is replaced: the interpreter tells of every file that is opened to be written, linked, renamed or
removed, and of every database that is opened. The process then ends as by `kill -9`.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

from standfast.cli.main import main

_TOLD = frozenset({"os.remove", "os.rename", "os.link", "sqlite3.connect"})


class Counted:
    """Counts what is done to files, and ends the process before number *last*."""

    def __init__(self, last: int) -> None:
        self._last, self._done = last, 0

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        """Take one event of the interpreter."""
        writes = event == "open" and bool(int(str(arguments[2])) & (os.O_WRONLY | os.O_RDWR))
        if event in _TOLD or writes:
            self._done += 1
            if self._done == self._last:
                os.kill(os.getpid(), signal.SIGKILL)


def killed(root: Path, environment: dict[str, str], number: int, *words: str) -> int:
    """Run standfast in *root* until it does something to files for the so-manieth time, and return how it ended."""
    path = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, __file__, str(number), *words],
        cwd=root,
        env={**os.environ, **environment, "PYTHONPATH": path},
        capture_output=True,
        check=False,
    )
    return done.returncode


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    sys.addaudithook(Counted(int(sys.argv[1])))
    sys.argv = ["standfast", *sys.argv[2:]]
    main()
