"""Read the JSON lines of Nuclei; it lists only what it found."""

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.dast.schema import Dast
from standfast.evidence.formats.decoding import decode_stream
from standfast.evidence.wording.severity import severity_named
from standfast.model import Examination, Finding

FORMAT = Format(
    name="nuclei",
    title="a Nuclei JSON lines report",
    produced_with={"any": "nuclei -u URL -jsonl -o nuclei.jsonl"},
)


class _Info(msgspec.Struct, frozen=True):
    name: str = ""
    severity: str = ""


class _Row(msgspec.Struct, frozen=True, rename="kebab"):
    template_id: str
    info: _Info = _Info()
    matched_at: str = ""


def recognise(head: Head) -> bool:
    """Return whether these are Nuclei's JSON lines."""
    return head.shape in ("lines", "object") and {"template-id", "info"} <= head.keys


def read(data: bytes) -> Reading:
    """Return the matches; the report does not say how much was tried."""
    rows = tuple(decode_stream(data, _Row, FORMAT.title))
    body = Dast.of(
        (
            Finding(
                message=f"{row.info.name}: {row.matched_at}",
                rule=row.template_id,
                severity=severity_named(row.info.severity),
            )
            for row in rows
        ),
        examination=Examination("templates", notes=("nuclei lists only matches",)),
    )
    return Reading(body=body, tool="nuclei")
