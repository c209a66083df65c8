"""`standfast ledger hold|erase|prune`: what is kept, what may go, and what went."""

from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from standfast.cli.evidence_tables import project_option

if TYPE_CHECKING:
    from collections.abc import Iterator

    from standfast.app.keeping.office import Office
    from standfast.app.ledger.home import Known

_DAY = click.DateTime(["%Y-%m-%d"])
_reason = click.option("--reason", required=True, metavar="TEXT", help="Why; it stays outside of the ledger's entries.")
_session = click.option("--session", metavar="ID", help="A change session.")
_NAME = r"[a-z0-9][a-z0-9._:/-]{0,119}"


@click.group(short_help="Legal holds: what may not be erased or pruned.")
def hold() -> None:
    """Keep what may not be erased or pruned until somebody releases it."""


@hold.command(name="add", short_help="Keep a session, or everything.")
@click.argument("name")
@_reason
@_session
@click.option("--basis", type=click.Choice(["legal_hold", "court_order"]), default="legal_hold", show_default=True)
@project_option
def add(name: str, reason: str, session: str | None, basis: str, root: Path | None) -> None:
    """Let nothing of a session, or of everything, be erased or pruned until the hold NAME is released.

    Exit codes: 0 held, 2 there is such a hold or no such session, 4 it cannot be recorded.
    """
    from standfast.app.keeping.holding import hold as place
    from standfast.cli.commands.session import sentence
    from standfast.cli.saying import say
    from standfast.ledger.bodies import Basis
    from standfast.ledger.fields import ChainId

    with _office(root) as one:
        chain = ChainId(session) if session else None
        entry = place(one.content, _named(name), sentence(reason), session=chain, basis=Basis(basis))
    say(f"entry {entry}: the hold {name} keeps {f'session {session}' if session else 'everything'}")


@hold.command(name="release", short_help="End a hold.")
@click.argument("name")
@_reason
@project_option
def release(name: str, reason: str, root: Path | None) -> None:
    """End the hold NAME: what it kept may be erased and pruned again.

    Exit codes: 0 released, 2 there is no such hold, 4 it cannot be recorded.
    """
    from standfast.app.keeping.holding import release as end
    from standfast.cli.commands.session import sentence
    from standfast.cli.saying import say

    with _office(root) as one:
        entry = end(one.content, name, sentence(reason))
    say(f"entry {entry}: the hold {name} is released")


@hold.command(name="list", short_help="The holds in force.")
@project_option
def list_(root: Path | None) -> None:
    """List the holds in force: on what, since when, by whom and why.

    Exit codes: 0 listed, 2 there is no ledger, 4 the record is not what it was.
    """
    from standfast.app.keeping.holding import reason_of
    from standfast.app.sessions.shown import called
    from standfast.cli.saying import say

    with _office(root) as one:
        people, names = one.desk.register.people(), one.desk.scribe.disclosed.names()
        for held in one.content.retained().holds:
            what = f"session {held.session}" if held.session else "everything"
            by = called(held.by, people, names)
            say(f"{held.name}  {what}  {held.basis} since {held.since:%Y-%m-%d} by {by}")
            say(f"  {reason_of(one.desk, held) or '(erased)'}")


@click.command(short_help="Erase a person, or a session.")
@click.option("--person", metavar="WHO", help="A name, an address, a login or a pseudonym (p-...).")
@_session
@click.option("--sentences", is_flag=True, help="With --person: what the person wrote goes as well.")
@click.option(
    "--basis",
    type=click.Choice(["erasure_request", "consent_withdrawn", "court_order"]),
    default="erasure_request",
    show_default=True,
    help="Why.",
)
@click.option("--backups-end", type=_DAY, help="When no backup has it any more. By default from [retention].")
@click.option("--finish", is_flag=True, help="Only do what an earlier command did not live to do.")
@project_option
def erase(
    person: str | None,
    session: str | None,
    basis: str,
    backups_end: datetime | None,
    root: Path | None,
    *,
    sentences: bool,
    finish: bool,
) -> None:
    """Destroy the names of a person, or everything that a closed session keeps beside its entries.

    An entry says so first, with the digest of what goes; every proof still holds afterwards.

    Exit codes: 0 erased, 2 there is no such person or session, 4 a hold keeps it, or it cannot be recorded.
    """
    from datetime import timedelta

    from standfast.app.keeping.erasing import Grounds
    from standfast.cli.saying import say
    from standfast.ledger.bodies import Basis
    from standfast.ledger.fields import ChainId
    from standfast.model import UsageError

    if [person is not None, session is not None, finish].count(True) != 1:
        raise UsageError("erase-what", "expected one of --person WHO, --session ID and --finish")
    with _office(root) as one:
        end = (
            _utc(backups_end)
            if backups_end
            else one.desk.scribe.ledger.moment() + timedelta(days=one.desk.settings.retention.backup_days)
        )
        grounds = Grounds(Basis(basis), end)
        if person is not None:
            found = one.erasing.person(person, grounds, sentences=sentences)
        elif session is not None:
            found = one.erasing.session(ChainId(session), grounds)
        else:
            say("nothing is left undone")
            return
    say(f"entry {found.entry}: erased, {basis}; content {found.content}")
    say(f"destroyed: sentences and names of {found.disclosures:,} leaves, {found.keys:,} data keys")
    say(f"          {found.sealed:,} sealed objects, and what the evidence store held of them in plain")
    say(f"backups must not hold it any more from {end:%Y-%m-%d} on: see to it")
    say("what remains:", *(f"- {text}" for text in found.remains))


@click.command(short_help="Remove what retention no longer asks for.")
@click.option("--before", type=_DAY, required=True, help="Only what ended before this day.")
@click.option("--dry-run", is_flag=True, help="Say what would go, and record nothing.")
@project_option
def prune(before: datetime, root: Path | None, *, dry_run: bool) -> None:
    """Remove leaves and sealed content that ended before a day, after retention is over; hashes and proofs stay.

    Exit codes: 0 pruned or nothing to prune, 2 the day is too late, 4 it cannot be recorded.
    """
    from standfast.app.keeping.office import assert_old, years_kept
    from standfast.app.keeping.pruning import years_of
    from standfast.cli.saying import say

    before = _utc(before)
    with _office(root) as one:
        now = one.desk.scribe.ledger.moment()
        assert_old(before, now - years_of(years_kept(one.desk.settings, one.desk.root, now)))
        plan = one.pruning.planned(before)
        entry = None if dry_run or plan.is_empty else one.pruning.prune(plan).entry
    verb = "would go" if entry is None else "pruned"
    if plan.is_empty:
        say("nothing to prune")
    else:
        say(f"{'dry run' if entry is None else f'entry {entry}'}: leaves {plan.start:,} to {plan.end:,} {verb}")
        say(f"{len(plan.content.owners):,} sessions and months, {len(plan.content.sealed):,} sealed objects {verb}")
    say(*(f"no further: {text}" for text in plan.stops), err=True)


@click.command(short_help="Keep one log for each year.")
@click.option("--off", is_flag=True, help="Let the log go on when the year is over.")
@click.option(
    "--owner", metavar="ADDRESS", help="Of a shared ledger: the role that makes the next log now; no password."
)
@project_option
def yearly(root: Path | None, owner: str | None, *, off: bool) -> None:
    """Freeze the log when its year is over, and begin another one that names it, with a key of its own.

    The next log of a shared ledger is made by its owner: run this with --owner once the year is over.

    Exit codes: 0 said, 2 there is no ledger, 4 it cannot be kept.
    """
    import msgspec

    from standfast.app.ledger import shared
    from standfast.app.ledger.home import Home
    from standfast.cli.commands.ledger import known_ledger
    from standfast.cli.saying import say
    from standfast.model import UsageError

    known = known_ledger(root)
    if known.schema and owner and not off:
        _follow(known, owner)
        return
    if owner:
        raise UsageError(
            "ledger-owner-unasked", "found --owner, expected it only where a shared ledger is to be followed"
        )
    if not off:
        shared.refuse(
            known,
            "begins none by itself when a year is over: its writers may not make one",
            "once the year is over, let its owner make it: `standfast ledger yearly --owner ADDRESS`",
        )
    Home().keep(msgspec.structs.replace(known, yearly=not off))
    say(f"{known.origin} {'goes on when the year is over' if off else 'is frozen when its year is over'}")
    if not off:
        say("hint: the next one has a verifier key of its own; give it to auditors and witnesses then", err=True)


def _follow(known: "Known", owner: str) -> None:
    from standfast.app import clock
    from standfast.app.ledger.home import Home
    from standfast.app.ledger.opening import open_ledger
    from standfast.app.ledger.shards import followed
    from standfast.app.ledger.shared import after, rehearse
    from standfast.cli.saying import say

    now = clock.now()
    rehearse(after(known, owner, now.year))
    with open_ledger(known, Home()) as before, followed(before, Home(), now, owner=owner) as ledger:
        if ledger.known.id == known.id:
            say(f"{known.origin} goes on: its year is not over, or a session is open in it")
            return
        say(ledger.store.identity.vkey)
        say(f"{known.origin} is frozen, and {ledger.known.origin} goes on after it: {ledger.known.where}", err=True)
    say(f"hint: the other machines join it, with a copy of the key in {Home().of(ledger.known.id)}", err=True)


@click.command(short_help="Copy it to media that write once.")
@click.option("--to", required=True, metavar="MEDIA", help="s3://BUCKET/PREFIX with object lock, or a folder.")
@project_option
def export(to: str, root: Path | None) -> None:
    """Copy tree, entries and sealed content, as ciphertext, to media that write once; what is there is compared.

    In a bucket, each object is locked in compliance mode until the retention of its records is over.

    Exit codes: 0 everything is there, 2 the media cannot be used, 4 they hold something else, or the ledger is damaged.
    """
    from contextlib import closing

    from standfast.app.clock import now
    from standfast.app.keeping.bodies import bodies_of
    from standfast.app.keeping.media import media
    from standfast.app.keeping.office import years_kept
    from standfast.app.keeping.pruning import years_of
    from standfast.app.keeping.worm import Copying
    from standfast.app.ledger.home import Home
    from standfast.app.ledger.reading import reading
    from standfast.app.written.settings import FILE_NAME, read_settings
    from standfast.cli.commands.ledger import known_ledger
    from standfast.cli.saying import say

    known = known_ledger(root)
    folder = Path(known.root)
    kept = years_of(years_kept(read_settings(folder / FILE_NAME)[0], folder, now()))
    with reading(known) as reader, closing(bodies_of(known, Home())) as bodies:
        copied = Copying(reader, bodies, lambda moment: moment + kept).copy(media(to))
    say(f"{to} holds all {copied.size:,} entries: {copied.written:,} files written, {copied.verified:,} compared")
    if copied.extended:
        say(f"{copied.extended:,} of them were not locked for long enough, and are now")
    if not to.startswith("s3://"):
        say("hint: a folder is no lock; see to it that its media write once", err=True)


def _utc(day: datetime) -> datetime:
    return day.replace(tzinfo=UTC)


def _named(name: str) -> str:
    import re

    from standfast.model import UsageError

    if not re.fullmatch(_NAME, name):
        raise UsageError("hold-name", f"{name!r} is no name of a hold", hint="small letters, digits and ._:/- only")
    return name


@contextmanager
def _office(root: Path | None) -> "Iterator[Office]":
    from standfast.app.keeping.office import office
    from standfast.app.repository.project import find_root
    from standfast.cli.saying import say

    with office((root or find_root(Path.cwd())).resolve()) as one:
        if one.desk.notice:
            say(f"warning: {one.desk.notice}", err=True)
        for entry in one.finished:
            say(f"finished what entry {entry} says is gone", err=True)
        yield one
