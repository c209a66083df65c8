"""The project that is judged never stands in for a module of ours."""

import subprocess
import sys
from pathlib import Path

import pytest
from command_line import standfast_alone


@pytest.mark.parametrize("module", ["click", "msgspec", "tomllib", "fcntl", "secrets"])
def test_sources_on_the_python_path_shadow_nothing(tmp_path: Path, module: str) -> None:
    """`PYTHONPATH=src` with a module of a well-known name in it changes nothing."""
    (tmp_path / f"{module}.py").write_text("raise SystemExit(0)\n")
    (tmp_path / "standfast.toml").write_text("this is no TOML")

    ran = standfast_alone("gate", cwd=tmp_path, PYTHONPATH=str(tmp_path))

    assert (ran.code, "settings-toml" in ran.err) == (2, True)


@pytest.mark.parametrize("path", ["", "src", ":src:", "/nowhere"])
def test_folder_that_is_gone_is_no_fault(tmp_path: Path, path: str) -> None:
    """Where the current folder was removed, the search path is left as far as it can be read."""
    folder = tmp_path / "gone"
    folder.mkdir()
    program = "import os, standfast; os.rmdir(os.getcwd()); import standfast.cli; print('well')"

    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env={"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.stdout, done.stderr) == ("well\n", "")
