"""Read the Common Test Report Format (CTRF)."""

import re
from datetime import UTC, datetime

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.decoding import decode_report
from standfast.evidence.test_results.tally import Case, Counts, Tally

FORMAT = Format(
    name="ctrf",
    title="CTRF JSON",
    produced_with={
        "Playwright": "npx playwright test --reporter=playwright-ctrf-json-reporter",
        "Python": "pytest --ctrf report.json  # pytest-json-ctrf",
    },
)

_RESULTS = re.compile(r'"results"\s*:\s*\{\s*"(?:tool|summary)"\s*:')


class _Tool(msgspec.Struct, frozen=True):
    name: str = "ctrf"
    version: str = ""


class _Summary(msgspec.Struct, frozen=True):
    tests: int | None = None
    passed: int | None = None
    failed: int | None = None
    skipped: int | None = None
    pending: int | None = None
    other: int | None = None
    start: float = 0.0
    stop: float = 0.0


class _Test(msgspec.Struct, rename="camel"):
    name: str
    status: str
    suite: str | list[str] | None = None
    message: str | None = None
    trace: str | None = None
    file_path: str | None = None
    flaky: bool | None = None
    retries: int | None = None
    tags: list[str] | None = None

    @property
    def group(self) -> str:
        """The suite, joined where it has several levels."""
        return " > ".join(self.suite) if isinstance(self.suite, list) else self.suite or self.file_path or ""


class _Results(msgspec.Struct):
    tests: list[_Test]
    tool: _Tool = _Tool()
    summary: _Summary = _Summary()


class _Report(msgspec.Struct):
    results: _Results


def recognise(head: Head) -> bool:
    """Return whether the report names its format, or its results start as CTRF's do."""
    if head.shape != "object" or "results" not in head.keys:
        return False
    return "reportFormat" in head.keys or _RESULTS.search(head.start) is not None


def read(data: bytes) -> Reading:
    """Return one case per test, against the summary. ``pending`` and ``skipped`` did not run; ``other`` is an error."""
    results = decode_report(data, _Report, "a CTRF report").results
    tally = Tally()
    for test in results.tests:
        tally.add(_case(test))
    summary = results.summary
    if 0 < summary.start <= summary.stop:
        tally.duration_s = (summary.stop - summary.start) / 1000
    at = summary.stop / 1000
    return Reading(
        body=tally.evidence(_worse(tally, summary)),
        tool=results.tool.name,
        version=results.tool.version,
        produced_at=datetime.fromtimestamp(at, UTC) if 0 < at < 1e11 else None,
    )


def _case(test: _Test) -> Case:
    file = (test.file_path or "").replace("\\", "/")
    case = Case(test.name, test.group, file, message=test.message or "", reason=test.message or "")
    case.detail = test.trace or ""
    case.failed = test.status == "failed"
    case.skipped = test.status in ("skipped", "pending")
    case.error = not case.failed and not case.skipped and test.status != "passed"
    if test.flaky or test.retries:
        case.retried = f"needed {test.retries} more tries" if test.retries else "is marked flaky"
    case.properties = tuple(("tag", tag) for tag in test.tags or ())
    return case


def _worse(tally: Tally, summary: _Summary) -> Counts:
    counts = msgspec.structs.replace(tally.counts)
    skipped = (summary.skipped or 0) + (summary.pending or 0)
    declared = {"tests": summary.tests, "failed": summary.failed, "skipped": skipped}
    for field, value in declared.items():
        counted = getattr(tally.counts, field)
        if value is None or value == counted:
            continue
        tally.disagreements.append(f"the summary declares {field}={value}, its tests make {counted}")
        setattr(counts, field, max(value, counted))
        if field == "tests":
            counts.executed = min(counts.executed, max(value - skipped, 0))
    return counts
