"""Read the JSON of detect-secrets, a scan or an audited baseline.

It does not say which files it looked at. Outside a git repository it looks at none, and still exits with 0.
"""

from collections.abc import Iterator

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.decoding import decode_report
from standfast.evidence.secrets.schema import Secrets
from standfast.evidence.wording.moments import moment
from standfast.model import EvidenceError, Examination, Finding, Location, Severity

FORMAT = Format(
    name="detect-secrets",
    title="a detect-secrets JSON report",
    produced_with={"any": "detect-secrets scan > detect-secrets.json"},
)


class _Secret(msgspec.Struct, frozen=True):
    type: str
    hashed_secret: str = ""
    line_number: int = 0
    is_verified: bool = False
    is_secret: bool | None = None


class _Report(msgspec.Struct, frozen=True):
    results: dict[str, tuple[_Secret, ...]]
    version: str = ""
    generated_at: str = ""


def recognise(head: Head) -> bool:
    """Return whether this is detect-secrets' JSON."""
    return head.shape == "object" and {"plugins_used", "results"} <= head.keys


def read(data: bytes) -> Reading:
    """Return the secrets of the report; one that an audit says is none is a suppressed finding."""
    report = decode_report(data, _Report, FORMAT.title)
    body = Secrets.of(
        _findings(report),
        examination=Examination("files", notes=("detect-secrets does not say which files it looked at",)),
        live=sum(1 for found in report.results.values() for one in found if one.is_verified),
    )
    return Reading(body=body, tool="detect-secrets", version=report.version, produced_at=moment(report.generated_at))


def audited(baseline: bytes) -> dict[str, str]:
    """Return by fingerprint the reason for which a baseline calls a finding no secret; none where it is no baseline."""
    try:
        report = decode_report(baseline, _Report, FORMAT.title)
    except EvidenceError:
        return {}
    return {finding.fingerprint: finding.suppressed for finding in _findings(report) if finding.suppressed}


def _findings(report: _Report) -> Iterator[Finding]:
    for path, found in report.results.items():
        for one in found:
            yield Finding(
                message=f"{one.type} in {path}",
                location=Location(path, max(one.line_number, 0)),
                rule=one.type,
                severity=Severity.CRITICAL if one.is_verified else Severity.UNKNOWN,
                fingerprint=f"{path}:{one.hashed_secret[:12]}" if one.hashed_secret else "",
                suppressed="audited in the baseline as not a secret" if one.is_secret is False else "",
            )
