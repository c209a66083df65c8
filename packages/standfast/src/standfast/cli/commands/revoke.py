"""`standfast revoke`: take an approval back."""

from pathlib import Path

import click

from standfast.cli.evidence_tables import project_option


@click.command(short_help="Take your approval back.")
@click.argument("role")
@click.option("--reason", required=True, help="Why; `-` reads it from standard input.")
@click.option("--session", metavar="ID", help="Another session than the one that is open.")
@project_option
def command(role: str, reason: str, session: str | None, root: Path | None) -> int:
    """Take back your approval as ROLE; REASON is kept beside the ledger.

    Exit codes: 0 taken back, 1 it is refused, 2 there is nothing like that, 4 it cannot be recorded.
    """
    from standfast.app.sessions.approving import revoke
    from standfast.cli.commands.session import at_desk, sentence, told

    with at_desk(root) as one:
        after = revoke(one, one.required(session), role, sentence(reason))
        return told(after, lambda state: f"taken back: event {state.head.count} of session {state.id}")
