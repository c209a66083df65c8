"""However a command ends, its exit code says whether something was decided."""

import json
import os
from pathlib import Path

import click
import pytest
from command_line import standfast
from fake_tools import repository, write

from standfast.cli.commands.gate import write_report
from standfast.cli.main import cli
from standfast.model import EvidenceError, UsageError

SETTINGS = '[project]\nname = "little"\n[profile]\nlibrary = true\n'

ENDS: dict[str, tuple[Exception, int, str]] = {
    "the person stopped it": (click.Abort(), 3, "aborted: nothing was decided"),
    "a fault of ours": (RuntimeError("lost"), 3, "error: RuntimeError: lost [internal-fault]"),
    "an option that is none": (click.UsageError("no such thing"), 2, "no such thing"),
    "evidence that cannot be taken": (EvidenceError("x-y", "one\ntwo"), 3, "error: one\n  two [x-y]"),
}


@pytest.mark.parametrize(("raised", "code", "said"), ENDS.values(), ids=ENDS)
def test_error_ends_with_its_code(
    raised: Exception, code: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No error ends with 0, which is a pass, nor with 1, which is a gate that failed."""

    def broken(**_: object) -> None:
        raise raised

    monkeypatch.setattr(cli, "main", broken)

    ran = standfast("gate", cwd=tmp_path)

    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err


def test_report_goes_where_it_is_sent(tmp_path: Path) -> None:
    """A report is written to a new folder, and into a device; over a folder it is an error."""
    write_report(tmp_path / "new/a.json", b"{}")
    write_report(Path(os.devnull), b"{}")

    assert (tmp_path / "new/a.json").read_bytes() == b"{}"
    assert not Path(os.devnull).is_file()
    with pytest.raises(UsageError, match="cannot be written"):
        write_report(tmp_path, b"{}")
    with pytest.raises(UsageError, match="cannot be written"):
        write_report(tmp_path / "new/a.json/b", b"{}")


@pytest.mark.parametrize("moment", ["yesterday", "0001-01-01", "9999-12-31"])
def test_moment_that_is_none_is_refused(moment: str, tmp_path: Path) -> None:
    """A time is ISO 8601, in years with which one can calculate."""
    ran = standfast("gate", "--at", moment, cwd=tmp_path)

    assert (ran.code, ran.out) == (2, "")
    assert moment in ran.err


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"{}"])
def test_context_that_was_changed_is_no_context(content: bytes, tmp_path: Path) -> None:
    """A verdict whose stored inputs are not what they were does not replay."""
    root = repository(tmp_path / "r")
    write(root, {"standfast.toml": SETTINGS})
    standfast("gate", "--no-collect", "no-change-freeze-is-in-force", "--output", "json=../v.json", cwd=root)
    named = json.loads((tmp_path / "v.json").read_bytes())["inputs"]["context"].removeprefix("sha256:")
    (stored,) = (
        path for path in (root / ".standfast").rglob("*") if path.is_file() and named.endswith(path.name[-20:])
    )
    stored.write_bytes(content)

    ran = standfast("replay", "../v.json", cwd=root)

    assert ran.code in (3, 4)
    assert "[" in ran.err
