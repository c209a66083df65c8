"""Read an SPDX 2.2 or 2.3 document in JSON."""

from collections.abc import Iterable

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.decoding import decode_report, malformed
from standfast.evidence.sbom.spdx import VERSIONS, SpdxPackage, readings_of
from standfast.evidence.wording.moments import moment

FORMAT = Format(
    name="spdx-json",
    title="an SPDX JSON document",
    produced_with={"container image": "syft IMAGE -o spdx-json > bom.spdx.json"},
)


class _Reference(msgspec.Struct, frozen=True, rename="camel"):
    reference_type: str = ""
    reference_locator: str = ""


class _Package(msgspec.Struct, frozen=True, rename="camel"):
    name: str
    id: str = msgspec.field(default="", name="SPDXID")
    version_info: str = ""
    external_refs: tuple[_Reference, ...] = ()
    license_concluded: str = ""
    license_declared: str = ""
    checksums: tuple[msgspec.Raw, ...] = ()
    primary_package_purpose: str = ""

    def plain(self) -> SpdxPackage:
        """Return it without the form of JSON."""
        purls = (one.reference_locator for one in self.external_refs if one.reference_type == "purl")
        return SpdxPackage(
            id=self.id,
            name=self.name,
            version=self.version_info,
            purl=next(purls, ""),
            concluded=self.license_concluded,
            declared=self.license_declared,
            hashes=len(self.checksums),
            purpose=self.primary_package_purpose,
        )


class _Relationship(msgspec.Struct, frozen=True):
    spdxElementId: str  # noqa: N815  # the document's own key
    relationshipType: str  # noqa: N815  # the document's own key
    relatedSpdxElement: str  # noqa: N815  # the document's own key


class _Creation(msgspec.Struct, frozen=True):
    created: str = ""
    creators: tuple[str, ...] = ()


class _Document(msgspec.Struct, frozen=True, rename="camel"):
    spdx_version: str
    creation_info: _Creation = _Creation()
    packages: tuple[_Package, ...] = ()
    relationships: tuple[_Relationship, ...] = ()
    document_describes: tuple[str, ...] = ()


def recognise(head: Head) -> bool:
    """Return whether this is SPDX 2 in JSON."""
    return head.shape == "object" and "spdxVersion" in head.keys


def read(data: bytes) -> tuple[Reading, ...]:
    """Return the bill of materials and the licences that the document holds.

    Raises:
        EvidenceError: It is not such a document, or of a version that is not known.
    """
    document = decode_report(data, _Document, FORMAT.title)
    if document.spdx_version not in VERSIONS:
        raise malformed(FORMAT.title, f"{document.spdx_version} is not one of {', '.join(sorted(VERSIONS))}")
    bodies = readings_of(
        document.spdx_version,
        tuple(one.plain() for one in document.packages),
        described=_described(document),
        related=frozenset(one.relatedSpdxElement for one in document.relationships),
    )
    tool, version = tool_of(document.creation_info.creators)
    made_at = moment(document.creation_info.created)
    return tuple(Reading(body=body, tool=tool, version=version, produced_at=made_at) for body in bodies)


def _described(document: _Document) -> frozenset[str]:
    related = (one.relatedSpdxElement for one in document.relationships if one.relationshipType == "DESCRIBES")
    by = (one.spdxElementId for one in document.relationships if one.relationshipType == "DESCRIBED_BY")
    return frozenset((*document.document_describes, *related, *by))


def tool_of(creators: Iterable[str]) -> tuple[str, str]:
    """Return name and version of the first tool among *creators* (``Tool: syft-1.20.0``)."""
    named = next((one.partition(":")[2].strip() for one in creators if one.startswith("Tool:")), "spdx")
    name, dash, version = named.rpartition("-")
    return (name, version) if dash and version[:1].isdigit() else (named, "")
