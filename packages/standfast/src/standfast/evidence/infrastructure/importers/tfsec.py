"""Read the JSON of tfsec; it lists only what failed."""

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.decoding import decode_report
from standfast.evidence.infrastructure.schema import Infrastructure
from standfast.evidence.wording.severity import severity_named
from standfast.model import Examination, Finding, Location

FORMAT = Format(
    name="tfsec",
    title="a tfsec JSON report",
    produced_with={"Terraform": "tfsec --format json --out tfsec.json ."},
)


class _Place(msgspec.Struct, frozen=True):
    filename: str = ""
    start_line: int = 0


class _Row(msgspec.Struct, frozen=True):
    long_id: str
    description: str = ""
    rule_description: str = ""
    resolution: str = ""
    severity: str = ""
    location: _Place = _Place()


class _Report(msgspec.Struct, frozen=True):
    results: tuple[_Row, ...]


def recognise(head: Head) -> bool:
    """Return whether this is tfsec's JSON; one without findings names no tool."""
    return head.shape == "object" and head.keys == {"results"} and '"long_id"' in head.start


def read(data: bytes) -> Reading:
    """Return the findings of the report; it does not say how much it looked at."""
    report = decode_report(data, _Report, FORMAT.title)
    body = Infrastructure.of(
        (
            Finding(
                message=row.description or row.rule_description or row.long_id,
                location=Location(row.location.filename, max(row.location.start_line, 0)),
                rule=row.long_id,
                severity=severity_named(row.severity),
                fix=row.resolution,
            )
            for row in report.results
        ),
        examination=Examination("files", notes=("tfsec lists only what failed",)),
        frameworks=("terraform",),
    )
    return Reading(body=body, tool="tfsec")
