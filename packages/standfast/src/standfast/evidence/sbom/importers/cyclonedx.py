"""Read a CycloneDX document in JSON, version 1.2 to 1.7: components, licences, vulnerabilities and VEX."""

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.decoding import decode_report, malformed
from standfast.evidence.sbom.cyclonedx import readings_of
from standfast.evidence.sbom.cyclonedx_shape import Bom
from standfast.evidence.wording.moments import moment

FORMAT = Format(
    name="cyclonedx",
    title="a CycloneDX JSON document",
    produced_with={
        "Python": "cyclonedx-py environment --output-format JSON --output-file bom.cdx.json",
        "JavaScript": "cyclonedx-npm --output-format JSON --output-file bom.cdx.json",
        "Java": "mvn org.cyclonedx:cyclonedx-maven-plugin:makeAggregateBom -DoutputFormat=json",
        "Go": "cyclonedx-gomod app -json -output bom.cdx.json",
        "Rust": "cargo cyclonedx --format json",
        ".NET": "dotnet CycloneDX SOLUTION.sln --output-format json",
        "container image": "syft IMAGE -o cyclonedx-json > bom.cdx.json",
    },
)

_KNOWN = frozenset({"1.2", "1.3", "1.4", "1.5", "1.6", "1.7"})


def recognise(head: Head) -> bool:
    """Return whether this is CycloneDX in JSON."""
    return head.shape == "object" and "bomFormat" in head.keys


def read(data: bytes) -> tuple[Reading, ...]:
    """Return one reading for each kind of evidence that the document holds.

    Raises:
        EvidenceError: It is not such a document, or of a version that is not known.
    """
    bom = decode_report(data, Bom, FORMAT.title)
    if bom.bomFormat != "CycloneDX" or bom.specVersion not in _KNOWN:
        raise malformed(FORMAT.title, f"{bom.bomFormat} {bom.specVersion} is not one of {', '.join(sorted(_KNOWN))}")
    made_at = moment(bom.metadata.timestamp)
    tool, version = bom.metadata.tool
    return tuple(Reading(body=body, tool=tool, version=version, produced_at=made_at) for body in readings_of(bom))
