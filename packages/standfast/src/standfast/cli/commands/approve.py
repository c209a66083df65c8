"""`standfast approve`: agree to a change, in a role."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from standfast.cli.evidence_tables import project_option
from standfast.cli.signing import signing_options

if TYPE_CHECKING:
    from standfast.app.sessions.signing import Means


@click.command(short_help="Approve the change, in a role.")
@click.argument("role")
@signing_options(required=False)
@click.option("--deployment", metavar="NAME", help="Approve afterwards what was deployed in an emergency.")
@click.option("--session", metavar="ID", help="Another session than the one that is open.")
@project_option
def command(role: str, means: "Means | None", deployment: str | None, session: str | None, root: Path | None) -> int:
    """Approve, as ROLE, the newest commit with the verdict about it; or the requirements, before there is any code.

    Exit codes: 0 it counts, 1 it is refused and does not count, 2 there is nothing to approve, 4 it cannot be recorded.
    """
    from standfast.app.sessions.approving import approve, approve_afterwards
    from standfast.cli.commands.session import at_desk, told

    with at_desk(root) as one:
        chosen = one.required(session)
        if deployment is None:
            after = approve(one, chosen, role, means=means)
        else:
            after = approve_afterwards(one, chosen, role, deployment, means=means)
        how = "unsigned" if means is None else "signed"
        return told(after, lambda state: f"approved as {role}, {how}: event {state.head.count} of session {state.id}")
