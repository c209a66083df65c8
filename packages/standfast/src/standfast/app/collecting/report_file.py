"""Read a report from disk: a regular file of bounded size that nobody is writing to."""

import os
import stat
from pathlib import Path

import msgspec

from standfast.app.storage.durable import read_all
from standfast.evidence.formats.sniff import MAX_REPORT_BYTES
from standfast.model import EvidenceError


class ReportFile(msgspec.Struct, frozen=True):
    """A report as it was read; ``changed_at`` is its modification time in epoch seconds."""

    path: Path
    data: bytes
    changed_at: float


def read_report_file(path: Path, root: Path) -> ReportFile:
    """Return what *path* holds; a link counts only where it stays within *root*.

    Raises:
        EvidenceError: It is missing, no regular file, too large, or changes while it is read.
    """
    _refuse_link_outside(path, root)
    try:
        # O_NONBLOCK: opening a pipe that nobody writes to must not wait
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise EvidenceError("report-missing", f"there is no {path}") from error
    except OSError as error:
        raise EvidenceError("report-unreadable", f"{path} cannot be read: {error.strerror}") from error
    try:
        before = os.fstat(descriptor)
        _refuse_strange(path, before)
        data = read_all(descriptor, before.st_size)
        after = os.fstat(descriptor)
    except OSError as error:
        raise EvidenceError("report-unreadable", f"{path} cannot be read: {error.strerror}") from error
    finally:
        os.close(descriptor)
    if len(data) != before.st_size or (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise _moving(path)
    return ReportFile(path, data, before.st_mtime)


def _refuse_link_outside(path: Path, root: Path) -> None:
    # A file that is named in the project must be in the project, whichever part of its path is the link.
    named = Path(os.path.normpath(path.absolute()))
    meant, top = Path(os.path.realpath(path)), Path(os.path.realpath(root))
    leads_out = named.is_relative_to(root) or named.is_relative_to(top) or path.is_symlink()
    if leads_out and not meant.is_relative_to(top):
        raise EvidenceError(
            "report-link",
            f"{path} is a link that leads out of {root}, to {meant}",
            hint="name the file itself if you mean it",
        )


def _refuse_strange(path: Path, status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise EvidenceError("report-folder", f"{path} is a folder", hint="name the report files in it")
    if not stat.S_ISREG(status.st_mode):
        raise EvidenceError("report-not-a-file", f"{path} is a pipe or a device, expected a file")
    if status.st_size > MAX_REPORT_BYTES:
        raise EvidenceError(
            "report-too-large",
            f"{path} has {status.st_size:,} bytes; at most {MAX_REPORT_BYTES:,} are read",
            hint="split the report, or narrow what the tool looks at",
        )


def _moving(path: Path) -> EvidenceError:
    return EvidenceError(
        "report-moving", f"{path} changed while it was read", hint="wait until the tool has finished, then import it"
    )
