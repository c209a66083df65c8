"""`standfast session`: the record of one change, from requirement to lessons learned."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from standfast.cli.evidence_tables import project_option

if TYPE_CHECKING:
    from standfast.app.sessions.desk import Desk
    from standfast.ledger.session import Refusal, Session

_PHASES = ("requirements", "development", "pre_deployment", "rollout")
_session = click.option("--session", metavar="ID", help="Another session than the one that is open.")
_MOST = 100_000


@click.group(name="session", short_help="The record of one change, from requirement to lessons learned.")
def command() -> None:
    """Keep the record of one change: what was required, decided, reviewed and learned.

    Every event is in the ledger. Titles and sentences stand beside it and can be erased.
    """


@command.command(name="open", short_help="Open a session for the change.")
@click.argument("title")
@click.option("--issue", type=click.IntRange(min=1), help="The number of the issue that it is about.")
@click.option("--forge/--no-forge", default=None, help="Show it where [forge] says; the default if there is one.")
@project_option
def open_(title: str, issue: int | None, *, forge: bool | None, root: Path | None) -> int:
    """Open a session called TITLE and print its id. One is open at a time in a working copy.

    Where standfast.toml has a [forge], an issue is opened there for it, or the one with that number is used.

    Exit codes: 0 opened, 2 one is open already or the settings cannot be taken, 4 it cannot be recorded.
    """
    from standfast.app.forge.opening import shown_at

    with at_desk(root, beginning=True) as one:
        where = shown_at(one.settings, wanted=forge)
        after = one.open(sentence(title), issue=issue, forge=where)
        advised(one)
        return told(after, lambda state: state.id)


@command.command(short_help="Write something down.")
@click.argument("text")
@_session
@project_option
def note(text: str, session: str | None, root: Path | None) -> int:
    """Write TEXT down in the session; `-` reads it from standard input.

    Exit codes: 0 recorded, 1 refused, 2 there is no session, 4 it cannot be recorded.
    """
    from standfast.app.sessions.disclosed import Hiding
    from standfast.ledger.bodies import SessionNoted

    with at_desk(root) as one:
        hiding, said = Hiding(), sentence(text)
        body = SessionNoted(text=hiding.hide("/body/text", said), words=len(said.split()))
        return told(one.take(one.required(session), lambda _state: body, hiding), _recorded)


@command.command(short_help="Record a decision, or the analysis of what is required.")
@click.argument("topic", type=click.Choice(["requirements", "architecture", "security"]))
@click.argument("text", required=False)
@click.option(
    "--file", "document", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="The document it is in."
)
@_session
@project_option
def decide(topic: str, text: str | None, document: Path | None, session: str | None, root: Path | None) -> int:
    """Record what was decided about TOPIC: in TEXT, in a file, or both. The ledger holds digests only.

    Exit codes: 0 recorded, 1 refused, 2 there is no session or nothing is said, 4 it cannot be recorded.
    """
    from standfast.app.sessions.written import decision

    with at_desk(root) as one:
        said = None if text is None else sentence(text)
        body, hiding = decision(topic, said, document, one.root)
        return told(one.take(one.required(session), lambda _state: body, hiding), _recorded)


@command.command(short_help="Go on to another phase, or back.")
@click.argument("phase", type=click.Choice(_PHASES))
@_session
@project_option
def advance(phase: str, session: str | None, root: Path | None) -> int:
    """Let the session go on to PHASE, or back to it. What may not follow is refused, and the refusal is recorded.

    Exit codes: 0 it did, 1 refused, 2 there is no session, 4 it cannot be recorded.
    """
    from standfast.ledger.bodies import Phase, SessionAdvanced

    with at_desk(root) as one:
        chosen, target = one.required(session), Phase(phase)
        if target is Phase.PRE_DEPLOYMENT and one.state(chosen).phase is Phase.DEVELOPMENT:
            one.observe(chosen)
        after = one.take(chosen, lambda state: SessionAdvanced(origin=state.phase, target=target))
        return told(after, lambda state: f"session {state.id} is in {state.phase}")


@command.command(short_help="Record a review of the newest commit.")
@click.argument("state", type=click.Choice(["approved", "changes_requested", "commented"]))
@click.option("--text", default="", help="What the reviewer says.")
@_session
@project_option
def review(state: str, text: str, session: str | None, root: Path | None) -> int:
    """Record that you reviewed the newest commit. It is a review, and no approval: see `standfast approve`.

    Exit codes: 0 recorded, 1 refused, 2 there is no session or no commit, 4 it cannot be recorded.
    """
    from standfast.app.sessions.written import review as reviewed

    with at_desk(root) as one:
        chosen = one.required(session)
        body = reviewed(state, sentence(text) if text else "", one.root, one.actor.id)
        return told(one.take(chosen, lambda _state: body), _recorded)


@command.command(short_help="Close the session with what was learned.")
@click.option("--lesson", required=True, help="What was learned; `-` reads it from standard input.")
@click.option(
    "--result",
    type=click.Choice(["completed", "failed", "abandoned"]),
    default="completed",
    show_default=True,
    help="How it ended; completed takes a deployment that ended well.",
)
@_session
@project_option
def close(lesson: str, result: str, session: str | None, root: Path | None) -> int:
    """Close the session: its last event names how many there are, so that none can go missing.

    Exit codes: 0 closed, 1 refused, 2 there is no session, 4 it cannot be recorded.
    """
    from standfast.ledger.bodies import Result

    with at_desk(root) as one:
        after = one.close(one.required(session), Result(result), sentence(lesson))
        return told(after, lambda state: f"session {state.id} is closed, {state.head.count} events")


@command.command(short_help="Show what happened in a session.")
@click.argument("session", required=False)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "markdown", "html", "json"]),
    default="text",
    show_default=True,
    help="Output.",
)
@project_option
def show(session: str | None, format_name: str, root: Path | None) -> None:
    """Show the timeline of SESSION, or of the one that is open. Erased sentences are shown as erased.

    Exit codes: 0 shown, 2 there is no session, 4 the record is not what it was.
    """
    import msgspec

    from standfast.app.ledger.home import Home
    from standfast.app.sessions.page import as_page
    from standfast.app.sessions.shown import as_markdown, as_text, shown
    from standfast.app.sessions.vouching import witnesses_of
    from standfast.cli.evidence_tables import print_json
    from standfast.cli.saying import say

    with at_desk(root) as one:
        chosen = one.required(session)
        found = shown(*one.recorded(chosen), one.scribe.disclosed)
        page = format_name == "html" and as_page(found, witnesses_of(chosen, one.scribe.ledger.known, Home()))
    if page:
        sys.stdout.buffer.write(page)
        sys.stdout.buffer.flush()
    elif format_name == "json":
        print_json(msgspec.to_builtins(found))
    else:
        say(*(as_text(found) if format_name == "text" else as_markdown(found)))


@command.command(name="list", short_help="List the sessions.")
@click.option(
    "--format", "format_name", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Output."
)
@project_option
def list_(format_name: str, root: Path | None) -> None:
    """List the sessions of this working copy, oldest first.

    Exit codes: 0 listed, 2 there is no ledger, 4 the record is not what it was.
    """
    import msgspec

    from standfast.app.sessions.shown import shown
    from standfast.cli.evidence_tables import print_json
    from standfast.cli.saying import say

    with at_desk(root) as one:
        people = one.register.people()
        found = [shown(one.leaves(name), people, one.scribe.disclosed) for name in one.sessions()]
    if format_name == "json":
        rows = [{**msgspec.to_builtins(each), "lines": len(each.lines)} for each in found]
        print_json(rows)
    else:
        say(*(f"{each.session}  {each.result or each.phase:<14}  {each.title}" for each in found))


@contextmanager
def at_desk(root: Path | None, *, beginning: bool = False) -> "Iterator[Desk]":
    """Give the desk of the project at *root*, or of the one that this is; what there is to say about it is said.

    Afterwards the forge is told of what was recorded.
    """
    from standfast.app.repository.project import find_root
    from standfast.app.sessions.desk import desk
    from standfast.cli.saying import say
    from standfast.cli.telling import tell_forge

    place = (root or find_root(Path.cwd())).resolve()
    with desk(place, beginning=beginning) as one:
        if one.notice:
            say(f"warning: {one.notice}", err=True)
        before = one.scribe.ledger.store.head().size
        yield one
        grown = one.scribe.ledger.store.head().size > before
    if grown:
        tell_forge(place)


def told(after: "Session | Refusal", what: "Callable[[Session], str]") -> int:
    """Print what an event led to, and return the exit code: 1 where it was refused."""
    from standfast.cli.saying import say
    from standfast.ledger.session import Refusal

    if isinstance(after, Refusal):
        return refused(after)
    say(what(after))
    return 0


def advised(one: "Desk") -> None:
    """Say where the rules for approvals cannot be met by who works here."""
    from standfast.app.sessions.maintainers import advice
    from standfast.cli.saying import say

    found = advice(one)
    if found is not None:
        say(f"warning: {found.warning}", err=True)
        say(f"hint: {found.hint}", err=True)


def refused(refusal: "Refusal") -> int:
    """Print why something was refused, and return the exit code."""
    from standfast.app.sessions.refusals import hint_for
    from standfast.cli.saying import say

    say(f"refused: {refusal}; the refusal is recorded", err=True)
    say(f"hint: {hint_for(refusal.reason)}", err=True)
    return 1


def _recorded(state: "Session") -> str:
    return f"recorded as event {state.head.count} of session {state.id}"


def sentence(text: str) -> str:
    """Return what somebody said, from standard input where *text* is a dash.

    Raises:
        UsageError: It says nothing, is too long, or is no text.
    """
    from standfast.model import UsageError
    from standfast.model.waiver import says_something

    said = (sys.stdin.read(_MOST + 1) if text == "-" else text).strip()
    if not says_something(said) or len(said) > _MOST or any("\ud800" <= letter <= "\udfff" for letter in said):
        raise UsageError("sentence-empty", f"expected a sentence of at most {_MOST:,} characters")
    return said
