"""The timeline of a session as people read it: names and sentences where they are still disclosed."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from standfast.app.sessions.ahead import following, missing
from standfast.evidence.wording.people import Person
from standfast.ledger.bodies import Phase, SessionClosed
from standfast.ledger.commitments import Disclosure, verify
from standfast.ledger.events import Leaf, encode
from standfast.ledger.fields import ActorId
from standfast.ledger.people import People
from standfast.ledger.session import Session, judged
from standfast.ledger.timeline import Entry, timeline
from standfast.model import Digest, LedgerError

ERASED = "(erased)"
NOTHING = "Nothing: the session may go on."
_ID = re.compile(r"\b[ps]-[0-9a-z]{4,40}\b")


class Told(Protocol):
    """What is disclosed beside the ledger, or the part of it that may be shown."""

    def names(self) -> dict[ActorId, Person]:
        """Return the names by pseudonym."""
        ...

    def of(self, leaf: Digest) -> dict[str, Disclosure]:
        """Return the sentences of one event by path."""
        ...


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One event: ``what`` tells its facts, ``said`` what somebody wrote, which is disclosed beside the ledger.

    ``void`` tells that it counts no longer.
    """

    number: int
    at: datetime
    phase: str
    kind: str
    who: str
    what: str
    said: tuple[str, ...]
    leaf: str
    refused: bool
    unsigned: bool
    void: bool = False


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """One session; ``missing`` are the roles in which it is not yet approved.

    ``void`` are the events that count no longer: by what is known about people now, the rules refuse them.
    ``ahead`` is the phase that follows, empty once the session is closed, and ``lacking`` what is missing for it.
    """

    session: str
    title: str
    phase: str
    opened_at: datetime
    opened_by: str
    missing: tuple[str, ...]
    result: str
    lines: tuple[Line, ...]
    void: tuple[str, ...] = ()
    ahead: str = ""
    lacking: tuple[str, ...] = ()


def shown(leaves: Sequence[Leaf], people: People, disclosed: Told) -> Shown:
    """Return the session that *leaves* are, after proving each disclosed sentence against its leaf.

    Raises:
        LedgerError: The session was never opened, or a disclosure was changed.
    """
    state, problems = judged(leaves, people=people)
    if not isinstance(state, Session):
        raise LedgerError("session-illegal", "the first event opens no session", problems=problems)
    names, gone = disclosed.names(), {one.where for one in problems}
    lines = tuple(
        _line(entry, leaf, people, names, disclosed, void=f"leaf {entry.number}" in gone)
        for entry, leaf in zip(timeline(leaves), leaves, strict=True)
    )
    ended = leaves[-1].body
    return Shown(
        session=state.id,
        title=lines[0].said[-1],
        phase=state.phase,
        opened_at=state.opened_at,
        opened_by=lines[0].who,
        missing=state.duties.missing(state.rules, people),
        result=ended.result if isinstance(ended, SessionClosed) else "",
        lines=lines,
        void=tuple(_ID.sub(lambda match: called(ActorId(match[0]), people, names), f"{one}") for one in problems),
        ahead=following(state),
        lacking=missing(state, people),
    )


def _line(
    entry: Entry, leaf: Leaf, people: People, names: Mapping[ActorId, Person], disclosed: Told, *, void: bool
) -> Line:
    data, opened = encode(leaf), disclosed.of(entry.leaf)
    said = [verify(opened[path], data, entry.leaf) if path in opened else ERASED for path in entry.hidden]
    return Line(
        number=entry.number,
        at=entry.at,
        phase=entry.phase,
        kind=entry.kind,
        who=called(entry.who, people, names),
        what=_ID.sub(lambda match: called(ActorId(match[0]), people, names), entry.what),
        said=tuple(said),
        leaf=entry.leaf,
        refused=entry.refused,
        unsigned=entry.unsigned,
        void=void,
    )


def called(who: ActorId, people: People, names: Mapping[ActorId, Person]) -> str:
    """Return the name of *who*, or the pseudonym where no name is disclosed."""
    found = names.get(people.one(who)) or names.get(who)
    return str(found) if found else who


def as_text(one: Shown) -> list[str]:
    """Return *one* as lines for a terminal."""
    lines = [f"{one.session}  {one.title}", f"{_where(one)}; opened by {one.opened_by}", ""]
    width = max(len(line.kind) for line in one.lines)
    for line in one.lines:
        lines.append(f"{line.number:>3}  {line.at:%Y-%m-%d %H:%M:%S}  {line.kind:<{width}}  {_told(line)}")
        lines += [f"     {text}" for text in line.said]
    lines += [f"counts no longer: {text}" for text in one.void]
    return lines if one.result else [*lines, "", *_lacking(one)]


def as_markdown(one: Shown) -> list[str]:
    """Return *one* as lines of Markdown."""
    head = [
        f"# {_cell(one.title)}",
        "",
        f"Session `{one.session}`, {_where(one)}; opened by {_cell(one.opened_by)}.",
        "",
    ]
    rows = ["| | when (UTC) | phase | event | who and what |", "|---|---|---|---|---|"]
    for line in one.lines:
        told = _cell(" ".join([_told(line), *(f"“{text}”" for text in line.said)]))
        rows.append(f"| {line.number} | {line.at:%Y-%m-%d %H:%M:%S} | {line.phase} | {line.kind} | {told} |")
    rows += [f"\nCounts no longer: {_cell(text)}." for text in one.void]
    if one.result:
        return [*head, *rows]
    title, *missing = _lacking(one)
    return [*head, *rows, "", f"## {title}", "", *(f"- {_cell(text.strip())}" for text in missing)]


def ahead_of(one: Shown) -> str:
    """Return in words what an open session is to do next."""
    return "to close it as completed" if one.ahead == Phase.CLOSED else f"for {one.ahead.replace('_', '-')}"


def _lacking(one: Shown) -> list[str]:
    """Return what an open session lacks, under a title."""
    return [f"What is missing {ahead_of(one)}", *(f"  {text}" for text in one.lacking or (NOTHING,))]


def _where(one: Shown) -> str:
    if one.result:
        return f"closed, {one.result}"
    missing = f", not approved as {' or '.join(one.missing)}" if one.missing else ""
    return f"in {one.phase}{missing}"


def _told(line: Line) -> str:
    return f"{line.who}: {line.what}" if line.what else line.who


def _cell(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>#|])", r"\\\1", " ".join(text.split()))
