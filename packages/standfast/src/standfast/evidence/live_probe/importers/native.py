"""Read the report of Standfast's own live probes; other tools may write the same form.

``{"standfast_live_probe": 1, "target": "https://...", "tool": "...", "started_at": "...",
"results": [{"name": "session.renewed_at_login", "attempts": 3, "failed": 0}]}``
"""

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.decoding import decode_report, malformed
from standfast.evidence.live_probe.schema import LiveProbe, ProbeResult
from standfast.evidence.wording.moments import moment
from standfast.model import Examination

FORMAT = Format(
    name="live-probe",
    title="a Standfast live probe report",
    produced_with={"any": "a script of the project; standfast probe URL (comes with a later version)"},
)
MARK = "standfast_live_probe"


class _Report(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    standfast_live_probe: int
    target: str
    results: tuple[ProbeResult, ...]
    tool: str = "standfast"
    version: str = ""
    started_at: str = ""
    commit: str | None = None


def recognise(head: Head) -> bool:
    """Return whether this is a live probe report."""
    return head.shape == "object" and MARK in head.keys


def read(data: bytes) -> Reading:
    """Return the outcomes of the probes.

    Raises:
        EvidenceError: It is not such a report, names a probe twice or one that does not exist, or counts wrongly.
    """
    report = decode_report(data, _Report, FORMAT.title)
    if report.standfast_live_probe != 1:
        raise malformed(FORMAT.title, f"form {report.standfast_live_probe} is not known")
    names = [one.name for one in report.results]
    if len(set(names)) < len(names):
        raise malformed(FORMAT.title, "a probe is reported twice")
    wrong = next((one.name for one in report.results if not 0 <= one.failed <= one.attempts), None)
    if wrong:
        raise malformed(FORMAT.title, f"{wrong} counts more failures than attempts")
    made = sum(1 for one in report.results if one.attempts)
    body = LiveProbe(
        examination=Examination("probes", examined=made),
        results=report.results,
        target=report.target,
        scope=report.target,
    )
    return Reading(
        body=body,
        tool=report.tool,
        version=report.version,
        produced_at=moment(report.started_at),
        revision=report.commit,
    )
