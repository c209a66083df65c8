"""What every adapter of the forge port keeps to: GitHub in two versions and two ways to mark, GitLab, and no forge."""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fake_forge import TOKEN, FakeForge, serving
from fake_github import REPOSITORY, FakeGitHub
from fake_gitlab import PREFIX, PROJECT, FakeGitLab

from standfast.app.forge import github, gitlab
from standfast.app.forge.local import Local
from standfast.app.forge.outbox import Outbox
from standfast.app.forge.port import Forge, ForgeError, Mark, MarkState, told
from standfast.app.forge.wire import Wire

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
KINDS = ("local", "github-2022-11-28", "github-2026-03-10", "github-runs", "gitlab")


class Bench:
    """One adapter before its forge; ``fake`` is None where there is no forge."""

    def __init__(self, kind: str, folder: Path, stack: ExitStack) -> None:
        self.root = folder / "little"
        self.root.mkdir()
        for words in (
            ["init", "--quiet"],
            ["-c", "user.name=A", "-c", "user.email=a@x", "commit", "-qm", "One", "--allow-empty"],
        ):
            subprocess.run(["git", *words], cwd=self.root, check=True)
        read = ["git", "rev-parse", "HEAD"]
        self.commit = subprocess.run(read, cwd=self.root, check=True, capture_output=True, text=True).stdout.strip()
        self.fake: FakeForge | None = None
        self.forge: Forge = self._forge(kind, stack)

    def _forge(self, kind: str, stack: ExitStack) -> Forge:
        if kind == "local":
            return Local(self.root)
        runs, version = kind == "github-runs", kind.removeprefix("github-") if "20" in kind else github.VERSION
        self.fake = FakeGitLab() if kind == "gitlab" else FakeGitHub(version)
        stack.enter_context(serving(self.fake, PREFIX if kind == "gitlab" else ""))
        headers = gitlab.headers(TOKEN) if kind == "gitlab" else github.headers(TOKEN, version)
        outbox = stack.enter_context(Outbox(None))
        wire = Wire(self.fake.address, headers, secret=TOKEN, keeping=outbox, pause=lambda _seconds: None)
        stack.enter_context(closing(wire))
        return gitlab.GitLab(wire, PROJECT) if kind == "gitlab" else github.GitHub(wire, REPOSITORY, runs=runs)


@pytest.fixture(params=KINDS)
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    """One adapter; afterwards its forge has found nothing wrong with what it was asked."""
    with ExitStack() as stack:
        one = Bench(request.param, tmp_path, stack)
        yield one
    assert one.fake is None or one.fake.problems == []


@pytest.fixture
def forge(bench: Bench) -> Forge:
    """The adapter alone."""
    return bench.forge


def mark(
    state: MarkState = MarkState.SUCCESS, text: str = "pass; verdict", name: str = "standfast/code_quality"
) -> Mark:
    """Return a mark."""
    return Mark(name=name, state=state, text=text, reference="sha256:1")


def test_issue_is_as_it_was_opened(forge: Forge) -> None:
    """An issue that was opened is found by its number, open, with its text and without labels."""
    opened = forge.open_issue("Change session", "<!-- one -->\nA text")

    found = forge.issue(opened.number)

    assert (found.body, found.closed, found.labels) == ("<!-- one -->\nA text", False, frozenset())
    assert found.number == opened.number


def test_issue_is_found_by_how_it_begins(forge: Forge) -> None:
    """The oldest issue whose text begins with the marker is found, and one that merely quotes it is not."""
    forge.open_issue("Quoting", "see <!-- one -->")
    first = forge.open_issue("First", "<!-- one -->\n")
    forge.open_issue("Second", "<!-- one -->\n")

    found = forge.issue_that_begins("<!-- one -->", since=SINCE)

    assert found is not None
    assert found.number == first.number
    assert forge.issue_that_begins("<!-- two -->", since=SINCE) is None


def test_unknown_issue_is_an_error(forge: Forge) -> None:
    """An issue that is not there is an error which stays one."""
    with pytest.raises(ForgeError) as caught:
        forge.issue(4711)

    assert (caught.value.code, caught.value.passing) == ("forge-unknown", False)


def test_issue_is_closed(forge: Forge) -> None:
    """An issue that was closed is closed, as done or not."""
    one, two = forge.open_issue("One", "1"), forge.open_issue("Two", "2")

    forge.close_issue(one.number, done=True)
    forge.close_issue(two.number, done=False)

    assert (forge.issue(one.number).closed, forge.issue(two.number).closed) == (True, True)


def test_comments_keep_their_order(forge: Forge) -> None:
    """Comments are listed oldest first, and only what people wrote."""
    number = forge.open_issue("One", "1").number
    for text in ("a", "b", "c"):
        assert forge.comment(number, text).body == text

    assert [one.body for one in forge.comments(number)] == ["a", "b", "c"]
    assert len({one.id for one in forge.comments(number)}) == 3


def test_comment_is_edited_in_place(forge: Forge) -> None:
    """An edited comment says the new text where the old one stood."""
    number = forge.open_issue("One", "1").number
    first, _second = forge.comment(number, "a"), forge.comment(number, "b")

    forge.edit_comment(number, first.id, "A\n<b> & `c` \u200b\u00e9")

    assert [one.body for one in forge.comments(number)] == ["A\n<b> & `c` \u200b\u00e9", "b"]


def test_labels_are_added_and_removed(forge: Forge) -> None:
    """Labels are those that were there, with the added and without the removed ones; the forge tells which."""
    number = forge.open_issue("One", "1").number
    before = forge.label(number, add=frozenset({"standfast", "standfast/phase:development"}), remove=frozenset())
    after = forge.label(
        number, add=frozenset({"standfast/phase:rollout"}), remove=frozenset({"standfast/phase:development"})
    )

    assert before == {"standfast", "standfast/phase:development"}
    assert after == forge.issue(number).labels == {"standfast", "standfast/phase:rollout"}


def test_newest_mark_of_a_name_counts(bench: Bench) -> None:
    """Of several marks of one name at one commit the newest is told, with its state and text."""
    forge, other = (
        bench.forge,
        mark(name="standfast/security_standards", state=MarkState.ERROR, text="unknown; verdict"),
    )
    assert forge.marks(bench.commit) == {}
    forge.mark(bench.commit, mark())
    forge.mark(bench.commit, other)
    forge.mark(bench.commit, mark(MarkState.FAILURE, "fail; verdict"))

    assert forge.marks(bench.commit) == {
        "standfast/code_quality": told(MarkState.FAILURE, "fail; verdict"),
        "standfast/security_standards": told(MarkState.ERROR, "unknown; verdict"),
    }


def test_pages_are_read_to_the_end(bench: Bench) -> None:
    """However few things a page holds, all are read."""
    if bench.fake is not None:
        bench.fake.page_size = 2
    number = bench.forge.open_issue("One", "1").number
    for place in range(5):
        bench.forge.comment(number, f"{place}")
        bench.forge.mark(bench.commit, mark(name=f"standfast/gate_{place}"))

    assert [one.body for one in bench.forge.comments(number)] == ["0", "1", "2", "3", "4"]
    assert len(bench.forge.marks(bench.commit)) == 5


def test_commit_without_a_request_has_no_reviews(bench: Bench) -> None:
    """Where nobody asks to merge a commit, there is nothing that could be a review of it."""
    assert bench.forge.exports(bench.commit) == ()
    assert bench.forge.environments() == ()
