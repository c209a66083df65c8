"""What one commit did to a Python file, by its syntax tree: which tests it changed, which names it brought."""

import ast
import warnings
from collections.abc import Iterator

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

MAX_BYTES = 5_000_000
MAX_WORD = 100
"""A longer string is prose or data, not a name that a test could miss."""


def parsed(source: bytes) -> ast.Module | None:
    """Return the tree of *source*, or None where it is too large or not Python as this interpreter knows it."""
    if len(source) > MAX_BYTES:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def behaves_alike(before: bytes, after: bytes) -> bool:
    """Return whether nothing but comments, layout and docstrings differs."""
    old, new = parsed(before), parsed(after)
    if old is None or new is None:
        return before == after
    return ast.dump(_without_docstrings(old)) == ast.dump(_without_docstrings(new))


def changed_tests(before: bytes, after: bytes) -> frozenset[str] | None:
    """Return the tests (``test_x``, ``TestA::test_x``) that are new or other than before; None where nobody can tell.

    A test is other where its own code is, or that of anything in the file that it uses: a helper, a fixture, a table
    of cases, a class around it, an import.
    """
    old, new = parsed(before), parsed(after)
    if new is None or old is None:
        return None
    was, now = _parts(old), _parts(new)
    changed = {name for name in {*was, *now} if was.get(name) != now.get(name)}
    uses = {name: _names_in(node) for name, node in _nodes(new)}
    other = _spread(changed, uses)
    return frozenset(
        name for name in now if name in other and _is_test_name(name.rpartition("::")[2]) and _is_function(new, name)
    )


def added_words(before: bytes, after: bytes) -> frozenset[str]:
    """Return the identifiers and short strings that *after* has and *before* has not."""
    old, new = parsed(before), parsed(after)
    return frozenset(_words(new)) - frozenset(_words(old)) if new is not None and old is not None else frozenset()


def added_public_names(before: bytes, after: bytes) -> tuple[str, ...]:
    """Return the functions, classes and methods without a leading underscore that *after* has and *before* has not."""
    old, new = parsed(before), parsed(after)
    if old is None or new is None:
        return ()
    was = {name for name, node in _nodes(old) if isinstance(node, _Definition)}
    now = [name for name, node in _nodes(new) if isinstance(node, _Definition)]
    return tuple(name for name in now if name not in was and not any(part[0] == "_" for part in name.split("::")))


def _without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | _Definition) and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return tree


def _nodes(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    """Yield every statement of the module by a name: definitions by theirs, methods as ``Class::method``."""
    for number, node in enumerate(tree.body):
        if isinstance(node, ast.ClassDef):
            yield node.name, _shell(node)
            yield from ((f"{node.name}::{inner.name}", inner) for inner in node.body if isinstance(inner, _Definition))
        elif isinstance(node, _Function):
            yield node.name, node
        else:
            for name in _bound(node) or [f"<{number}>"]:
                yield name, node


def _shell(node: ast.ClassDef) -> ast.ClassDef:
    """Return the class without its methods, so that one method is not the change of all."""
    body = [inner for inner in node.body if not isinstance(inner, _Definition)]
    return ast.ClassDef(
        name=node.name, bases=node.bases, keywords=node.keywords, body=body, decorator_list=node.decorator_list
    )


def _bound(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        return [(alias.asname or alias.name).partition(".")[0] for alias in node.names]
    return [inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)]


def _parts(tree: ast.Module) -> dict[str, str]:
    parts: dict[str, str] = {}
    for name, node in _nodes(_without_docstrings(tree)):
        parts[name] = f"{parts.get(name, '')}{ast.dump(node)}"
    return parts


def _names_in(node: ast.stmt) -> frozenset[str]:
    """Return every name that *node* uses; the parameters too, which pytest fills from fixtures of that name."""
    names = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
    names |= {inner.arg for inner in ast.walk(node) if isinstance(inner, ast.arg)}
    return frozenset(names)


def _spread(changed: set[str], uses: dict[str, frozenset[str]]) -> set[str]:
    """Return *changed* and everything that uses some of it, directly or through others."""
    reached = set(changed)
    while True:
        more = {
            name
            for name, used in uses.items()
            if name not in reached and (not reached.isdisjoint(used) or name.partition("::")[0] in reached)
        }
        if not more:
            return reached
        reached |= more


def _is_test_name(name: str) -> bool:
    return name.startswith("test")


def _is_function(tree: ast.Module, name: str) -> bool:
    return any(found == name and isinstance(node, _Function) for found, node in _nodes(tree))


def _words(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, _Definition):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.keyword) and node.arg:
            yield node.arg
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) <= MAX_WORD:
            yield node.value
