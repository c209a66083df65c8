"""Read the totals of mutmut (``mutmut export-cicd-stats``). It lists no mutants, so none can be shown."""

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.decoding import decode_report, malformed
from standfast.evidence.mutation.tally import Fate, Tally

FORMAT = Format(
    name="mutmut",
    title="mutmut totals",
    produced_with={"Python": "mutmut run; mutmut export-cicd-stats  # mutants/mutmut-cicd-stats.json"},
)


class _Stats(msgspec.Struct):
    killed: int
    survived: int
    total: int
    no_tests: int = 0
    skipped: int = 0
    suspicious: int = 0
    timeout: int = 0
    segfault: int = 0
    check_was_interrupted_by_user: int | bool = 0


def recognise(head: Head) -> bool:
    """Return whether the top object has mutmut's counters."""
    return head.shape == "object" and {"killed", "survived", "total", "suspicious"} <= head.keys


def read(data: bytes) -> Reading:
    """Return the totals; mutants that the total counts and no counter names were never tried.

    Raises:
        EvidenceError: A counter is negative.
    """
    stats = decode_report(data, _Stats, "mutmut's totals")
    fates = {
        Fate.KILLED: stats.killed + stats.timeout,
        Fate.SURVIVED: stats.survived + stats.suspicious,
        Fate.UNCOVERED: stats.no_tests,
        Fate.INVALID: stats.skipped,
        Fate.UNTRIED: stats.segfault,
    }
    if min(*fates.values(), stats.total, stats.killed, stats.survived, stats.timeout, stats.suspicious) < 0:
        raise malformed("mutmut's totals", "a counter is negative")
    counted = sum(fates.values())
    fates[Fate.UNTRIED] += max(stats.total - counted, 0)
    tally = Tally()
    for fate, count in fates.items():
        tally.add(fate, "a mutant", None, count)
    disagreements = (f"the totals name {stats.total} mutants, their counters make {counted}",)
    return Reading(
        body=tally.evidence(disagreements if counted != stats.total else ()),
        tool="mutmut",
        problems=("the run was interrupted",) if stats.check_was_interrupted_by_user else (),
    )
