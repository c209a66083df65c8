"""Read the Test Anything Protocol, versions 12 to 14."""

import re

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.test_results.tally import Case, Counts, Tally

FORMAT = Format(
    name="tap",
    title="TAP",
    produced_with={
        "Node": "node --test --test-reporter=tap > tests.tap",
        "Perl": "prove --verbose t/ > tests.tap",
        "Shell": "bats --tap tests/ > tests.tap",
    },
)

_POINT = re.compile(r"(?P<indent>\s*)(?P<not>not )?ok\b\s*(?P<number>\d{1,9})?\s*-?\s*(?P<rest>.*)")
_PLAN = re.compile(r"1\.\.(\d{1,9})\b(?P<rest>.*)")
_DIRECTIVE = re.compile(r"(?<!\\)#\s*+(?P<word>skip\w*+|todo)\b\s*+(?P<reason>.*)", re.IGNORECASE)
_START = re.compile(r"(TAP version 1[234]\b|1\.\.\d+\s*$|(not )?ok 1\b)", re.MULTILINE)


def recognise(head: Head) -> bool:
    """Return whether the text starts with a version, a plan or a first test point."""
    return head.shape == "text" and _START.match(head.start.lstrip()) is not None


def read(data: bytes) -> Reading:
    """Return one case per test point. A failed point that is marked TODO is skipped with a reason."""
    tap = _Tap()
    in_yaml = False
    for line in data.decode("utf-8", "replace").splitlines():
        stripped = line.strip()
        if in_yaml or stripped == "---":
            in_yaml = stripped != "..."
            continue
        tap.take(line)
    problems = list(tap.problems)
    if in_yaml:
        problems.append("the report ends inside of a diagnostic block")
    if tap.planned is None:
        problems.append("the report has no plan, so it may be cut short")
    elif tap.planned > tap.points:
        problems.append(f"the plan announces {tap.planned} tests and the report ends after {tap.points}")
    if not data.endswith(b"\n"):
        problems.append("the last line of the report has no end, so it may be cut short")
    return Reading(body=tap.tally.evidence(tap.worse()), tool="tap", problems=tuple(problems))


class _Tap:
    """What the lines add up to."""

    def __init__(self) -> None:
        self.tally = Tally()
        self.planned: int | None = None
        self.problems: list[str] = []
        self.points = 0
        self._subtest = ""

    def take(self, line: str) -> None:
        """Take one line."""
        if line.startswith("Bail out!"):
            self.problems.append(f"the run bailed out: {line[9:].strip()[:200]}")
        elif match := _PLAN.match(line):
            self.planned = int(match[1])
            if self.planned == 0:
                self.problems.append(f"every test was skipped: {match['rest'].strip(' #')[:200]}")
        elif line.lstrip().startswith("# Subtest:") and not line.startswith(" "):
            self._subtest = line.partition(":")[2].strip()
        elif match := _POINT.fullmatch(line):
            self._point(match)

    def _point(self, match: re.Match[str]) -> None:
        top = not match["indent"]
        self.points += top
        rest = match["rest"]
        directive = _DIRECTIVE.search(rest)
        name = (rest[: directive.start()].rstrip() if directive else rest) or f"test {match['number'] or self.points}"
        case = Case(name, self._subtest if not top else "")
        case.failed = match["not"] is not None
        if directive and (directive["word"].lower().startswith("skip") or case.failed):
            case.failed, case.skipped, case.reason = False, True, directive["reason"]
        self.tally.add(case)

    def worse(self) -> Counts:
        """Return the counts, with the tests that the plan announces and the report lacks."""
        counts = Counts()
        counts.add(self.tally.counts)
        if self.planned is not None and self.planned != self.points:
            self.tally.disagreements.append(f"the plan announces {self.planned} tests, the report has {self.points}")
            counts.tests += max(self.planned - self.points, 0)
        return counts
