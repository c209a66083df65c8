"""The objects that entries name."""

import json

from standfast.app.export.auditor.events import DIGEST


def inputs_of(verdict: bytes) -> list[str]:
    """Return the addresses of the statements that a verdict was decided from; none where it is no verdict."""
    try:
        found = json.loads(verdict)["inputs"]["evidence"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return []
    return [one for one in found if isinstance(one, str) and DIGEST.match(one)] if isinstance(found, list) else []


def status_of(verdict: bytes) -> str:
    """Return the status that a verdict says; empty where it is no verdict."""
    try:
        return str(json.loads(verdict)["status"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""


def object_name(address: str) -> str:
    """Return the name of the file that holds the object with that address."""
    return f"objects/sha256/{address[7:9]}/{address[9:]}" if DIGEST.match(address) else "?"
