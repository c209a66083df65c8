"""`standfast export`: bundles for people outside."""

from datetime import datetime
from pathlib import Path

import click

from standfast.cli.evidence_tables import project_option

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group(name="export", short_help="Bundles that others can verify without us.")
def command() -> None:
    """Write bundles that others can verify without Standfast."""


@command.command(short_help="Everything by which an auditor verifies the ledger, offline.")
@project_option
@click.option("--from", "first", type=_DAY, required=True, help="The first day, in UTC.")
@click.option("--to", "last", type=_DAY, required=True, help="The last day, included.")
@click.option("--session", help="Only this change session.")
@click.option("--year", type=int, help="The log that began in this year. By default the newest.")
@click.option(
    "--policy",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The auditor's trust policy, which must be met; it goes into the bundle.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    help="A new folder, or a new file that ends in .tar.",
)
def audit(
    root: Path | None,
    first: datetime,
    last: datetime,
    session: str | None,
    year: int | None,
    policy: Path | None,
    output: Path,
) -> None:
    """Write a bundle: the signed tree, its entries, the objects they name, the list of changes, and a verifier.

    That it was handed out becomes an entry of the ledger.

    Exit codes: 0 written, 2 there is no ledger or no such session, 4 the ledger is damaged or the policy is not met.
    """
    from standfast.app.export.audit import Asked, export
    from standfast.app.ledger.home import Home
    from standfast.app.ledger.recording import UNWITNESSED
    from standfast.cli.commands.ledger import known_ledger
    from standfast.cli.saying import say

    asked = Asked(first=first.date(), last=last.date(), session=session, policy=policy.read_bytes() if policy else None)
    made = export(known_ledger(root, year), Home(), asked, output)
    say(f"wrote {output}: {made.changes:,} changes, {made.objects:,} objects, all below {made.size:,} entries")
    say(f"manifest {made.manifest}")
    if made.missing:
        say(f"{made.missing:,} objects that entries name are not in the store any more", err=True)
    if made.erased:
        say(f"{made.erased:,} objects that entries name were erased; entries retention.* say when and why", err=True)
    if not made.witnesses:
        say(UNWITNESSED, err=True)
    if output.suffix == ".tar":
        unpack, there = f"tar -xf {output.name} verify.py && ", output.name
        say(f"hint: the auditor runs `{unpack}python verify.py {there} --policy auditor.policy`", err=True)
    else:
        say(f"hint: the auditor runs `python verify.py . --policy auditor.policy` in {output}", err=True)
