"""Read Go cover profiles. Go counts statements in blocks, so ``lines`` are statements here; it has no branches."""

import re

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.coverage.ranges import as_ranges
from standfast.evidence.coverage.schema import Coverage, FileCoverage
from standfast.evidence.coverage.tally import MAX_LINE
from standfast.model import EvidenceError, Examination

FORMAT = Format(
    name="go-cover",
    title="Go cover profile",
    produced_with={"Go": "go test ./... -coverpkg=./... -coverprofile=cover.out"},
)

_BLOCK = re.compile(r"(?P<file>.+):(\d+)\.\d+,(\d+)\.\d+ (\d+) (\d+)")
_MOST_LINES = 5_000_000

Block = tuple[int, int, int]
"""First line, last line, and number of statements."""


def recognise(head: Head) -> bool:
    """Return whether the first line names a cover mode."""
    return head.shape == "text" and head.start.startswith(("mode: set", "mode: count", "mode: atomic"))


def read(data: bytes) -> Reading:
    """Return statements and lines per file; a block that several packages' tests list ran if one ran it."""
    files: dict[str, dict[str, tuple[Block, bool]]] = {}
    for place, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
        if line and not line.startswith("mode:"):
            _take(files, line, place)
    if data and not data.endswith(b"\n"):
        raise EvidenceError("report-truncated", "the last line has no end", hint="run the tool again")
    budget = [_MOST_LINES]
    found = tuple(_file(path, list(blocks.values()), budget) for path, blocks in sorted(files.items()))
    body = Coverage(
        examination=Examination("files", len(found), notes=("Go counts statements, not lines",)),
        files=found,
        lines=sum(file.lines for file in found),
        lines_covered=sum(file.covered for file in found),
    )
    return Reading(body=body, tool="go cover")


def _take(files: dict[str, dict[str, tuple[Block, bool]]], line: str, place: int) -> None:
    match = _BLOCK.fullmatch(line)
    if match is None:
        raise EvidenceError("report-block", f"line {place} is no block of a Go cover profile: {line!r:.80}")
    try:
        first, last, statements, hits = (int(part) for part in match.groups()[1:])
    except ValueError as error:
        raise EvidenceError("report-number", f"line {place} has a number that is too long") from error
    if not 0 < first <= last <= MAX_LINE or statements > MAX_LINE:
        raise EvidenceError("report-line", f"line {place} says lines {first} to {last}, {statements} statements")
    place_of_block = line.rpartition(" ")[0]
    blocks = files.setdefault(match["file"], {})
    before = blocks.get(place_of_block)
    blocks[place_of_block] = ((first, last, statements), hits > 0 or (before is not None and before[1]))


def _file(path: str, blocks: list[tuple[Block, bool]], budget: list[int]) -> FileCoverage:
    ran: set[int] = set()
    seen: set[int] = set()
    for (first, last, _), hit in blocks:
        budget[0] -= last - first + 1
        if budget[0] < 0:
            raise EvidenceError("report-too-large", f"the blocks of the profile span over {_MOST_LINES:,} lines")
        (ran if hit else seen).update(range(first, last + 1))
    return FileCoverage(
        path=path,
        lines=sum(statements for (_, _, statements), _ in blocks),
        covered=sum(statements for (_, _, statements), hit in blocks if hit),
        missed=tuple(sorted(seen - ran)),
        ran=as_ranges(sorted(ran)),
    )
