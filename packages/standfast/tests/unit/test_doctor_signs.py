"""The doctor looks at everything that a run needs and says what is missing."""

import json
import shutil
from pathlib import Path

import pytest
from command_line import standfast
from fake_tools import install, repository, write

from standfast.app.doctor import Sign, examine


def signs(root: Path) -> dict[str, Sign]:
    """Return the signs by what they are about."""
    return {sign.what: sign for sign in examine(root)}


def test_healthy_project_has_nothing_bad(tmp_path: Path) -> None:
    """A repository with settings and an environment is ready."""
    root = repository(tmp_path / "shop", {"standfast.toml": "[project]\nname = 'shop'\n"})

    seen = signs(root)

    assert {sign.what for sign in seen.values() if sign.state == "bad"} == set()
    assert {"standfast", "git", "settings", "content", "store", "uv", "network", "open files"} <= set(seen)
    assert "commit" in seen["content"].said
    assert not (root / ".standfast").exists()


def test_tools_are_shown_with_place_and_version(tmp_path: Path) -> None:
    """A tool of the project's own environment is named with its version, others with what would be installed."""
    root = repository(tmp_path / "shop")
    install(root, "ruff", "print('ruff 9.9.9')")

    seen = signs(root)

    assert seen["ruff"].said == f"9.9.9, {root}/.venv/bin/ruff"
    assert "isolated (" in seen["bandit"].said


def test_missing_settings_are_a_note_with_the_next_step(tmp_path: Path) -> None:
    """Nothing stands in the way of writing them."""
    sign = signs(repository(tmp_path / "shop"))["settings"]

    assert (sign.state, sign.hint) == ("note", "`standfast init` writes one")


def test_broken_settings_and_broken_store_are_bad(tmp_path: Path) -> None:
    """What a run would fail on is bad, and the command's exit code says so."""
    root = repository(tmp_path / "shop", {"standfast.toml": "[project]\nnmae = 'shop'\n"})
    write(root, {".standfast": "a file"})

    ran = standfast("doctor", "--format", "json", cwd=root)

    states = {sign["what"]: sign["state"] for sign in json.loads(ran.out)}
    assert ran.code == 2
    assert (states["settings"], states["store"]) == ("bad", "bad")


def test_doctor_prints_hints_on_lines_of_their_own(tmp_path: Path) -> None:
    """People read what was found first and the next step below it."""
    ran = standfast("doctor", cwd=repository(tmp_path / "shop"))

    assert ran.code == 0
    assert "hint: `standfast init` writes one" in ran.out


def test_folder_without_git_is_told_what_that_means(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Git that is missing is bad in a repository, and a note where none is."""
    root = repository(tmp_path / "shop")
    write(tmp_path / "plain", {"a.py": ""})
    monkeypatch.setenv("PATH", str(tmp_path))

    assert signs(root)["git"].state == "bad"
    assert signs(root)["content"].state == "bad"
    assert signs(tmp_path / "plain")["git"].state == "note"
    assert signs(tmp_path / "plain")["content"].said == "1 files, no commit"


def test_git_that_is_too_old_is_bad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The version is asked for, and the oldest that serves is named."""
    root = repository(tmp_path / "shop")
    old = tmp_path / "bin/git"
    old.parent.mkdir()
    old.write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo git version 1.8.0 || exec {shutil.which("git")} "$@"\n')
    old.chmod(0o755)
    monkeypatch.setenv("PATH", str(old.parent))

    sign = next(sign for sign in examine(root) if sign.what == "git")

    assert (sign.state, sign.said) == ("bad", f"git version 1.8.0 at {old}")
    assert "is needed" in sign.hint
