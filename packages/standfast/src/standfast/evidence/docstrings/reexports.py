"""Which names a module passes on from others: what it imports, where that makes it part of its interface."""

import ast
from collections.abc import Iterator
from typing import Any

from standfast.evidence.source.syntax import Source


def module_of(path: str) -> str:
    """Return the path of the module that stands in the file at *path*: a package is its folder, at the top ``.``."""
    stem = path.removesuffix(".pyi").removesuffix(".py")
    return "." if stem == "__init__" else stem.removesuffix("/__init__")


def declared_names(source: Source) -> list[str] | None:
    """Return the names in ``__all__``, in order; None where there is none or no literal."""
    names: list[str] | None = None
    assigned: list[ast.Assign | ast.AnnAssign | ast.AugAssign] = [*source.nodes(ast.Assign)]
    assigned += [*source.nodes(ast.AnnAssign), *source.nodes(ast.AugAssign)]
    for node in assigned:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
            listed = node.value.elts if isinstance(node.value, ast.List | ast.Tuple) else []
            texts = [one.value for one in listed if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            names = [*(names or []), *texts]
    return names or None


def passed_on(source: Source, *, is_hidden: bool) -> Iterator[dict[str, Any]]:
    """Yield what the module imports and passes on: the module it comes from, its name there and its name here.

    A package passes on all that its ``__all__`` names, all public names without one; another module what its
    ``__all__`` names; a hidden one anything, because whoever passes it on further decides.
    """
    names = declared_names(source)
    every = is_hidden or (names is None and source.path.endswith(("__init__.py", "__init__.pyi")))
    for node in source.nodes(ast.ImportFrom):
        if source.owner[node] is not source.tree:
            continue
        for alias in node.names:
            called = alias.asname or alias.name
            if called == "*" or (every and not called.startswith("_")) or (names and called in names):
                yield {"origin": _origin(source.path, node), "name": alias.name, "called": called}


def _origin(path: str, node: ast.ImportFrom) -> str:
    """Return the path of the module that *node* imports from; it begins with ``/`` where any folder may be above."""
    steps = (node.module or "").split(".")
    if not node.level:
        return "/" + "/".join(steps)
    folders = path.split("/")[: -node.level]
    return "/".join([*folders, *(step for step in steps if step)])
