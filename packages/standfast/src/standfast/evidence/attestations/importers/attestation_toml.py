"""Import one attestation as TOML, from outside the repository."""

import codecs
import re

from standfast.evidence.attestations.read import attestations_in
from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.runs.texts import TextFile
from standfast.model import EvidenceError

FORMAT = Format(
    name="attestation",
    title="an attestation in TOML",
    produced_with={"a person": "see docs/how-to/record-an-attestation.md"},
)

_TABLE = re.compile(r"^[^\S\n]*+\[attestation\]\s*(?:#.*)?$", re.MULTILINE)


def recognise(head: Head) -> bool:
    """Return whether the text has a table ``[attestation]``."""
    return head.shape == "text" and _TABLE.search(head.start) is not None


def read(data: bytes) -> Reading:
    """Return the attestation; a report that it names is not at hand here, so its digest is not confirmed.

    Raises:
        EvidenceError: It is not TOML, or not an attestation.
    """
    try:
        text = data.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        raise EvidenceError("report-encoding", f"the attestation is not UTF-8: byte {error.start}") from error
    body = attestations_in([TextFile("attestation.toml", text=text)], {})
    if body.items.total:
        raise EvidenceError("attestation-form", body.items.listed[0].message)
    return Reading(body=body, tool="attestation")
