"""A session as one self-contained page, in the look of the report: for screen, paper and screen reader."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from standfast.app.ledger.recording import UNWITNESSED
from standfast.app.sessions.shown import ERASED, NOTHING, Line, Shown, ahead_of
from standfast.ledger.bodies import Result
from standfast.ledger.kinds import EventKind
from standfast.model import Status
from standfast.report.parts.element import Html, element, prose
from standfast.report.parts.page import document, mark, symbols
from standfast.report.parts.text import plural, short

_ENDS = {Result.COMPLETED: Status.PASS, Result.FAILED: Status.FAIL, Result.ABANDONED: Status.NOTAPPLICABLE}


def as_page(one: Shown, witnesses: Sequence[str]) -> bytes:
    """Return the page about *one*, for whose record *witnesses* vouch besides the machine that keeps it."""
    return document(
        f"{one.title}: change session {one.session}",
        element("a", "Skip to the timeline", href="#timeline", class_="skip"),
        symbols(),
        _header(one, witnesses),
        element("main", _ahead(one), _void(one), _timeline(one.lines), class_="page"),
        _footer(one, witnesses),
    )


def _header(one: Shown, witnesses: Sequence[str]) -> Html:
    status, word = _standing(one)
    counted = "" if one.result else f"{ahead_of(one)}; "
    counted += f"{plural(sum(line.refused for line in one.lines), 'refusal')} in {plural(len(one.lines), 'event')}"
    inner = element(
        "div",
        element("p", "Standfast change session", class_="eyebrow"),
        element("h1", one.title, class_=_quiet(one.title)),
        element("p", mark(status, word), element("span", counted), class_="ruling"),
        element("dl", *_about(one, witnesses), class_="about"),
        element("nav", element("ul", *_places(one)), class_="tally places", aria_label="On this page"),
        class_="page",
    )
    return element("header", inner, class_=f"verdict {status}")


def _standing(one: Shown) -> tuple[Status, str]:
    if one.result:
        return Status.WARN if one.void else _ENDS[Result(one.result)], f"closed, {one.result}"
    return (Status.UNKNOWN, "open, not ready") if one.lacking else (Status.PASS, "open, ready")


def _places(one: Shown) -> Iterator[Html]:
    if not one.result:
        yield _place("missing", f"{len(one.lacking):,} missing")
    if one.void:
        yield _place("void", plural(len(one.void), "void event"))
    yield _place("timeline", plural(len(one.lines), "event"))
    for line in one.lines:
        if line.refused:
            yield _place(f"event-{line.number}", f"event {line.number} refused")


def _place(key: str, words: str) -> Html:
    return element("li", element("a", words, href=f"#{key}"))


def _about(one: Shown, witnesses: Sequence[str]) -> Iterator[Html]:
    rows = (
        ("Repository", one.lines[0].said[0]),
        ("Session", element("code", one.session)),
        ("Phase", _phase(one.phase)),
        ("Opened", _moment(one.lines[0], f"{one.opened_at:%Y-%m-%d %H:%M} UTC")),
        ("Opened by", one.opened_by),
        ("Record", f"witnessed by {', '.join(witnesses)}" if witnesses else mark(Status.WARN, "unwitnessed")),
    )
    for label, value in rows:
        yield element("div", element("dt", label), element("dd", value))


def _ahead(one: Shown) -> Html | None:
    if one.result:
        return None
    rows = (
        element("li", element("span", mark(Status.UNKNOWN, "missing"), class_="kind"), element("span", prose(text)))
        for text in one.lacking
    )
    nothing = element("p", NOTHING, class_="lead")
    listing = element("ul", *rows, class_="remarks", role="list") if one.lacking else nothing
    return _section("missing", f"What is missing {ahead_of(one)}", len(one.lacking), listing)


def _void(one: Shown) -> Html | None:
    if not one.void:
        return None
    rows = (
        element("li", element("span", mark(Status.FAIL, "void"), class_="kind"), element("span", text))
        for text in one.void
    )
    lead = "By what is known about people now, the rules refuse these events: what rested on them is to be done again."
    listing = element("ul", *rows, class_="remarks", role="list")
    return _section("void", "What counts no longer", len(one.void), element("p", lead, class_="lead"), listing)


def _timeline(lines: Sequence[Line]) -> Html:
    parts: list[Html] = []
    for phase, found in groupby(lines, key=lambda line: line.phase):
        parts += [element("h3", f"In {_phase(phase)}"), _events(found)]
    return _section("timeline", "What happened", len(lines), *parts)


def _events(lines: Iterable[Line]) -> Html:
    return element("ol", *map(_event, lines), class_="events", role="list")


def _event(line: Line) -> Html:
    marks = [mark(status, word) for status, word in _marks(line)]
    side = element(
        "div",
        element("span", f"{line.number}. ", _moment(line, f"{line.at:%Y-%m-%d %H:%M:%S}")),
        *marks,
        class_="side",
    )
    told = element("p", element("strong", line.kind.replace(".", " ").replace("_", " ").capitalize()), f", {line.who}")
    facts = element("p", line.what) if line.what else None
    # The first event hides the repository and the title, which are in the header already.
    said = () if line.kind == EventKind.SESSION_OPENED else line.said
    leaf = element("p", "leaf ", element("code", short(line.leaf)), class_="quiet")
    body = element("div", told, facts, *map(_said, said), leaf, class_="body")
    return element("li", side, body, class_="control", id=f"event-{line.number}", value=str(line.number))


def _marks(line: Line) -> Iterator[tuple[Status, str]]:
    if line.refused:
        yield Status.FAIL, "refused"
    if line.void:
        yield Status.FAIL, "counts no longer"
    if line.unsigned:
        yield Status.WARN, "unsigned"


def _said(text: str) -> Html:
    parts = (part for part in text.splitlines() if part.strip())
    return element("blockquote", *(element("p", part, class_=_quiet(part)) for part in parts))


def _quiet(text: str) -> str | None:
    return "quiet" if text == ERASED else None


def _moment(line: Line, words: str) -> Html:
    return element("time", words, datetime=f"{line.at:%Y-%m-%dT%H:%M:%S}Z")


def _phase(name: str) -> str:
    return name.replace("_", "-")


def _section(key: str, title: str, count: int, *content: Html | None) -> Html:
    return element("section", element("h2", title, element("span", f"{count:,}", class_="count")), *content, id=key)


def _footer(one: Shown, witnesses: Sequence[str]) -> Html:
    vouched = f"witnessed by {', '.join(witnesses)}" if witnesses else UNWITNESSED
    words = f"Change session {one.session}, as the ledger has it; {vouched}. All times are UTC. "
    rest = f"Names and sentences stand beside the ledger; what was erased there is shown as {ERASED}."
    return element("footer", element("div", element("p", words + rest, class_="closing"), class_="page"))
