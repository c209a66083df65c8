"""Run the command line as a user does: within this process, where what it runs is counted, or in one of its own."""

import contextlib
import gc
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from standfast.cli.main import main

COMMAND = "from standfast.cli.main import main; main()"


class Ran(msgspec.Struct, frozen=True):
    """How a command ended."""

    code: int
    out: str
    err: str


def standfast(*arguments: str, cwd: Path, **environment: str) -> Ran:
    """Run ``standfast`` with *arguments* in *cwd*, within this process; afterwards nothing of it is left behind."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    with (
        contextlib.chdir(cwd),
        _surrounded(["standfast", *arguments], environment),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            code = end.code
    assert isinstance(code, int), code
    return Ran(code, _said(out), _said(err))


def standfast_alone(*arguments: str, cwd: Path, **environment: str) -> Ran:
    """Run ``standfast`` with *arguments* in *cwd*, in a process of its own, which finds its modules anew."""
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, *arguments],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


@contextlib.contextmanager
def _surrounded(argv: list[str], environment: dict[str, str]) -> Iterator[None]:
    """Give the command its words and its environment; put back what was there, the collector's patience too."""
    before, words, patience = dict(os.environ), sys.argv, gc.get_threshold()
    os.environ.update(environment)
    sys.argv = argv
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        sys.argv = words
        gc.set_threshold(*patience)


def _said(stream: io.TextIOWrapper) -> str:
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode()
