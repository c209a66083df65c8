"""Measure the functions and the module of one Python file: ``python -m standfast.evidence.complexity.scan``.

The number of a function is McCabe's, counted as Radon does: one, plus every ``if``, loop, ``else`` of a loop, handler,
``case``, condition of a comprehension, ``assert``, conditional expression and boolean operator in it. A function inside
another is counted on its own.
"""

import ast
from typing import Any

from standfast.evidence.source.scanning import main
from standfast.evidence.source.syntax import FUNCTIONS, Function, Source

KIND = "complexity"


def examine(source: Source) -> dict[str, Any]:
    """Return the size of the module and of each of its functions."""
    branches = _branches(source)
    return {
        "module": {"path": source.path, "lines": len(source.lines)},
        "functions": [
            {
                "path": source.path,
                "line": function.lineno,
                "name": source.qualified(function),
                "complexity": 1 + branches.get(function, 0),
                "lines": _length(function),
            }
            for function in source.functions()
        ],
    }


def _branches(source: Source) -> dict[ast.AST, int]:
    found: dict[ast.AST, int] = {}
    for kind, weigh in _WEIGHTS.items():
        for node in source.nodes(kind):
            function = _function_of(source, node)
            if function is not None:
                found[function] = found.get(function, 0) + weigh(node)
    return found


def _function_of(source: Source, node: ast.AST) -> ast.AST | None:
    owner: ast.AST | None = source.owner[node]
    while owner is not None and not isinstance(owner, FUNCTIONS):
        owner = source.owner.get(owner) if not isinstance(owner, ast.Module) else None
    return owner


def _catches_all(pattern: ast.pattern) -> bool:
    return isinstance(pattern, ast.MatchAs) and pattern.pattern is None


_WEIGHTS: dict[type[ast.AST], Any] = {
    ast.If: lambda _: 1,
    ast.IfExp: lambda _: 1,
    ast.Assert: lambda _: 1,
    ast.For: lambda node: 1 + bool(node.orelse),
    ast.AsyncFor: lambda node: 1 + bool(node.orelse),
    ast.While: lambda node: 1 + bool(node.orelse),
    ast.Try: lambda node: len(node.handlers) + bool(node.orelse),
    ast.TryStar: lambda node: len(node.handlers) + bool(node.orelse),
    ast.BoolOp: lambda node: len(node.values) - 1,
    ast.comprehension: lambda node: 1 + len(node.ifs),
    ast.Match: lambda node: len(node.cases) - _catches_all(node.cases[-1].pattern),
}


def _length(function: Function) -> int:
    """Return the lines of the body without its docstring, and of the signature."""
    total = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        total -= (first.end_lineno or first.lineno) - first.lineno + 1
    return max(total, 1)


if __name__ == "__main__":
    main({KIND: examine})
