"""Read an SPDX 2.2 or 2.3 document in tag-value form."""

import re
from collections.abc import Iterator

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.decoding import malformed
from standfast.evidence.sbom.importers.spdx_json import tool_of
from standfast.evidence.sbom.spdx import VERSIONS, SpdxPackage, readings_of
from standfast.evidence.wording.moments import moment

FORMAT = Format(
    name="spdx-tag-value",
    title="an SPDX tag-value document",
    produced_with={"container image": "syft IMAGE -o spdx-tag-value > bom.spdx"},
)

_TAG = re.compile(r"(?P<tag>[A-Za-z][A-Za-z0-9-]*):[ \t]*(?P<value>.*)")
_TEXT = "<text>"


def recognise(head: Head) -> bool:
    """Return whether this is SPDX 2 in tag-value form."""
    return head.shape == "text" and "SPDXVersion:" in head.start


def read(data: bytes) -> tuple[Reading, ...]:
    """Return the bill of materials and the licences that the document holds.

    Raises:
        EvidenceError: It is not such a document, or of a version that is not known.
    """
    document = _Document()
    for tag, value in _pairs(data):
        document.take(tag, value)
    if document.version not in VERSIONS:
        raise malformed(FORMAT.title, f"{document.version or 'no version'} is not one of {', '.join(sorted(VERSIONS))}")
    bodies = readings_of(
        document.version,
        tuple(document.packages()),
        described=frozenset(document.described),
        related=frozenset(document.related),
    )
    tool, version = tool_of(document.creators)
    made_at = moment(document.created)
    return tuple(Reading(body=body, tool=tool, version=version, produced_at=made_at) for body in bodies)


def _pairs(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield tags and values; a value between ``<text>`` and ``</text>`` may span lines."""
    try:
        lines = iter(data.decode("utf-8-sig").splitlines())
    except UnicodeDecodeError as error:
        raise malformed(FORMAT.title, str(error)) from error
    for line in lines:
        match = _TAG.match(line)
        if match is None:
            continue
        value = match["value"].strip()
        if value.startswith(_TEXT):
            value = value.removeprefix(_TEXT)
            while "</text>" not in value:
                more = next(lines, None)
                if more is None:
                    raise malformed(FORMAT.title, f"the text of {match['tag']} does not end")
                value = f"{value[:2000]} {more}"
            value = value.partition("</text>")[0].strip()
        yield match["tag"], value


class _Document:
    """The document as far as it has been read."""

    def __init__(self) -> None:
        self.version = self.created = ""
        self.creators: list[str] = []
        self.described: list[str] = []
        self.related: list[str] = []
        self._found: list[dict[str, str]] = []
        self._current: dict[str, str] | None = None

    def take(self, tag: str, value: str) -> None:
        """Take one tag; those of files and snippets end the package before them."""
        if tag in ("FileName", "SnippetSPDXID", "LicenseID"):
            self._current = None
        elif tag == "PackageName":
            self._current = {"PackageName": value}
            self._found.append(self._current)
        elif tag == "Relationship":
            self._relate(value.split())
        elif self._current is None:
            self._header(tag, value)
        elif tag == "ExternalRef":
            self._reference(value.split(), self._current)
        elif tag == "PackageChecksum":
            self._current["hashes"] = str(int(self._current.get("hashes", "0")) + 1)
        else:
            self._current.setdefault(tag, value)

    def packages(self) -> Iterator[SpdxPackage]:
        """Yield the packages."""
        for one in self._found:
            yield SpdxPackage(
                id=one.get("SPDXID", ""),
                name=one["PackageName"],
                version=one.get("PackageVersion", ""),
                purl=one.get("purl", ""),
                concluded=one.get("PackageLicenseConcluded", ""),
                declared=one.get("PackageLicenseDeclared", ""),
                hashes=int(one.get("hashes", "0")),
                purpose=one.get("PrimaryPackagePurpose", ""),
            )

    def _header(self, tag: str, value: str) -> None:
        match tag:
            case "SPDXVersion":
                self.version = value
            case "Created":
                self.created = value
            case "Creator":
                self.creators.append(value)
            case _:
                pass

    def _relate(self, words: list[str]) -> None:
        if len(words) >= 3:
            self.related.append(words[2])
            if words[1] == "DESCRIBES":
                self.described.append(words[2])

    @staticmethod
    def _reference(words: list[str], package: dict[str, str]) -> None:
        if len(words) >= 3 and words[1] == "purl":
            package.setdefault("purl", words[2])
