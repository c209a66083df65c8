"""Read the XML of sslscan."""

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.xml import parse
from standfast.evidence.tls_scan.schema import Endpoint, TlsScan

FORMAT = Format(
    name="sslscan",
    title="an sslscan XML report",
    produced_with={"any": "sslscan --xml=sslscan.xml HOST:443"},
)

_NAMES = {
    ("ssl", "2"): "SSLv2",
    ("ssl", "3"): "SSLv3",
    ("tls", "1.0"): "TLSv1.0",
    ("tls", "1.1"): "TLSv1.1",
    ("tls", "1.2"): "TLSv1.2",
    ("tls", "1.3"): "TLSv1.3",
}


def recognise(head: Head) -> bool:
    """Return whether this is sslscan's XML."""
    return head.shape == "xml" and head.root == "document" and "SSLScan" in head.start


def read(data: bytes) -> Reading:
    """Return the endpoints of the report."""
    walk = _Walk()
    parse(data, walk.start, walk.end)
    return Reading(body=TlsScan.of(walk.endpoints), tool="sslscan", version=walk.version)


class _Walk:
    """One pass over the document."""

    def __init__(self) -> None:
        self.endpoints: list[Endpoint] = []
        self.version = ""
        self._place: tuple[str, int] = ("", 0)
        self._seen: dict[str, bool] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Open an element."""
        if name == "document":
            self.version = attributes.get("version", "")
        elif name == "ssltest":
            port = attributes.get("port", "")
            number = int(port) if port.isdecimal() and len(port) < 6 else 0
            self._place, self._seen = (attributes.get("host", ""), number), {}
        elif name == "protocol":
            known = _NAMES.get((attributes.get("type", ""), attributes.get("version", "")))
            if known:
                self._seen[known] = attributes.get("enabled") == "1"

    def end(self, name: str, text: str) -> None:
        """Close an element."""
        if name == "ssltest":
            self.endpoints.append(
                Endpoint(
                    host=self._place[0],
                    port=self._place[1],
                    accepted=tuple(one for one, enabled in self._seen.items() if enabled),
                    unknown=tuple(one for one in _NAMES.values() if one not in self._seen),
                )
            )
