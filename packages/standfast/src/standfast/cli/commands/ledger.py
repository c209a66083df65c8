"""`standfast ledger`: the log of what was decided."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from standfast.cli import keeping
from standfast.cli.evidence_tables import project_option
from standfast.cli.ledger_keys import device_key, device_options, keys, rotate_key
from standfast.cli.ledger_server import server_of, server_options
from standfast.cli.ledger_stamps import every_stamp, newest_stamp, stamp, stamp_line

if TYPE_CHECKING:
    from standfast.app.ledger.home import Known

_format = click.option(
    "--format", "format_name", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Output."
)


_year = click.option("--year", type=int, help="The log that began in this year. By default the newest.")


@click.group(name="ledger", short_help="The log of what was decided, that nobody can quietly rewrite.")
def command() -> None:
    """Make, look at and examine the log of what was decided.

    `standfast gate` keeps a ledger without being asked; `init` is for who wants to say where and how.
    """


@command.command(short_help="Make a ledger, or require the one that there is.")
@project_option
@click.option("--origin", help="Its name, like an address: ledger.example.org/payments. By default made up.")
@click.option(
    "--anchor",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A file on other media for the newest checkpoint. By default in the data folder of this user.",
)
@click.option("--after-loss", is_flag=True, help="Begin another ledger although the one before is gone.")
@device_options
@server_options
def init(root: Path | None, origin: str | None, anchor: Path | None, *, after_loss: bool, **place: str | None) -> None:
    """Make the ledger of this working copy, which from then on may not be missing.

    With --database, it is in PostgreSQL: --owner makes it there, once; with --join, the one that another machine made
    is examined, and written from here as well. No address bears a password: libpq takes it from a password file.

    Exit codes: 0 made, 2 there is one already, 4 the one before is gone, or it cannot be made.
    """
    from standfast.app.ledger.beginning import initialise
    from standfast.app.ledger.home import Home
    from standfast.app.ledger.joining import join
    from standfast.app.ledger.opening import Wanted
    from standfast.cli.saying import say
    from standfast.model import UsageError

    server, invitation = server_of(place)
    if invitation is not None and (origin or after_loss):
        given = "--origin" if origin else "--after-loss"
        raise UsageError("ledger-server-options", f"found {given} with --join, expected it only where a ledger is made")
    wanted = Wanted(origin=origin, anchor=anchor, required=True, device=device_key(place), server=server)
    if invitation is None:
        known, vkey = initialise(_root(root), Home(), wanted, after_loss=after_loss)
    else:
        known, vkey = join(_root(root), Home(), wanted, invitation)
    say(vkey)
    done = "made" if invitation is None else "joined"
    say(f"{done} the ledger {known.origin}", f"database: {known.where}", f"anchor: {known.anchor}", err=True)
    say("hint: give the line above (its verifier key) to whoever is to verify this ledger", err=True)
    if known.schema and invitation is None:
        say(f"hint: machines that are to write it as well need the keys in {Home().of(known.id)}", err=True)


@command.command(short_help="Say where the ledger stands.")
@project_option
@_format
def status(root: Path | None, format_name: str) -> None:
    """Say where the ledger stands: how many entries, which root, who vouches for it, and what is held or unfinished.

    Exit codes: 0 said, 2 there is no ledger, 4 it was rolled back, rewritten or damaged.
    """
    import msgspec

    from standfast.app.keeping.standing import kept
    from standfast.app.ledger.home import Home
    from standfast.app.ledger.reading import reading
    from standfast.app.ledger.recording import UNWITNESSED
    from standfast.app.ledger.shards import earlier
    from standfast.cli.evidence_tables import print_json
    from standfast.cli.saying import say

    known = known_ledger(root)
    with reading(known) as ledger:
        found = ledger.status()
        stamped, keeping_now = newest_stamp(ledger), kept(_root(root), ledger)
    shards = tuple(earlier(known, Home()))
    if format_name == "json":
        before = [{"origin": one.known.origin, "year": one.year, "size": one.size, "root": one.root} for one in shards]
        told = {"witnessed": bool(found.witnesses), "earlier": before, "time_stamp": msgspec.to_builtins(stamped)}
        print_json({**msgspec.to_builtins(found), **told, "keeping": msgspec.to_builtins(keeping_now)})
        return
    say(f"{found.origin}: {found.size:,} entries, {found.state}", f"root {found.root}", f"key {found.vkey}")
    if found.rotations:
        say(f"handed over to this key by entry {found.rotations[-1]:,}; `standfast ledger keys` names the former ones")
    say(f"witnessed by {', '.join(found.witnesses)}" if found.witnesses else UNWITNESSED)
    say(stamp_line(stamped))
    say(f"database {found.database}", f"anchor {found.anchor}")
    say(
        *(
            f"continues {one.year}: {one.known.origin}, frozen at {one.size:,} entries, root {one.root}"
            for one in shards
        ),
        *keeping_now.lines(),
    )


@command.command(short_help="Prove that an entry is there, or that nothing was taken back.")
@click.argument("index", type=click.IntRange(min=0), required=False)
@project_option
@click.option(
    "--since", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="A checkpoint kept earlier."
)
@click.option(
    "--policy",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A trust policy (C2SP tlog-policy): whose keys are believed, and how many witnesses have to cosign.",
)
@_year
def verify(index: int | None, root: Path | None, since: Path | None, year: int | None, policy: Path | None) -> None:
    """Print the published checkpoint, or the proof that entry INDEX is below it, after verifying it.

    With --since, prove as well that the ledger continues a checkpoint that you kept. With --policy, that the key you
    pinned signed it, or one that follows from it, and that enough witnesses cosigned.

    Exit codes: 0 proven, 2 there is no ledger or no such entry, 4 it does not hold.
    """
    from standfast.app.ledger.reading import reading
    from standfast.app.ledger.recording import UNWITNESSED
    from standfast.cli.saying import say
    from standfast.ledger.policy_file import parse_policy

    with reading(known_ledger(root, year)) as ledger:
        if since is not None:
            kept = ledger.continues(since.read_bytes())
            say(f"the ledger continues the checkpoint of {kept.size:,} entries in {since}", err=True)
        if policy is not None:
            accepted = ledger.trusted(parse_policy(policy.read_bytes()))
            say(f"{policy} is met: {', '.join(one.name for one in accepted.seen) or 'no witness'} cosigned", err=True)
        text = ledger.published()[0] if index is None else ledger.prove(index)
        if index is not None and index < ledger.pruned():
            say(f"entry {index} is among the pruned: what is proven is its hash", err=True)
        witnesses = ledger.witnesses()
        stamped = every_stamp(ledger)
    click.echo(text.decode(), nl=False)
    say(f"witnessed by {', '.join(witnesses)}" if witnesses else UNWITNESSED, stamp_line(stamped), err=True)


@command.command(short_help="Compare every byte with what was signed.")
@project_option
@_format
@_year
def fsck(root: Path | None, format_name: str, year: int | None) -> None:
    """Hash every entry, build the tree again and compare it with everything that was signed.

    Exit codes: 0 all is as it was recorded, 2 there is no ledger, 4 something is not.
    """
    import msgspec

    from standfast.app.ledger.reading import reading
    from standfast.cli.evidence_tables import print_json
    from standfast.cli.saying import say
    from standfast.model import LedgerError

    with reading(known_ledger(root, year)) as ledger:
        examination = ledger.fsck()
        flaws = list(examination.flaws())
        witnessed = bool(ledger.witnesses()) if not flaws else False
    examined = examination.examined
    if format_name == "json":
        document = {"flaws": flaws, "examined": examined, "witnessed": witnessed}
        print_json(msgspec.to_builtins(document))
    else:
        say(*map(str, flaws))
        say(f"examined {examined.entries:,} entries, {examined.tiles:,} tiles, {examined.checkpoints:,} checkpoints")
        if examined.pruned:
            say(f"the leaves of the first {examined.pruned:,} are pruned: their hashes were examined")
    if flaws:
        raise LedgerError(
            "ledger-damaged",
            f"{len(flaws)} things are not as they were recorded",
            hint="restore the database from a copy; the entries above the first flaw are still as signed",
        )
    if not witnessed and format_name == "text":
        from standfast.app.ledger.recording import UNWITNESSED

        say(UNWITNESSED, err=True)


command.add_command(rotate_key)
command.add_command(keys)
command.add_command(stamp)


for _command in (keeping.hold, keeping.erase, keeping.prune, keeping.export, keeping.yearly):
    command.add_command(_command)


def _root(root: Path | None) -> Path:
    from standfast.app.repository.project import find_root

    return (root or find_root(Path.cwd())).resolve()


def known_ledger(root: Path | None, year: int | None = None) -> "Known":
    """Return the ledger of the working copy *root*, or of the one that this is: the newest, or that of a year.

    Raises:
        UsageError: It has none.
    """
    from standfast.app.ledger.home import Home
    from standfast.app.ledger.opening import find
    from standfast.model import UsageError

    folder = _root(root)
    known = find(folder, Home())
    if known is None:
        raise UsageError(
            "ledger-missing",
            f"no ledger of {folder} is written by this machine",
            hint="`standfast gate` begins one, `standfast ledger init` begins one that may not be missing",
        )
    if year is None:
        return known
    from standfast.app.ledger.shards import of_year

    return of_year(known, Home(), year)
