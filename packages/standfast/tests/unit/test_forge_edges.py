"""A forge where little is as expected: no ledger, no session, no library, settings that changed, files that did."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_forge import serving
from fake_github import FakeGitHub
from little_forge_place import Place
from little_sessions import Office

from standfast.app.forge.local import Local
from standfast.app.forge.port import ForgeError
from standfast.model import Status


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Place]:
    """An office with GitHub."""
    fake = FakeGitHub()
    with serving(fake):
        yield Place(tmp_path, fake)
    assert fake.problems == []


def gate(place: Place, *words: str) -> int:
    """Run the gate over one control, and return its exit code."""
    return place.office.run("gate", "lock-files-are-committed", "--no-collect", *words).code


def test_without_a_ledger_there_is_nothing_to_tell(hub: Place) -> None:
    """A working copy without a ledger has nothing that a forge could show."""
    assert hub.sync().code == 0
    assert hub.office.run("forge", "status").code == 0
    assert hub.fake.asked == []


def test_gate_outside_of_a_session_is_shown_too(hub: Place) -> None:
    """A verdict about a whole commit is marked at it without a session too, and waits while the forge is down."""
    assert isinstance(hub.fake, FakeGitHub)
    hub.office.run("ledger", "init")
    hub.fake.down = True
    hub.office.run("gate", "--no-collect", "--format", "json")
    waiting, status = hub.sync(), json.loads(hub.office.run("forge", "status", "--format", "json").out)

    assert waiting.code == 3
    assert status["waiting"][0]["session"] == "ledger"
    hub.fake.down = False
    assert hub.sync().code == 0
    assert hub.fake.issues == {}
    assert set(hub.marks().values()) <= {"error", "failure", "success"}
    assert len(hub.marks()) == status["waiting"][0]["count"]


def test_part_of_a_verdict_is_never_shown(hub: Place) -> None:
    """A verdict about some controls, or about content that nobody committed, marks no commit, in a session or not."""
    hub.office.run("ledger", "init")
    gate(hub)
    hub.office.write("more.py", '"""More."""\n')
    hub.office.run("gate", "--no-collect", "--format", "json")
    assert hub.sync().code == 0
    hub.session("open", "Pay by card")
    gate(hub)
    hub.office.run("gate", "--no-collect", "--format", "json")

    assert hub.sync().code == 0
    assert hub.marks() == {}


def test_gate_tells_the_forge_after_the_ledger(hub: Place) -> None:
    """In a session, the gate itself tells the forge; a part of the gates, or of a commit, is not shown."""
    hub.session("open", "Pay by card")
    hub.office.run("gate", "--no-collect", "--format", "json")

    marks = hub.marks()
    assert marks
    assert "success" not in {marks[name] for name in marks if "security" in name}
    gate(hub)
    assert hub.marks() == marks


def test_session_that_began_without_the_forge_stays_away(tmp_path: Path) -> None:
    """A forge that is named later is told nothing of a session that was opened before."""
    fake = FakeGitHub()
    with serving(fake):
        place = Place(tmp_path, fake)
        settings = (place.office.root / "standfast.toml").read_text()
        place.office.write("standfast.toml", settings.partition("[forge]")[0])
        place.session("open", "Quiet")
        place.office.write("standfast.toml", settings)

        assert place.session("decide", "architecture", "A gateway").err == ""
        assert place.sync().code == 0
        assert fake.asked == []


def test_forge_that_the_change_itself_names_gets_nothing(tmp_path: Path) -> None:
    """Where the settings of the base cannot be read, or name no forge, the token is not sent."""
    fake = FakeGitHub()
    with serving(fake):
        place = Place(tmp_path, fake)
        good = (place.office.root / "standfast.toml").read_text()
        for before in (good.partition("[forge]")[0], "[project]\nnmae = 1\n"):
            place.office.git("checkout", "--quiet", "main")
            place.office.write("standfast.toml", before)
            place.office.commit("Before")
            place.office.git("checkout", "--quiet", "-B", "topic")
            place.office.write("standfast.toml", good)
            place.office.commit("Name a forge")

            synced = place.sync()

            assert (synced.code, "[forge-unreviewed]" in synced.err) == (3, True)
        assert fake.asked == []


def test_forge_needs_its_extra() -> None:
    """Without the library, what to install is said; nothing else of Standfast needs it."""
    script = (
        "import sys; sys.modules['httpx2'] = None\n"
        "from pathlib import Path\n"
        "from standfast.app.forge.opening import forge_of\n"
        "from standfast.app.forge.outbox import Outbox\n"
        "from standfast.app.written.settings import parse_settings\n"
        "import standfast.app.pipeline\n"
        'settings = parse_settings(b\'[project]\\nname="p"\\n[forge]\\nkind="github"\\nrepository="a/b"\')\n'
        "with forge_of(settings, Path('.'), Outbox(None), environment={'GITHUB_TOKEN': 'x'}): pass\n"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "ConfigurationError: what speaks to a forge is not installed" in done.stderr


def test_local_files_that_were_changed_are_named(tmp_path: Path) -> None:
    """A file of an issue that is no such file, and a comment that is not there, are errors with the place."""
    office = Office(tmp_path)
    local = Local(office.root)
    number = local.open_issue("One", "1").number

    with pytest.raises(ForgeError, match="no comment 2"):
        local.edit_comment(number, 2, "x")
    (office.root / ".standfast/forge/issues/1.json").write_text("{")
    with pytest.raises(ForgeError, match="cannot be read"):
        local.issue(number)


def test_local_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """Where an issue cannot be stored, the forge is unwell and what was there stays."""
    office = Office(tmp_path)
    local = Local(office.root)
    number = local.open_issue("One", "1").number
    folder = office.root / ".standfast/forge/issues"
    folder.rename(folder.with_name("away"))

    with pytest.raises(ForgeError) as caught:
        local.open_issue("Two", "2")

    assert caught.value.code == "forge-unwell"
    folder.with_name("away").rename(folder)
    assert local.issue(number).body == "1"


def test_remarks_of_the_forge_are_said_by_sync(hub: Place) -> None:
    """What the forge did otherwise than asked is a warning of `standfast forge sync`."""
    hub.fake.down = True
    hub.session("open", "Pay by card")
    hub.fake.down, hub.fake.drops_labels = False, True

    synced = hub.sync()

    assert synced.code == 0
    assert "warning:" in synced.err
    assert "did not take the labels" in synced.err


def test_edited_comment_of_the_status_is_set_right(hub: Place) -> None:
    """The one comment with the status is edited in place as the session goes on, and set again where it was deleted."""
    assert isinstance(hub.fake, FakeGitHub)
    hub.session("open", "Pay by card")
    first = hub.fake.issue_comments[34][0]["id"]
    hub.session("decide", "architecture", "A gateway")
    assert hub.fake.issue_comments[34][0]["id"] == first
    hub.fake.issue_comments[34] = [one for one in hub.fake.issue_comments[34] if one["id"] != first]

    hub.office.decided(Status.FAIL)
    hub.sync()

    assert len(hub.statuses()) == 1
    assert "fail" in hub.statuses()[0]
