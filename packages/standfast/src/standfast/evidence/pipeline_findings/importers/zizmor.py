"""Read the JSON of zizmor (version 1 of its form). A report without findings is an empty list: use SARIF."""

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.decoding import decode_report
from standfast.evidence.pipeline_findings.schema import PipelineFindings
from standfast.evidence.wording.severity import severity_named
from standfast.model import Examination, Finding, Location

FORMAT = Format(
    name="zizmor",
    title="a zizmor JSON report",
    produced_with={"GitHub Actions": "zizmor --format json . > zizmor.json"},
)


class _Determinations(msgspec.Struct, frozen=True):
    severity: str = ""


class _Local(msgspec.Struct, frozen=True):
    verbatim_path: str = ""
    given_path: str = ""


class _Key(msgspec.Struct, frozen=True, rename={"local": "Local"}):
    local: _Local | None = None


class _Symbolic(msgspec.Struct, frozen=True):
    key: _Key = _Key()
    annotation: str = ""
    kind: str = ""


class _Point(msgspec.Struct, frozen=True):
    row: int = 0


class _Span(msgspec.Struct, frozen=True):
    start_point: _Point = _Point()


class _Concrete(msgspec.Struct, frozen=True):
    location: _Span = _Span()
    comments: tuple[str, ...] = ()


class _Place(msgspec.Struct, frozen=True):
    symbolic: _Symbolic = _Symbolic()
    concrete: _Concrete = _Concrete()


class _Row(msgspec.Struct, frozen=True):
    ident: str
    desc: str = ""
    url: str = ""
    determinations: _Determinations = _Determinations()
    locations: tuple[_Place, ...] = ()
    ignored: bool = False


def recognise(head: Head) -> bool:
    """Return whether this is zizmor's JSON."""
    return head.shape == "array" and {"ident", "determinations", "locations"} <= head.keys


def read(data: bytes) -> Reading:
    """Return the findings of the report; it does not say which files had none."""
    rows = decode_report(data, tuple[_Row, ...], FORMAT.title)
    body = PipelineFindings.of(
        (_finding(row) for row in rows),
        examination=Examination("files", notes=("zizmor's JSON lists only files with findings",)),
    )
    return Reading(body=body, tool="zizmor")


def _finding(row: _Row) -> Finding:
    place = next((one for one in row.locations if one.symbolic.kind == "Primary"), _Place())
    local = place.symbolic.key.local
    path = (local.verbatim_path or local.given_path).removeprefix("./") if local else ""
    detail = f": {place.symbolic.annotation}" if place.symbolic.annotation else ""
    return Finding(
        message=f"{row.desc}{detail}",
        location=Location(path, max(place.concrete.location.start_point.row, 0) + 1) if path else None,
        rule=row.ident,
        severity=severity_named(row.determinations.severity),
        suppressed=_reason(place) if row.ignored else "",
        fix=row.url,
    )


def _reason(place: _Place) -> str:
    """Return the words behind ``# zizmor: ignore[...]``; a bare one gives no reason."""
    for comment in place.concrete.comments:
        mark, _, words = comment.partition("]")
        if "zizmor: ignore" in mark and words.strip():
            return words.strip()
    return ""
