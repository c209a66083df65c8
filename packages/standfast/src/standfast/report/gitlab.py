"""GitLab code quality: one entry per finding, in the report that a merge request compares.

The format knows neither waivers nor undecided controls: a waived finding is listed as ``info`` and says so, an
undecided control as ``blocker``.
"""

from collections.abc import Iterator

import msgspec

from standfast.model import ControlResult, Finding, Outcome, Severity, Status, Verdict, sha256
from standfast.model.waiver import UNSIGNED
from standfast.report.parts.array import JsonArray
from standfast.report.parts.order import closed_without_reason, is_closing
from standfast.report.parts.reason import causes, total
from standfast.report.parts.text import clean, cut

FORMAT = "gitlab"
SUFFIX = ".gitlab.json"

SETTINGS_FILE = "standfast.toml"
"""Where an entry without a place of its own is shown: the file that says what is gated."""

MESSAGE = 1000

_SEVERITIES = {
    None: "major",
    Severity.CRITICAL: "blocker",
    Severity.HIGH: "critical",
    Severity.MEDIUM: "major",
    Severity.LOW: "minor",
    Severity.INFO: "minor",
    Severity.UNKNOWN: "blocker",
}


class _Lines(msgspec.Struct, frozen=True, gc=False):
    begin: int


class _Place(msgspec.Struct, frozen=True, gc=False):
    path: str
    lines: _Lines


class _Entry(msgspec.Struct, frozen=True, gc=False):
    description: str
    check_name: str
    fingerprint: str
    severity: str
    location: _Place


def render(verdict: Verdict) -> bytes:
    """Return the entries as one JSON array; a verdict that does not open has at least one above ``info``."""
    seen: dict[str, int] = {}
    array = JsonArray()
    for entry in _entries(verdict):
        array.add(_unique(entry, seen))
    return bytes(array.closed())


def _entries(verdict: Verdict) -> Iterator[_Entry]:
    for result in verdict.results:
        if result.status in (Status.PASS, Status.NOTAPPLICABLE):
            continue
        yield from _of_control(result)
    for gate, sentence in closed_without_reason(verdict):
        yield _entry(f"gate/{gate}", "blocker", sentence)


def _of_control(result: ControlResult) -> Iterator[_Entry]:
    undecided = result.outcome in (Outcome.UNKNOWN, Outcome.ERROR)
    if undecided or (is_closing(result) and not result.findings):
        severity = "blocker" if is_closing(result) else "info"
        yield _entry(result.control, severity, f"{result.status}: {'; '.join(causes(result))}")
    warned = result.status is Status.WARN
    for finding in result.findings:
        yield _of_finding(result, finding, "minor" if warned else _SEVERITIES[finding.severity], "")
    unsigned = any(use.applied and use.signature == UNSIGNED for use in result.waivers)
    for finding in result.waived:
        yield _of_finding(result, finding, "info", "waived, unsigned: " if unsigned else "waived: ")
    unlisted = total(result) - len(result.findings)
    if unlisted:
        yield _entry(result.control, "minor" if warned else "major", f"{unlisted:,} more findings are not listed")


def _of_finding(result: ControlResult, finding: Finding, severity: str, prefix: str) -> _Entry:
    rule = f"{finding.rule}: " if finding.rule else ""
    location = finding.location
    return _Entry(
        description=cut(clean(f"{prefix}{rule}{finding.message}"), MESSAGE),
        check_name=result.control,
        fingerprint=finding.identified(result.control),
        severity=severity,
        location=_Place(location.path, _Lines(max(location.line, 1))) if location else _Place(SETTINGS_FILE, _Lines(1)),
    )


def _entry(name: str, severity: str, text: str) -> _Entry:
    return _Entry(
        description=cut(clean(text), MESSAGE),
        check_name=name,
        fingerprint=sha256(f"{name}\0{text}".encode())[7:39],
        severity=severity,
        location=_Place(SETTINGS_FILE, _Lines(1)),
    )


def _unique(entry: _Entry, seen: dict[str, int]) -> _Entry:
    """Return *entry* with a fingerprint that no entry before it has: GitLab keeps one of each."""
    key = f"{entry.check_name}\0{entry.fingerprint}"
    count = seen.get(key, 0)
    seen[key] = count + 1
    value = entry.fingerprint if count == 0 else sha256(f"{key}\0{count}".encode())[7:39]
    return msgspec.structs.replace(entry, fingerprint=value) if count else entry
