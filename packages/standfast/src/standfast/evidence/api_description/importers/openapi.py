"""Import an OpenAPI 3 description, as JSON or YAML."""

import codecs
import re

from standfast.evidence.api_description.openapi import describe_openapi
from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.decoding import decode_report
from standfast.evidence.formats.yaml import load
from standfast.evidence.formats.yaml_values import Plain
from standfast.model import EvidenceError

FORMAT = Format(
    name="openapi",
    title="an OpenAPI 3 description",
    produced_with={
        "FastAPI": "python -c 'import json, app; print(json.dumps(app.app.openapi()))' > openapi.json",
        "Spring": "curl -s localhost:8080/v3/api-docs > openapi.json",
        "any": "the description that the project keeps",
    },
)

_YAML = re.compile(r"^openapi\s*:\s*['\"]?3\.", re.MULTILINE)


def recognise(head: Head) -> bool:
    """Return whether the bytes begin an OpenAPI 3 document."""
    if head.shape == "object":
        return "openapi" in head.keys and bool({"paths", "info", "webhooks", "components"} & head.keys)
    return head.shape == "text" and _YAML.search(head.start) is not None


def read(data: bytes) -> Reading:
    """Return what the description says.

    Raises:
        EvidenceError: It is neither JSON nor YAML, or not OpenAPI 3.
    """
    return read_at(data, "openapi")


def read_at(data: bytes, path: str) -> Reading:
    """Return what the description kept at *path* says.

    Raises:
        EvidenceError: As for `read`.
    """
    plain = data.removeprefix(codecs.BOM_UTF8)
    value: Plain
    if plain.lstrip()[:1] == b"{":
        value = decode_report(plain, dict, FORMAT.title)
    else:
        try:
            value = load(plain.decode()).value
        except UnicodeDecodeError as error:
            raise EvidenceError("report-encoding", f"{path} is not UTF-8: byte {error.start}") from error
    return Reading(body=describe_openapi(value, path), tool="openapi")
