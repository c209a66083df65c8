"""Read JUnit XML in the dialects of pytest, Surefire, Gradle, Jest, Vitest, gotestsum, GoogleTest and PHPUnit."""

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.xml import parse
from standfast.evidence.test_results.suites import Suite
from standfast.evidence.test_results.tally import Case, Counts, Tally
from standfast.evidence.wording.moments import moment
from standfast.model import EvidenceError

FORMAT = Format(
    name="junit",
    title="JUnit XML",
    produced_with={
        "Python": "pytest --junit-xml=junit.xml",
        "Java and Kotlin (Maven)": "mvn verify  # target/surefire-reports/TEST-*.xml",
        "Java and Kotlin (Gradle)": "gradle test  # build/test-results/test/TEST-*.xml",
        "Jest": "npx jest --reporters=jest-junit",
        "Vitest": "npx vitest run --reporter=junit --outputFile=junit.xml",
        "Go": "gotestsum --junitfile junit.xml ./...",
        "Rust": 'cargo nextest run --profile ci  # junit = { path = "junit.xml" }',
        "C++": "./tests --gtest_output=xml:junit.xml",
        "PHP": "phpunit --log-junit junit.xml",
    },
)

_GOOD = frozenset({"", "completed", "executed", "ok", "pass", "passed", "run", "success", "succeeded"})
_SKIPPED = frozenset({"disabled", "ignored", "notrun", "pending", "skipped", "suppressed"})
_FAILED = frozenset({"fail", "failed", "failure"})
_RERUNS = {
    "flakyFailure": "passed only after it had failed",
    "flakyError": "passed only after it had broken",
    "rerunFailure": "failed again when it was rerun",
    "rerunError": "broke again when it was rerun",
    "rerun": "was rerun",
}


def recognise(head: Head) -> bool:
    """Return whether the root is a suite or a set of suites."""
    return head.root in ("testsuites", "testsuite")


def read(data: bytes) -> Reading:
    """Return the cases, counted, against the totals that each suite declares."""
    return read_beside(data, Counts())


def read_beside(data: bytes, unlisted: Counts) -> Reading:
    """Return the same as `read`, for a report of pytest whose totals also count the subtests that are *unlisted*."""
    report = _Report(unlisted)
    parse(data, report.on_start, report.on_end)
    body = report.tally.evidence(report.root.inner)
    return Reading(body=body, tool=report.tool or "junit", produced_at=moment(report.timestamp))


class _Report:
    """What the walk over the elements gathers."""

    def __init__(self, unlisted: Counts) -> None:
        self.tally = Tally()
        self.root = Suite("report", {})
        self._unlisted = unlisted
        self.tool = ""
        self.timestamp = ""
        self._suites = [self.root]
        self._names: list[set[tuple[str, str]]] = [set()]
        self._case: Case | None = None
        self._properties: list[tuple[str, str]] = []
        self._attributes: dict[str, str] = {}

    def on_start(self, name: str, attributes: dict[str, str]) -> None:
        """Enter one element."""
        if name == "testcase":
            self._enter_case(attributes)
        elif name in ("testsuite", "testsuites"):
            self._enter_suite(attributes)
        elif name in ("failure", "error") and self._case is None:
            self._suite_failure(name, attributes)
        else:
            self._attributes = attributes

    def on_end(self, name: str, text: str) -> None:
        """Leave one element."""
        if name == "testcase":
            self._leave_case()
        elif name in ("testsuite", "testsuites"):
            self._leave_suite()
        elif self._case is not None:
            self._leave_part(self._case, name, text)

    def _enter_suite(self, attributes: dict[str, str]) -> None:
        if self._case is not None:
            raise EvidenceError("report-suite", "found a suite inside of a case")
        name = attributes.get("name", "")
        outer = self._suites[-1]
        file = (attributes.get("file") or outer.file).replace("\\", "/")
        self._suites.append(Suite(name or outer.name, attributes, file))
        self._names.append(set())
        self.timestamp = self.timestamp or attributes.get("timestamp", "")
        if name == "pytest":
            self.tool = "pytest"
            self._suites[-1].unlisted = self._unlisted

    def _leave_suite(self) -> None:
        suite = self._suites.pop()
        self._names.pop()
        self._suites[-1].inner.add(suite.close(self.tally.disagreements))
        self._suites[-1].twins += suite.twins
        if len(self._suites) <= 2:
            self._time(suite)

    def _time(self, suite: Suite) -> None:
        # The outermost suite that says its time says it last, and for all within.
        seconds = _seconds(suite.attributes.get("time"))
        if seconds is None:
            return
        self.tally.duration_s = seconds if len(self._suites) == 1 else (self.tally.duration_s or 0.0) + seconds

    def _enter_case(self, attributes: dict[str, str]) -> None:
        if self._case is not None:
            raise EvidenceError("report-case", "found a case inside of a case")
        suite = self._suites[-1]
        found = attributes.get
        name = found("name", "")
        group = found("classname") or ""
        file = found("file")
        if not group or group == name:
            group = suite.name
        case = self._case = Case(name, group, file.replace("\\", "/") if file else suite.file)
        line = found("line")
        if line and line.isdecimal() and len(line) < 8:
            case.line = int(line) + (self.tool == "pytest")  # pytest counts lines from 0
        names, key = self._names[-1], (group, name)
        if key in names:
            suite.twins += 1
        names.add(key)
        if "status" in attributes or "result" in attributes:
            _by_status(case, attributes)

    def _leave_case(self) -> None:
        case = self._case
        if case is None:
            return
        if self._properties:
            case.properties, self._properties = tuple(self._properties), []
        self._suites[-1].own.count(case)
        self.tally.add(case)
        self._case = None

    def _leave_part(self, case: Case, name: str, text: str) -> None:
        attributes = self._attributes
        if name in ("failure", "error"):
            case.failed = case.failed or name == "failure"
            case.error = case.error or name == "error"
            case.message = case.message or attributes.get("message") or text
            case.detail = text
        elif name == "skipped":
            case.skipped = True
            case.reason = attributes.get("message") or text
        elif name in _RERUNS:
            case.retried = _RERUNS[name]
        elif name == "property":
            self._properties.append((attributes.get("name", ""), attributes.get("value") or text))

    def _suite_failure(self, name: str, attributes: dict[str, str]) -> None:
        # A suite that could not be set up has a failure and no case to hang it on.
        suite = self._suites[-1]
        case = Case(suite.name, suite.name, suite.file, message=attributes.get("message", ""))
        case.failed, case.error = name == "failure", name == "error"
        suite.own.count(case)
        self.tally.add(case)


def _by_status(case: Case, attributes: dict[str, str]) -> None:
    for word in (attributes.get("status", "").lower(), attributes.get("result", "").lower()):
        if word in _SKIPPED:
            case.skipped = True
        elif word in _FAILED:
            case.failed = True
        elif word not in _GOOD:
            case.error = True
            case.message = f"the report says {word!r:.60}, which is no outcome that is known"


def _seconds(text: str | None) -> float | None:
    try:
        value = float((text or "").replace(",", ""))
    except ValueError:
        return None
    return value if 0 <= value < 1e9 else None
