"""Read the native form for what the commits of a change were found to be."""

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.native import Native, is_native, native, native_reading
from standfast.evidence.tdd_cycles.schema import CommitStep, TddCycles
from standfast.model import Examination

FORMAT = Format(
    name="tdd-cycles",
    title="a replay of a history's tests",
    produced_with={"Python": "standfast tdd replay --output tdd.json"},
)


class Document(Native, frozen=True, forbid_unknown_fields=True):
    """The document that `standfast tdd replay` writes."""

    standfast_tdd_cycles: int
    commits: tuple[CommitStep, ...]


def recognise(head: Head) -> bool:
    """Return whether this is such a statement."""
    return is_native(head, "tdd_cycles")


def read(data: bytes) -> Reading:
    """Return what the statement says about each commit.

    Raises:
        EvidenceError: It is not such a statement.
    """
    document = native(data, Document, "tdd_cycles", FORMAT.title)
    return native_reading(document, cycles_of(document))


def cycles_of(document: Document) -> TddCycles:
    """Return what *document* says, as evidence."""
    examination = Examination("commits", examined=len(document.commits))
    return TddCycles(examination=examination, commits=document.commits)
