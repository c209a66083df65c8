"""The gate over this repository says what it needs."""

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_gate_without_reports_says_what_to_run_first(tmp_path: Path) -> None:
    """Nothing is judged before the tests ran: usage, with the command that leaves the reports."""
    script = tmp_path / "scripts/gate"
    script.parent.mkdir()
    shutil.copy(ROOT / "scripts/gate", script)

    done = subprocess.run([script], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "out/junit-packages.xml is missing: run `make test` first, which leaves it, and again after each change\n"
    )
