"""What a disk may hold after the power failed: everything that was synced, and any part of what was not.

A process that writes to a ledger is traced; what it wrote, synced and acknowledged is then played back, up to a moment,
onto files of which each 512-byte sector that was not synced by then is there or not, as the dice fall.
"""

import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import ledger_process
import msgspec

SECTOR = 512
_CALLS = "openat,close,pwrite64,write,fsync,fdatasync,ftruncate,unlink"
_LINE = re.compile(r'\d+ +(\w+)\((?:AT_FDCWD, )?("[^"]*"|\d+)(?:, (.*?))?\) += (-?\d+)')


class Written(msgspec.Struct, frozen=True):
    """Bytes were written into a file at a place."""

    path: Path
    offset: int
    data: bytes


class Cut(msgspec.Struct, frozen=True):
    """A file was cut to a length."""

    path: Path
    size: int


class Synced(msgspec.Struct, frozen=True):
    """What had been written into a file is on disk from now on."""

    path: Path


class Acknowledged(msgspec.Struct, frozen=True):
    """An entry was acknowledged, by its index."""

    index: int


Event = Written | Cut | Synced | Acknowledged


def traced(folder: Path, count: int) -> list[Event]:
    """Let a process append *count* entries to the ledger in *folder*, and return what it did to its files."""
    trace = folder / "trace"
    strace = ["strace", "-f", "-xx", "-s", "100000", "-e", f"trace={_CALLS}", "-o", str(trace)]
    program = [sys.executable, ledger_process.__file__, str(folder), str(count)]
    path = os.pathsep.join([str(Path(ledger_process.__file__).parent), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": path}
    subprocess.run([*strace, *program], check=True, stdout=subprocess.DEVNULL, env=environment)
    return list(_events(trace.read_text().splitlines(), folder))


def _events(lines: Sequence[str], folder: Path) -> Iterator[Event]:
    opened: dict[str, Path] = {}
    for line in lines:
        match = _LINE.match(line)
        if match is None or int(match[4]) < 0:
            continue
        call, first, rest = match[1], match[2], match[3] or ""
        if call == "openat":
            opened[match[4]] = Path(os.fsdecode(_bytes(first)))
        elif call == "close":
            opened.pop(first, None)
        elif call == "write" and first == "1":
            yield Acknowledged(int(_bytes(rest)))
        elif first in opened and opened[first].parent == folder:
            yield from _change(call, opened[first], rest)


def _change(call: str, path: Path, rest: str) -> Iterator[Event]:
    if call == "pwrite64":
        data, _length, offset = rest.rsplit(", ", 2)
        yield Written(path, int(offset), _bytes(data))
    elif call == "ftruncate":
        yield Cut(path, int(rest))
    elif call in ("fsync", "fdatasync"):
        yield Synced(path)


def _bytes(quoted: str) -> bytes:
    return bytes.fromhex(re.sub(r'\\x|"|,.*', "", quoted))


class Disk:
    """The files of a ledger, as they were before, and what has become of them since."""

    def __init__(self, before: dict[Path, bytes], *, lying: str = "") -> None:
        """Begin with the files *before*; those whose name ends in *lying* are on a disk that only says it synced."""
        self._lying = lying
        self._safe = {path: bytearray(data) for path, data in before.items()}
        self._pending: dict[Path, list[Written | Cut]] = {}
        self.acknowledged = -1

    def play(self, event: Event) -> None:
        """Let *event* happen."""
        match event:
            case Acknowledged(index):
                self.acknowledged = index
            case Synced(path):
                if not (self._lying and path.name.endswith(self._lying)):
                    for change in self._pending.pop(path, ()):
                        _apply(self._safe.setdefault(path, bytearray()), change)
            case _:
                self._pending.setdefault(event.path, []).append(event)

    def after_power_loss(self, dice: random.Random) -> dict[Path, bytes]:
        """Return the files as they may be when the power comes back."""
        files = {path: bytearray(data) for path, data in self._safe.items()}
        share = dice.choice((0.0, 0.5, 0.5, 1.0))
        for path, changes in self._pending.items():
            content = files.setdefault(path, bytearray())
            for change in changes:
                for part in _sectors(change):
                    if dice.random() < share:
                        _apply(content, part)
        return {path: bytes(content) for path, content in files.items()}


def _sectors(change: Written | Cut) -> Iterator[Written | Cut]:
    if isinstance(change, Cut):
        yield change
        return
    at, end = change.offset, change.offset + len(change.data)
    while at < end:
        until = min(end, (at // SECTOR + 1) * SECTOR)
        yield Written(change.path, at, change.data[at - change.offset : until - change.offset])
        at = until


def _apply(content: bytearray, change: Written | Cut) -> None:
    if isinstance(change, Cut):
        del content[change.size :]
        return
    content.extend(bytes(max(0, change.offset - len(content))))
    content[change.offset : change.offset + len(change.data)] = change.data
