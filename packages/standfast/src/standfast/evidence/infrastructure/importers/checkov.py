"""Read the JSON of checkov: one framework, a list of them, or the bare totals that it writes when it saw no file.

Without a platform key checkov gives no severity: what it finds counts as critical until it is triaged. Findings of
its secret and pipeline frameworks are evidence of those kinds.
"""

from collections.abc import Iterable, Iterator

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.decoding import decode_report
from standfast.evidence.infrastructure.schema import Infrastructure
from standfast.evidence.pipeline_findings.schema import PipelineFindings
from standfast.evidence.secrets.schema import Secrets
from standfast.evidence.wording.severity import severity_named
from standfast.model import Evidence, Examination, Finding, Location

FORMAT = Format(
    name="checkov",
    title="a checkov JSON report",
    produced_with={"any": "checkov --directory . --output json > checkov.json"},
)

_PIPELINES = frozenset(
    {"github_actions", "gitlab_ci", "azure_pipelines", "bitbucket_pipelines", "circleci_pipelines", "argo_workflows"}
)
_NO_COMMENT = "no comment provided"


class _Verdict(msgspec.Struct, frozen=True):
    result: str = ""
    suppress_comment: str | None = None


class _Item(msgspec.Struct, frozen=True):
    check_id: str
    check_name: str | None = None
    check_result: _Verdict = _Verdict()
    file_path: str = ""
    file_line_range: tuple[int, ...] | None = None
    resource: str | None = None
    severity: str | None = None
    guideline: str | None = None


class _Results(msgspec.Struct, frozen=True):
    failed_checks: tuple[_Item, ...] = ()
    skipped_checks: tuple[_Item, ...] = ()
    parsing_errors: tuple[str, ...] = ()


class _Summary(msgspec.Struct, frozen=True):
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    parsing_errors: int = 0
    checkov_version: str = ""


class _Report(msgspec.Struct, frozen=True):
    check_type: str
    results: _Results
    summary: _Summary


def recognise(head: Head) -> bool:
    """Return whether this is checkov's JSON."""
    if head.shape not in ("object", "array"):
        return False
    return {"check_type", "results"} <= head.keys or {"checkov_version", "resource_count"} <= head.keys


def read(data: bytes) -> tuple[Reading, ...]:
    """Return one reading for each kind of evidence that the report holds."""
    reports = _reports(data)
    version = next((one.summary.checkov_version for one in reports), "")
    return tuple(Reading(body=body, tool="checkov", version=version) for body in _bodies(reports))


def _reports(data: bytes) -> tuple[_Report, ...]:
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"[":
        return decode_report(data, tuple[_Report, ...], FORMAT.title)
    if "checkov_version" in decode_report(data, dict[str, msgspec.Raw], FORMAT.title):
        return (_Report("", _Results(), decode_report(data, _Summary, FORMAT.title)),)
    return (decode_report(data, _Report, FORMAT.title),)


def _bodies(reports: tuple[_Report, ...]) -> Iterator[Evidence]:
    groups: dict[type[Infrastructure | PipelineFindings | Secrets], list[_Report]] = {}
    for one in reports:
        kind = (
            PipelineFindings
            if one.check_type in _PIPELINES
            else Secrets
            if one.check_type == "secrets"
            else Infrastructure
        )
        groups.setdefault(kind, []).append(one)
    for kind, found in groups.items():
        fields = {}
        if kind is Infrastructure:
            fields = {"passed": sum(one.summary.passed for one in found), "frameworks": _names(found)}
        yield kind.of(
            (finding for one in found for finding in _findings(one)),
            examination=_examination(found),
            disagreements=tuple(_disagreements(found)),
            **fields,
        )


def _names(reports: Iterable[_Report]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.check_type for one in reports if one.check_type))


def _examination(reports: list[_Report]) -> Examination:
    errors = [max(one.summary.parsing_errors, len(one.results.parsing_errors)) for one in reports]
    broken = tuple(path for one in reports for path in one.results.parsing_errors)
    looked_at = sum(one.summary.passed + one.summary.failed + one.summary.skipped for one in reports)
    return Examination("settings", examined=looked_at, errors=sum(errors), notes=broken[:3])


def _disagreements(reports: Iterable[_Report]) -> Iterator[str]:
    for one in reports:
        listed = len(one.results.failed_checks)
        if one.summary.failed != listed:
            yield f"{one.check_type}: the report declares {one.summary.failed} failed and lists {listed}"


def _findings(report: _Report) -> Iterator[Finding]:
    for item in report.results.failed_checks:
        yield _finding(item, suppressed="")
    for item in report.results.skipped_checks:
        comment = (item.check_result.suppress_comment or "").strip()
        yield _finding(item, suppressed="" if comment.lower() == _NO_COMMENT else comment)
    for _ in range(min(report.summary.failed - len(report.results.failed_checks), 1000)):
        yield Finding(f"{report.check_type}: a failed item that the report counts and does not list")


def _finding(item: _Item, *, suppressed: str) -> Finding:
    line = item.file_line_range[0] if item.file_line_range else 0
    return Finding(
        message=f"{item.check_name or item.check_id} ({item.resource})" if item.resource else item.check_name or "",
        location=Location(item.file_path.lstrip("/"), max(line, 0)),
        rule=item.check_id,
        severity=severity_named(item.severity),
        suppressed=suppressed,
        fix=item.guideline or "",
    )
