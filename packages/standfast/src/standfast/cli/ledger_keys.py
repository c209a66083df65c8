"""The commands of `standfast ledger` that are about its keys."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from standfast.cli.evidence_tables import project_option

if TYPE_CHECKING:
    from standfast.ledger.device import DeviceKey

_OPTIONS = (
    click.option("--pkcs11-module", help="The library of a device that keeps the key, by its whole path."),
    click.option("--pkcs11-token", help="The label of the token in it."),
    click.option("--pkcs11-key", help="The label of the pair of keys in the token."),
    click.option("--pin-file", help="A file of mode 0600 with the PIN of the token."),
    click.option("--pin-variable", help="The environment variable that holds the PIN when it is needed."),
)


def device_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let a command say where in a device a key is; it gets them as ``place``, for `device_key`."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def device_key(place: dict[str, str | None]) -> "DeviceKey | None":
    """Return the key in a device that the options *place* name, or None where they name none.

    Raises:
        UsageError: They name a part of one.
    """
    from standfast.ledger.device import DeviceKey
    from standfast.model import UsageError

    place = {name: value for name, value in place.items() if name.startswith(("pkcs11_", "pin_"))}
    if not any(place.values()):
        return None
    module, token, key = (place[name] for name in ("pkcs11_module", "pkcs11_token", "pkcs11_key"))
    if not (module and token and key and bool(place["pin_file"]) != bool(place["pin_variable"])):
        given = ", ".join(f"--{name.replace('_', '-')}" for name, value in place.items() if value)
        raise UsageError(
            "ledger-device-options",
            f"found {given}, expected --pkcs11-module, --pkcs11-token, --pkcs11-key, and one of --pin-file and "
            "--pin-variable",
        )
    pin_file = str(Path(place["pin_file"]).absolute()) if place["pin_file"] else ""
    return DeviceKey(module=module, token=token, key=key, pin_file=pin_file, pin_variable=place["pin_variable"] or "")


@click.command(name="rotate-key", short_help="Sign with another key from now on.")
@project_option
@click.option("--compromised", is_flag=True, help="Record that somebody else may have had the former key.")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]),
    help="Since when they may have had it (UTC). By default since now.",
)
@device_options
def rotate_key(root: Path | None, *, compromised: bool, since: datetime | None, **place: str | None) -> None:
    """Hand the ledger over to a new key, in a file or in a device; the old key signs the entry that says so.

    Prints the new verifier key. Whoever pinned the old one follows with the proofs of `standfast ledger keys`.

    Exit codes: 0 handed over, 2 there is no ledger, or it has that key already, 4 one of the keys cannot sign.
    """
    from standfast.app.clock import now
    from standfast.app.ledger.home import Home
    from standfast.app.ledger.rotating import Reason, require_sound_reason, rotate
    from standfast.cli.commands.ledger import known_ledger
    from standfast.cli.saying import say

    reason = Reason(compromised=compromised, since=since and since.replace(tzinfo=UTC))
    require_sound_reason(reason, now())
    known = known_ledger(root)
    found = rotate(known, Home(), device_key(place), reason)
    say(found.vkey)
    say(f"{known.origin} is signed with the key above, which entry {found.index:,} introduces", err=True)
    say(f"the former key {found.former} signs nothing more", err=True)
    for path in found.kept:
        say(f"warning: {path} could not be removed: remove it", err=True)
    say(
        "hint: give auditors and witnesses the proof of it: `standfast ledger keys --proofs FOLDER`"
        + ("; what was signed since the key got lost needs another witness than that key" if compromised else ""),
        err=True,
    )


@click.command(short_help="Say which keys signed, and prove how each was introduced.")
@project_option
@click.option(
    "--proofs",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write a proof of each rotation into this folder, for whoever pinned an older key.",
)
def keys(root: Path | None, proofs: Path | None) -> None:
    """Print the verifier key of each span of the ledger, the first one first.

    Exit codes: 0 said, 2 there is no ledger, 4 it names a key that it did not introduce.
    """
    from standfast.app.ledger.handovers import handovers, write_proofs
    from standfast.app.ledger.opening import open_store
    from standfast.cli.commands.ledger import known_ledger
    from standfast.cli.saying import say

    with open_store(known_ledger(root)) as store:
        found = handovers(store)
    for held in found.chain.held:
        say(held.key.vkey if held.after < 0 else f"{held.key.vkey} above {held.after:,} entries")
    if proofs is not None:
        for path in write_proofs(found, proofs):
            say(f"wrote {path}", err=True)
