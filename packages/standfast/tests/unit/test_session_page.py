"""The page of a session is self-contained, escaped, and says in words what is missing, refused and unwitnessed."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from little_sessions import Office
from page_outline import Outline

from standfast.app.ledger.opening import find
from standfast.app.ledger.posting import Reply
from standfast.app.ledger.reading import reading
from standfast.app.sessions.ahead import following, missing
from standfast.app.sessions.page import as_page
from standfast.app.sessions.shown import ERASED, Line, Shown
from standfast.app.witnessing.asking import cosigned
from standfast.app.witnessing.memory import WitnessMemory
from standfast.ledger.bodies import DutyRules, Phase
from standfast.ledger.chain import Head
from standfast.ledger.duties import Duties
from standfast.ledger.fields import ActorId, ChainId
from standfast.ledger.people import People
from standfast.ledger.session import Session
from standfast.ledger.verifier import Verifier
from standfast.model import Status

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
HOSTILE = "\"><script>alert('x')</script><img src=x onerror=y>&amp;`<b>`\x1b\u202e"


def line(number: int, kind: str, **facts: object) -> Line:
    """Return one event of Ana's."""
    given = {"phase": "requirements", "who": "Ana Ruiz", "what": "", "said": (), "refused": False, "unsigned": False}
    moment = AT + timedelta(minutes=number)
    leaf = f"sha256:{number:064x}"
    return msgspec.convert(given | {"number": number, "at": moment, "kind": kind, "leaf": leaf} | facts, Line)


OPENED = line(1, "session.opened", what="on local; to be approved as security", said=("little", "Pay by card"))
OPEN = Shown(
    session="S-1",
    title="Pay by card",
    phase="pre_deployment",
    opened_at=AT,
    opened_by="Ana Ruiz",
    missing=("security",),
    result="",
    ahead="rollout",
    lacking=("Not approved as security: who holds that role can, by `standfast approve security`.",),
    lines=(
        OPENED,
        line(2, "session.refused", what="session.advanced: requirement missing", refused=True),
        line(3, "requirement.analysed", said=("Customers pay by card.\n\nRefunds come later.",)),
        line(4, "session.advanced", what="from requirements to development"),
        line(5, "session.noted", phase="development", said=(ERASED,)),
        line(6, "approval.given", phase="pre_deployment", what="as release, unsigned", unsigned=True, void=True),
    ),
    void=("leaf 6: found approval.given is refused: approver is author, expected an event that may follow",),
)
CLOSED = msgspec.structs.replace(OPEN, phase="closed", result="completed", ahead="", lacking=(), void=())
READY = msgspec.structs.replace(OPEN, lacking=(), void=())
SAMPLES = {"open": OPEN, "closed": CLOSED, "ready": READY}
OUTLINE = Outline(as_page(OPEN, ()))


@pytest.mark.parametrize("name", SAMPLES)
def test_page_is_well_formed_and_its_links_lead_somewhere(name: str) -> None:
    """Elements are closed in order, ids are unique, and every link leads to one of them."""
    outline = Outline(as_page(SAMPLES[name], ()))
    ids = [attributes["id"] for _, attributes in outline.elements if attributes.get("id")]
    targets = {attributes["href"] for tag in ("a", "use") for attributes in outline.of(tag)}

    assert outline.open == []
    assert len(ids) == len(set(ids))
    assert targets <= {f"#{name}" for name in ids}


@pytest.mark.parametrize("name", SAMPLES)
def test_page_asks_for_nothing(name: str) -> None:
    """There is no script, no image, no inline style and no outside address; the policy allows only its own style."""
    page = as_page(SAMPLES[name], ())
    outline = Outline(page)

    assert not {"script", "img", "iframe", "form", "base"} & {tag for tag, _ in outline.elements}
    assert not [attributes for _, attributes in outline.elements if "style" in attributes or "src" in attributes]
    assert not [part for part in (b"http://", b"https://", b"@import", b"url(") if part in page]
    assert b"default-src 'none'; style-src 'sha256-" in page


@pytest.mark.parametrize("name", SAMPLES)
def test_headings_are_in_order_and_landmarks_are_there(name: str) -> None:
    """One main heading, no level skipped; header, navigation, main part and footer; the skip link comes first."""
    outline = Outline(as_page(SAMPLES[name], ()))
    tags = [tag for tag, _ in outline.elements]
    levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert [tags.count(tag) for tag in ("header", "nav", "main", "footer")] == [1, 1, 1, 1]
    assert outline.of("a")[0] == {"href": "#timeline", "class": "skip"}


def test_events_are_a_numbered_list_with_times() -> None:
    """Each event is an item of an ordered list, under the heading of its phase, with its number and its time."""
    items = [item["value"] for item in OUTLINE.of("li") if item.get("class") == "control"]
    moments = [moment["datetime"] for moment in OUTLINE.of("time")]

    assert items == ["1", "2", "3", "4", "5", "6"]
    assert moments[1:] == [f"2026-03-01T09:3{number}:00Z" for number in range(1, 7)]
    assert len(OUTLINE.of("ol")) == 3
    assert "In pre-deployment" in OUTLINE.text


@pytest.mark.parametrize(
    "words",
    [
        "open, not ready",
        "1 refusal in 6 events",
        "What is missing for rollout",
        "who holds that role can, by standfast approve security .",
        "Session refused , Ana Ruiz session.advanced: requirement missing",
        "2026-03-01 09:32:00 refused",
        "2026-03-01 09:36:00 counts no longer unsigned",
        "What counts no longer",
        "approver is author",
        "Customers pay by card. Refunds come later.",
        "(erased)",
        "unwitnessed: nobody but this machine vouches for it",
    ],
)
def test_page_says_it_in_words(words: str) -> None:
    """What is missing, refused, void, unsigned, erased and unwitnessed is said in words, beside colour and shape."""
    assert words in OUTLINE.text


def test_what_is_missing_stands_before_what_happened() -> None:
    """What the next phase waits for is read first."""
    sections = [section["id"] for section in OUTLINE.of("section")]

    assert sections == ["missing", "void", "timeline"]


def test_closed_session_misses_nothing_and_tells_its_end() -> None:
    """A closed session has no next phase; it says how it ended."""
    outline = Outline(as_page(CLOSED, ()))

    assert "closed, completed" in outline.text
    assert [section["id"] for section in outline.of("section")] == ["timeline"]


def test_end_that_rests_on_a_void_event_is_not_shown_as_good() -> None:
    """A completed session of which events count no longer bears a warning, not the mark of success."""
    outline = Outline(as_page(msgspec.structs.replace(CLOSED, void=OPEN.void), ()))

    assert outline.of("header") == [{"class": "verdict warn"}]


def test_ready_session_says_that_it_may_go_on() -> None:
    """Where nothing is missing, the page says so."""
    assert "Nothing: the session may go on." in Outline(as_page(READY, ())).text


def test_witnesses_are_named() -> None:
    """Where somebody else vouches, the page says who, and does not say unwitnessed."""
    text = Outline(as_page(OPEN, ("Wren",))).text

    assert "witnessed by Wren" in text
    assert "unwitnessed" not in text


def test_words_of_a_person_stay_words() -> None:
    """Markup in a title, a name, a fact, a sentence or a witness is shown, never interpreted."""
    lines = (
        line(1, "session.opened", said=(HOSTILE, HOSTILE), who=HOSTILE, what=HOSTILE),
        line(2, "session.noted", said=(HOSTILE,), who=HOSTILE, what=HOSTILE),
    )
    shown = msgspec.structs.replace(
        OPEN, title=HOSTILE, opened_by=HOSTILE, lines=lines, void=(HOSTILE,), lacking=(HOSTILE,)
    )

    outline = Outline(as_page(shown, (HOSTILE,)))

    assert outline.open == []
    assert not {"script", "img", "b"} & {tag for tag, _ in outline.elements}
    assert "<script>alert('x')</script>" in outline.text
    assert "\x1b" not in outline.text
    assert "\u202e" not in outline.text


def test_command_writes_the_page(tmp_path: Path) -> None:
    """`session show --format html` writes a page that says what is missing and that nobody else vouches."""
    office = Office(tmp_path)
    office.session("open", "Pay by card <script>")
    office.session("advance", "development")

    ran = office.session("show", "--format", "html")

    text = Outline(ran.out.encode()).text
    assert ran.code == 0
    assert "<script>" not in ran.out
    assert "Pay by card <script>" in text
    assert "Nobody has said what is required" in text
    assert "unwitnessed" in text


def test_page_is_witnessed_only_up_to_what_the_witness_saw(tmp_path: Path) -> None:
    """A cosignature counts for the events under it; after the next event the session is unwitnessed again."""
    office = Office(tmp_path)
    office.session("open", "Pay by card")
    known = find(office.root, office.home())
    assert known is not None
    witness = WitnessMemory.create(tmp_path / "witness", "witness.example/wren", b"w" * 32)

    def post(address: str, body: bytes) -> Reply:
        answer = witness.answer(body, 1_790_000_000)
        return Reply(answer.status, answer.content_type, answer.body.encode())

    office.home().keep(msgspec.structs.replace(known, witnesses=(witness.signer.vkey,)))
    with reading(known) as ledger:
        witness.trust(ledger.vkey)
        cosigned(ledger, "http://127.0.0.1:1", Verifier.from_vkey(witness.signer.vkey), post)
    page = ("show", "--format", "html")
    before = office.session(*page).out
    office.session("note", "Later")
    after = office.session(*page).out

    assert "witnessed by witness.example/wren" in before
    assert "unwitnessed" not in before
    assert "unwitnessed" in after


def state(phase: Phase, **facts: object) -> Session:
    """Return a session of Ana's in *phase*."""
    opened = Session(
        head=Head(chain=ChainId("S-1")), phase=phase, opened_by=ActorId("p-ana0"), opened_at=AT, rules=DutyRules()
    )
    return msgspec.structs.replace(opened, **facts)


COMMIT = "c" * 40
KNOWN = Duties(commit=COMMIT, authors=frozenset({ActorId("p-ana0")}))
ANALYSTS = frozenset({ActorId("p-ana0")})
LACKING = {
    "nothing said": (
        state(Phase.REQUIREMENTS),
        "development",
        ("Nobody has said what is required", "Nobody has approved"),
    ),
    "not agreed": (state(Phase.REQUIREMENTS, analysts=ANALYSTS), "development", ("Nobody has approved",)),
    "alone": (
        state(Phase.REQUIREMENTS, analysts=ANALYSTS, rules=DutyRules(compensation=True)),
        "development",
        (),
    ),
    "not observed": (state(Phase.DEVELOPMENT), "pre_deployment", ("The commits and their authors are not on record",)),
    "author unknown": (
        state(Phase.DEVELOPMENT, duties=Duties(commit=COMMIT)),
        "pre_deployment",
        ("Not every author of commit cccccccccccc is known",),
    ),
    "written": (state(Phase.DEVELOPMENT, duties=KNOWN), "pre_deployment", ()),
    "no commit": (
        state(Phase.PRE_DEPLOYMENT, rules=DutyRules(roles=("release",))),
        "rollout",
        ("No verdict about the newest commit", "Not approved as release"),
    ),
    "gate closed": (
        state(Phase.PRE_DEPLOYMENT, gate=Status.FAIL, duties=KNOWN),
        "rollout",
        ("The newest verdict about commit cccccccccccc is fail", "Not approved as security", "Not approved as release"),
    ),
    "running": (
        state(Phase.ROLLOUT, running=frozenset({"d-1"})),
        "closed",
        ("Deployment d-1 has no end on record",),
    ),
    "undone": (state(Phase.ROLLOUT, ended=frozenset({"d-1"})), "closed", ("No deployment has ended well",)),
    "live": (state(Phase.ROLLOUT, live=frozenset({"d-1"})), "closed", ()),
    "closed": (state(Phase.CLOSED), "", ()),
}


@pytest.mark.parametrize("name", LACKING)
def test_everything_that_the_next_phase_waits_for_is_told(name: str) -> None:
    """Each thing that the next phase waits for is one sentence, with the command that provides it."""
    session, ahead, beginnings = LACKING[name]

    told = missing(session, People())

    assert following(session) == ahead
    assert [text[: len(begins)] for text, begins in zip(told, beginnings, strict=True)] == list(beginnings)
