"""`standfast refuse`: say no to a change, in a role."""

from pathlib import Path

import click

from standfast.cli.evidence_tables import project_option


@click.command(short_help="Refuse to approve the change, in a role.")
@click.argument("role")
@click.option("--reason", required=True, help="Why; `-` reads it from standard input.")
@click.option("--session", metavar="ID", help="Another session than the one that is open.")
@project_option
def command(role: str, reason: str, session: str | None, root: Path | None) -> int:
    """Record that you do not agree, as ROLE, and why: REASON is kept beside the ledger.

    Exit codes: 0 recorded, 1 it is refused, 2 there is nothing like that, 4 it cannot be recorded.
    """
    from standfast.app.sessions.approving import decline
    from standfast.cli.commands.session import at_desk, sentence, told

    with at_desk(root) as one:
        after = decline(one, one.required(session), role, sentence(reason))
        return told(after, lambda state: f"recorded: event {state.head.count} of session {state.id}")
