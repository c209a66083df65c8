"""Read what JavaScript's lock files pin and what its manifests declare."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from standfast.evidence.locked_packages.readers.found import Found, locked, table_in, text_in
from standfast.evidence.locked_packages.readers.json_table import json_table
from standfast.evidence.locked_packages.schema import LockedPackage

_FOLDER = "node_modules/"
_MAX_DEPTH = 100
_YARN_HEAD = re.compile(r'"?(?P<name>(?:@[^/@\s"]+/)?[^@\s",]+)@')
_YARN_VERSION = re.compile(r'\s+version:?\s+"?(?P<version>[^"\s]+)"?')
_PNPM = re.compile(r"  '?/?(?P<name>(?:@[^/@\s']+/)?[^/@\s']+)[@/](?P<version>\d[^\s:'()_]*)[^:]*'?:(?P<rest>.*)")


def package_lock(path: str, text: str) -> Found:
    """Return what ``package-lock.json`` (any version) pins."""
    document = json_table(text)
    packages = table_in(document, "packages")
    return Found(tuple(_flat(path, packages) if packages else _nested(path, table_in(document, "dependencies"), 0)))


def _flat(path: str, packages: Mapping[str, Any]) -> Iterator[LockedPackage]:
    for place, one in packages.items():
        if not isinstance(one, dict) or _FOLDER not in place or one.get("link"):
            continue
        name = text_in(one, "name") or place.rpartition(_FOLDER)[2]
        dev = bool(one.get("dev") or one.get("devOptional"))
        yield locked(
            *("npm", name, text_in(one, "version"), path),
            hashed=bool(one.get("integrity")),
            dev=dev,
            conditional=bool(one.get("optional") or one.get("devOptional")),
        )


def _nested(path: str, dependencies: Mapping[str, Any], depth: int) -> Iterator[LockedPackage]:
    for name, one in dependencies.items() if depth < _MAX_DEPTH else ():
        if isinstance(one, dict):
            hashed, dev = bool(one.get("integrity")), bool(one.get("dev"))
            yield locked("npm", name, text_in(one, "version"), path, hashed=hashed, dev=dev)
            yield from _nested(path, table_in(one, "dependencies"), depth + 1)


def yarn_lock(path: str, text: str) -> Found:
    """Return what ``yarn.lock`` (either form) pins."""
    return Found(tuple(_yarn(path, text)))


def _yarn(path: str, text: str) -> Iterator[LockedPackage]:
    name = version = ""
    hashed = False
    for line in (*text.splitlines(), "end:"):
        if line[:1] not in ("", " ", "#"):
            if name and version and "workspace:" not in name:
                yield locked("npm", name, version, path, hashed=hashed)
            head = _YARN_HEAD.match(line) if line.rstrip().endswith(":") else None
            name, version, hashed = (head["name"] if head else ""), "", False
        elif match := _YARN_VERSION.match(line):
            version = match["version"]
        elif line.strip().startswith(("integrity", "checksum")):
            hashed = True


def pnpm_lock(path: str, text: str) -> Found:
    """Return what ``pnpm-lock.yaml`` pins."""
    return Found(tuple(_pnpm(path, text)))


def _pnpm(path: str, text: str) -> Iterator[LockedPackage]:
    inside = False
    waiting: re.Match[str] | None = None
    for line in (*text.splitlines(), "end:"):
        if line[:1] not in ("", " ", "#"):
            if waiting is not None:
                yield locked("npm", waiting["name"], waiting["version"], path, hashed=False)
            inside, waiting = line.startswith("packages:"), None
        elif inside and (match := _PNPM.match(line)) and line[2:3] != " ":
            if waiting is not None:
                yield locked("npm", waiting["name"], waiting["version"], path, hashed=False)
            waiting = match
        elif waiting is not None and "integrity:" in line:
            yield locked("npm", waiting["name"], waiting["version"], path, hashed=True)
            waiting = None


def package_json(path: str, text: str) -> Found:
    """Return the names that ``package.json`` declares."""
    document = json_table(text)
    return Found(declared=tuple(("npm", name) for name in table_in(document, "dependencies")))
