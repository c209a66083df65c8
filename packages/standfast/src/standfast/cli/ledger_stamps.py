"""`standfast ledger stamp`, and how a time stamp is shown."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from standfast.cli.evidence_tables import project_option

if TYPE_CHECKING:
    from standfast.app.ledger.home import Known
    from standfast.app.ledger.reading import Reader
    from standfast.app.ledger.stamping import Stamp


@click.command(short_help="Have the published checkpoint time-stamped.")
@click.argument("address", required=False)
@click.option(
    "--authority",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The certificates of the time stamping authority, PEM; from itself, not from an answer of it.",
)
@project_option
def stamp(address: str | None, authority: Path | None, root: Path | None) -> None:
    """Ask the authority at ADDRESS (RFC 3161) for a time stamp over the published checkpoint.

    From then on the stamps of ADDRESS count for this ledger, as far as they lead to the certificates given here.
    Without ADDRESS, every authority is asked that was named before: that is what a schedule runs.

    Exit codes: 0 stamped, 2 there is no ledger or no authority, 3 the authority does not answer, 4 what it answered
    does not hold.
    """
    import msgspec

    from standfast.app.ledger.home import Home
    from standfast.app.ledger.stamping import read_authority
    from standfast.cli.commands.ledger import known_ledger
    from standfast.model import UsageError

    known = known_ledger(root)
    if address is None and authority is None and known.authorities:
        for one, certificates in known.authorities.items():
            _ask(known, one, certificates)
        return
    if address is None or (authority is None and address not in known.authorities):
        raise UsageError(
            "time-stamp-authority-missing",
            "found no authority whose certificates are pinned, expected one that was named before",
            hint="name it once: `standfast ledger stamp ADDRESS --authority CERTIFICATES.pem`",
        )
    former = known.authorities.get(address, "")
    certificates = former if authority is None else read_authority(authority)
    _ask(known, address, certificates)
    if certificates not in former:
        # Former ones go on counting: stamps that they lead to are still there.
        Home().keep(msgspec.structs.replace(known, authorities={**known.authorities, address: former + certificates}))


def _ask(known: "Known", address: str, certificates: str) -> None:
    import secrets

    from standfast.app.clock import now
    from standfast.app.ledger.reading import reading
    from standfast.app.ledger.stamping import stamped
    from standfast.cli.saying import say

    with reading(known) as ledger:
        found = stamped(ledger, address, certificates.encode(), nonce=secrets.randbits(64), now=now())
    say(stamp_line(found.stamp))
    if found.known:
        say("nothing was recorded since: the time stamp that there is stays", err=True)


def newest_stamp(ledger: "Reader") -> "Stamp | None":
    """Return the newest time stamp of *ledger* that counts, verified.

    Raises:
        LedgerError: It does not hold.
    """
    from standfast.app.ledger.stamping import stamps

    return next(stamps(ledger), None)


def every_stamp(ledger: "Reader") -> "Stamp | None":
    """Return the newest time stamp of *ledger* that counts, after verifying each of them.

    Raises:
        LedgerError: One does not hold.
    """
    from standfast.app.ledger.stamping import stamps

    return next(iter([*stamps(ledger)]), None)


def stamp_line(found: "Stamp | None") -> str:
    """Return in words up to where a ledger is time-stamped."""
    from standfast.app.ledger.stamping import UNSTAMPED

    if found is None:
        return UNSTAMPED
    return f"time-stamped up to {found.size:,} entries: {found.at:%Y-%m-%d %H:%M:%S} UTC by {found.authority}"
