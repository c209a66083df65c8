"""Run a process within bounds of time, memory and output, and leave nothing of it behind."""

import json
import os
import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path

import msgspec

from standfast.model import StandfastError

STDOUT_BYTES = 64 * 1024 * 1024
STDERR_BYTES = 1024 * 1024
FILE_BYTES = 4 * 1024**3
"""No single file that a tool writes may grow larger."""

_LAUNCHER = str(Path(__file__).with_name("launcher.py"))
_TICK_S = 0.2
_GRACE_S = 15.0


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """What to run: ``argv[0]`` is the path of an executable; ``stdin`` is a file."""

    argv: tuple[str, ...]
    cwd: str
    environment: Mapping[str, str]
    stdin: str = os.devnull
    timeout_s: float = 600.0
    memory_bytes: int = 4_000_000_000
    file_bytes: int = FILE_BYTES
    network: bool = False


class _Report(msgspec.Struct, frozen=True, kw_only=True):
    """What the launcher tells when everything has ended."""

    status: int | None = None
    not_started: str = ""
    timed_out: bool = False
    memory_exceeded: bool = False
    abandoned: bool = False
    network_blocked: bool = False
    adopting: bool = False
    leftovers: int = 0
    peak_bytes: int = 0
    largest_bytes: int = 0
    cpu_s: float = 0.0
    duration_s: float = 0.0


class Ended(_Report, frozen=True, kw_only=True):
    """How a process ended. ``status`` is negative for a signal, None where it did not end by itself.

    ``overflowed`` says that it printed more than `STDOUT_BYTES` and was ended for it.
    ``lost`` says that nobody can tell how it ended.
    """

    stdout: bytes = b""
    stderr: bytes = b""
    overflowed: bool = False
    lost: bool = False


class CancelledError(StandfastError):
    """The person who started the command ended it; nothing of the process is left."""

    exit_code = 3


def run_process(command: Command, cancel: threading.Event | None = None) -> Ended:
    """Run *command* to its end or its bound; when this returns or raises, all that it started is gone.

    Raises:
        CancelledError: *cancel* was set meanwhile.
    """
    lifeline, order = os.pipe()
    report, status = os.pipe()
    process = None
    try:
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", _LAUNCHER, str(lifeline), str(status)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=(lifeline, status),
            start_new_session=True,
            env={"PATH": os.environ.get("PATH", os.defpath)},
        )
        lifeline, status = _close(lifeline), _close(status)
        _send(order, command)
        return _Drain(process, report, order, cancel).run()
    finally:
        for descriptor in (lifeline, status, order, report):
            if descriptor >= 0:
                _close(descriptor)
        if process is not None:
            _wait(process)


def _close(descriptor: int) -> int:
    try:
        os.close(descriptor)
    except OSError:
        return -1
    return -1


def _send(descriptor: int, command: Command) -> None:
    line = json.dumps(msgspec.to_builtins(command)).encode() + b"\n"
    try:
        while line:
            line = line[os.write(descriptor, line) :]
    except BrokenPipeError:
        return


def _wait(process: subprocess.Popen[bytes]) -> None:
    """Wait for the launcher, which ends by itself once the lifeline is closed."""
    try:
        process.wait(_GRACE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            stream.close()


class _Drain:
    """Reads what a process prints, up to the bounds, until its launcher reports."""

    def __init__(
        self, process: subprocess.Popen[bytes], report: int, order: int, cancel: threading.Event | None
    ) -> None:
        assert process.stdout is not None and process.stderr is not None  # noqa: S101, PT018  # both are pipes
        self._order, self._cancel = order, cancel
        self._limits = {process.stdout.fileno(): STDOUT_BYTES, process.stderr.fileno(): STDERR_BYTES, report: 1 << 20}
        self._read = {descriptor: bytearray() for descriptor in self._limits}
        self._stdout, self._stderr, self._report = self._limits
        self._overflowed = False

    def run(self) -> Ended:
        """Read until all pipes are closed, or the launcher has reported and the rest is silent."""
        with selectors.DefaultSelector() as selector:
            for descriptor in self._limits:
                selector.register(descriptor, selectors.EVENT_READ)
            self._until_silent(selector)
        if self._cancel is not None and self._cancel.is_set():
            raise CancelledError("run-cancelled", "the run was ended by the person who started it")
        return self._ended()

    def _until_silent(self, selector: selectors.BaseSelector) -> None:
        deadline: float | None = None
        while selector.get_map():
            events = selector.select(_TICK_S)
            for key, _ in events:
                if not self._take(key.fd):
                    selector.unregister(key.fd)
                    if key.fd == self._report:
                        deadline = time.monotonic() + 1.0
            if self._cancel is not None and self._cancel.is_set():
                return
            if deadline is not None and time.monotonic() > deadline:
                return

    def _take(self, descriptor: int) -> bool:
        block = os.read(descriptor, 1 << 16)
        room = self._limits[descriptor] - len(self._read[descriptor])
        self._read[descriptor] += block[:room]
        if len(block) > room and descriptor == self._stdout and not self._overflowed:
            self._overflowed = True
            os.write(self._order, b"\n")  # anything on the lifeline ends the run
        return bool(block)

    def _ended(self) -> Ended:
        try:
            report = msgspec.json.decode(bytes(self._read[self._report]), type=_Report)
        except msgspec.DecodeError:
            report, lost = _Report(), True
        else:
            lost = False
        return Ended(
            **{name: getattr(report, name) for name in report.__struct_fields__},
            stdout=bytes(self._read[self._stdout]),
            stderr=bytes(self._read[self._stderr]),
            overflowed=self._overflowed,
            lost=lost,
        )
