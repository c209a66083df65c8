"""Processes that run while a test does: each hears signals, and none outlives the test, whatever happens in it."""

import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def background(
    argv: Sequence[str],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    start_new_session: bool = False,
) -> Iterator["subprocess.Popen[bytes]"]:
    """Give the process of *argv*; afterwards it is dead and reaped, and its pipes are closed."""
    with _heard_signals():
        process = subprocess.Popen(
            argv,
            cwd=cwd,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=start_new_session,
        )
    with process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def _heard_signals() -> Iterator[None]:
    """Hand down the default action of each signal that whoever runs the tests ignores (``nohup``, ``&`` in scripts)."""
    ignored = [number for number in _ENDING if signal.getsignal(number) is signal.SIG_IGN]
    try:
        for number in ignored:
            signal.signal(number, signal.SIG_DFL)
        yield
    finally:
        for number in ignored:
            signal.signal(number, signal.SIG_IGN)


def wait_for(condition: Callable[[], bool], seconds: float = 30.0) -> None:
    """Wait until *condition* () is true, and fail where it has not become true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
