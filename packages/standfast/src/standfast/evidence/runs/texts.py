"""Hand the text of tracked files from the reader (`standfast.evidence.runs.read_texts`) to a collector; pure."""

import sys
from collections.abc import Iterable

import msgspec

from standfast.evidence.contract import Plan, Tool, ToolRun
from standfast.evidence.runs.exits import settled
from standfast.model import EvidenceError

MAX_FILE_BYTES = 4_000_000
MAX_TOTAL_BYTES = 128_000_000


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which files to read, by path below the working directory."""

    paths: tuple[str, ...]


class TextFile(msgspec.Struct, frozen=True, omit_defaults=True):
    """One file: its text and the digest of its bytes, or the ``error`` for which it could not be read."""

    path: str
    digest: str = ""
    text: str = ""
    error: str = ""


class Texts(msgspec.Struct, frozen=True):
    """All files that were asked for, in the order asked."""

    files: tuple[TextFile, ...]


def reading_plan(paths: Iterable[str]) -> Plan:
    """Return the command that reads *paths* in the working copy."""
    chosen = tuple(sorted(paths))
    return Plan(
        argv=(sys.executable, "-m", "standfast.evidence.runs.read_texts"),
        stdin=msgspec.json.encode(Request(chosen)),
        inputs=chosen,
        timeout_s=120.0,
        memory_bytes=2_000_000_000,
        expected=len(chosen),
    )


def texts_of(run: ToolRun, tool: Tool) -> tuple[TextFile, ...]:
    """Return the files that *run* read.

    Raises:
        EvidenceError: It was cut short, or left something else than it was asked for.
    """
    settled(run, tool)
    try:
        files = msgspec.json.decode(run.stdout, type=Texts).files
        asked = msgspec.json.decode(run.plan.stdin, type=Request).paths
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise EvidenceError("reading-malformed", f"the reader left no list of files: {error}") from error
    if tuple(file.path for file in files) != asked:
        raise EvidenceError("reading-incomplete", f"{len(files)} files were read, {len(asked)} were asked for")
    return files
