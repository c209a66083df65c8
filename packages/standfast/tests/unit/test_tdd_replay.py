"""Replaying a real history with real tests, against what a person says of each of its commits."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import standfast
from fake_tools import git
from labelled_history import HISTORY, write

SETTINGS = '[project]\nname = "shop"\n[tdd]\npass_environment = ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"]\n'
PLAIN = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
"""pytest without the plugins of these tests, which take longer to load than the shop's tests to run."""


def commit_all(folder: Path, subject: str) -> None:
    """Commit whatever there is."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", subject)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the shop with its whole history, tested by the interpreter of these tests."""
    folder = tmp_path_factory.mktemp("shop")
    git(folder, "init", "--quiet")
    write(HISTORY, folder, commit_all)
    (folder / ".venv").symlink_to(sys.prefix)
    (folder / "standfast.toml").write_text(SETTINGS)
    return folder


@pytest.fixture(scope="module")
def replayed(shop: Path) -> Iterator[list[dict[str, str]]]:
    """Return what a replay of all of it says of each commit."""
    before = git(shop, "status", "--porcelain=v2", "--branch"), git(shop, "count-objects", "-v")
    done = standfast("tdd", "replay", "HEAD", "--output", "../out.json", cwd=shop, **PLAIN)
    assert done.code == 0, done.err
    yield json.loads((shop.parent / "out.json").read_text())["commits"]
    (shop.parent / "out.json").unlink()
    assert (git(shop, "status", "--porcelain=v2", "--branch"), git(shop, "count-objects", "-v")) == before


def test_every_commit_is_what_a_person_says(replayed: list[dict[str, str]]) -> None:
    """No commit of the labelled history is taken for something else."""
    said = [(commit["step"], commit["subject"], commit.get("reason")) for commit in replayed]
    wrong = [one for one, (label, _, _) in zip(said, HISTORY, strict=True) if one[0] != label.value]

    assert wrong == [], wrong


def test_replay_is_known_the_second_time(shop: Path, replayed: list[dict[str, str]]) -> None:
    """What a run said is kept under the state it was run on: nothing runs twice, and the answer is the same."""
    done = standfast("tdd", "replay", "HEAD", cwd=shop, **PLAIN)

    assert done.code == 0
    assert "0 runs of tests" in done.err
    steps = [line[:14].strip() for line in done.out.splitlines() if line[:1].strip()][: len(replayed)]
    assert steps == [commit["step"].replace("_", " ") for commit in replayed]
    assert "of them (" in done.out


def test_gate_judges_what_was_found(shop: Path, replayed: list[dict[str, str]]) -> None:
    """The finding names the commit and what is wrong with it."""
    done = standfast("gate", "failing-test-comes-first", "code-follows-its-tests", "--no-collect", cwd=shop)

    assert done.code == 1
    insensitive = next(commit for commit in replayed if commit["step"] == "insensitive")
    assert f"{insensitive['commit'][:12]} {insensitive['subject']}: its tests pass without it as well" in done.out


def test_part_of_the_history_is_judged_by_itself(shop: Path) -> None:
    """A commit that answers a test from before the range is seen to turn it green all the same."""
    done = standfast("tdd", "replay", f"HEAD~{len(HISTORY) - 4}..HEAD~{len(HISTORY) - 6}", cwd=shop, **PLAIN)

    assert done.code == 0
    assert done.out.startswith("green "), done.out
    assert "test_refund: ImportError: cannot import name 'refund' from 'shop.money'" in done.out
    assert "failed before the range" in done.out


@pytest.mark.parametrize(
    ("span", "code", "said"),
    [
        ("nowhere..HEAD", 2, "no range of commits"),
        ("--all", 2, "No such option"),
        ("HEAD..HEAD", 2, "there is no commit in HEAD..HEAD"),
    ],
)
def test_range_that_is_none_is_an_error(shop: Path, span: str, code: int, said: str) -> None:
    """What was asked for is named, with an example of a range."""
    done = standfast("tdd", "replay", span, cwd=shop)

    assert (done.code, said in done.err) == (code, True), done.err


def small(folder: Path, conftest: str = "") -> Path:
    """Return a project of two commits, the second with code and its test."""
    git(folder, "init", "--quiet")
    (folder / "standfast.toml").write_text(SETTINGS)
    (folder / ".gitignore").write_text(".venv\n.standfast\n")
    commit_all(folder, "Begin")
    for path, text in {
        "a/__init__.py": "def f():\n    return 1\n",
        "tests/conftest.py": conftest,
        "tests/test_a.py": "import a\n\ndef test_a():\n    assert a.f() == 1\n",
    }.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text)
    commit_all(folder, "Add a")
    (folder / ".venv").symlink_to(sys.prefix)
    return folder


def test_tests_that_import_the_working_copy_prove_nothing(tmp_path: Path) -> None:
    """Where the tests reach for the files of the working copy, the commit's own were not tested; that is said."""
    done = standfast(
        "tdd", "replay", cwd=small(tmp_path, f"import sys\nsys.path.insert(0, {str(tmp_path)!r})\n"), **PLAIN
    )

    assert done.code == 0
    assert "a/__init__.py of the working copy instead of the commit's own" in done.out


def test_last_commits_are_replayed_where_no_range_is_named(tmp_path: Path) -> None:
    """A history shorter than ten commits is replayed from its beginning."""
    done = standfast("tdd", "replay", cwd=small(tmp_path), **PLAIN)

    assert [line.split()[0] for line in done.out.splitlines()[:4:2]] == ["cosmetic", "red"]
    assert "tests/test_a.py::test_a without it: ModuleNotFoundError: No module named 'a'" in done.out


def test_run_that_takes_too_long_is_undecided(tmp_path: Path) -> None:
    """The bound of the settings ends a run, and the commit says so."""
    folder = small(tmp_path, "import time\ntime.sleep(60)\n")
    (folder / "standfast.toml").write_text(f"{SETTINGS}timeout_s = 1\n")
    done = standfast("tdd", "replay", "HEAD~1..HEAD", cwd=folder, **PLAIN)

    assert "its tests took more than 1 s" in done.out


def test_project_without_history_or_environment_says_so(tmp_path: Path) -> None:
    """Neither can be made up."""
    (tmp_path / "standfast.toml").write_text(SETTINGS)
    done = standfast("tdd", "replay", cwd=tmp_path)
    assert (done.code, "is in no git repository" in done.err) == (2, True)

    (small(tmp_path) / ".venv").unlink()
    done = standfast("tdd", "replay", cwd=tmp_path, VIRTUAL_ENV="")
    assert (done.code, "no Python environment of its own" in done.err) == (3, True), done.err


def test_file_that_cannot_be_read_hides_no_other_test(tmp_path: Path) -> None:
    """Beside a file of tests that waits for its module, the other tests still run and judge code alone."""
    folder = small(tmp_path)
    (folder / "tests" / "test_b.py").write_text("from a.b import g\n\ndef test_b():\n    assert g() == 2\n")
    commit_all(folder, "Ask for g")
    (folder / "a" / "__init__.py").write_text("def f():\n    one = 1\n    return one\n")
    commit_all(folder, "Name the one")
    (folder / "a" / "b.py").write_text("def g():\n    return 2\n")
    commit_all(folder, "Give g")
    done = standfast("tdd", "replay", "HEAD~3..HEAD", cwd=folder, **PLAIN)

    assert [line[:14].strip() for line in done.out.splitlines()[:6:2]] == ["red", "refactor", "green"], done.out
