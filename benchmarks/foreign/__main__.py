"""Have other people's programs verify a ledger of ours: ``python -m benchmarks.foreign``.

tlog-scales (Python) is installed, pinned; Go's own libraries are used where `go` and golang.org/x/mod are installed,
which is said. Each program must take the ledger as it is, and must refuse it once one byte of one tile is changed.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import peers
from benchmarks.foreign import log
from benchmarks.home import ROOT

HOME = ROOT / "out" / "foreign"
HERE = Path(__file__).parent
SCALES = peers.Peer(name="tlog-scales", version="0.0.3", executable="python")
GO_SOURCES = Path("/usr/share/gocode")
"""Where Debian's golang-golang-x-mod-dev puts its sources."""


def programs() -> Iterator[tuple[str, Sequence[str]]]:
    """Yield each program that is there: its name, and its command before the two paths."""
    yield SCALES.title, (str(peers.executable_of(SCALES, HOME)), str(HERE / "with_tlog_scales.py"))
    go = shutil.which("go")
    if go and (GO_SOURCES / "src/golang.org/x/mod/sumdb/tlog").is_dir():
        yield "golang.org/x/mod/sumdb", (go, "run", str(HERE / "with_sumdb.go"))
    else:
        print("not run: golang.org/x/mod/sumdb (apt-get install golang-go golang-golang-x-mod-dev)", file=sys.stderr)


def complaint(command: Sequence[str], folder: Path, proofs: Path) -> str:
    """Return what the program says against the log; nothing when it takes it."""
    go = {"GO111MODULE": "off", "GOPATH": str(GO_SOURCES), "GOCACHE": str(HOME / "go-cache"), "GOTOOLCHAIN": "local"}
    found = subprocess.run(
        [*command, str(folder), str(proofs)], env={**os.environ, **go}, check=False, capture_output=True, text=True
    )
    return found.stderr.strip() or "it failed" if found.returncode else ""


def changed(folder: Path) -> Path:
    """Return a copy of the log in which one byte of one tile is another."""
    copy = HOME / "changed"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder, copy)
    tile = copy / "tile/0/000"
    data = bytearray(tile.read_bytes())
    data[4_000] ^= 1
    tile.write_bytes(data)
    return copy


def main() -> int:
    """Let every program try both; return 0 when each took the log and refused the changed one."""
    folder, proofs = HOME / "log", HOME / "proofs.json"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    count = log.write(folder, proofs)
    other = changed(folder)
    agree = True
    for name, command in programs():
        against, refused = complaint(command, folder, proofs), complaint(command, other, proofs)
        print(f"{name}: {'REFUSED' if against else 'verified'} {log.SIZE:,} entries and {count} proofs; ", end="")
        print("one changed byte refused" if refused else "one changed byte NOT NOTICED")
        print(against, end="\n" if against else "", file=sys.stderr)
        agree = agree and not against and bool(refused)
    return 0 if agree else 1


sys.exit(main())
