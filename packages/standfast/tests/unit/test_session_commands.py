"""`standfast session`: the record of one change, through the command line."""

import json
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from command_line import standfast_alone
from little_sessions import Office

from standfast.ledger.bodies import GateDecided, SessionRefused
from standfast.ledger.fields import LEDGER


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A repository with a change, and no session."""
    return Office(tmp_path)


def table(office: Office) -> Path:
    """Return the table of names and sentences."""
    (found,) = (office.root / ".standfast/ledger").glob("*.names")
    return found


def test_session_is_opened_once(office: Office) -> None:
    """`open` prints the id of the session, and opens no second one beside it."""
    opened, again = office.session("open", "Pay by card"), office.session("open", "Another")

    assert opened.code == 0
    assert opened.out.startswith("S-2")
    assert (again.code, "[session-open]" in again.err) == (2, True)
    assert [row["title"] for row in json.loads(office.session("list", "--format", "json").out)] == ["Pay by card"]


def test_without_a_session_nothing_is_recorded(office: Office) -> None:
    """Where no session is open, each command says so and ends with 2."""
    asked = (("note", "hm"), ("show",), ("advance", "development"), ("close", "--lesson", "none"))

    answers = [office.session(*words) for words in asked]

    assert [answer.code for answer in answers] == [2] * 4
    assert all("[session-missing]" in answer.err for answer in answers)
    assert office.home().at(office.root) is None
    office.run("ledger", "init")
    assert "[session-unknown]" in office.session("show", "S-none").err
    assert office.session("list") == type(answers[0])(0, "", "")


def test_sentences_stay_out_of_the_ledger(office: Office) -> None:
    """What people write and who they are stands in the table beside the ledger, never in it."""
    office.session("open", "Secret title")
    office.session("note", "Secret note")
    office.session("decide", "security", "Secret decision")

    ledger = b"".join(path.read_bytes() for path in (office.root / ".standfast/ledger").glob("*.db*"))
    assert b"Secret" not in ledger
    assert b"ana@example.org" not in ledger
    assert b"Secret note" in table(office).read_bytes()
    assert table(office).stat().st_mode & 0o077 == 0


def test_erased_sentences_leave_the_record_whole(office: Office) -> None:
    """Without the table, the session is shown with its sentences as erased, and the ledger is as it was."""
    office.session("open", "Pay by card")
    office.session("note", "Ask Bea")
    table(office).unlink()

    ran = office.session("show")

    assert ran.code == 0
    assert "(erased)" in ran.out
    assert "Ask Bea" not in ran.out
    assert office.run("ledger", "fsck").code == 0


def test_changed_sentence_is_noticed(office: Office) -> None:
    """A sentence that somebody put in the place of the one that was recorded is an error with exit code 4."""
    office.session("open", "Pay by card")
    with closing(sqlite3.connect(table(office))) as connection, connection:
        connection.execute("UPDATE disclosure SET value='Pay cash' WHERE path='/body/title'")

    ran = office.session("show")

    assert (ran.code, "[disclosure-value]" in ran.err) == (4, True)


ILLEGAL: dict[str, tuple[tuple[str, ...], str]] = {
    "code before requirements": (("advance", "development"), "requirement missing"),
    "rollout at once": (("advance", "rollout"), "illegal transition"),
    "completed without deployment": (("close", "--lesson", "All went well"), "wrong result"),
    "review before code": (("review", "approved"), "wrong phase"),
}


@pytest.mark.parametrize("words", ILLEGAL)
def test_illegal_step_is_refused_and_recorded(office: Office, words: str) -> None:
    """What may not follow ends with 1, says why, and is in the session as a refusal."""
    office.session("open", "Pay by card")
    step, why = ILLEGAL[words]

    ran = office.session(*step)

    assert (ran.code, why in ran.err) == (1, True)
    assert office.kinds() == ["session.opened", "session.refused"]
    assert office.shown()["lines"][-1]["refused"]


def test_closed_session_names_how_many_events_it_has(office: Office) -> None:
    """Closing records the lesson and the count; what comes after is refused, and that is in the ledger's own chain."""
    office.session("open", "Pay by card")
    name = office.shown()["session"]
    closed = office.session("close", "--result", "abandoned", "--lesson", "Ask first")

    after = office.session("note", "Late", "--session", name)

    assert closed.out.endswith("is closed, 3 events\n")
    assert office.kinds() == ["session.opened", "lesson.recorded", "session.closed"]
    assert (after.code, "not open" in after.err) == (1, True)
    assert [leaf.session for leaf in office.leaves() if isinstance(leaf.body, SessionRefused)] == [LEDGER]
    assert b"Late" not in table(office).read_bytes()


def test_documents_are_kept_under_their_digest(office: Office) -> None:
    """A decision may name a document, whose words are counted and whose bytes are stored."""
    office.write("decision.md", "We use tokens, not card numbers.\n")
    office.session("open", "Pay by card")

    ran = office.session("decide", "architecture", "--file", "decision.md")

    assert ran.code == 0
    assert "about architecture, 6 words" in office.session("show").out
    assert office.session("decide", "security").code == 2


def test_session_goes_through_its_phases(office: Office) -> None:
    """A session goes from requirements to before deployment, and the change is observed on the way."""
    office.ready()

    shown = office.shown()
    assert shown["phase"] == "pre_deployment"
    assert "change.observed" in office.kinds()
    assert shown["missing"] == ["security", "release"]


FORMS: dict[str, Callable[[str], bool]] = {
    "text": lambda out: "Pay by card" in out and "Ana Ruiz" in out,
    "markdown": lambda out: out.startswith("# Pay by card") and "| 1 |" in out,
    "json": lambda out: json.loads(out)["title"] == "Pay by card",
}


@pytest.mark.parametrize("form", FORMS)
def test_timeline_is_shown(office: Office, form: str) -> None:
    """The timeline is written for the terminal, as Markdown and as JSON."""
    office.session("open", "Pay by card")

    assert FORMS[form](office.session("show", "--format", form).out)


def test_decision_of_the_gate_belongs_to_the_open_session(office: Office) -> None:
    """With a session open the verdict is an event of it; without one it is in the ledger's own chain."""
    gate = ("gate", "--no-collect", "--format", "json")
    office.run(*gate)
    office.session("open", "Pay by card")
    office.run(*gate)
    office.run(*gate, "documentation")
    office.session("close", "--result", "abandoned", "--lesson", "Enough")
    office.run(*gate)

    verdicts = [leaf for leaf in office.leaves() if isinstance(leaf.body, GateDecided)]
    assert [leaf.session == LEDGER for leaf in verdicts] == [True, False, False, True]
    bodies = [leaf.body for leaf in verdicts if isinstance(leaf.body, GateDecided)]
    assert [body.commit is None for body in bodies] == [False, False, True, False]


def test_verdict_about_uncommitted_content_is_about_no_commit(office: Office) -> None:
    """What was decided about a changed working copy opens no gate for the commit that it was made from."""
    office.session("open", "Pay by card")
    office.write("pay.py", '"""Pay twice."""\n')

    office.run("gate", "--no-collect", "--format", "json")

    (body,) = [leaf.body for leaf in office.leaves() if isinstance(leaf.body, GateDecided)]
    assert body.commit is None


def test_who_works_here_must_be_known(office: Office) -> None:
    """Where git knows no name, nothing is recorded in anybody's."""
    office.sits("", "")

    ran = office.session("open", "Pay by card")

    assert (ran.code, "[person-unnamed]" in ran.err) == (2, True)


def test_of_sessions_opened_at_once_one_is(office: Office) -> None:
    """Two processes that open a session at the same time open one; the other is told that there is one."""
    words = ("session", "open", "Pay by card")

    with ThreadPoolExecutor(2) as pool:
        ran = list(pool.map(lambda _: standfast_alone(*words, cwd=office.root, **office.environment).code, range(2)))

    assert sorted(ran) == [0, 2]
    assert len(json.loads(office.session("list", "--format", "json").out)) == 1


def test_processes_at_once_lose_no_event(office: Office) -> None:
    """Notes that several processes write at the same time are all in the session, each once."""
    office.session("open", "Pay by card")
    notes = [f"note {number}" for number in range(6)]

    with ThreadPoolExecutor(3) as pool:
        ran = list(pool.map(lambda text: note_alone(office, text), notes))

    assert ran == [0] * 6
    said = [line["said"][0] for line in office.shown()["lines"] if line["kind"] == "session.noted"]
    assert sorted(said) == notes
    assert office.run("ledger", "fsck").code == 0


def note_alone(office: Office, text: str) -> int:
    """Write one note, in a process of its own."""
    return standfast_alone("session", "note", text, cwd=office.root, **office.environment).code
