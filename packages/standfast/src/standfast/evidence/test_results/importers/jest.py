"""Read the JSON results of Jest and Vitest."""

from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.decoding import decode_report
from standfast.evidence.test_results.tally import Case, Counts, Tally
from standfast.evidence.wording.places import below

FORMAT = Format(
    name="jest",
    title="Jest and Vitest JSON",
    produced_with={
        "Jest": "npx jest --json --testLocationInResults --outputFile=jest.json",
        "Vitest": "npx vitest run --reporter=json --outputFile=vitest.json",
    },
)

_SKIPPED = ("pending", "skipped", "todo", "disabled")


class _Assertion(msgspec.Struct, rename="camel"):
    status: str
    title: str = ""
    full_name: str = ""
    failure_messages: list[str] | None = None
    retry_reasons: list[str] | None = None


class _File(msgspec.Struct, rename="camel"):
    name: str
    status: str = ""
    message: str | None = None
    assertion_results: list[_Assertion] = []


class _Report(msgspec.Struct, rename="camel"):
    test_results: list[_File]
    num_total_tests: int
    num_failed_tests: int = 0
    num_pending_tests: int = 0
    num_todo_tests: int = 0
    success: bool | None = None
    was_interrupted: bool = False
    start_time: float = 0.0


def recognise(head: Head) -> bool:
    """Return whether the top object has Jest's totals and results."""
    return head.shape == "object" and {"numTotalTests", "testResults"} <= head.keys


def read(data: bytes) -> Reading:
    """Return one case per assertion result, against the totals; a file that could not be run is an error."""
    return read_below("", data)


def read_below(root: str, data: bytes) -> Reading:
    """Return the same with the paths of the test files as they are below *root*."""
    report = decode_report(data, _Report, "a Jest or Vitest result")
    tally = Tally()
    for file in report.test_results:
        _take(tally, file, below(root, file.name))
    counts = _worse(tally, report)
    at = report.start_time / 1000
    return Reading(
        body=tally.evidence(counts),
        tool="jest",
        produced_at=datetime.fromtimestamp(at, UTC) if 0 < at < 1e11 else None,
        problems=tuple(_problems(report, counts)),
    )


def _take(tally: Tally, file: _File, path: str) -> None:
    for found in file.assertion_results:
        name = found.full_name or found.title
        case = Case(name, path, path, message=next(iter(found.failure_messages or ()), ""))
        case.retried = "was tried again" if found.retry_reasons else ""
        case.skipped = found.status in _SKIPPED
        case.failed = found.status == "failed"
        case.error = not case.skipped and not case.failed and found.status not in ("passed", "focused")
        tally.add(case)
    if file.status == "failed" and not any(found.status == "failed" for found in file.assertion_results):
        tally.add(Case(path, path, path, error=True, message=file.message or "the file could not be run"))


def _worse(tally: Tally, report: _Report) -> Counts:
    counts = msgspec.structs.replace(tally.counts)
    suites = sum(1 for key in tally.groups.values() if key.errors)
    skipped = report.num_pending_tests + report.num_todo_tests
    if report.num_total_tests not in (counts.tests, counts.tests - suites):
        tally.disagreements.append(
            f"the report declares {report.num_total_tests} tests, its files hold {counts.tests - suites}"
        )
        counts.executed = min(counts.executed, max(report.num_total_tests - skipped, 0))
        counts.tests = max(counts.tests, report.num_total_tests)
    if report.num_failed_tests != counts.failed:
        tally.disagreements.append(
            f"the report declares {report.num_failed_tests} failed tests, its files hold {counts.failed}"
        )
        counts.failed = max(counts.failed, report.num_failed_tests)
    return counts


def _problems(report: _Report, counts: Counts) -> Iterator[str]:
    if report.was_interrupted:
        yield "the run was interrupted"
    if report.success is False and not counts.failed + counts.errors:
        yield "the run did not succeed although none of its tests failed"
