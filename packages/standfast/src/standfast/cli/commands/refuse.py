"""`standfast refuse`: say no to a change, in a role."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from standfast.cli.evidence_tables import project_option
from standfast.cli.signing import signing_options

if TYPE_CHECKING:
    from standfast.app.sessions.signing import Means


@click.command(short_help="Refuse to approve the change, in a role.")
@click.argument("role")
@click.option("--reason", required=True, help="Why; `-` reads it from standard input.")
@signing_options(required=False)
@click.option("--session", metavar="ID", help="Another session than the one that is open.")
@project_option
def command(role: str, reason: str, means: "Means | None", session: str | None, root: Path | None) -> int:
    """Record that you do not agree, as ROLE, and why: REASON is kept beside the ledger.

    Exit codes: 0 recorded, 1 it is refused, 2 there is nothing like that, 4 it cannot be recorded.
    """
    from standfast.app.sessions.approving import decline
    from standfast.cli.commands.session import at_desk, sentence, told

    with at_desk(root) as one:
        after = decline(one, one.required(session), role, sentence(reason), means=means)
        return told(after, lambda state: f"recorded: event {state.head.count} of session {state.id}")
