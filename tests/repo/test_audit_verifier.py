"""The verifier that goes into audit bundles stands alone."""

import ast
import subprocess
import sys
from pathlib import Path

VERIFIER = Path(__file__).parents[2] / "packages/standfast/src/standfast/app/export/verify.py"


def imported(source: str) -> set[str]:
    """Return the top-level packages that *source* imports anywhere."""
    nodes = list(ast.walk(ast.parse(source)))
    plain = {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    origins = {"." * node.level + (node.module or "") for node in nodes if isinstance(node, ast.ImportFrom)}
    return {name.split(".")[0] for name in plain | origins}


def test_verifier_needs_the_standard_library_and_cryptography() -> None:
    """The auditor's verifier imports nothing of ours, and one package of others."""
    assert imported(VERIFIER.read_text()) - sys.stdlib_module_names == {"cryptography"}


def test_verifier_runs_where_standfast_is_not(tmp_path: Path) -> None:
    """A copy of the one file, in another folder and isolated from this project, explains itself."""
    copy = tmp_path / "verify.py"
    copy.write_bytes(VERIFIER.read_bytes())

    ran = subprocess.run(
        [sys.executable, "-I", str(copy), "--help"], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert ran.returncode == 0, ran.stderr
    assert "Exit codes: 0 proven" in ran.stdout
    assert "__import__" not in copy.read_text()
    assert "importlib" not in copy.read_text()
