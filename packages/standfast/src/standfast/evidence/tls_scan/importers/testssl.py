"""Read the flat JSON of testssl.sh (``--jsonfile``)."""

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.decoding import decode_report, malformed
from standfast.evidence.tls_scan.schema import Endpoint, TlsScan

FORMAT = Format(
    name="testssl",
    title="a testssl.sh JSON report",
    produced_with={"any": "testssl.sh --jsonfile testssl.json HOST:443"},
)

_IDS = {
    "SSLv2": "SSLv2",
    "SSLv3": "SSLv3",
    "TLS1": "TLSv1.0",
    "TLS1_1": "TLSv1.1",
    "TLS1_2": "TLSv1.2",
    "TLS1_3": "TLSv1.3",
}


class _Row(msgspec.Struct, frozen=True):
    id: str
    ip: str = ""
    port: str = ""
    finding: str = ""
    severity: str = ""


def recognise(head: Head) -> bool:
    """Return whether this is testssl.sh's flat JSON."""
    return head.shape == "array" and {"id", "ip", "port", "severity", "finding"} <= head.keys


def read(data: bytes) -> Reading:
    """Return the endpoints of the report.

    Raises:
        EvidenceError: It is not such a report, or says that the scan failed.
    """
    rows = decode_report(data, tuple[_Row, ...], FORMAT.title)
    broken = next((row for row in rows if row.id == "scanProblem" or row.severity == "FATAL"), None)
    if broken:
        raise malformed(FORMAT.title, broken.finding)
    groups: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows:
        if row.id in _IDS or row.id == "cert_trust" or row.id.startswith("cert_chain_of_trust"):
            groups.setdefault((row.ip, row.port), {})[row.id] = row.finding
    return Reading(body=TlsScan.of(_endpoint(place, found) for place, found in groups.items()), tool="testssl.sh")


def _endpoint(place: tuple[str, str], found: dict[str, str]) -> Endpoint:
    chain = next((text for name, text in found.items() if name.startswith("cert_chain_of_trust")), "")
    return Endpoint(
        host=place[0].partition("/")[0],
        port=int(place[1]) if place[1].isdecimal() and len(place[1]) < 6 else 0,
        accepted=tuple(_IDS[name] for name, text in found.items() if name in _IDS and text.startswith("offered")),
        unknown=tuple(one for name, one in _IDS.items() if name not in found),
        trusted=chain.startswith("passed") if chain else None,
    )
