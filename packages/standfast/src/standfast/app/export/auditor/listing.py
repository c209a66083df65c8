"""The lists in the bundle, compared with those that follow from the entries."""

from collections import Counter
from collections.abc import Iterator

from standfast.app.export.auditor.assessment import (
    ASSESSMENT,
    ASSESSMENT_HEAD,
    assessment_foot,
    assessment_line,
    no_assessment_line,
)
from standfast.app.export.auditor.chains import Scope
from standfast.app.export.auditor.changes import COLUMNS, csv_line, json_line
from standfast.app.export.auditor.events import Event
from standfast.app.export.auditor.files import Files
from standfast.app.export.auditor.findings import INCOMPLETE, VIOLATION, Findings
from standfast.app.export.auditor.notes import Checkpoint

_HEADS = {"population.csv": ",".join(COLUMNS), "population.json": "[", ASSESSMENT: ASSESSMENT_HEAD}


class Listing:
    """Compares the lists in the bundle, line by line, with those that follow from the entries."""

    def __init__(self, files: Files, findings: Findings) -> None:
        self._findings = findings
        self._counts, self._wrong = Counter[str](), Counter[str]()
        self._held: dict[str, tuple[str, int]] = {}  # the newest row: whether a comma follows it is known only then
        self._lines: dict[str, Iterator[bytes]] = {}
        for name, head in _HEADS.items():
            if name not in files.sizes:
                findings.add(INCOMPLETE, "file-missing", name, "it is not in the bundle")
                continue
            self._lines[name] = files.lines(name)
            self._expect(name, head)

    def compare(self, row: dict[str, object]) -> None:
        """Compare the next row of the population."""
        self._counts["population.csv"] += 1
        self._expect("population.csv", csv_line(row))
        self._row("population.json", json_line(row))

    def decided(self, event: Event, verdict: bytes | None) -> None:
        """Compare the next decision; where its verdict is not in the bundle, its line may have told more."""
        self._row(ASSESSMENT, assessment_line(event, verdict), VIOLATION if verdict else INCOMPLETE)

    def end(self, checkpoint: Checkpoint, scope: Scope, newest: str) -> None:
        """Let there be no further row."""
        if ASSESSMENT not in self._held:
            self._row(ASSESSMENT, no_assessment_line(scope))
        for name, foot in (("population.json", "]"), (ASSESSMENT, assessment_foot(checkpoint, scope, newest))):
            if name in self._held:
                self._expect(name, *self._held.pop(name))
            self._expect(name, foot)
        for name, lines in self._lines.items():
            more = sum(1 for _ in lines)
            if more:
                self._findings.add(VIOLATION, _differs(name), name, f"{more:,} rows that no entry tells of")

    def _row(self, name: str, line: str, code: int = VIOLATION) -> None:
        if name in self._held:
            before, its_code = self._held[name]
            self._expect(name, f"{before},", its_code)
        self._counts[name] += 1
        self._held[name] = (line, code)

    def _expect(self, name: str, line: str, code: int = VIOLATION) -> None:
        if name not in self._lines:
            return
        found = next(self._lines[name], b"")
        if found != line.encode():
            self._wrong[name] += 1
            if self._wrong[name] <= 3:
                text = f"it has {found[:60].decode('latin-1')!r}, the entries say {line[:60]!r}"
                self._findings.add(code, _differs(name), f"{name}, row {self._counts[name]}", text)


def _differs(name: str) -> str:
    return "assessment-differs" if name == ASSESSMENT else "population-differs"
