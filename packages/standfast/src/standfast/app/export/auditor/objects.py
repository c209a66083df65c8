"""The objects that entries name."""

import json
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Any

from standfast.app.export.auditor.events import DIGEST


@lru_cache(maxsize=2)
def verdict_of(data: bytes) -> dict[str, Any]:
    """Return what the verdict *data* says; nothing where it is none."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def inputs_of(verdict: bytes) -> list[str]:
    """Return the addresses of the statements that a verdict was decided from; none where it is no verdict."""
    inputs = verdict_of(verdict).get("inputs")
    found = inputs.get("evidence") if isinstance(inputs, dict) else None
    return [one for one in found if isinstance(one, str) and DIGEST.match(one)] if isinstance(found, list) else []


def status_of(verdict: bytes) -> str:
    """Return the status that a verdict says; empty where it is no verdict."""
    return str(verdict_of(verdict).get("status", ""))


def decision_differs(body: Mapping[str, Any], verdict: bytes) -> str:
    """Return where the decision with that *body* says something else than its verdict; empty where it does not.

    Both name what was decided from: the standard, the context (settings, waivers and all), the controls, the evidence.
    """
    try:
        found = verdict_of(verdict)
        inputs = found["inputs"]
        listed = json.dumps(inputs["evidence"], separators=(",", ":")).encode()
        truly = {
            "status": found["status"],
            "standard": inputs["standard"],
            "context": inputs["context"],
            "controls": inputs["controls"],
            "evidence": f"sha256:{sha256(listed).hexdigest()}",
            "evidence_count": len(inputs["evidence"]),
            "tree": found["subject"]["tree"],
        }
    except (ValueError, KeyError, TypeError, RecursionError):
        return "the verdict that it names is none"
    wrong = [name for name, value in truly.items() if body.get(name) != value]
    return f"the verdict has another {' and '.join(wrong)} than the entry says" if wrong else ""


def engine_of(verdict: bytes) -> str:
    """Return the version of the program that a verdict is of; empty where it does not say."""
    return str(verdict_of(verdict).get("engine", ""))


def object_name(address: str) -> str:
    """Return the name of the file that holds the object with that address."""
    return f"objects/sha256/{address[7:9]}/{address[9:]}" if DIGEST.match(address) else "?"
