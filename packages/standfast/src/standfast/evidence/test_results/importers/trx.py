"""Read Visual Studio test results (TRX) of ``dotnet test``."""

import re
from collections.abc import Iterator

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.xml import parse
from standfast.evidence.test_results.tally import Case, Counts, Tally
from standfast.evidence.wording.moments import moment

FORMAT = Format(
    name="trx", title="Visual Studio TRX", produced_with={".NET": 'dotnet test --logger "trx;LogFileName=tests.trx"'}
)

_COUNTERS = {
    "tests": ("total",),
    "executed": ("executed",),
    "failed": ("failed",),
    "errors": ("error", "timeout", "aborted", "inconclusive", "passedButRunAborted"),
}
_MOST_DIGITS = 9
"""Of a counter; what has more is wrong by more than any counting could put right."""
_CLOCK = re.compile(r"(\d{1,4}):(\d\d):(\d\d(?:\.\d+)?)")


def recognise(head: Head) -> bool:
    """Return whether the root is a test run of Visual Studio."""
    return head.root == "TestRun" and "TeamTest" in head.namespace


def read(data: bytes) -> Reading:
    """Return one case per result, against the counters of the summary."""
    report = _Report()
    parse(data, report.on_start, report.on_end)
    tally = report.tally()
    counts = report.worse(tally)
    return Reading(
        body=tally.evidence(counts),
        tool="dotnet test",
        produced_at=moment(report.finished),
        problems=tuple(report.problems(counts)),
    )


class _Result(msgspec.Struct):
    """One result while its elements are read."""

    test: str
    name: str
    outcome: str
    duration: str
    message: str = ""
    output: str = ""


class _Report:
    """What the walk over the elements gathers."""

    def __init__(self) -> None:
        self.finished = ""
        self._results: list[_Result] = []
        self._open: list[_Result] = []
        self._classes: dict[str, str] = {}
        self._counters: dict[str, str] = {}
        self._summary = ""
        self._definition = ""

    def on_start(self, name: str, attributes: dict[str, str]) -> None:
        """Enter one element."""
        match name:
            case "UnitTestResult" | "TestResultAggregation" | "GenericTestResult":
                fields = ("testId", "testName", "outcome", "duration")
                result = _Result(*(attributes.get(field, "") for field in fields))
                self._open.append(result)
                self._results.append(result)
            case "UnitTest":
                self._definition = attributes.get("id", "")
            case "TestMethod":
                self._classes[self._definition] = attributes.get("className", "").partition(",")[0]
            case "ResultSummary":
                self._summary = attributes.get("outcome", "")
            case "Counters":
                self._counters = attributes
            case "Times":
                self.finished = attributes.get("finish", "")

    def on_end(self, name: str, text: str) -> None:
        """Leave one element."""
        if name in ("UnitTestResult", "TestResultAggregation", "GenericTestResult"):
            self._open.pop()
        elif self._open and name == "Message":
            self._open[-1].message = text
        elif self._open and name == "StdOut":
            self._open[-1].output = text

    def tally(self) -> Tally:
        """Return the cases."""
        tally = Tally()
        tally.duration_s = sum(_seconds(result.duration) for result in self._results)
        for result in self._results:
            tally.add(_case(result, self._classes.get(result.test, "")))
        return tally

    def worse(self, tally: Tally) -> Counts:
        """Return the worse of the counted cases and the declared counters; note where they disagree."""
        counts = msgspec.structs.replace(tally.counts)
        for field, attributes in _COUNTERS.items():
            counters = (self._counters.get(name, "") for name in attributes)
            numbers = [int(text[:_MOST_DIGITS]) for text in counters if text.isdecimal()]
            counted = getattr(tally.counts, field)
            declared = sum(numbers)
            # A zero among the errors says little: frameworks count broken cases under half a dozen names.
            if not numbers or declared == counted or (field == "errors" and declared < counted):
                continue
            tally.disagreements.append(f"the summary declares {declared} {field}, its results make {counted}")
            setattr(counts, field, min(declared, counted) if field == "executed" else max(declared, counted))
        return counts

    def problems(self, counts: Counts) -> Iterator[str]:
        """Yield each way in which the run as a whole went wrong."""
        if not self._summary:
            yield "the report has no summary of the run"
        elif self._summary not in ("Completed", "Passed", "Failed", "Warning"):
            yield f"the run ended as {self._summary}"
        elif self._summary == "Failed" and not counts.failed + counts.errors:
            yield "the run failed although none of its cases did"


def _case(result: _Result, name_of_class: str) -> Case:
    case = Case(result.name, name_of_class, message=result.message, reason=result.message or result.output)
    match result.outcome:
        case "Passed":
            pass
        case "Failed":
            case.failed = True
        case "NotExecuted":
            case.skipped = True
        case other:
            case.error = True
            case.message = case.message or f"the outcome is {other or 'missing'}"
    return case


def _seconds(text: str) -> float:
    match = _CLOCK.fullmatch(text)
    return int(match[1]) * 3600 + int(match[2]) * 60 + float(match[3]) if match else 0.0
