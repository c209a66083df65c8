"""The record itself, in its one canonical form: what `standfast replay` reads."""

from importlib.resources import files

import msgspec

from standfast.model import Verdict, canonical_json
from standfast.model.verdict import SCHEMA

FORMAT = "json"
SUFFIX = ".json"

SCHEMA_FILE = "verdict.schema.json"

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def render(verdict: Verdict) -> bytes:
    """Return the canonical bytes of *verdict*; their digest names it."""
    return canonical_json(verdict)


def schema() -> bytes:
    """Return the JSON Schema of the record, as the types say it now."""
    from inspect import cleandoc  # slow to import, and only whoever publishes the schema needs it

    generated = msgspec.json.schema(Verdict)
    definitions = generated["$defs"]
    for definition in definitions.values():
        definition["description"] = cleandoc(definition.get("description", ""))
    digest = {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"}
    for name in ("standard", "context", "controls"):
        definitions["Inputs"]["properties"][name] = digest
    definitions["Inputs"]["properties"]["evidence"]["items"] = digest
    definitions["EvidenceUse"]["properties"]["digest"] = digest
    moment = {"type": "string", "format": "date-time"}
    definitions["EvidenceUse"]["properties"]["produced_at"] = moment
    definitions["Verdict"]["properties"]["decided_at"] = moment
    definitions["Verdict"]["properties"]["schema"] = {"const": SCHEMA}
    definitions["Verdict"]["properties"]["exit_code"] = {"enum": [0, 1, 3]}
    document = {"$schema": _DIALECT, "$id": f"urn:{SCHEMA.replace('/', ':')}", "title": SCHEMA, **generated}
    return msgspec.json.format(canonical_json(document), indent=2) + b"\n"


def published_schema() -> bytes:
    """Return the JSON Schema of the record, as it is published with this version."""
    return files("standfast.report").joinpath("schemas", SCHEMA_FILE).read_bytes()
