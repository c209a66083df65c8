"""Turn the locations of a SARIF run into paths relative to the repository."""

import posixpath
import re
from urllib.parse import unquote

from standfast.evidence.formats.sarif_log import ArtifactLocation, Run

_DRIVE = re.compile(r"/?([A-Za-z]:/)")
_MAX_CHAIN = 10


class Paths:
    """The paths of one run, each resolved once."""

    def __init__(self, run: Run) -> None:
        self._artifacts = run.artifacts or []
        self._bases = run.original_uri_base_ids or {}
        self._roots = tuple(sorted(self._known_roots(run), key=len, reverse=True))
        self._cache: dict[tuple[str, str | None], str] = {}

    def of(self, location: ArtifactLocation | None) -> str:
        """Return the relative POSIX path of *location*; ``""`` where it names none."""
        found = self._indexed(location)
        if found is None or found.uri is None:
            return ""
        key = (found.uri, found.uri_base_id)
        path = self._cache.get(key)
        if path is None:
            path = self._cache[key] = self._resolve(*key)
        return path

    def _indexed(self, location: ArtifactLocation | None) -> ArtifactLocation | None:
        if location is None or location.uri is not None or location.index is None:
            return location
        if not 0 <= location.index < len(self._artifacts):
            return None
        return self._artifacts[location.index].location

    def _resolve(self, uri: str, base: str | None) -> str:
        path = _plain(uri)
        if posixpath.isabs(path) or _DRIVE.match(path):
            return self._below_a_root(path)
        # A base that is itself relative to another base is a folder of the repository; the last base of the chain is
        # the repository.
        for _ in range(_MAX_CHAIN):
            entry = self._bases.get(base) if base is not None else None
            if entry is None or entry.uri is None or _is_absolute(entry.uri):
                break
            path, base = posixpath.join(_plain(entry.uri), path), entry.uri_base_id
        return _normal(path)

    def _below_a_root(self, path: str) -> str:
        for root in self._roots:
            if path.startswith(root):
                return _normal(path[len(root) :])
        return _normal(path)

    def _known_roots(self, run: Run) -> set[str]:
        uris = [entry.uri for entry in self._bases.values()]
        uris += [
            invocation.working_directory.uri for invocation in run.invocations or () if invocation.working_directory
        ]
        return {_plain(uri).rstrip("/") + "/" for uri in uris if uri and _is_absolute(uri) and _plain(uri).strip("/")}


def _is_absolute(uri: str) -> bool:
    return uri.startswith(("file:", "/")) or bool(_DRIVE.match(uri))


def _plain(uri: str) -> str:
    # ``file:///C:/a%20b`` is the path ``C:/a b``; a backslash is never part of a URI, so it was meant as a separator.
    path = uri
    if uri.startswith("file:"):
        path = uri.removeprefix("file:")
        if path.startswith("//"):
            path = "/" + path[2:].partition("/")[2]
    path = unquote(path).replace("\\", "/")
    drive = _DRIVE.match(path)
    return path[drive.start(1) :] if drive else path


def _normal(path: str) -> str:
    normal = posixpath.normpath(path) if path else ""
    return "" if normal == "." else normal
