"""`standfast waive`: let a control or a finding be, for a while, signed by somebody who answers for it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from standfast.cli.evidence_tables import project_option
from standfast.cli.signing import signing_options

if TYPE_CHECKING:
    from standfast.app.sessions.signing import Means


@click.command(short_help="Grant a signed waiver of a control.")
@click.argument("control")
@click.option("--reason", required=True, help="Why it is let be; `-` reads it from standard input.")
@click.option("--compensating-control", required=True, help="What holds the risk down meanwhile.")
@click.option("--requested-by", required=True, metavar="PERSON", help="Who asks for it: NAME, ADDRESS or both.")
@click.option("--role", required=True, help="Your role in [waivers.approvers], in which you approve it.")
@click.option("--expires", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The first day on which it is void.")
@click.option("--max-uses", type=click.IntRange(1, 1_000_000), help="How many recorded verdicts may rest on it.")
@click.option("--finding", metavar="FINGERPRINT", help="Cover this finding only.")
@click.option("--service", help="Cover this service only.")
@click.option("--artifact", metavar="DIGEST", help="Cover this artifact only.")
@click.option("--reference", default="", help="Where more is said about it.")
@signing_options()
@project_option
def command(
    *,
    control: str,
    reason: str,
    compensating_control: str,
    requested_by: str,
    role: str,
    expires: datetime,
    max_uses: int | None,
    finding: str | None,
    service: str | None,
    artifact: str | None,
    reference: str,
    means: "Means",
    root: Path | None,
) -> int:
    """Approve that CONTROL is not met for a while. Whoever approves neither asked for it nor wrote the change.

    `standfast revoke WAIVER` ends it before its time.

    Exit codes: 0 granted, 1 refused, 2 it cannot be asked for like that, 4 it cannot be recorded.
    """
    from standfast.app.sessions.waiving import Asked, waive
    from standfast.cli.commands.session import at_desk, refused, sentence
    from standfast.cli.saying import say
    from standfast.ledger.session import Refusal
    from standfast.model.waiver import WaiverScope

    asked = Asked(
        scope=WaiverScope(control=control, finding=finding, service=service, artifact=artifact),
        role=role,
        reason=sentence(reason),
        compensating_control=sentence(compensating_control),
        requester=sentence(requested_by),
        expires=expires.replace(tzinfo=UTC),
        uses=max_uses,
        reference=reference,
    )
    with at_desk(root, beginning=True) as one:
        after = waive(one, asked, means=means)
    if isinstance(after, Refusal):
        return refused(after)
    often = "" if max_uses is None else f", for {max_uses} recorded verdict{'s' if max_uses > 1 else ''}"
    say(f"granted {after.waiver}, signed: {control} is waived until {expires:%Y-%m-%d}{often}; entry {after.index}")
    return 0
