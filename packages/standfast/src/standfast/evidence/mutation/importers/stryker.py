"""Read the mutation testing report of Stryker (JavaScript, .NET, Scala) and of Infection."""

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.decoding import decode_report
from standfast.evidence.mutation.tally import Fate, Tally
from standfast.model import EvidenceError, Location

FORMAT = Format(
    name="stryker",
    title="Stryker mutation report",
    produced_with={
        "JavaScript": "npx stryker run --reporters json",
        ".NET": "dotnet stryker --reporter json",
    },
)

_FATES = {
    "Killed": Fate.KILLED,
    "Timeout": Fate.KILLED,
    "Survived": Fate.SURVIVED,
    "NoCoverage": Fate.UNCOVERED,
    "CompileError": Fate.INVALID,
    "RuntimeError": Fate.INVALID,
    "Ignored": Fate.INVALID,
    "Pending": Fate.UNTRIED,
}


class _Point(msgspec.Struct):
    line: int


class _Span(msgspec.Struct):
    start: _Point


class _Mutant(msgspec.Struct, rename="camel"):
    status: str
    location: _Span
    mutator_name: str = "a mutant"
    replacement: str | None = None


class _File(msgspec.Struct):
    mutants: list[_Mutant]


class _Report(msgspec.Struct, rename="camel"):
    files: dict[str, _File]
    schema_version: str


def recognise(head: Head) -> bool:
    """Return whether the top object has the report's version, thresholds and files."""
    return head.shape == "object" and {"schemaVersion", "thresholds", "files"} <= head.keys


def read(data: bytes) -> Reading:
    """Return the mutants by fate.

    Raises:
        EvidenceError: A mutant has a status that the report format does not know.
    """
    report = decode_report(data, _Report, "a mutation testing report")
    tally = Tally()
    for path, file in report.files.items():
        for mutant in file.mutants:
            fate = _FATES.get(mutant.status)
            if fate is None:
                raise EvidenceError("report-status", f"found a mutant with the status {mutant.status!r:.40}")
            what = f"{mutant.mutator_name}: {mutant.replacement}" if mutant.replacement else mutant.mutator_name
            tally.add(fate, what, Location(path.replace("\\", "/"), max(mutant.location.start.line, 0)))
    return Reading(body=tally.evidence(), tool="stryker")
