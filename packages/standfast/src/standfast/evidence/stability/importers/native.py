"""Read the native form for repeated runs of the tests."""

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.native import Count, Native, is_native, native, native_reading
from standfast.evidence.stability.schema import Stability
from standfast.model import Examination, Finding, Items, Location

FORMAT = Format(
    name="stability",
    title="a comparison of repeated runs of the tests",
    produced_with={"Python": "standfast tests repeat --output stability.json"},
)


class Differing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A test that did not end alike in every run: its id, and how it ended in each (``""`` where it did not run)."""

    test: str
    outcomes: tuple[str, ...]


class Document(Native, frozen=True, forbid_unknown_fields=True):
    """The document that `standfast tests repeat` writes."""

    standfast_stability: int
    run_count: Count
    orders: Count
    tests: Count
    differing: tuple[Differing, ...] = ()


def recognise(head: Head) -> bool:
    """Return whether this is such a statement."""
    return is_native(head, "stability")


def read(data: bytes) -> Reading:
    """Return what the statement says about repeated runs.

    Raises:
        EvidenceError: It is not such a statement.
    """
    document = native(data, Document, "stability", FORMAT.title)
    return native_reading(document, stability_of(document))


def stability_of(document: Document) -> Stability:
    """Return what *document* says, as evidence."""
    return Stability(
        examination=Examination("tests", examined=document.tests),
        items=Items.of([_finding(one) for one in document.differing]),
        runs=document.run_count,
        orders=document.orders,
        tests=document.tests,
    )


def _finding(one: Differing) -> Finding:
    ends = ", ".join(outcome or "not run" for outcome in one.outcomes)
    return Finding(f"{one.test} ended differently: {ends}", Location(one.test.partition("::")[0]), rule="flaky")
