"""`make new-control` gives a folder that already keeps the contract."""

import importlib.util
import sys
from pathlib import Path

import pytest

from standfast.app.modules.control_cases import cases_of, run_case
from standfast.app.modules.discovery import control_in

SCRIPT = Path(__file__).parents[2] / "scripts/new_control.py"
_spec = importlib.util.spec_from_file_location("new_control", SCRIPT)
assert _spec
assert _spec.loader
new_control = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(new_control)


def test_template_decides_its_own_cases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fresh control folder is importable and its cases have the outcomes that they name."""
    folder = new_control.make("disk_is_not_full", tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))

    control = control_in("disk_is_not_full", folder)

    assert control.id == "disk-is-not-full"
    assert [run_case(control, case).outcome for case in cases_of(folder)] == [
        case.expected for case in cases_of(folder)
    ]
    sys.modules.pop("disk_is_not_full.probe")


@pytest.mark.parametrize("name", ["", "Single", "one", "../up_here", "a b"])
def test_name_that_is_no_wish_is_refused(name: str, tmp_path: Path) -> None:
    """Only a wished condition in snake_case becomes a folder."""
    with pytest.raises(SystemExit):
        new_control.make(name, tmp_path)


def test_folder_that_exists_is_left_alone(tmp_path: Path) -> None:
    """A control that is there is not written over."""
    new_control.make("disk_is_not_full", tmp_path)
    with pytest.raises(SystemExit, match="exists"):
        new_control.make("disk_is_not_full", tmp_path)
