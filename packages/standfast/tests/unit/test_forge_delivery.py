"""What a forge is told of sessions and gates: once, in order, and never lost."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from background import background
from command_line import COMMAND
from fake_forge import TOKEN, Asked, FakeForge, Fault, Given, serving
from fake_github import FakeGitHub
from fake_gitlab import PREFIX, FakeGitLab
from little_forge_place import MARKER, Place
from little_sessions import Office

from standfast.app.forge.outbox import Outbox
from standfast.ledger.proof import parse_proof
from standfast.model import Status

PROOF = re.compile(r"```text\n(.*?\n)```\n", re.DOTALL)


@pytest.fixture(params=["github", "github-new", "gitlab"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """An office with a forge; afterwards the forge has found nothing wrong with what it was asked."""
    new = ('api_version = "2026-03-10"',) if request.param == "github-new" else ()
    gitlab = request.param == "gitlab"
    fake: FakeForge = FakeGitLab() if gitlab else FakeGitHub("2026-03-10" if new else "2022-11-28")
    with serving(fake, PREFIX if gitlab else ""):
        yield Place(tmp_path, fake, *new)
    assert fake.problems == []


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Place]:
    """An office with GitHub."""
    fake = FakeGitHub()
    with serving(fake):
        yield Place(tmp_path, fake)
    assert fake.problems == []


def test_session_opens_an_issue(place: Place) -> None:
    """Opening a session opens an issue that bears its marker, its labels and one comment with the status."""
    opened = place.session("open", "Pay by card")

    assert (opened.code, opened.err) == (0, "")
    session = opened.out.strip()
    issue = place.issue()
    body = issue.get("body") or issue.get("description")
    assert str(body).startswith(f"<!-- standfast:session {session} sha256:")
    names = {one if isinstance(one, str) else one["name"] for one in issue["labels"]}
    assert names == {"standfast", "standfast/phase:requirements", "standfast/gate:none"}
    assert len(place.statuses()) == 1
    assert "Pay by card" not in json.dumps(issue) + "".join(place.texts())


def test_session_is_bound_to_an_issue_that_is_there(place: Place) -> None:
    """With ``--issue`` no other is opened, its text stays as it was, and it stays open when the session is closed."""
    assert isinstance(place.fake, FakeGitHub | FakeGitLab)
    place.fake.new_issue(7, "Customers want cards", "Please.")

    place.session("open", "Pay by card", "--issue", "7")
    place.session("close", "--result", "abandoned", "--lesson", "Ask first")

    assert place.issue(7).get("body", place.issue(7).get("description")) == "Please."
    assert place.issue(7)["state"] in ("open", "opened")
    assert len(place.statuses(7)) == 1
    assert "closed, abandoned" in place.statuses(7)[0]
    assert place.fake.count("POST", "/issues") == place.fake.count("POST", "/issues/7")


def test_each_decision_is_a_comment_with_its_proof(place: Place) -> None:
    """Decisions are told in comments of their own, in order, each with a proof that reads as one; the status is one."""
    place.session("open", "Pay by card")
    place.session("decide", "requirements", "Customers pay by card")
    place.session("note", "Ask Bea")
    place.session("decide", "architecture", "A gateway")

    texts = place.texts()
    assert place.events() == [3, 5]
    assert len(place.statuses()) == 1
    assert "5 events" in place.statuses()[0]
    for text in texts:
        found = PROOF.search(text)
        if MARKER.match(text):
            assert found
            assert parse_proof(found[1].encode()).checkpoint.startswith(b"standfast.")
            assert "unwitnessed" in text
    assert "Customers pay" not in "".join(texts)


def test_gates_become_marks(place: Place) -> None:
    """Only a gate that opens is shown as a success; undecided ones never are, and the newest verdict counts."""
    place.session("open", "Pay by card")
    for status, shown in (
        (Status.UNKNOWN, ("error", "failed")),
        (Status.FAIL, ("failure", "failed")),
        (Status.PASS, ("success",) * 2),
    ):
        place.office.decided(status)
        assert place.sync().code == 0

        assert place.marks() == {"standfast/code_quality": shown[isinstance(place.fake, FakeGitLab)]}
        assert f"about commit `{place.office.git('rev-parse', 'HEAD')[:12]}`: {status}" in place.statuses()[0]


def test_told_things_are_not_told_again(place: Place) -> None:
    """Who tells the forge twice sends nothing the second time, and says that everything is shown."""
    place.session("open", "Pay by card")
    place.office.decided()
    place.sync()
    before = len(place.fake.asked)

    again = place.sync()

    assert (again.code, len(place.fake.asked)) == (0, before)
    assert "everything is shown" in again.out
    assert place.office.run("forge", "status").code == 0


def test_forgotten_acknowledgements_lead_to_nothing_new(place: Place) -> None:
    """Without the file of acknowledgements, all is found where it is, by its marker."""
    place.session("open", "Pay by card")
    place.session("decide", "architecture", "A gateway")
    place.office.decided()
    place.sync()
    before = place.texts()
    posts = sum(one.method == "POST" and "labels" not in one.path for one in place.fake.asked)
    place.forget()

    assert place.sync().code == 0
    assert place.texts() == before
    assert sum(one.method == "POST" and "labels" not in one.path for one in place.fake.asked) == posts


@pytest.mark.parametrize("where", ["POST", "PUT", "PATCH"])
@pytest.mark.parametrize("done", [True, False])
def test_cut_connection_doubles_nothing(place: Place, where: str, *, done: bool) -> None:
    """A connection that is cut, before the deed or after it, costs nothing and leads to nothing twice."""
    place.fake.faults = [Fault(where=where, cut=True, done=done) for _ in range(3)]
    opened = place.session("open", "Pay by card")
    place.session("decide", "architecture", "A gateway")
    place.office.decided()

    for _ in range(4):
        last = place.sync()

    assert opened.code == 0
    assert last.code == 0
    assert len(place.fake.issues) == 1  # type: ignore[attr-defined]  # both fakes have it
    kinds = place.office.kinds()
    assert kinds.count("session.bound") == 1
    assert place.events() == [kinds.index(kind) + 1 for kind in ("decision.recorded", "gate.decided")]
    assert len(place.statuses()) == 1
    assert place.marks().keys() == {"standfast/code_quality"}


def test_forge_that_is_down_changes_nothing_in_the_ledger(place: Place) -> None:
    """While the forge is down, sessions go on as without one; what waits is said, and is told when it is back."""
    place.fake.down = True
    opened = place.session("open", "Pay by card")
    decided = place.session("decide", "architecture", "A gateway")
    waiting, status = place.sync(), place.office.run("forge", "status")

    assert (opened.code, decided.code, waiting.code, status.code) == (0, 0, 3, 3)
    assert "wait for" in opened.err
    assert "hint: nothing is lost" in opened.err
    assert "did not answer" in status.out
    place.fake.down = False
    assert place.sync().code == 0
    assert place.events() == [2]
    assert place.office.run("forge", "status").code == 0


class Deadly(FakeGitHub):
    """A forge during whose answers to POST the asking process is killed, after the deed."""

    victim: subprocess.Popen[bytes] | None = None

    def answer(self, asked: Asked) -> Given:
        """Return what GitHub answers, to nobody."""
        given = super().answer(asked)
        if asked.method == "POST" and self.victim is not None:
            self.victim.kill()
        return given


def test_killed_between_deed_and_acknowledgement_doubles_nothing(tmp_path: Path) -> None:
    """However often the process is killed after the forge did what it was asked, everything is there once."""
    fake = Deadly()
    with serving(fake):
        place = Place(tmp_path, fake)
        fake.down = True
        place.session("open", "Pay by card")
        place.session("decide", "architecture", "A gateway")
        place.office.decided()
        fake.down = False
        command = [sys.executable, "-c", COMMAND, "forge", "sync"]
        ends: list[int] = []
        while not ends or ends[-1] != 0:
            environment = {**os.environ, **place.office.environment}
            with background(command, cwd=place.office.root, env=environment) as fake.victim:
                ends.append(fake.victim.wait())

    assert ends == [-signal.SIGKILL] * 6 + [0]
    assert fake.problems == []
    assert len(fake.issues) == 1
    assert place.events() == [2, 3]
    assert len(place.statuses()) == 1
    assert [len(every) for every in fake.statuses.values()] == [1]


def test_labels_that_are_dropped_are_noticed(place: Place) -> None:
    """A forge that drops labels without an error is asked what it took, and the difference is said."""
    place.fake.drops_labels = True

    opened = place.session("open", "Pay by card")

    assert opened.code == 0
    assert "did not take the labels standfast, standfast/gate:none, standfast/phase:requirements" in opened.err


def test_commit_that_is_not_pushed_waits_alone(place: Place) -> None:
    """Marks of a commit that the forge does not have wait; comments are told all the same."""
    assert isinstance(place.fake, FakeGitHub | FakeGitLab)
    place.fake.unknown_commits.add(place.office.git("rev-parse", "HEAD"))
    place.session("open", "Pay by card")
    place.office.decided()

    waiting = place.sync()

    assert waiting.code == 3
    assert "cannot be shown" in waiting.out
    assert place.events() == [3]
    place.fake.unknown_commits.clear()
    assert place.sync().code == 0
    assert place.marks() == {"standfast/code_quality": "success"}


def test_closed_session_closes_the_issue_that_was_opened_for_it(place: Place) -> None:
    """The issue that a session opened is closed with it."""
    place.session("open", "Pay by card")

    place.session("close", "--result", "abandoned", "--lesson", "Ask first")

    assert place.issue()["state"] == "closed"
    assert place.sync().code == 0


def test_token_stands_nowhere(place: Place) -> None:
    """The token is in no file of the working copy or of the user, and in no message, even if a forge repeats it."""
    place.session("open", "Pay by card")
    place.fake.faults = [Fault(where="", given=Given(403, {"message": f"no right for {TOKEN}"})) for _ in range(9)]
    refused = place.session("decide", "architecture", "A gateway")

    files = [path for path in place.office.root.parent.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if TOKEN.encode() in path.read_bytes()]
    assert "no right for ***" in refused.err


def test_without_a_token_nothing_is_asked(hub: Place) -> None:
    """Where the variable is not set, its name is said and the forge is not asked."""
    hub.office.environment["LITTLE_TOKEN"] = ""

    opened, synced, status = hub.session("open", "Pay by card"), hub.sync(), hub.office.run("forge", "status")

    assert opened.code == 0
    assert "LITTLE_TOKEN" in opened.err
    assert (synced.code, "[forge-token]" in synced.err) == (3, True)
    assert (status.code, "3 wait" in status.out) == (3, True)
    assert hub.fake.asked == []


def test_token_goes_only_where_the_base_says(hub: Place) -> None:
    """A change that names another address, or another variable, does not get the token sent there."""
    settings = (hub.office.root / "standfast.toml").read_text()
    hub.office.write("standfast.toml", settings.replace("127.0.0.1", "localhost"))

    synced = hub.sync()

    assert (synced.code, "[forge-unreviewed]" in synced.err) == (3, True)
    assert hub.fake.asked == []


def test_sentences_are_shown_where_the_settings_say_so(tmp_path: Path) -> None:
    """With ``sentences``, names and what people wrote are shown, and mean nothing but themselves."""
    fake = FakeGitHub()
    with serving(fake):
        place = Place(tmp_path, fake, "sentences = true")
        place.session("open", "Pay by card")
        place.session("decide", "architecture", "Ask @bea <!-- standfast:status S --> of **all**")

        text = place.texts()[-1]
        assert fake.issues[34]["title"].startswith("Pay by card (S-")
        assert "Ana Ruiz" in text
        assert "@bea" not in text
        assert "\\<!-- standfast:status" in text
        assert "of \\*\\*all\\*\\*" in text
    assert fake.problems == []


def test_gates_become_check_runs_where_an_app_asks(tmp_path: Path) -> None:
    """With ``marks = "check_run"``, a gate is a completed check run with a conclusion, once per verdict."""
    fake = FakeGitHub()
    with serving(fake):
        place = Place(tmp_path, fake, 'marks = "check_run"')
        place.session("open", "Pay by card")
        place.office.decided(Status.UNKNOWN)
        place.sync()
        (place.office.root / ".standfast/ledger").joinpath(
            next(iter((place.office.root / ".standfast/ledger").glob("*.forge")))
        ).unlink()
        place.sync()

        assert [(run["conclusion"], run["status"]) for run in fake.runs] == [("action_required", "completed")]
    assert fake.problems == []


def test_session_may_stay_away_from_the_forge(hub: Place) -> None:
    """With ``--no-forge`` the forge is told nothing of a session; ``--forge`` needs one to be named."""
    opened = hub.session("open", "Quiet", "--no-forge")
    hub.session("decide", "architecture", "A gateway")

    assert opened.code == 0
    assert hub.fake.count("POST", "issues") == 0


def test_forge_that_is_not_named_cannot_be_wanted(tmp_path: Path) -> None:
    """Without a [forge], ``--forge`` and ``standfast forge`` end with 2 and say what to write."""
    office = Office(tmp_path)

    answers = [office.session("open", "Pay", "--forge"), office.run("forge", "sync"), office.run("forge", "status")]

    assert [answer.code for answer in answers] == [2, 2, 2]
    assert all("[forge-none]" in answer.err for answer in answers)


def test_local_forge_is_files_and_notes(tmp_path: Path) -> None:
    """Without any forge, issues are files and gates are git notes that `git log` shows."""
    office = Office(tmp_path, keys='\n[forge]\nkind = "local"\n')
    opened = office.session("open", "Pay by card")
    office.session("decide", "architecture", "A gateway")
    office.decided()

    assert (opened.code, opened.err) == (0, "")
    assert office.run("forge", "sync").code == 0
    kept = json.loads((office.root / ".standfast/forge/issues/1.json").read_text())
    assert [bool(MARKER.match(text)) for text in kept["comments"]] == [False, True, True]
    assert "standfast/code_quality: success pass" in office.git("log", "-1", "--notes=standfast")


def test_file_of_acknowledgements_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    """A file that is no database is named, with what to do."""
    path = tmp_path / "x.forge"
    path.write_text("nonsense" * 1000)

    with pytest.raises(Exception, match="cannot be kept in") as caught:
        Outbox(path)

    assert "delete the file" in getattr(caught.value, "hint", "")


def test_answers_are_kept_within_bounds() -> None:
    """Of the answers that a forge gave, large ones and the oldest are not kept."""
    from standfast.app.forge.outbox import Kept

    with ExitStack() as stack:
        outbox = stack.enter_context(closing(Outbox(None)))
        outbox.keep("large", Kept("t", "", b"x" * 1_000_001))
        for place in range(1_001):
            outbox.keep(f"{place}", Kept("t", "l", b"x"))

        assert outbox.kept("large") is None
        assert outbox.kept("0") is None
        assert outbox.kept("1000") == Kept("t", "l", b"x")
