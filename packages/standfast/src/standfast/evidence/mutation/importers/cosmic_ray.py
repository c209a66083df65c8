"""Read the lines of ``cosmic-ray dump``: pairs of a work item and its result, null where it was not tried."""

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.decoding import malformed
from standfast.evidence.mutation.tally import Fate, Tally
from standfast.model import Location

FORMAT = Format(
    name="cosmic-ray",
    title="Cosmic Ray dump",
    produced_with={"Python": "cosmic-ray dump session.sqlite > cosmic-ray.jsonl"},
)

_FATES = {"survived": Fate.SURVIVED, "killed": Fate.KILLED, "incompetent": Fate.INVALID}


class _Change(msgspec.Struct):
    module_path: str
    operator_name: str = "a mutant"
    start_pos: tuple[int, int] = (0, 0)


class _Item(msgspec.Struct):
    job_id: str
    mutations: list[_Change] = []


class _Result(msgspec.Struct):
    worker_outcome: str = ""
    test_outcome: str | None = None


_Pair = tuple[_Item, _Result | None]


def recognise(head: Head) -> bool:
    """Return whether the first line is a pair that starts with a job."""
    return head.start.lstrip().startswith('[{"job_id"')


def read(data: bytes) -> Reading:
    """Return the mutants by fate.

    Raises:
        EvidenceError: A line is no such pair.
    """
    decoder = msgspec.json.Decoder(_Pair)
    tally = Tally()
    for place, line in enumerate(data.splitlines(), 1):
        if not line.strip():
            continue
        try:
            item, result = decoder.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise malformed("a Cosmic Ray dump", f"line {place}: {error}") from error
        change = item.mutations[0] if item.mutations else _Change("")
        place_of_change = Location(change.module_path, max(change.start_pos[0], 0)) if change.module_path else None
        tally.add(_fate(result), change.operator_name, place_of_change)
    return Reading(body=tally.evidence(), tool="cosmic-ray")


def _fate(result: _Result | None) -> Fate:
    if result is None or result.worker_outcome in ("abnormal", "exception"):
        return Fate.UNTRIED
    if result.worker_outcome in ("no-test", "skipped"):
        return Fate.INVALID
    return _FATES.get(result.test_outcome or "", Fate.UNTRIED)
