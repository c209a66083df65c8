"""Run one command so that nothing of it outlives its bounds; a program of its own, using the standard library only.

Called as ``python -I -S launcher.py LIFELINE STATUS`` with two pipe descriptors. One line of JSON comes in on the
lifeline: ``argv, cwd, environment, stdin, timeout_s, memory_bytes, file_bytes, network``. One JSON object goes out on
the status pipe when the command and everything that it started are gone. Whoever started this program holds the other
end of the lifeline: when that closes, for whatever reason, everything here is killed.

In four steps:
(1) become the parent of every orphan among the descendants (Linux), so that a double fork does not escape;
(2) cut the network off, where it is not needed and the kernel permits;
(3) start the command with its limits and wait for its end, its time, its memory or the lifeline;
(4) kill what is left until there is no child any more.

What is not covered: a process that another service starts on request (a container engine, systemd-run, at).
"""

import contextlib
import ctypes
import fcntl
import json
import os
import resource
import select
import signal
import socket
import struct
import sys
import time
from collections.abc import Iterator

_SET_CHILD_SUBREAPER = 36
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_GET_FLAGS, _SET_FLAGS, _UP = 0x8913, 0x8914, 0x1
_POLL_S = 0.1
_KILL_S = 10.0
_SPARE = 2.0  # a process meets its own limit only where the watch over the whole tree came too late


def main(lifeline: int, status: int) -> None:
    """Run the command that the lifeline names and report on the status pipe."""
    for descriptor in (lifeline, status):
        os.set_inheritable(descriptor, False)
    order = json.loads(_line(lifeline))
    adopting = _adopt_orphans()
    blocked = not order["network"] and _block_network()
    woken = _wake_on_child_end()
    if _let_go(lifeline):  # making a network can take seconds on a busy machine
        sys.exit(1)
    started = time.monotonic()
    child, failure = _start(order)
    report: dict[str, object] = {"adopting": adopting, "network_blocked": blocked}
    if failure:
        report |= {"not_started": failure}
    else:
        report |= _watch(child, order, lifeline, woken, started)
        report["leftovers"] = _end_all(child)
    report["duration_s"] = time.monotonic() - started
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    report |= {"cpu_s": used.ru_utime + used.ru_stime, "largest_bytes": used.ru_maxrss * 1024}
    os.write(status, json.dumps(report).encode())


def _line(descriptor: int) -> bytes:
    read = b""
    while not read.endswith(b"\n"):
        block = os.read(descriptor, 1 << 16)
        if not block:
            sys.exit(1)
        read += block
    return read


def _let_go(lifeline: int) -> bool:
    """Return whether whoever started this program is gone, or wants the command to end before it began."""
    poll = select.poll()
    poll.register(lifeline, select.POLLIN | select.POLLHUP)
    return bool(poll.poll(0))


def _adopt_orphans() -> bool:
    try:
        return bool(ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0)
    except (OSError, AttributeError):
        return False


def _block_network() -> bool:
    """Move to a network of our own that has the loopback interface only; return whether that worked.

    A child tries first: where the system permits half of the steps only, going back would be impossible.
    """
    child = os.fork()
    if child == 0:
        os._exit(0 if _leave_network() else 1)
    _, status = os.waitpid(child, 0)
    return status == 0 and _leave_network()


def _leave_network() -> bool:
    user, group = os.getuid(), os.getgid()
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.unshare(_NEW_NETWORK) != 0:
            if libc.unshare(_NEW_USER | _NEW_NETWORK) != 0:
                return False
            _write("/proc/self/setgroups", "deny")
            _write("/proc/self/uid_map", f"{user} {user} 1")
            _write("/proc/self/gid_map", f"{group} {group} 1")
        _raise_loopback()
    except (OSError, AttributeError):
        return False
    return True


def _write(path: str, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)


def _raise_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        request = struct.pack("16sh22x", b"lo", 0)
        (flags,) = struct.unpack_from("h", fcntl.ioctl(handle, _GET_FLAGS, request), 16)
        fcntl.ioctl(handle, _SET_FLAGS, struct.pack("16sh22x", b"lo", flags | _UP))


def _wake_on_child_end() -> int:
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    os.set_blocking(writer, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(writer)
    return reader


def _start(order: dict) -> tuple[int, str]:  # type: ignore[type-arg]  # plain JSON
    """Start the command; return its process id and why it could not be started, if so."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            _become(order)
        except OSError as error:
            os.write(writer, (error.strerror or str(error)).encode())
        finally:
            os._exit(127)
    os.close(writer)
    failure = os.read(reader, 1000).decode("utf-8", "replace")
    os.close(reader)
    return child, failure


def _become(order: dict) -> None:  # type: ignore[type-arg]  # plain JSON
    for name, bound in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, order["file_bytes"]),
        (resource.RLIMIT_DATA, int(order["memory_bytes"] * _SPARE)),
    ):
        _, hard = resource.getrlimit(name)
        limit = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        resource.setrlimit(name, (limit, limit))
    os.setpgid(0, 0)  # where orphans cannot be adopted, at least its group can be ended
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    os.chdir(order["cwd"])
    os.dup2(os.open(order["stdin"], os.O_RDONLY), 0)
    argv = order["argv"]
    os.execve(argv[0], argv, order["environment"])  # noqa: S606  # a list, never a shell


def _watch(child: int, order: dict, lifeline: int, woken: int, started: float) -> dict:  # type: ignore[type-arg]  # the order is any JSON
    """Wait until the command ends or must end; return how it ended."""
    poll = select.poll()
    poll.register(lifeline, select.POLLIN | select.POLLHUP)
    poll.register(woken, select.POLLIN)
    peak = 0
    while True:
        ended = _reap(child)
        if ended is not None:
            return {"status": ended, "peak_bytes": peak}
        if time.monotonic() - started > order["timeout_s"]:
            return {"timed_out": True, "peak_bytes": peak}
        peak = max(peak, sum(map(_memory, _descendants(os.getpid()))))
        if peak > order["memory_bytes"]:
            return {"memory_exceeded": True, "peak_bytes": peak}
        for descriptor, _ in poll.poll(_POLL_S * 1000):
            if descriptor == lifeline:
                return {"abandoned": True, "peak_bytes": peak}
            with contextlib.suppress(BlockingIOError):
                os.read(woken, 100)


def _reap(child: int) -> int | None:
    """Collect the children that ended; return the exit status of *child* if it is among them (negative: a signal)."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return None
        if pid == 0:
            return None
        if pid == child:
            return os.waitstatus_to_exitcode(status)


def _descendants(of: int) -> Iterator[int]:
    try:
        threads = os.listdir(f"/proc/{of}/task")  # noqa: PTH208  # many times a second
    except OSError:
        return
    for thread in threads:
        try:
            with open(f"/proc/{of}/task/{thread}/children", "rb") as stream:  # noqa: PTH123  # as above
                children = stream.read().split()
        except OSError:
            continue
        for child in children:
            yield int(child)
            yield from _descendants(int(child))


def _memory(pid: int) -> int:
    """Return the bytes that only this process holds, or that it shares by having been forked."""
    try:
        with open(f"/proc/{pid}/statm", "rb") as stream:  # noqa: PTH123  # many times a second
            fields = stream.read().split()
    except OSError:
        return 0
    return (int(fields[1]) - int(fields[2])) * resource.getpagesize() if len(fields) > 2 else 0


def _end_all(child: int) -> int:
    """Kill every descendant; return how many had to be killed although the command itself had ended."""
    killed: set[int] = set()
    deadline = time.monotonic() + _KILL_S
    while time.monotonic() < deadline:
        alive = list(_descendants(os.getpid()))
        for sent in (signal.SIGSTOP, signal.SIGKILL):  # stopped first, so that none forks while others are killed
            for pid in alive:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, sent)
        killed.update(alive)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child, signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            break
        time.sleep(0.005)
    return len(killed - {child})


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
