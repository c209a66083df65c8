"""Read the JSON report of pip-licenses."""

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.decoding import decode_report
from standfast.evidence.licences.expression import joined
from standfast.evidence.licences.schema import Licences, Licensed
from standfast.evidence.wording.purl import package_of
from standfast.model import Examination

FORMAT = Format(
    name="pip-licenses",
    title="a pip-licenses JSON report",
    produced_with={"Python": "pip-licenses --format json --from mixed --output-file licences.json"},
)


class _Row(msgspec.Struct, frozen=True, rename="pascal"):
    name: str
    version: str = ""
    license: str = ""
    license_classifier: str = msgspec.field(default="", name="License-Classifier")
    license_metadata: str = msgspec.field(default="", name="License-Metadata")


def recognise(head: Head) -> bool:
    """Return whether this is pip-licenses' JSON."""
    named = {"License", "License-Classifier", "License-Metadata"} & head.keys
    return head.shape == "array" and {"Name", "Version"} <= head.keys and bool(named)


def read(data: bytes) -> Reading:
    """Return the licence of each package; a package of unknown licence has none."""
    rows = decode_report(data, tuple[_Row, ...], FORMAT.title)
    entries = tuple(Licensed(package_of("pypi", row.name, row.version).purl, _licence(row)) for row in rows)
    body = Licences(examination=Examination("packages", examined=len(entries)), entries=entries)
    return Reading(body=body, tool="pip-licenses")


def _licence(row: _Row) -> str:
    for text in (row.license, row.license_metadata, row.license_classifier):
        if text.strip() and text.strip().upper() != "UNKNOWN":
            return joined(text.split(";"))
    return ""
