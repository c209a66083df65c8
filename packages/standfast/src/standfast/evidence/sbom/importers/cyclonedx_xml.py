"""Read a CycloneDX document in XML, version 1.2 to 1.7: its components and their licences."""

import re

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.decoding import malformed
from standfast.evidence.formats.xml import parse
from standfast.evidence.sbom.cyclonedx import readings_of
from standfast.evidence.sbom.cyclonedx_shape import Bom, Composition, License, LicenseChoice, Metadata, Part
from standfast.evidence.wording.moments import moment

FORMAT = Format(
    name="cyclonedx-xml",
    title="a CycloneDX XML document",
    produced_with={"Java": "mvn org.cyclonedx:cyclonedx-maven-plugin:makeAggregateBom -DoutputFormat=xml"},
)

_NAMESPACE = re.compile(r"http://cyclonedx\.org/schema/bom/(?P<version>1\.[2-7])\Z")
_MANY = 100
"""More licences or hashes of one component are not read."""
_DECLARED = re.compile(r"http://cyclonedx\.org/schema/bom/(?P<version>[\d.]+)")


def recognise(head: Head) -> bool:
    """Return whether this is CycloneDX in XML."""
    return head.shape == "xml" and head.root == "bom" and "cyclonedx.org" in head.namespace


def read(data: bytes) -> tuple[Reading, ...]:
    """Return the bill of materials and the licences of the document.

    Raises:
        EvidenceError: It is not such a document, of a version that is not known, or holds vulnerabilities: those
            are read from JSON only.
    """
    found = _DECLARED.search(data[:4096].decode("utf-8", "replace"))
    version = found["version"] if found else "no version"
    if not _NAMESPACE.match(f"http://cyclonedx.org/schema/bom/{version}"):
        raise malformed(FORMAT.title, f"{version} is not one of 1.2 to 1.7")
    walk = _Walk()
    parse(data, walk.start, walk.end)
    if walk.vulnerabilities:
        raise malformed(FORMAT.title, "it holds vulnerabilities, which are read from the JSON form only")
    bom = Bom(
        bomFormat="CycloneDX",
        specVersion=version,
        metadata=Metadata(component=walk.root),
        components=tuple(walk.parts),
        compositions=tuple(Composition(one) for one in walk.aggregates),
    )
    made_at = moment(walk.timestamp)
    return tuple(Reading(body=body, tool="cyclonedx", produced_at=made_at) for body in readings_of(bom))


class _Walk:
    """One pass; a component is closed into ``parts`` in document order of its end, nested ones first."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.root: Part | None = None
        self.aggregates: list[str] = []
        self.timestamp = ""
        self.vulnerabilities = 0
        self._path: list[str] = []
        self._open: list[Part] = []
        self._licence = License()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Open an element."""
        self._path.append(name)
        if name == "component":
            self._open.append(Part(name="", type=attributes.get("type", "library"), ref=attributes.get("bom-ref", "")))
        elif name == "license":
            self._licence = License()
        elif name == "vulnerability":
            self.vulnerabilities += 1

    def end(self, name: str, text: str) -> None:
        """Close an element."""
        self._path.pop()
        parent = self._path[-1] if self._path else ""
        value = text.strip()
        if name == "component":
            self._close()
        elif name == "aggregate":
            self.aggregates.append(value)
        elif name == "timestamp" and parent == "metadata":
            self.timestamp = value
        elif self._open:
            self._inside(name, parent, value)

    def _close(self) -> None:
        part = self._open.pop()
        if "metadata" in self._path and "tools" not in self._path and not self._open:
            self.root = part
        elif "metadata" not in self._path:
            self.parts.append(part)

    def _inside(self, name: str, parent: str, value: str) -> None:
        part = self._open[-1]
        if parent == "component" and name in ("name", "group", "version", "purl", "scope"):
            self._open[-1] = msgspec.structs.replace(part, **{name: value})
        elif parent == "license" and name in ("id", "name"):
            self._licence = msgspec.structs.replace(self._licence, **{name: value})
        elif parent == "licenses" and name in ("license", "expression") and len(part.licenses) < _MANY:
            choice = LicenseChoice(expression=value) if name == "expression" else LicenseChoice(license=self._licence)
            self._open[-1] = msgspec.structs.replace(part, licenses=(*part.licenses, choice))
        elif name == "hash" and len(part.hashes) < _MANY:
            self._open[-1] = msgspec.structs.replace(part, hashes=(*part.hashes, msgspec.Raw(b"null")))
