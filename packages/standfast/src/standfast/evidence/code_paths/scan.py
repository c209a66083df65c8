"""Find the lines that handle errors.

This file is executed by path, by the project's own interpreter where it has one (3.8 or later), because only that
one reads the project's syntax; so it imports nothing of ours. It reads paths from stdin, one a line, relative to the
working directory, and writes one JSON object to stdout.
"""

from __future__ import annotations

import ast
import json
import sys
import warnings
from pathlib import Path
from typing import Any, Iterable  # noqa: UP035  # runs on Python 3.8

MAX_BYTES = 5_000_000


def handling_lines(tree: ast.AST) -> set[int]:
    """Return the lines on which a statement of an ``except`` body or a ``raise`` begins."""
    lines: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise):
            lines.add(node.lineno)
        elif isinstance(node, ast.ExceptHandler):
            lines.update(statement.lineno for part in node.body for statement in _statements(part))
    return lines


def _statements(tree: ast.AST) -> Iterable[ast.stmt]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.stmt))


def _is_text(statement: ast.stmt) -> bool:
    """Return whether *statement* is a docstring or another bare constant, which nothing runs."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def describe(source: bytes) -> dict[str, Any]:
    """Return how many statements *source* has and which of its lines handle errors.

    Raises:
        SyntaxError: It is not Python as this interpreter knows it.
        ValueError: It holds a null byte, or is too large.
    """
    if len(source) > MAX_BYTES:
        raise ValueError(f"it has {len(source)} bytes, at most {MAX_BYTES} are read")
    tree = ast.parse(source)
    statements = sum(1 for statement in _statements(tree) if not _is_text(statement))
    return {"statements": statements, "handling": sorted(handling_lines(tree))}


def main() -> int:
    """Describe every file that stdin names."""
    warnings.simplefilter("ignore")  # a file's invalid escapes are not for this tool to tell
    files, errors = [], []
    for path in sys.stdin.read().splitlines():
        try:
            files.append({"path": path, **describe(Path(path).read_bytes())})
        except (SyntaxError, ValueError, OSError, RecursionError, MemoryError) as error:
            line = getattr(error, "lineno", None) or 0
            errors.append({"path": path, "message": f"{type(error).__name__}: {error}"[:500], "line": line})
    json.dump({"files": files, "errors": errors}, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
