"""Which tests can reach which code, by what the files import; more rather than less."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from standfast.evidence.tdd_cycles.changes import holds_tests
from standfast.evidence.tdd_cycles.python_changes import parsed
from standfast.evidence.wording.places import is_test


def imported_names(source: bytes, path: str) -> frozenset[str]:
    """Return every module that the file at *path* may import, absolute, with the packages around it.

    ``from a import b`` may mean the module ``a.b``. A file that cannot be parsed imports nothing.
    """
    tree = parsed(source)
    if tree is None:
        return frozenset()
    package = PurePosixPath(path).parent.parts
    named: set[str] = set()
    for node in ast.walk(tree):
        for name in _names(node, package):
            parts = name.split(".")
            named.update(".".join(parts[:length]) for length in range(1, len(parts) + 1))
    return frozenset(named)


def _names(node: ast.AST, package: tuple[str, ...]) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        around = package[: len(package) - node.level + 1] if node.level else ()
        module = ".".join((*around, node.module) if node.module else around)
        if module:
            yield from (f"{module}.{alias.name}" for alias in node.names)


def reaching(imports: Mapping[str, frozenset[str]], changed: Iterable[str]) -> tuple[str, ...]:
    """Return the files of tests that import some of the *changed* files, directly or through others.

    *imports* are the names that each file of the project may import, by path. A name may mean every file whose path
    ends so, whatever folder it is imported from. A test also imports each ``conftest.py`` above it.
    """
    places = _places(imports)
    importers: dict[str, set[str]] = {}
    for path, names in imports.items():
        for found in (*(there for name in names for there in places.get(name, ())), *_conftests(path, imports)):
            importers.setdefault(found, set()).add(path)
    reached, left = set(changed), list(changed)
    while left:
        for path in importers.get(left.pop(), ()):
            if path not in reached:
                reached.add(path)
                left.append(path)
    return tuple(sorted(path for path in reached if is_test(path) and holds_tests(path)))


def _places(paths: Iterable[str]) -> dict[str, list[str]]:
    """Return the files that each dotted name may mean."""
    places: dict[str, list[str]] = {}
    for path in paths:
        parts = PurePosixPath(path).with_suffix("").parts
        parts = parts[:-1] if parts[-1] == "__init__" else parts
        for start in range(len(parts)):
            places.setdefault(".".join(parts[start:]), []).append(path)
    return places


def _conftests(path: str, imports: Mapping[str, frozenset[str]]) -> Iterator[str]:
    if is_test(path):
        for folder in PurePosixPath(path).parents:
            found = (folder / "conftest.py").as_posix()
            if found in imports and found != path:
                yield found
