"""`standfast waivers`: what is waived, until when, by whom, and how much of it is left."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from standfast.cli.evidence_tables import project_option
from standfast.cli.options import Moment

if TYPE_CHECKING:
    from standfast.app.sessions.waiver_list import Listed


@click.command(short_help="List the waivers and how they stand.")
@click.argument("about", nargs=-1, metavar="[CONTROL|CLAUSE]...")
@click.option("--all", "everything", is_flag=True, help="Also those that are over or refused.")
@click.option(
    "--within", type=click.IntRange(0, 366), default=30, show_default=True, metavar="DAYS", help="What ends soon."
)
@click.option("--at", type=Moment(), help="Tell how they stand at this moment instead of now (UTC).")
@click.option(
    "--format", "format_name", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Output."
)
@project_option
def command(
    *,
    about: tuple[str, ...],
    everything: bool,
    within: int,
    at: datetime | None,
    format_name: str,
    root: Path | None,
) -> int:
    """List the waivers that hold, of all controls or of those that are named; a clause names all of its controls.

    It reads, and uses nothing up. Whether an approver wrote the change is left to `standfast gate`.

    Exit codes: 0 listed, 2 usage or configuration, 4 the ledger does not verify.
    """
    from datetime import timedelta

    import msgspec

    from standfast.app import clock
    from standfast.app.repository.project import find_root
    from standfast.app.sessions.waiver_list import HOLDING, listed
    from standfast.cli.evidence_tables import print_json
    from standfast.cli.saying import say

    place = (root or find_root(Path.cwd())).resolve()
    found = listed(place, about, now=at or clock.now(), within=timedelta(days=within))
    chosen = [one for one in found if everything or one.state in HOLDING]
    if format_name == "json":
        print_json(msgspec.to_builtins(chosen))
        return 0
    for one in chosen:
        say(*_lines(one))
    hidden = len(found) - len(chosen)
    if hidden:
        say(f"{hidden} more {'is' if hidden == 1 else 'are'} over or refused: `standfast waivers --all`", err=True)
    if not found:
        say("nothing is waived", err=True)
    return 0


def _lines(one: "Listed") -> Iterator[str]:
    signed = one.signature.upper() if one.signature == "unsigned" else f"signed with {one.signature}"
    until = f"until {one.expires:%Y-%m-%d}" if one.expires else "without end"
    yield f"{one.state:<9} {one.id}  {one.control}  {until}, {signed}, {_uses(one)}"
    yield f"          approved by {one.approver} as {one.role}, asked for by {one.requester}"
    narrower = [
        f"{what} {value}"
        for what, value in (("finding", one.finding), ("service", one.service), ("artifact", one.artifact))
        if value
    ]
    if narrower:
        yield f"          only {', '.join(narrower)}"
    if one.reason:
        yield f"          {' '.join(one.reason.split())}"
    if one.why:
        yield f"          does not hold: it {one.why}"


def _uses(one: "Listed") -> str:
    if one.signature == "unsigned":
        return "uses not counted"
    return f"used {one.used} times" if one.uses is None else f"used {one.used} of {one.uses} times, {one.left} left"
