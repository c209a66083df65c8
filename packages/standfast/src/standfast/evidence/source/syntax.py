"""One pass over the syntax tree of one file, from which every scanner takes the nodes it needs."""

import ast
import warnings
from typing import TypeVar, cast

MAX_BYTES = 4_000_000
"""A larger source file is an error: nobody wrote it by hand."""

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
Function = ast.FunctionDef | ast.AsyncFunctionDef
N = TypeVar("N", bound=ast.AST)


class Source:
    """One parsed file: its path, its lines, its tree, and its nodes by type in source order.

    ``owner`` gives, for each node that was indexed, the innermost function or class that it stands in.
    """

    def __init__(self, path: str, data: bytes) -> None:
        self.path = path
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.tree = ast.parse(data, path)
        self.text = data.decode("utf-8", "replace")
        self.lines = self.text.splitlines()
        self._nodes: dict[type[ast.AST], list[ast.AST]] = {}
        self.owner: dict[ast.AST, ast.AST] = {}
        self._index()

    def nodes(self, wanted: type[N]) -> list[N]:
        """Return the nodes of exactly the type *wanted*."""
        return cast("list[N]", self._nodes.get(wanted, []))

    def functions(self) -> list[Function]:
        """Return every function and method."""
        return [*self.nodes(ast.FunctionDef), *self.nodes(ast.AsyncFunctionDef)]

    def qualified(self, node: ast.AST) -> str:
        """Return the dotted name of a function or class within its module."""
        names = []
        current: ast.AST | None = node
        while isinstance(current, (*FUNCTIONS, ast.ClassDef)):
            names.append(current.name)
            current = self.owner.get(current)
        return ".".join(reversed(names))

    def line(self, number: int) -> str:
        """Return the line of that *number*, from 1; nothing where there is none."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def _index(self) -> None:
        # An explicit stack, because generated code nests deeper than the interpreter recurses.
        scopes = (*FUNCTIONS, ast.ClassDef)
        stack: list[tuple[ast.AST, ast.AST]] = [(self.tree, self.tree)]
        while stack:
            node, owner = stack.pop()
            kind = type(node)
            if kind in _LEAVES:
                continue
            self._nodes.setdefault(kind, []).append(node)
            self.owner[node] = owner
            children: list[tuple[ast.AST, ast.AST]] = []
            for field in kind._fields:
                value = getattr(node, field, None)
                # Decorators, defaults and bases are evaluated where the function or class stands.
                inner = node if kind in scopes and field == "body" else owner
                if isinstance(value, list):
                    children.extend((child, inner) for child in value if isinstance(child, ast.AST))
                elif isinstance(value, ast.AST):
                    children.append((value, inner))
            stack.extend(reversed(children))


_LEAVES = frozenset({ast.Load, ast.Store, ast.Del, ast.Constant})
