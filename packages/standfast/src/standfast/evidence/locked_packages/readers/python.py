"""Read what Python's lock files pin and what its manifests declare."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from standfast.evidence.formats.toml import toml_of
from standfast.evidence.locked_packages.readers.found import (
    Found,
    NotALockError,
    locked,
    loose,
    table_in,
    tables_in,
    text_in,
)
from standfast.evidence.locked_packages.readers.json_table import json_table
from standfast.evidence.locked_packages.schema import LockedPackage

Edges = Iterator[Mapping[str, Any]]

_PINNED = re.compile(
    r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*+)\s*+(?:\[[^\]]*+\]\s*+)?={2,3}\s*+(?P<version>[^\s;,\\*]++)(?:$|[;\\\s])"
)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_LOCAL = re.compile(r"(?:-e\s|--editable|\.{0,2}/|file:|\.(?:$|\[))")


def toml(text: str) -> Mapping[str, Any]:
    """Return the tables of *text*.

    Raises:
        NotALockError: It is not TOML.
    """
    try:
        return toml_of(text)
    except (ValueError, RecursionError) as error:
        raise NotALockError(f"it is not TOML: {error}") from error


def requirements(path: str, text: str) -> Found:
    """Return what a requirements file pins; options and local paths pin nothing and need not."""
    packages, unpinned = [], []
    for number, line in _logical_lines(text):
        if line.startswith("-") and not line.startswith(("-e", "--editable")):
            continue
        if _LOCAL.match(line):
            continue
        pinned = _PINNED.match(line)
        if pinned:
            hashed, conditional = "--hash=" in line, ";" in line
            found = locked("pypi", pinned["name"], pinned["version"], path, hashed=hashed, conditional=conditional)
            packages.append(found)
        elif " @ " in line and ("#sha256=" in line or re.search(r"@[0-9a-f]{40}\b", line)):
            packages.append(locked("pypi", line.partition(" @ ")[0].partition("[")[0], "", path, hashed=True))
        else:
            unpinned.append(loose(path, number, line, "no exact version"))
    return Found(tuple(packages), tuple(unpinned))


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield each line with those that a backslash continues it with, without comments, and its number."""
    parts: list[str] = []
    first = 0
    for number, raw in enumerate(text.splitlines(), 1):
        line = re.sub(r"(?:^|\s)#.*", "", raw).strip()
        first = first if parts else number
        parts.append(line.removesuffix("\\").strip())
        if not line.endswith("\\"):
            joined = " ".join(part for part in parts if part)
            parts = []
            if joined:
                yield first, joined
    if any(parts):
        yield first, " ".join(part for part in parts if part)


def toml_lock(path: str, text: str) -> Found:
    """Return what ``uv.lock``, ``poetry.lock``, ``pdm.lock`` or ``pylock.toml`` pins, without the project itself."""
    document = toml(text)
    old_hashes = table_in(table_in(document, "metadata"), "files")
    tables = tables_in(document, "package") or tables_in(document, "packages")
    return Found(tuple(_toml_packages(path, tables, old_hashes)))


def _toml_packages(path: str, tables: list[Mapping[str, Any]], old: Mapping[str, Any]) -> Iterator[LockedPackage]:
    always = _reached(tables, _unmarked)
    dev = _only_in_groups(tables)
    for one in tables:
        source = table_in(one, "source")
        if _is_local(one):
            continue
        name, version = text_in(one, "name"), text_in(one, "version")
        if name:
            kept = one.get("files") or one.get("wheels") or one.get("sdist") or one.get("archive") or old.get(name)
            fixed = "git" in source or "vcs" in one
            marked = bool(one.get("markers") or one.get("marker")) or (always is not None and name not in always)
            for_work = name in dev or _only_for_work(one)
            yield locked("pypi", name, version, path, hashed=bool(kept) or fixed, dev=for_work, conditional=marked)


def _is_local(one: Mapping[str, Any]) -> bool:
    return "directory" in one or bool({"virtual", "editable", "directory", "path"} & table_in(one, "source").keys())


def _only_in_groups(tables: list[Mapping[str, Any]]) -> frozenset[str]:
    """Return what is reached from the project itself only through its groups for work on it."""
    delivered = _reached(tables, _delivered)
    return frozenset() if delivered is None else (_reached(tables, _any) or frozenset()) - delivered


def _reached(tables: list[Mapping[str, Any]], needs: Callable[[Mapping[str, Any]], Edges]) -> frozenset[str] | None:
    """Return what *needs* lead to from the project itself; None where the lock does not say what that is."""
    waiting = [text_in(one, "name") for one in tables if _is_local(one)]
    if not waiting:
        return None
    by_name: dict[str, list[Mapping[str, Any]]] = {}
    for one in tables:
        by_name.setdefault(text_in(one, "name"), []).append(one)
    reached: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += [text_in(edge, "name") for one in by_name.get(name, ()) for edge in needs(one)]
    return frozenset(reached)


def _unmarked(one: Mapping[str, Any]) -> Edges:
    """Yield what is needed on every platform."""
    return (edge for edge in _any(one) if not edge.get("marker"))


def _any(one: Mapping[str, Any]) -> Edges:
    """Yield what is needed at all, for work included."""
    yield from _delivered(one)
    yield from _grouped(one, "dev-dependencies")


def _delivered(one: Mapping[str, Any]) -> Edges:
    """Yield what whoever installs it gets, or may ask for."""
    yield from tables_in(one, "dependencies")
    yield from _grouped(one, "optional-dependencies")


def _grouped(one: Mapping[str, Any], key: str) -> Edges:
    table = table_in(one, key)
    for group in table:
        yield from tables_in(table, group)


def _only_for_work(one: Mapping[str, Any]) -> bool:
    groups = one.get("groups")
    marked = isinstance(groups, list) and bool(groups) and not {"main", "default"} & {str(group) for group in groups}
    return text_in(one, "category") == "dev" or marked


def pipfile_lock(path: str, text: str) -> Found:
    """Return what ``Pipfile.lock`` pins."""
    document = json_table(text)
    return Found(
        tuple(
            locked("pypi", name, text_in(one, "version").lstrip("="), path, hashed=bool(one.get("hashes")), dev=dev)
            for section, dev in (("default", False), ("develop", True))
            for name, one in table_in(document, section).items()
            if isinstance(one, dict)
        )
    )


def pyproject(path: str, text: str) -> Found:
    """Return the names that ``[project] dependencies`` declares."""
    declared = table_in(toml(text), "project").get("dependencies")
    names = [_NAME.match(one) for one in declared if isinstance(one, str)] if isinstance(declared, list) else []
    return Found(declared=tuple(("pypi", match[0]) for match in names if match))
