"""What a forge is to show of the ledger: an issue per session, comments that only add, one status, a mark per gate."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

import msgspec

from standfast.app.forge.port import Mark, MarkState
from standfast.app.ledger.recording import UNWITNESSED
from standfast.app.sessions.shown import Line, Shown
from standfast.ledger.bodies import GateDecided, SessionBound, SessionClosed, SessionOpened
from standfast.ledger.events import Leaf, encode, leaf_digest
from standfast.ledger.fields import ChainId
from standfast.ledger.kinds import EventKind
from standfast.model import Status, sha256

COMMENTED = frozenset(
    {
        EventKind.SESSION_ADVANCED,
        EventKind.SESSION_REFUSED,
        EventKind.SESSION_CLOSED,
        EventKind.REQUIREMENT_ANALYSED,
        EventKind.REQUIREMENT_APPROVED,
        EventKind.DECISION_RECORDED,
        EventKind.GATE_DECIDED,
        EventKind.REVIEW_RECORDED,
        EventKind.APPROVAL_GIVEN,
        EventKind.APPROVAL_DECLINED,
        EventKind.APPROVAL_REFUSED,
        EventKind.APPROVAL_REVOKED,
        EventKind.WAIVER_GRANTED,
        EventKind.WAIVER_REVOKED,
        EventKind.DUTY_COMPENSATED,
        EventKind.DEPLOYMENT_STARTED,
        EventKind.DEPLOYMENT_FINISHED,
        EventKind.DEPLOYMENT_REVERTED,
        EventKind.DEPLOYMENT_CONFIRMED,
        EventKind.LESSON_RECORDED,
    }
)
"""The kinds of event that are told in a comment of their own."""
LABEL = "standfast"
_MOST_TEXT = 20_000
_MOST_MARK = 140


class Event(msgspec.Struct, frozen=True):
    """One event to be told: where it stands in the ledger, and what is said of it before the proof."""

    marker: str
    index: int
    leaf: str
    text: str


class Mirror(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be shown of one session. ``issue`` is the one that it is about, None where it is to be opened.

    ``bound`` is the one that was opened for it, as the ledger says; None where it says nothing yet.

    ``count`` is how many events this tells of; ``ended`` is None while the session is open, then whether it was
    completed.
    """

    session: ChainId
    issue: int | None
    since: datetime
    title: str
    opening: str
    events: tuple[Event, ...]
    status: str
    labels: frozenset[str]
    marks: tuple[tuple[str, Mark], ...]
    count: int
    ended: bool | None = None
    bound: int | None = None

    @property
    def opening_marker(self) -> str:
        """By what the issue is found again."""
        return self.opening.split("\n", 1)[0]

    @property
    def status_marker(self) -> str:
        """By what the comment with the status is found again."""
        return self.status.split("\n", 1)[0]


def mirror(one: Shown, entries: Sequence[tuple[int, Leaf]], *, sentences: bool) -> Mirror:
    """Return what is to be shown of the session *one* with these *entries*; names and *sentences* only if wanted."""
    leaves = [leaf for _index, leaf in entries]
    opened, ended = leaves[0].body, leaves[-1].body
    if not isinstance(opened, SessionOpened):
        raise TypeError("a session begins with its opening")
    session, first = ChainId(one.session), leaf_digest(encode(leaves[0]))
    verdict = _newest(leaves)
    gate = verdict.status if verdict else "none"
    title = f"{one.title} ({session})" if sentences else f"Change session {session}"
    opening = [
        f"<!-- standfast:session {session} {first} -->",
        f"Change session `{session}`, opened as entry `{first}`.",
    ]
    return Mirror(
        session=session,
        issue=opened.issue,
        since=one.opened_at,
        title=" ".join(title.split())[:200],
        opening="\n".join([*opening, "What is told here is a copy. The ledger is the record."]),
        events=tuple(_events(session, one.lines, entries, sentences=sentences)),
        status=_status(one, first, verdict),
        labels=frozenset({LABEL, f"{LABEL}/phase:{one.phase}", f"{LABEL}/gate:{gate}"}),
        marks=() if verdict is None or verdict.commit is None else marks(verdict),
        count=len(leaves),
        ended=ended.result == "completed" if isinstance(ended, SessionClosed) else None,
        bound=next((leaf.body.issue for leaf in leaves if isinstance(leaf.body, SessionBound)), None),
    )


def marks(verdict: GateDecided) -> tuple[tuple[str, Mark], ...]:
    """Return a mark for each gate of *verdict*, at its commit; none where it is about no commit."""
    if verdict.commit is None:
        return ()
    return tuple((verdict.commit, _mark(gate, status, verdict)) for gate, status in sorted(verdict.gates.items()))


def _mark(gate: str, status: Status, verdict: GateDecided) -> Mark:
    state = MarkState.SUCCESS if status.opens else MarkState.FAILURE if status is Status.FAIL else MarkState.ERROR
    text = f"{status}; verdict {verdict.verdict[:19]}, {verdict.evidence_count} pieces of evidence"
    return Mark(name=f"{LABEL}/{gate}"[:100], state=state, text=text[:_MOST_MARK], reference=verdict.verdict)


def _newest(leaves: Iterable[Leaf]) -> GateDecided | None:
    """Return the newest verdict about a whole commit, or None."""
    found = [leaf.body for leaf in leaves if isinstance(leaf.body, GateDecided) and leaf.body.commit is not None]
    return found[-1] if found else None


def _events(
    session: ChainId, lines: Sequence[Line], entries: Sequence[tuple[int, Leaf]], *, sentences: bool
) -> Iterable[Event]:
    for line, (index, leaf) in zip(lines, entries, strict=True):
        if leaf.kind not in COMMENTED or (isinstance(leaf.body, GateDecided) and leaf.body.commit is None):
            continue
        marker = f"<!-- standfast:event {session} {line.number} {line.leaf} -->"
        what = f": {_plain(line.what)}" if line.what else ""
        head = f"**{line.kind}**, event {line.number}, {line.at:%Y-%m-%d %H:%M:%S} UTC, in {line.phase}"
        unsigned = " (unsigned)" if line.unsigned else ""
        said = [f"\n{_quoted(text)}" for text in line.said] if sentences else []
        told = [marker, head, f"{_plain(line.who)}{what}{unsigned}", *said]
        yield Event(marker, index, line.leaf, "\n".join(told))


def with_proof(event: Event, origin: str, prove: Callable[[int], bytes], witnesses: Sequence[str]) -> str:
    """Return what is said of *event*, with the proof that it is in the log called *origin*."""
    vouched = f"witnessed by {', '.join(witnesses)}" if witnesses else UNWITNESSED
    return "\n".join(
        [
            event.text,
            "",
            f"<details><summary>Proof that this is entry {event.index} of {_plain(origin)} ({vouched})</summary>",
            "",
            f"Leaf hash `{event.leaf}`.",
            "",
            "```text",
            prove(event.index).decode("utf-8").rstrip("\n"),
            "```",
            "</details>",
        ]
    )


def _status(one: Shown, first: str, verdict: GateDecided | None) -> str:
    where = f"closed, {one.result}" if one.result else f"in {one.phase}"
    lines = [f"<!-- standfast:status {one.session} {first} -->", f"### Change session `{one.session}`: {where}", ""]
    if one.missing and not one.result:
        lines.append(f"Not yet approved as {' or '.join(one.missing)}.")
    lines += [f"Counts no longer: {_plain(text)}." for text in one.void]
    if verdict is None:
        lines.append("No gate was decided about a whole commit.")
    else:
        lines += [
            "",
            f"Verdict `{verdict.verdict[:19]}` about commit `{(verdict.commit or '')[:12]}`: {verdict.status}",
        ]
        lines += ["", "| gate | status |", "|---|---|"]
        lines += [f"| {gate} | {status} |" for gate, status in sorted(verdict.gates.items())]
    newest = one.lines[-1]
    return "\n".join([*lines, "", f"{newest.number} events, the newest is `{newest.leaf}`."])


def digest(*parts: str) -> str:
    """Return by what two versions of the same thing are told apart."""
    return sha256("\0".join(parts).encode())


def _plain(text: str) -> str:
    """Return *text* so that it means nothing but itself: no mark-up, and nobody is called by it."""
    short = " ".join(text.split())
    escaped = "".join(f"\\{letter}" if letter in "\\`*_{}[]<>#|" else letter for letter in short)
    return escaped.replace("@", "@\u200b")


def _quoted(text: str) -> str:
    cut = text if len(text) <= _MOST_TEXT else text[:_MOST_TEXT] + " ... (cut off here)"
    return "\n".join(f"> {_plain(line)}" for line in cut.splitlines())
