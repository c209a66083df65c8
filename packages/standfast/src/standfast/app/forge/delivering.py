"""Tell a forge what it does not show yet; each thing is looked for by its marker before it is told."""

from collections.abc import Callable
from typing import Protocol

import msgspec

from standfast.app.forge.mirrored import LABEL, Event, Mirror, digest
from standfast.app.forge.outbox import Outbox
from standfast.app.forge.port import Comment, Forge, ForgeError, Mark, told
from standfast.ledger.fields import ChainId

_ISSUE, _STATUS, _LABELS, _CLOSED, _COUNT = "issue", "status", "labels", "closed", "count"
Text = Callable[[Event], str]


class _Known(Protocol):
    def __call__(self, marker: str) -> str | None: ...


class Waiting(msgspec.Struct, frozen=True):
    """What a forge does not show yet of one session: how many things, and why not, as far as it was tried."""

    session: str
    count: int
    trouble: str = ""


class Delivery:
    """One session on its way to one forge; one process at a time."""

    def __init__(self, forge: Forge, one: Mirror, outbox: Outbox, text: Text) -> None:
        self._forge, self._one, self._outbox, self._text = forge, one, outbox, text
        self._comments: dict[str, Comment] = {}
        self.remarks: list[str] = []

    @property
    def session(self) -> ChainId:
        """Which session it is."""
        return self._one.session

    def run(self) -> None:
        """Return when the forge shows everything.

        Raises:
            ForgeError: It does not; what it acknowledged is remembered.
        """
        refusals: list[ForgeError] = []
        for part in (self._talk, self._marks):
            try:
                part()
            except ForgeError as error:
                if error.passing:
                    raise
                refusals.append(error)  # it refuses one part, which says nothing about the other
        if refusals:
            raise refusals[0]
        self._acknowledge(_COUNT, str(self._one.count))

    def _talk(self) -> None:
        number = self._issue()
        events = [event for event in self._one.events if self._said(event.marker) is None]
        status = digest(self._one.status)
        if events or self._said(_STATUS) != status:
            self._comments = _by_marker(self._forge.comments(number))
            for event in events:
                self._event(number, event)
            self._status(number, status)
        self._labels(number)
        self._close(number)

    def _issue(self) -> int:
        said = self._said(_ISSUE)
        if said is not None:
            return int(said)
        one = self._one
        if one.issue is not None or one.bound is not None:
            found = self._forge.issue(one.issue or one.bound or 0)
        else:
            known = self._forge.issue_that_begins(one.opening_marker, since=one.since)
            found = known or self._forge.open_issue(one.title, one.opening)
        self._acknowledge(_ISSUE, str(found.number))
        return found.number

    def _event(self, number: int, event: Event) -> None:
        if event.marker not in self._comments:
            self._forge.comment(number, self._text(event))
        self._acknowledge(event.marker, event.leaf)

    def _status(self, number: int, status: str) -> None:
        there = self._comments.get(self._one.status_marker)
        if there is None:
            self._forge.comment(number, self._one.status)
        elif there.body != self._one.status:
            self._forge.edit_comment(number, there.id, self._one.status)
        self._acknowledge(_STATUS, status)

    def _labels(self, number: int) -> None:
        wanted = self._one.labels
        said = digest(*sorted(wanted))
        if self._said(_LABELS) == said:
            return
        there = self._forge.issue(number).labels
        old = frozenset(name for name in there if name.startswith(f"{LABEL}/")) - wanted
        after = self._forge.label(number, add=wanted - there, remove=old)
        dropped = sorted(wanted - after)
        if dropped:
            self.remarks.append(
                f"{self._forge.name} did not take the labels {', '.join(dropped)} and gave no error: "
                "the token may not be allowed to set them"
            )
        self._acknowledge(_LABELS, said)

    def _close(self, number: int) -> None:
        if self._one.ended is None or self._one.issue is not None or self._said(_CLOSED) is not None:
            return
        if not self._forge.issue(number).closed:
            self._forge.close_issue(number, done=self._one.ended)
        self._acknowledge(_CLOSED, str(self._one.ended))

    def _marks(self) -> None:
        set_marks(self._forge, self._one.session, self._one.marks, self._outbox)

    def _said(self, marker: str) -> str | None:
        return self._outbox.said(self._forge.name, self._one.session, marker)

    def _acknowledge(self, marker: str, said: str) -> None:
        self._outbox.acknowledge(self._forge.name, self._one.session, marker, said)


def issue_of(forge: str, session: ChainId, outbox: Outbox) -> int | None:
    """Return the number of the issue that the forge of that name acknowledged for *session*, or None."""
    said = outbox.said(forge, session, _ISSUE)
    return None if said is None else int(said)


def set_marks(forge: Forge, chain: ChainId, marks: tuple[tuple[str, Mark], ...], outbox: Outbox) -> None:
    """Return when *forge* shows *marks*.

    Raises:
        ForgeError: It does not: it may not have the commit yet.
    """
    left = [
        (commit, mark) for commit, mark in marks if outbox.said(forge.name, chain, _place(commit, mark)) != _of(mark)
    ]
    for commit in dict.fromkeys(at for at, _mark in left):
        try:
            there = forge.marks(commit)
            for mark in (mark for at, mark in left if at == commit):
                if there.get(mark.name) != told(mark.state, mark.text):
                    forge.mark(commit, mark)
                outbox.acknowledge(forge.name, chain, _place(commit, mark), _of(mark))
        except ForgeError as error:
            if error.passing:
                raise
            raise ForgeError(
                error.code,
                f"the gates of commit {commit:.12} cannot be shown: {error.message}",
                hint="push the commit, then `standfast forge sync`",
            ) from error


def unset_marks(
    forge: str, chain: ChainId, marks: tuple[tuple[str, Mark], ...], outbox: Outbox
) -> list[tuple[str, Mark]]:
    """Return those of *marks* that the forge of that name has not acknowledged."""
    return [(at, mark) for at, mark in marks if outbox.said(forge, chain, _place(at, mark)) != _of(mark)]


def waiting(forge: str, one: Mirror, outbox: Outbox) -> Waiting:
    """Return what the forge of that name has not acknowledged of *one*."""

    def said(marker: str) -> str | None:
        return outbox.said(forge, one.session, marker)

    return Waiting(one.session, _count(one, said), outbox.trouble(forge, one.session))


def not_ours(forge: str, session: ChainId, count: int, outbox: Outbox) -> None:
    """Remember that the forge is shown nothing of *session*, so that it is not looked at each time."""
    outbox.acknowledge(forge, session, _COUNT, str(count))


def complete(forge: str, session: ChainId, count: int, outbox: Outbox) -> bool:
    """Return whether the forge shows the first *count* events of *session*, and with them all that they led to."""
    return outbox.said(forge, session, _COUNT) == str(count)


def _count(one: Mirror, said: _Known) -> int:
    issue, ended = said(_ISSUE) is None, one.ended is not None and one.issue is None and said(_CLOSED) is None
    events = sum(said(event.marker) is None for event in one.events)
    status, labels = said(_STATUS) != digest(one.status), said(_LABELS) != digest(*sorted(one.labels))
    return issue + ended + events + status + labels + sum(said(_place(at, mark)) != _of(mark) for at, mark in one.marks)


def _place(commit: str, mark: Mark) -> str:
    return f"mark {commit} {mark.name}"


def _of(mark: Mark) -> str:
    return digest(mark.state, mark.text, mark.reference)


def _by_marker(comments: tuple[Comment, ...]) -> dict[str, Comment]:
    found: dict[str, Comment] = {}
    for one in comments:
        found.setdefault(one.body.split("\n", 1)[0].rstrip("\r"), one)
    return found
