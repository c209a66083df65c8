"""ESLint's JSON, with or without its metadata."""

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.decoding import decode_report, malformed
from standfast.evidence.formats.sarif import UNJUSTIFIED
from standfast.evidence.lint.schema import ERROR, WARNING, Lint
from standfast.evidence.wording.places import below, place
from standfast.model import Examination, Finding

FORMAT = Format(
    name="eslint-json",
    title="ESLint JSON",
    produced_with={"javascript": "npx eslint . --format json --output-file eslint.json"},
)


class _Suppression(msgspec.Struct, frozen=True):
    justification: str | None = None


class _Message(msgspec.Struct, frozen=True, rename="camel"):
    message: str
    severity: int
    rule_id: str | None = None
    line: int | None = None
    column: int | None = None
    fatal: bool | None = None
    suppressions: list[_Suppression] | None = None


class _File(msgspec.Struct, frozen=True, rename="camel"):
    file_path: str
    messages: list[_Message]
    suppressed_messages: list[_Message] = []
    error_count: int | None = None
    warning_count: int | None = None


class _Metadata(msgspec.Struct, frozen=True, rename="camel"):
    cwd: str = ""


class _WithMetadata(msgspec.Struct, frozen=True):
    results: list[_File]
    metadata: _Metadata = _Metadata()


def recognise(head: Head) -> bool:
    """Return whether this is ESLint's list of files, bare or with metadata."""
    if head.shape == "array":
        return {"filePath", "messages"} <= head.keys
    return head.shape == "object" and {"results", "metadata"} <= head.keys and '"filePath"' in head.start


def read(data: bytes) -> Reading:
    """Return ESLint's findings; its report lists every file it looked at.

    Raises:
        EvidenceError: The bytes are not such a report.
    """
    return Reading(body=lint_of(data), tool="eslint")


def lint_of(data: bytes, *, root: str = "", wanted: tuple[str, ...] | None = None) -> Lint:
    """Return what the report *data* says, with paths relative to *root*; of declared and listed the worse counts.

    Where *wanted* says which files there are to look at, only they count as examined.

    Raises:
        EvidenceError: The bytes are not such a report.
    """
    files, root = _files(data, root)
    findings = [finding for file in files for finding in _findings(file, root)]
    broken = sorted({below(root, file.file_path) for file in files if any(message.fatal for message in file.messages)})
    listed = {below(root, file.file_path) for file in files}
    asked = listed if wanted is None else set(wanted)
    examination = Examination(
        unit="files",
        examined=len(listed & asked - set(broken)),
        errors=len(broken),
        expected=None if wanted is None else len(asked),
        notes=(
            *(f"{path} could not be parsed" for path in broken[:1]),
            *(f"ESLint did not look at {path}" for path in sorted(asked - listed)[:1]),
        ),
    )
    lint = Lint.of("eslint", findings, examination=examination)
    declared = sum(file.error_count or 0 for file in files)
    return msgspec.structs.replace(
        lint, errors=max(lint.errors, declared), disagreements=tuple(_disagreements(files, root))
    )


def _files(data: bytes, root: str) -> tuple[list[_File], str]:
    start = data.lstrip()[:1]
    if start == b"[":
        return decode_report(data, list[_File], "an ESLint report"), root
    if start == b"{":
        whole = decode_report(data, _WithMetadata, "an ESLint report")
        return whole.results, root or whole.metadata.cwd
    raise malformed("an ESLint report", "it starts with neither a list nor an object")


def _findings(file: _File, root: str) -> list[Finding]:
    kept = [_finding(file, message, root, "") for message in file.messages]
    return kept + [_finding(file, message, root, _justification(message)) for message in file.suppressed_messages]


def _finding(file: _File, message: _Message, root: str, suppressed: str) -> Finding:
    return Finding(
        message=message.message,
        location=place(file.file_path, message.line, message.column, root=root),
        rule=message.rule_id or "parsing",
        severity=WARNING if message.severity == 1 else ERROR,
        suppressed=suppressed,
    )


def _justification(message: _Message) -> str:
    said = ((one.justification or "").strip() for one in message.suppressions or ())
    return next((text for text in said if text), UNJUSTIFIED)


def _disagreements(files: list[_File], root: str) -> list[str]:
    return [
        f"{below(root, file.file_path)}: declares {file.error_count} errors, lists {listed}"
        for file in files
        if file.error_count is not None
        and file.error_count != (listed := sum(message.severity != 1 for message in file.messages))
    ]
