"""`standfast revoke`: take an approval back, or end a waiver."""

from pathlib import Path

import click

from standfast.cli.evidence_tables import project_option


@click.command(short_help="Take your approval back, or end a waiver.")
@click.argument("what", metavar="ROLE|WAIVER")
@click.option("--reason", required=True, help="Why; `-` reads it from standard input.")
@click.option("--session", metavar="ID", help="Another session than the one that is open.")
@project_option
def command(what: str, reason: str, session: str | None, root: Path | None) -> int:
    """Take back your approval as ROLE, or end WAIVER before its time; REASON is kept beside the ledger.

    A waiver is ended by who approved or requested it, and by whoever holds the role in which it was approved.

    Exit codes: 0 taken back, 1 it is refused, 2 there is nothing like that, 4 it cannot be recorded.
    """
    from standfast.app.sessions.approving import revoke
    from standfast.app.sessions.waiving import end, is_waiver
    from standfast.cli.commands.session import at_desk, refused, sentence, told
    from standfast.cli.saying import say
    from standfast.ledger.session import Refusal

    with at_desk(root) as one:
        if is_waiver(one, what):
            ended = end(one, what, sentence(reason))
            if isinstance(ended, Refusal):
                return refused(ended)
            say(f"ended {ended.waiver}: entry {ended.index}")
            return 0
        after = revoke(one, one.required(session), what, sentence(reason))
        return told(after, lambda state: f"taken back: event {state.head.count} of session {state.id}")
