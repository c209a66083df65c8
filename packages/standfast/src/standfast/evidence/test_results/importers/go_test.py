"""Read the event lines of ``go test -json``."""

from collections import deque
from datetime import datetime

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.test_results.tally import Case, Tally
from standfast.evidence.wording.moments import moment
from standfast.model import EvidenceError

FORMAT = Format(
    name="go-test", title="go test -json", produced_with={"Go": "go test -json ./... > tests.json  # exit 1 = failures"}
)

_FINAL = ("pass", "fail", "skip")
_FRAMING = ("=== ", "--- ", "PASS", "FAIL", "ok ", "?   ", "exit status")


class _Event(msgspec.Struct):
    action: str = msgspec.field(name="Action")
    package: str = msgspec.field(name="Package", default="")
    import_path: str = msgspec.field(name="ImportPath", default="")
    test: str = msgspec.field(name="Test", default="")
    output: str = msgspec.field(name="Output", default="")
    elapsed: float = msgspec.field(name="Elapsed", default=0.0)
    time: str = msgspec.field(name="Time", default="")


class _Unit(msgspec.Struct):
    """One test, or one package: every final action it had, and the last it wrote."""

    finals: list[str] = []
    said: deque[str] = msgspec.field(default_factory=lambda: deque(maxlen=4))


def recognise(head: Head) -> bool:
    """Return whether the first line is an event of test2json."""
    return head.shape in ("lines", "object") and "Action" in head.keys and bool(head.keys & {"Package", "ImportPath"})


def read(data: bytes) -> Reading:
    """Return one case per test and subtest; a test or package without an end is an error.

    Raises:
        EvidenceError: The last line is cut short.
    """
    events = _Events()
    lines = data.splitlines()
    decoder = msgspec.json.Decoder(_Event)
    for place, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            events.take(decoder.decode(line))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            if place == len(lines) or line.lstrip()[:1] == b"{":
                raise EvidenceError(
                    "report-truncated",
                    f"line {place} is no event of go test: {error}",
                    hint="run `go test -json` again",
                ) from error
            events.stray(line.decode("utf-8", "replace"))
    return Reading(body=events.tally().evidence(), tool="go test", produced_at=events.last)


class _Events:
    """What the events add up to."""

    def __init__(self) -> None:
        self.last: datetime | None = None
        self._tests: dict[tuple[str, str], _Unit] = {}
        self._packages: dict[str, _Unit] = {}
        self._seconds = 0.0

    def take(self, event: _Event) -> None:
        """Take one event."""
        package = event.package or event.import_path.partition(" ")[0]
        if event.test:
            unit = self._tests.setdefault((package, event.test), _Unit([]))
        else:
            unit = self._packages.setdefault(package, _Unit([]))
        if event.action in _FINAL:
            unit.finals.append(event.action)
            if not event.test:
                self._seconds += event.elapsed
                self.last = moment(event.time) or self.last
        elif event.action == "build-fail":
            unit.finals.append("fail")
        elif event.action in ("output", "build-output") and not event.output.lstrip().startswith(_FRAMING):
            unit.said.append(event.output.strip())

    def stray(self, line: str) -> None:
        """Take a line that is no event; older versions write failed builds so."""
        if line.startswith("FAIL"):
            package = line.split()[1] if len(line.split()) > 1 else "?"
            self._packages.setdefault(package, _Unit([])).finals.append("fail")

    def tally(self) -> Tally:
        """Return the cases."""
        tally = Tally()
        tally.duration_s = self._seconds
        failing = set()
        for (package, test), unit in self._tests.items():
            case = _case(package, test, unit)
            if case.failed or case.error:
                failing.add(package)
            tally.add(case)
        for package, unit in self._packages.items():
            if package not in failing and (not unit.finals or "fail" in unit.finals):
                # The package broke outside of its tests: a failed build, a panic, an exit in TestMain.
                what = "failed outside of its tests" if unit.finals else "has no end; the run was cut short"
                tally.add(Case(package, package, error=True, message=" ".join([f"the package {what}:", *unit.said])))
        return tally


def _case(package: str, test: str, unit: _Unit) -> Case:
    said = " ".join(unit.said)
    case = Case(test, package, message=said, reason=said)
    case.failed = "fail" in unit.finals
    case.skipped = not case.failed and "skip" in unit.finals
    if not unit.finals:
        case.error, case.message = True, "the test has no end; the run was cut short"
    if case.failed and "pass" in unit.finals:
        case.retried = "failed in one try and passed in another"
    return case
