"""The verifier that goes into audit bundles stands alone, although it is written as several modules."""

import ast
import subprocess
import sys
from collections import Counter
from pathlib import Path

from standfast.app.export import program as joining
from standfast.app.export.program import PARTS, SHARED, part, program

MODULES = Path(joining.__file__).parent / "auditor"


def imported(source: str) -> set[str]:
    """Return the top-level packages that *source* imports anywhere."""
    nodes = list(ast.walk(ast.parse(source)))
    plain = {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    origins = {"." * node.level + (node.module or "") for node in nodes if isinstance(node, ast.ImportFrom)}
    return {name.split(".")[0] for name in plain | origins}


def defined(tree: ast.Module) -> list[str]:
    """Return the names that *tree* gives a meaning at its top level, but for what it imports."""
    found = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.append(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found += [one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)]
    return found


def code(tree: ast.Module) -> list[str]:
    """Return the statements of *tree* but for its imports and its title, in a form that compares."""
    return [ast.dump(node) for node in tree.body[1:] if not isinstance(node, ast.Import | ast.ImportFrom | ast.Try)]


def test_one_file_is_what_the_modules_say() -> None:
    """The one file holds every statement of every module, in their order, and nothing else."""
    sources = [*map(part, PARTS), MODULES.parent / "verify.py"]

    assert {*PARTS, "__init__"} - {SHARED} == {path.stem for path in MODULES.glob("*.py")}
    assert code(ast.parse(program())) == [line for path in sources for line in code(ast.parse(path.read_text()))]


def test_no_name_has_two_meanings() -> None:
    """Joined modules share one namespace, so each of its names is defined once."""
    assert [name for name, count in Counter(defined(ast.parse(program()))).items() if count > 1] == []


def test_verifier_needs_the_standard_library_and_cryptography() -> None:
    """The auditor's verifier imports nothing of ours, and one package of others."""
    assert imported(program().decode()) - sys.stdlib_module_names == {"cryptography"}


def test_verifier_runs_where_standfast_is_not(tmp_path: Path) -> None:
    """The one file, in another folder and isolated from this project, explains itself."""
    copy = tmp_path / "verify.py"
    copy.write_bytes(program())

    ran = subprocess.run(
        [sys.executable, "-I", str(copy), "--help"], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert ran.returncode == 0, ran.stderr
    assert "Exit codes: 0 proven" in ran.stdout
    assert "__import__" not in copy.read_text()
    assert "importlib" not in copy.read_text()
