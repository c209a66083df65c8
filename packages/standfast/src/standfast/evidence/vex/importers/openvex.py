"""Read an OpenVEX document, version 0.0.1 and 0.2.0."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.decoding import decode_report, malformed
from standfast.evidence.vex.schema import Vex, VexEntry, VexStatus
from standfast.evidence.wording.moments import moment
from standfast.model import Examination

FORMAT = Format(
    name="openvex",
    title="an OpenVEX document",
    produced_with={"any": "vexctl create --product PURL --vuln CVE --status not_affected --justification WHY"},
)


class _Product(msgspec.Struct, frozen=True, rename={"id": "@id"}):
    id: str = ""
    identifiers: dict[str, str] = {}
    subcomponents: tuple["_Product | str", ...] = ()


class _Vulnerability(msgspec.Struct, frozen=True, rename={"id": "@id"}):
    id: str = ""
    name: str = ""
    aliases: tuple[str, ...] = ()


class _Statement(msgspec.Struct, frozen=True):
    vulnerability: _Vulnerability | str
    status: str
    products: tuple[_Product | str, ...] = ()
    justification: str = ""
    action_statement: str = ""
    timestamp: str = ""
    last_updated: str = ""


class _Document(msgspec.Struct, frozen=True):
    statements: tuple[_Statement, ...]
    author: str = ""
    timestamp: str = ""


def recognise(head: Head) -> bool:
    """Return whether this is OpenVEX."""
    return head.shape == "object" and {"@context", "statements"} <= head.keys and "openvex" in head.start


def read(data: bytes) -> Reading:
    """Return the statements of the document.

    Raises:
        EvidenceError: It is not such a document, or a statement has a status that does not exist.
    """
    document = decode_report(data, _Document, FORMAT.title)
    entries = tuple(_entry(one, document) for one in document.statements)
    body = Vex(examination=Examination("statements", examined=len(entries)), entries=entries)
    return Reading(body=body, tool="openvex", produced_at=moment(document.timestamp))


def _entry(one: _Statement, document: _Document) -> VexEntry:
    if one.status not in list(VexStatus):
        raise malformed(FORMAT.title, f"{one.status!r} is not a status")
    return VexEntry(
        ids=_ids(one.vulnerability),
        products=tuple(name for product in one.products for name in _names(product)),
        status=VexStatus(one.status),
        justification=one.justification,
        action=one.action_statement,
        author=document.author.strip(),
        stated_at=moment(one.last_updated or one.timestamp or document.timestamp),
    )


def _ids(vulnerability: _Vulnerability | str) -> tuple[str, ...]:
    if isinstance(vulnerability, str):
        return (vulnerability,)
    names = (vulnerability.name or vulnerability.id.rstrip("/").rpartition("/")[2], *vulnerability.aliases)
    return tuple(name for name in names if name)


def _names(product: _Product | str) -> Iterator[str]:
    """Yield the package URLs that *product* stands for: its parts, where it names any, else itself."""
    if isinstance(product, str):
        yield product
    elif product.subcomponents:
        yield from (name for part in product.subcomponents for name in _names(part))
    else:
        yield product.identifiers.get("purl") or product.id
