"""Bandit's JSON, files that it could not parse included."""

from datetime import UTC, datetime

import msgspec

from standfast.evidence.code_findings.bandit_rules import CWES
from standfast.evidence.code_findings.schema import CodeFindings
from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.decoding import decode_report
from standfast.evidence.formats.sarif import Rule
from standfast.evidence.wording.places import below, place
from standfast.evidence.wording.severity import severity_named
from standfast.model import Examination, Finding, sha256

FORMAT = Format(
    name="bandit-json",
    title="Bandit JSON",
    produced_with={"python": "bandit -r src -f json -o bandit.json"},
)
_QUOTES_PASSWORDS = ("B105", "B106", "B107")


class _Weakness(msgspec.Struct, frozen=True, gc=False):
    id: int | None = None


class _Result(msgspec.Struct, frozen=True, gc=False):
    filename: str
    issue_text: str
    issue_severity: str
    test_id: str
    line_number: int = 0
    col_offset: int = -1
    code: str = ""
    issue_cwe: _Weakness | None = None


class _Failure(msgspec.Struct, frozen=True):
    filename: str = ""
    reason: str = ""


class _Metrics(msgspec.Struct, frozen=True):
    nosec: int = 0
    skipped_tests: int = 0


class _Report(msgspec.Struct, frozen=True):
    errors: list[_Failure]
    metrics: dict[str, _Metrics]
    results: list[_Result]
    generated_at: str = ""


def recognise(head: Head) -> bool:
    """Return whether this is Bandit's report."""
    return head.shape == "object" and {"errors", "metrics", "results", "generated_at"} <= head.keys


def read(data: bytes) -> Reading:
    """Return Bandit's findings; the report does not say which of its tests were on.

    Raises:
        EvidenceError: The bytes are not such a report.
    """
    return reading_of(data)


def reading_of(
    data: bytes, *, root: str = "", expected: int | None = None, rules: tuple[Rule, ...] | None = None
) -> Reading:
    """Return what the report *data* says, with paths relative to *root*.

    Raises:
        EvidenceError: The bytes are not such a report.
    """
    report = decode_report(data, _Report, "a Bandit report")
    files = {name: counts for name, counts in report.metrics.items() if name != "_totals"}
    broken = {below(root, failure.filename): failure.reason for failure in report.errors}
    examined = sum(1 for name in files if below(root, name) not in broken)
    path, reason = next(iter(sorted(broken.items())), ("", ""))
    body = CodeFindings.of(
        [_finding(result, root) for result in report.results],
        examination=Examination(
            unit="files",
            examined=examined,
            errors=len(report.errors),
            expected=expected,
            notes=(f"{path}: {reason}",) if broken else (),
        ),
        engine="bandit",
        scope="bandit",
        rules=rules,
        seen=() if rules else _seen(report.results),
    )
    silenced = sum(counts.nosec + counts.skipped_tests for counts in files.values())
    return Reading(
        body=msgspec.structs.replace(body, suppressed=silenced), tool="bandit", produced_at=_moment(report.generated_at)
    )


def _seen(results: list[_Result]) -> tuple[Rule, ...]:
    found = {result.test_id: result.issue_cwe.id for result in results if result.issue_cwe and result.issue_cwe.id}
    return tuple(Rule(test, (CWES.get(test, cwe),)) for test, cwe in sorted(found.items()))


def _finding(result: _Result, root: str) -> Finding:
    location = place(result.filename, result.line_number, result.col_offset + 1, root=root)
    path = location.path if location else ""
    source = _source_line(result)
    return Finding(
        message=_message(result),
        location=location,
        rule=result.test_id,
        severity=severity_named(result.issue_severity),
        fingerprint=sha256(f"{result.test_id}\0{path}\0{source}".encode("utf-8", "surrogatepass"))[7:23],
    )


def _message(result: _Result) -> str:
    """Return what was found, without the password itself: reports are kept and passed on."""
    return result.issue_text.partition(": '")[0] if result.test_id in _QUOTES_PASSWORDS else result.issue_text


def _source_line(result: _Result) -> str:
    # The excerpt has one line per source line, each after its number; the line's text outlives lines added above it.
    prefix = f"{result.line_number} "
    found = next((line for line in result.code.splitlines() if line.startswith(prefix)), result.issue_text)
    return found.removeprefix(prefix).strip()


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
