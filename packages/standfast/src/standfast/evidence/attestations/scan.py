"""Read attestation files and digest the reports that they name.

``python -m standfast.evidence.attestations.scan < request.json`` prints an `AttestationScan` as JSON.
"""

import hashlib
import sys
from pathlib import Path

import msgspec

from standfast.evidence.attestations.read import attestation_in
from standfast.evidence.runs.read_texts import read_all
from standfast.evidence.runs.texts import Request, TextFile
from standfast.model import EvidenceError

MAX_REPORT_BYTES = 512_000_000
_BLOCK = 1 << 20


class AttestationScan(msgspec.Struct, frozen=True):
    """The files that were asked for, and the SHA-256 of each report that is there, by path."""

    files: tuple[TextFile, ...]
    reports: dict[str, str]


def scan(root: Path, request: Request) -> AttestationScan:
    """Return the files of *request* and the digests of the reports that they name."""
    files = read_all(root, request).files
    reports: dict[str, str] = {}
    for file in files:
        named = _report_of(file)
        digest = digest_of(root, named) if named else None
        if digest is not None:
            reports[named] = digest
    return AttestationScan(files, reports)


def _report_of(file: TextFile) -> str:
    try:
        return attestation_in(file.path, file.text).report
    except EvidenceError:
        return ""  # said again, with its reason, when the file is interpreted


def digest_of(root: Path, path: str) -> str | None:
    """Return the SHA-256 of the file at *path* below *root*; None where there is none, or it is not to be read."""
    target = root / path
    try:
        if not target.resolve().is_relative_to(root.resolve()) or not target.is_file() or target.is_symlink():
            return None
        if target.stat().st_size > MAX_REPORT_BYTES:
            return None
        digest = hashlib.sha256()
        with target.open("rb") as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
    except (OSError, ValueError, RuntimeError):  # RuntimeError: a link that leads to itself
        return None
    return f"sha256:{digest.hexdigest()}"


def main() -> None:
    """Answer the request on standard input."""
    request = msgspec.json.decode(sys.stdin.buffer.read(), type=Request)
    sys.stdout.buffer.write(msgspec.json.encode(scan(Path.cwd(), request)))


if __name__ == "__main__":
    main()
