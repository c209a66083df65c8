"""Ask the forge of a working copy for what it knows beside reviews."""

from pathlib import Path

import msgspec

from standfast.app import clock
from standfast.app.forge.opening import forge_of, table_of
from standfast.app.forge.outbox import Outbox
from standfast.app.forge.port import Forge
from standfast.app.written.settings import FILE_NAME, read_settings


def environments(root: Path) -> bytes:
    """Return the environments of the forge and how they are protected, as `standfast import` takes it.

    Raises:
        UsageError: The settings name no forge.
        ForgeError: It did not answer.
    """
    settings = read_settings(root / FILE_NAME)[0]
    with Outbox(None) as outbox, forge_of(settings, root, outbox) as forge:
        return environments_of(forge, table_of(settings).kind)


def environments_of(forge: Forge, kind: str) -> bytes:
    """Return the environments of *forge*, which is of that *kind*, as its importer reads them."""
    document = {
        "standfast_environments": 1,
        "tool": kind,
        "produced_at": clock.now().isoformat(),
        "environments": forge.environments(),
    }
    return msgspec.json.encode(document) + b"\n"
