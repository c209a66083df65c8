"""Read the JSON of gitleaks; the secret itself is never kept.

A report without findings is an empty list and cannot be recognised: use ``--report-format sarif``.
"""

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.decoding import decode_report
from standfast.evidence.secrets.schema import Secrets
from standfast.model import Examination, Finding, Location, Severity

FORMAT = Format(
    name="gitleaks",
    title="a gitleaks JSON report",
    produced_with={"any": "gitleaks git --report-format json --report-path gitleaks.json"},
)


class _Leak(msgspec.Struct, frozen=True):
    RuleID: str
    File: str = ""
    Description: str = ""
    StartLine: int = 0
    Commit: str = ""
    Fingerprint: str = ""


def recognise(head: Head) -> bool:
    """Return whether this is gitleaks' JSON."""
    return head.shape == "array" and {"RuleID", "Secret", "Match"} <= head.keys


def read(data: bytes) -> Reading:
    """Return the secrets of the report; a commit beside one says that it was found in the history."""
    leaks = decode_report(data, tuple[_Leak, ...], FORMAT.title)
    body = Secrets.of(
        (_finding(leak) for leak in leaks),
        examination=Examination("files", notes=("gitleaks does not say which files it looked at",)),
        history=any(leak.Commit for leak in leaks),
    )
    return Reading(body=body, tool="gitleaks")


def _finding(leak: _Leak) -> Finding:
    since = f" (commit {leak.Commit[:12]})" if leak.Commit else ""
    return Finding(
        message=f"{leak.Description or leak.RuleID}{since}",
        location=Location(leak.File, max(leak.StartLine, 0)) if leak.File else None,
        rule=leak.RuleID,
        severity=Severity.UNKNOWN,
        fingerprint=leak.Fingerprint,
    )
