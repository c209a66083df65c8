"""Running the same tests several times in different orders."""

import json
import sys
from pathlib import Path

import pytest
from command_line import standfast

from standfast.app.tdd.repeating import compared
from standfast.evidence.stability.importers.native import stability_of
from standfast.evidence.tdd_cycles.runs import Broken, Run, TestEnd
from standfast.model import EvidenceError

AT = "2026-03-01T10:00:00+00:00"
PLAIN = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
SETTINGS = '[project]\nname = "shop"\n[tdd]\npass_environment = ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"]\n'
STEADY = "def test_one():\n    assert 1\n\n\ndef test_two():\n    assert 2\n"
LEANING = "SEEN = []\n\n\ndef test_first():\n    SEEN.append(1)\n\n\ndef test_last():\n    assert SEEN\n"


def shop(folder: Path, **files: str) -> Path:
    """Return a project with those files of tests."""
    (folder / "standfast.toml").write_text(SETTINGS)
    (folder / ".venv").symlink_to(sys.prefix)
    (folder / "tests").mkdir()
    for name, text in files.items():
        (folder / "tests" / f"{name}.py").write_text(text)
    return folder


def run(**ends: str) -> Run:
    """Return a run in which each test ended so."""
    return Run(tests=tuple(TestEnd(id=name, outcome=outcome) for name, outcome in ends.items()))


@pytest.mark.parametrize(
    ("runs", "tests", "differing"),
    [
        ([run(a="passed"), run(a="passed")], 1, []),
        ([run(a="failed"), run(a="failed"), run(a="failed")], 1, []),
        ([run(a="passed", b="failed"), run(a="passed", b="passed")], 2, ["b"]),
        ([run(a="passed", b="passed"), run(a="passed")], 1, ["b"]),
        ([run(a="passed", b="skipped"), run(a="passed", b="skipped")], 1, []),
        ([run(a="passed", b="skipped"), run(a="passed", b="error")], 1, ["b"]),
        ([Run(tests=run(a="passed").tests, broken=(Broken(id="t.py"),)), run(a="passed")], 1, ["t.py"]),
    ],
)
def test_only_what_every_run_executes_is_counted(runs: list[Run], tests: int, differing: list[str]) -> None:
    """A test that ended in two ways differs, and so does one that was not there every time."""
    document = compared(tuple(runs), AT, None)

    assert (document.tests, [one.test for one in document.differing]) == (tests, differing)
    assert stability_of(document).differing == len(differing)


@pytest.mark.parametrize("runs", [[Run(), Run()], [run(a="skipped")] * 2, [run(a="passed"), run(b="passed")]])
def test_runs_without_a_common_test_prove_nothing(runs: list[Run]) -> None:
    """Nothing that was executed every time, no evidence."""
    with pytest.raises(EvidenceError, match="no test was executed in every run"):
        compared(tuple(runs), AT, None)


def test_test_that_leans_on_another_is_found(tmp_path: Path) -> None:
    """A shuffled order shows it, the gate names it, and the file that is steady stays unnamed."""
    folder = shop(tmp_path, test_steady=STEADY, test_leaning=LEANING)
    done = standfast("tests", "repeat", "--runs", "5", "--output", "../out.json", cwd=folder, **PLAIN)

    assert done.code == 0, done.err
    assert "tests/test_leaning.py::test_last ended differently: passed, " in done.out
    assert "4 tests in 5 runs, 1 ended differently" in done.out
    written = json.loads((tmp_path.parent / "out.json").read_text())
    assert [one["test"] for one in written["differing"]] == ["tests/test_leaning.py::test_last"]
    judged = standfast("gate", "suite-is-stable", "--no-collect", cwd=folder)
    assert (judged.code, "tests/test_leaning.py::test_last ended differently" in judged.out) == (1, True), judged.out


def test_steady_suite_meets_the_control(tmp_path: Path) -> None:
    """Three runs in three orders that agree are what the control asks for."""
    folder = shop(tmp_path, test_steady=STEADY)

    assert "2 tests in 3 runs, 0 ended differently" in standfast("tests", "repeat", cwd=folder, **PLAIN).out
    assert standfast("gate", "suite-is-stable", "--no-collect", cwd=folder).code == 0


@pytest.mark.parametrize(
    ("words", "tests", "said"),
    [
        (("nowhere",), STEADY, "run 1 of 3 proves nothing: pytest ended with status 4"),
        ((), "import nowhere\n", "tests/test_a.py: ModuleNotFoundError: No module named 'nowhere'"),
        ((), "open('tests/left', 'a').write('x')\n\n\ndef test_a(): ...\n", "files of the project changed"),
    ],
    ids=["no such tests", "broken tests", "tests that write"],
)
def test_repeated_runs_that_prove_nothing_are_no_evidence(
    tmp_path: Path, words: tuple[str, ...], tests: str, said: str
) -> None:
    """What happened is said, and nothing is kept."""
    folder = shop(tmp_path, test_a=tests)
    done = standfast("tests", "repeat", *words, cwd=folder, **PLAIN)

    assert (done.code, said in done.err) == (3, True), done.err
    assert standfast("gate", "suite-is-stable", "--no-collect", cwd=folder).code == 3
