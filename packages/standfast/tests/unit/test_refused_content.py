"""Folders, files and modules that cannot be what they stand for: each refusal has its own error."""

import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import mini
import pytest
from fake_tools import git, repository

from standfast.app.modules.control_cases import cases_of
from standfast.app.modules.discovery import control_from, read_spec
from standfast.app.modules.loading import module_in
from standfast.app.repository.plain_folder import read_plain_folder
from standfast.app.repository.subject import newest_change, subject_of_commit, working_subject
from standfast.app.storage.durable import read_bounded
from standfast.app.written.settings import read_settings
from standfast.app.written.waivers import parse_waivers
from standfast.app.written.written_file import read_written_file
from standfast.evidence.card_data.scan import MAX_FILE_BYTES, scan_file
from standfast.evidence.code_paths import scan as code_paths
from standfast.evidence.duplication.scan import scan as duplicates
from standfast.evidence.runs.read_texts import read_file
from standfast.evidence.suppressions.scan import scan as suppressions
from standfast.model import ConfigurationError, Finding, StandfastError

WAIVER = """
[[waiver]]
id = "W-1"
scope = { control = "tested" }
reason = "r"
compensating_control = "c"
requester = "Ana"
approver = "Ben"
approver_role = "security"
issued = 2026-03-01
expires = 2026-04-01
"""


def below(folder: Path, name: str, text: str = "") -> Path:
    """Return the new file *name* below *folder*."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def without_commit(folder: Path) -> Path:
    """Return a repository whose branch has no commit."""
    folder.mkdir()
    git(folder, "init", "--quiet")
    return folder


def probe_of_text(text: str) -> Iterator[Finding]:
    """Be a probe that asks for what is no evidence."""
    yield Finding(text)


REFUSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "a commit of no repository": (lambda here: subject_of_commit(here, "HEAD"), "not-a-repository"),
    "a commit that does not hold the folder": (
        lambda here: subject_of_commit(below(repository(here / "r"), "late/a.py").parent, "HEAD"),
        "subject-empty",
    ),
    "a base without git": (lambda here: working_subject(here, base="HEAD"), "base-without-git"),
    "a base that is no commit": (lambda here: working_subject(repository(here / "r"), base="x"), "revision-unknown"),
    "a base before the first commit": (
        lambda here: working_subject(without_commit(here / "r"), base="HEAD"),
        "revision-unknown",
    ),
    "a folder that is gone": (lambda here: read_plain_folder(here / "gone"), "subject-unreadable"),
    "a stored file that is a folder": (lambda here: read_bounded(here, 10), "store-unreadable"),
    "a stored file that is too large": (lambda here: read_bounded(below(here, "a", "x" * 11), 10), "store-unreadable"),
    "a stored file below a file": (lambda here: read_bounded(below(here, "a") / "b", 10), "store-unreadable"),
    "settings that are not there": (lambda here: read_settings(here / "standfast.toml"), "settings-missing"),
    "settings below a file": (
        lambda here: read_written_file(below(here, "a") / "b", 10, "settings"),
        "settings-unreadable",
    ),
    "two waivers of one id": (lambda _: parse_waivers((WAIVER + WAIVER).encode()), "waivers-duplicate"),
    "a case without an outcome": (
        lambda here: [*cases_of(below(here, "cases/a.json", "{}").parent.parent)],
        "case-name",
    ),
    "a case with a key of its own": (
        lambda here: [*cases_of(below(here, "cases/a.pass.json", '{"mood": 1}').parent.parent)],
        "case-key",
    ),
    "a control that is no TOML": (lambda _: read_spec("c", b"= 1"), "control-toml"),
    "a control that is not UTF-8": (lambda _: read_spec("c", b"\xff"), "control-toml"),
    "a probe that asks for text": (
        lambda _: control_from("c", mini.spec("x", "gates.tested"), probe_of_text, b""),
        "control-parameter",
    ),
}


@pytest.mark.parametrize(("ask", "code"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_is_refused_by_name(ask: Callable[[Path], object], code: str, tmp_path: Path) -> None:
    """Nothing is guessed: the error says which thing is not what it has to be."""
    with pytest.raises(StandfastError) as refused:
        ask(tmp_path)

    assert refused.value.code == code


def test_file_that_vanishes_is_never_a_name_without_content(tmp_path: Path) -> None:
    """A folder with a broken tree of links has a content; a file that is gone has no time."""
    root = repository(tmp_path / "r")
    copy = working_subject(root)
    for file in copy.files:
        (root / file.path).unlink()

    assert newest_change(copy) == (0.0, "")


def test_module_that_fails_is_not_kept(tmp_path: Path) -> None:
    """A module that raises while it is loaded is not found half-made by the next who asks."""
    broken = below(tmp_path, "half.py", "x = 1\nraise RuntimeError('half')\n")

    for _ in range(2):
        with pytest.raises(RuntimeError, match="half"):
            module_in(broken, "half_made")

    assert "half_made" not in sys.modules


TEXTS = {
    "is not UTF-8": lambda here: (here / "a").write_bytes(b"\xff"),
    "is not a regular file": lambda here: (here / "a").mkdir(),
    "more than are read": lambda here: (here / "a").write_text("x" * 100),
    "cannot be read": lambda here: (here / "a").symlink_to(here / "a"),
}


@pytest.mark.parametrize(("said", "put"), TEXTS.items(), ids=TEXTS)
def test_text_that_cannot_be_read_says_why(said: str, put: Callable[[Path], object], tmp_path: Path) -> None:
    """A file that is asked for is text, or the reason why it is none."""
    put(tmp_path)

    found = read_file(tmp_path, "a", 50)

    assert said in found.error
    assert found.text == ""


CARDS = {
    "leads out of the repository": lambda here: (here / "a.py").symlink_to("/etc/hostname"),
    "is not a regular file": lambda here: (here / "a.py").mkdir(),
    "cannot be read": lambda here: here,
    "more than are read": lambda here: os.truncate(below(here, "a.py"), MAX_FILE_BYTES + 1),
}


@pytest.mark.parametrize(("said", "put"), CARDS.items(), ids=CARDS)
def test_file_that_is_not_searched_for_cards_says_why(said: str, put: Callable[[Path], object], tmp_path: Path) -> None:
    """No file is passed over in silence where card numbers are looked for."""
    put(tmp_path)

    assert said in scan_file(tmp_path, "a.py").error


def test_binary_file_holds_nothing_that_is_looked_for(tmp_path: Path) -> None:
    """A file with null bytes is told apart from text without findings."""
    (tmp_path / "a.png").write_bytes(b"\x89PNG\0")

    assert (scan_file(tmp_path, "a.png").binary, scan_file(tmp_path, "a.png").error) == (True, "")


def code_path_errors(
    paths: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> list[str]:
    """Return the paths that the scan of code paths could not read."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(paths)))
    code_paths.main()
    return [error["path"] for error in json.loads(capsys.readouterr().out)["errors"]]


def test_no_scan_is_silent_about_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is no file, is too large, or is no Python is an error of each scan, by path."""
    monkeypatch.chdir(tmp_path)
    below(tmp_path, "broken.py", "def (:\n")
    below(tmp_path, "nul.py", "x = 1\0\n")
    os.truncate(below(tmp_path, "large.py"), code_paths.MAX_BYTES + 1)
    Path("link.py").symlink_to("broken.py")
    paths = ["gone.py", "large.py", "nul.py"]

    for scanned in (duplicates([*paths, "link.py"]), suppressions([*paths, "link.py"], None)):
        assert {"gone.py", "large.py", "link.py"} <= {error["path"] for error in scanned["errors"]}
    assert code_path_errors([*paths, "broken.py"], monkeypatch, capsys) == [*paths, "broken.py"]


def test_control_of_a_module_keeps_its_own_error() -> None:
    """An error of configuration ends with the exit code of one."""
    with pytest.raises(ConfigurationError) as refused:
        read_spec("c", b"title = 1")

    assert refused.value.exit_code == 2
