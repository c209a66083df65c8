"""Read a JSON object without trusting it."""

from typing import Any

import msgspec

from standfast.evidence.locked_packages.readers.found import NotALockError


def json_table(text: str) -> dict[str, Any]:
    """Return the object in *text*.

    Raises:
        NotALockError: It is not a JSON object.
    """
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise NotALockError(f"it is not a JSON object: {error}") from error
