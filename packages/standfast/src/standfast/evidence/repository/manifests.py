"""Which files declare dependencies, and which file locks each; pure.

A file of pip requirements locks where each line names one version. That it also names what its packages need in turn
is proven by hashes (pip then refuses what is not listed) or by the comments of the tool that resolved it.
"""

import json
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from standfast.evidence.formats.toml import toml_of
from standfast.evidence.locked_packages.readers.found import for_work_only
from standfast.evidence.locked_packages.readers.python import requirements
from standfast.evidence.repository import layout
from standfast.evidence.repository.schema import Manifest
from standfast.evidence.wording.places import is_test

PYTHON = "Python"
_RESOLVED = re.compile(
    r"^[^\S\n]*+#.*\b(?:pip-compile|uv (?:pip compile|export)|poetry export|pdm export|pip-compile-multi)\b|#\s+via\b",
    re.MULTILINE,
)
_INSTALL_REQUIRES = re.compile(r"^[^\S\n]*+(?:[\"']?install_requires|setup_requires)\b", re.MULTILINE)
_GO_REQUIRE = re.compile(r"^[^\S\n]*+require\b", re.MULTILINE)
_TABLES = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies")
_PROJECT = ("dependencies", "optional-dependencies")


def manifests(paths: Iterable[str], texts: Mapping[str, str]) -> Iterator[Manifest]:
    """Yield each file that can declare dependencies with what locks it; *texts* are those that could be read.

    A manifest whose text is not among *texts* is taken to declare some. Files of pip requirements are manifests of
    their own where no other file of the same repository declares Python dependencies.
    """
    own = tuple(path for path in paths if not is_test(path))
    there, resolved = set(own), _requirements_that_lock(own, texts)
    found = [_locked(path, ecosystem, locks, there, resolved) for path, ecosystem, locks in _declaring(own, texts)]
    if not any(one.ecosystem == PYTHON and one.declares for one in found):
        found = [one for one in found if one.ecosystem != PYTHON] + (
            [*_sources(own, resolved), *_lists(own, there, texts, resolved)]
            or [one for one in found if one.ecosystem == PYTHON]
        )
    yield from sorted(found, key=lambda one: one.path)


def _declaring(paths: tuple[str, ...], texts: Mapping[str, str]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield one manifest for each folder and ecosystem, one that declares dependencies before one that does not."""
    chosen: dict[tuple[str, str], tuple[str, tuple[str, ...], bool]] = {}
    for name, ecosystem, locks in layout.LOCKS:
        for path in paths:
            if posixpath.basename(path) == name:
                key = (posixpath.dirname(path), ecosystem)
                declares = _declares(name, texts.get(path))
                if key not in chosen or (declares and not chosen[key][2]):
                    chosen[key] = (path, locks, declares)
    for (_, ecosystem), (path, locks, declares) in chosen.items():
        yield path, ecosystem, locks if declares else ()


def _locked(
    path: str, ecosystem: str, locks: tuple[str, ...], there: set[str], resolved: Mapping[str, bool]
) -> Manifest:
    if not locks:
        return Manifest(path, ecosystem, declares=False)
    folder = posixpath.dirname(path)
    lock = _lock_above(folder, locks, there)
    if lock or ecosystem != PYTHON:
        return Manifest(path, ecosystem, lock)
    beside = [one for one in resolved if _folder(one) in (folder, "") and not for_work_only(one)]
    beside.sort(key=lambda one: (not resolved[one], _folder(one) != folder, one))
    return Manifest(path, ecosystem, beside[0], proven=resolved[beside[0]]) if beside else Manifest(path, ecosystem)


def _sources(paths: tuple[str, ...], resolved: Mapping[str, bool]) -> Iterator[Manifest]:
    """Yield the sources of requirements (``requirements.in``), which the list of the same name locks."""
    for path in paths:
        if layout.is_requirements_source(path) and not for_work_only(path.removesuffix(".in") + ".txt"):
            lock = path.removesuffix(".in") + ".txt"
            yield Manifest(path, PYTHON, lock if lock in resolved else "", proven=resolved.get(lock, True))


def _lists(
    paths: tuple[str, ...], there: set[str], texts: Mapping[str, str], resolved: Mapping[str, bool]
) -> Iterator[Manifest]:
    """Yield the lists of requirements that nothing else is the source of: each declares, and locks if it is pinned."""
    for path in layout.requirement_files(paths):
        if path.removesuffix(".txt") + ".in" in there or for_work_only(path) or not layout.is_ours(path):
            continue
        found = requirements(path, texts.get(path, ""))
        if found.packages or found.unpinned or path not in texts:
            yield Manifest(path, PYTHON, path if path in resolved else "", proven=resolved.get(path, True))


def _requirements_that_lock(paths: tuple[str, ...], texts: Mapping[str, str]) -> dict[str, bool]:
    """Return the lists of requirements that are pinned; the value says whether they are proven to be complete."""
    locking = {}
    for path in layout.requirement_files(paths):
        text = texts.get(path, "")
        found = requirements(path, text)
        if found.packages and not found.unpinned:
            hashed = all(package.hashed for package in found.packages)
            locking[path] = hashed or bool(_RESOLVED.search(text))
    return locking


def _folder(path: str) -> str:
    """Return the folder that a list of requirements is about: ``requirements/`` is for the folder above it."""
    return posixpath.dirname(path).removesuffix("requirements").rstrip("/")


def _lock_above(folder: str, locks: tuple[str, ...], there: set[str]) -> str:
    """Return the lock file in *folder* or above it: a workspace is locked at its root."""
    while True:
        for name in locks:
            candidate = posixpath.join(folder, name)
            if candidate in there:
                return candidate
        if not folder:
            return ""
        folder = posixpath.dirname(folder)


def _declares(name: str, text: str | None) -> bool:
    """Return whether the manifest declares dependencies; what cannot be read is taken to."""
    reader = _READERS.get(name)
    if reader is None or text is None:
        return True
    try:
        return reader(text)
    except (ValueError, RecursionError):
        return True


def _pyproject(text: str) -> bool:
    document = toml_of(text)
    project, poetry = _table(document, "project"), _table(_table(document, "tool"), "poetry")
    dynamic = project.get("dynamic")
    return (
        any(project.get(key) for key in _PROJECT)
        or (isinstance(dynamic, list) and not {*_PROJECT}.isdisjoint(map(str, dynamic)))
        or any(_table(document, "dependency-groups").values())
        or bool(_table(poetry, "dependencies").keys() - {"python"} or poetry.get("group"))
    )


def _pipfile(text: str) -> bool:
    document = toml_of(text)
    return any(_table(document, key) for key in ("packages", "dev-packages"))


def _cargo(text: str) -> bool:
    document = toml_of(text)
    return "workspace" in document or any(key.endswith("dependencies") or key == "target" for key in document)


def _package_json(text: str) -> bool:
    document = json.loads(text)
    return not isinstance(document, dict) or "workspaces" in document or any(document.get(key) for key in _TABLES)


def _table(document: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    table = document.get(key)
    return table if isinstance(table, dict) else {}


_READERS: Mapping[str, Callable[[str], bool]] = {
    "pyproject.toml": _pyproject,
    "setup.cfg": lambda text: bool(_INSTALL_REQUIRES.search(text)),
    "setup.py": lambda text: "install_requires" in text,
    "Pipfile": _pipfile,
    "package.json": _package_json,
    "Cargo.toml": _cargo,
    "go.mod": lambda text: bool(_GO_REQUIRE.search(text)),
}
