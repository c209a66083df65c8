"""Read the ``mutations.xml`` of PIT."""

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.xml import parse
from standfast.evidence.mutation.tally import Fate, Tally
from standfast.model import EvidenceError, Location

FORMAT = Format(
    name="pit",
    title="PIT mutations.xml",
    produced_with={
        "Java and Kotlin (Maven)": "mvn test-compile org.pitest:pitest-maven:mutationCoverage -DoutputFormats=XML"
    },
)

_FATES = {
    "KILLED": Fate.KILLED,
    "TIMED_OUT": Fate.KILLED,
    "MEMORY_ERROR": Fate.KILLED,
    "SURVIVED": Fate.SURVIVED,
    "NO_COVERAGE": Fate.UNCOVERED,
    "NON_VIABLE": Fate.INVALID,
    "RUN_ERROR": Fate.UNTRIED,
    "NOT_STARTED": Fate.UNTRIED,
    "STARTED": Fate.UNTRIED,
}


def recognise(head: Head) -> bool:
    """Return whether the root holds mutations."""
    return head.root == "mutations"


def read(data: bytes) -> Reading:
    """Return the mutants by fate.

    Raises:
        EvidenceError: A mutant has a status that PIT does not write.
    """
    tally = Tally()
    state: dict[str, str] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "mutation":
            state.clear()
            state["status"] = attributes.get("status", "")

    def end(name: str, text: str) -> None:
        if name == "mutation":
            _add(tally, state)
        else:
            state[name] = text.strip()

    parse(data, start, end)
    return Reading(body=tally.evidence(), tool="pit")


def _add(tally: Tally, state: dict[str, str]) -> None:
    fate = _FATES.get(state["status"])
    if fate is None:
        raise EvidenceError("report-status", f"found a mutant with the status {state['status']!r:.40}")
    package = state.get("mutatedClass", "").rpartition(".")[0].replace(".", "/")
    path = "/".join(part for part in (package, state.get("sourceFile", "")) if part)
    line = state.get("lineNumber", "")
    place = Location(path, int(line) if line.isdecimal() and len(line) < 9 else 0) if path else None
    tally.add(fate, state.get("description") or state.get("mutator", "a mutant"), place)
