"""Modules and functions are small enough to read aloud."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    path for folder in ("packages", "benchmarks", "scripts", "tests") for path in (ROOT / folder).rglob("*.py")
)
MODULE, FUNCTION, TEST_MODULE = 500, 60, 700
SPECIAL = {"pipeline.py": 80, "probe.py": 120}


def over_budget(path: Path) -> Iterator[tuple[str, int, int]]:
    """Yield (what, lines, budget) for everything in *path* that is too long."""
    text = path.read_text()
    lines = text.count("\n")
    usual = TEST_MODULE if "tests" in path.relative_to(ROOT).parts else MODULE
    budget = SPECIAL.get(path.name, usual)
    if lines > budget:
        yield "module", lines, budget
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
            body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
            length = node.end_lineno - body[0].lineno + 1
            if length > FUNCTION:
                yield f"function {node.name}", length, FUNCTION


EXCEPTIONS = {
    (entry["path"], entry["what"]): entry
    for entry in tomllib.loads((Path(__file__).with_name("budgets.toml")).read_text()).get("exception", [])
}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_module_and_functions_are_within_budget(path: Path) -> None:
    """Nothing is longer than its budget unless an exception with a reason says so."""
    name = path.relative_to(ROOT).as_posix()

    too_long = [
        f"{name}: {what} has {lines} lines, budget {budget}"
        for what, lines, budget in over_budget(path)
        if lines > EXCEPTIONS.get((name, what), {"limit": budget})["limit"]
    ]

    assert not too_long


def test_every_exception_is_needed_and_explained() -> None:
    """An exception that nothing needs any more, or that gives no reason, is an error."""
    needed = {
        (path.relative_to(ROOT).as_posix(), what): lines for path in SOURCES for what, lines, _ in over_budget(path)
    }

    stale = [key for key, entry in EXCEPTIONS.items() if key not in needed or not entry["reason"].strip()]

    assert not stale
