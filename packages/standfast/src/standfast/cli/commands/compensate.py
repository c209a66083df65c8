"""`standfast compensate`: let a waiting time take the place of an approval that nobody else can give."""

from pathlib import Path

import click

from standfast.cli.evidence_tables import project_option


@click.command(short_help="Wait instead of an approval that nobody else can give.")
@click.argument("role")
@click.option("--reason", required=True, help="Why nobody else approves; `-` reads it from standard input.")
@click.option(
    "--hours", type=click.IntRange(24, 24 * 30), default=24, show_default=True, help="How long nothing is deployed."
)
@click.option("--session", metavar="ID", help="Another session than the one that is open.")
@project_option
def command(role: str, reason: str, hours: int, session: str | None, root: Path | None) -> int:
    """Record that nobody but the author can approve the newest commit as ROLE, and that its deployment waits.

    It is no approval and is never shown as one. It takes `compensation = true` in [approvals] when the session was
    opened, and is refused wherever somebody else holds the role.

    Exit codes: 0 recorded, 1 refused, 2 there is nothing to approve, 4 it cannot be recorded.
    """
    from standfast.app.sessions.compensating import compensate
    from standfast.cli.commands.session import at_desk, sentence, told

    with at_desk(root) as one:
        after = compensate(one, one.required(session), role, sentence(reason), hours=hours)
        return told(after, lambda state: _waiting(role, f"{state.duties.compensated[-1].not_before:%Y-%m-%d %H:%M}"))


def _waiting(role: str, until: str) -> str:
    return f"nobody approved as {role}: nothing is deployed before {until} UTC, and that is on record"
