"""The population in the bundle, compared with the one that follows from the entries."""

from collections import Counter
from collections.abc import Iterator

from standfast.app.export.auditor.changes import COLUMNS, csv_line, json_line
from standfast.app.export.auditor.files import Files
from standfast.app.export.auditor.findings import INCOMPLETE, VIOLATION, Findings


class Listing:
    """Compares the population in the bundle, line by line, with the one that follows from the entries."""

    def __init__(self, files: Files, findings: Findings) -> None:
        self._findings, self._count, self._wrong = findings, 0, Counter[str]()
        self._held = ""  # the newest row in JSON: whether a comma follows it is known only then
        self._lines: dict[str, Iterator[bytes]] = {}
        for name, head in (("population.csv", ",".join(COLUMNS)), ("population.json", "[")):
            if name not in files.sizes:
                findings.add(INCOMPLETE, "file-missing", name, "it is not in the bundle")
                continue
            self._lines[name] = files.lines(name)
            self._expect(name, head)

    def compare(self, row: dict[str, object]) -> None:
        """Compare the next row."""
        if self._held:
            self._expect("population.json", f"{self._held},")
        self._count += 1
        self._expect("population.csv", csv_line(row))
        self._held = json_line(row)

    def end(self) -> None:
        """Let there be no further row."""
        if self._held:
            self._expect("population.json", self._held)
        self._expect("population.json", "]")
        for name, lines in self._lines.items():
            more = sum(1 for _ in lines)
            if more:
                self._findings.add(VIOLATION, "population-differs", name, f"{more:,} rows that no entry tells of")

    def _expect(self, name: str, line: str) -> None:
        if name not in self._lines:
            return
        found = next(self._lines[name], b"")
        if found != line.encode():
            self._wrong[name] += 1
            if self._wrong[name] <= 3:
                text = f"it has {found[:60].decode('latin-1')!r}, the entries say {line[:60]!r}"
                self._findings.add(VIOLATION, "population-differs", f"{name}, row {self._count}", text)
