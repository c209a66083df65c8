"""Make one inventory of all lock files and manifests."""

import re
from collections.abc import Callable, Iterable

from standfast.evidence.locked_packages.readers import javascript, others, python
from standfast.evidence.locked_packages.readers.found import Found, NotALockError
from standfast.evidence.locked_packages.schema import DeclaredPackage, LockedPackages
from standfast.evidence.runs.texts import TextFile
from standfast.evidence.wording.purl import package_of
from standfast.model import Examination, Finding, Items, Location

Reader = Callable[[str, str], Found]

_LOCKS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (re.compile(r"(?:^|/)(?:requirements[^/]*|requirements/[^/]+|constraints[^/]*)\.txt\Z"), python.requirements),
    (re.compile(r"(?:^|/)(?:uv|poetry|pdm)\.lock\Z|(?:^|/)pylock(?:\.[^/]+)?\.toml\Z"), python.toml_lock),
    (re.compile(r"(?:^|/)Pipfile\.lock\Z"), python.pipfile_lock),
    (re.compile(r"(?:^|/)(?:package-lock|npm-shrinkwrap)\.json\Z"), javascript.package_lock),
    (re.compile(r"(?:^|/)yarn\.lock\Z"), javascript.yarn_lock),
    (re.compile(r"(?:^|/)pnpm-lock\.yaml\Z"), javascript.pnpm_lock),
    (re.compile(r"(?:^|/)Cargo\.lock\Z"), others.cargo_lock),
    (re.compile(r"(?:^|/)go\.sum\Z"), others.go_sum),
    (re.compile(r"(?:^|/)gradle\.lockfile\Z"), others.gradle_lockfile),
    (re.compile(r"(?:^|/)packages\.lock\.json\Z"), others.nuget_lock),
    (re.compile(r"(?:^|/)composer\.lock\Z"), others.composer_lock),
    (re.compile(r"(?:^|/)Gemfile\.lock\Z"), others.gemfile_lock),
)
_MANIFESTS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (re.compile(r"(?:^|/)pyproject\.toml\Z"), python.pyproject),
    (re.compile(r"(?:^|/)package\.json\Z"), javascript.package_json),
)


def is_lock(path: str) -> bool:
    """Return whether *path* is a lock file by its name."""
    return any(pattern.search(path) for pattern, _ in _LOCKS)


def is_manifest(path: str) -> bool:
    """Return whether *path* declares dependencies and its declarations can be read."""
    return any(pattern.search(path) for pattern, _ in _MANIFESTS)


def inventory_of(files: Iterable[TextFile], *, unread: int = 0) -> LockedPackages:
    """Return the inventory; a file that cannot be read or is not what its name says is an error of the examination."""
    found, errors = _read_all(files)
    packages = tuple(package for one in found.values() for package in one.packages)
    pinned = {one.package.key for one in packages}
    loose = [finding for one in found.values() for finding in one.unpinned]
    loose += [finding for path, one in found.items() for finding in _not_locked(path, one, pinned)]
    return LockedPackages(
        examination=Examination("files", examined=len(found), errors=len(errors) + unread, notes=tuple(errors[:3])),
        items=Items.of(loose),
        packages=packages,
        files=tuple(path for path in found if is_lock(path)),
        manifests=tuple(path for path in found if is_manifest(path)),
        declared=tuple(DeclaredPackage(name, path) for path, one in found.items() for _, name in one.declared),
    )


def _read_all(files: Iterable[TextFile]) -> tuple[dict[str, Found], list[str]]:
    """Return what each file holds, by path, and what is wrong with those that cannot be taken."""
    found: dict[str, Found] = {}
    errors: list[str] = []
    for file in files:
        try:
            found[file.path] = _read(file)
        except NotALockError as error:
            errors.append(f"{file.path}: {error}")
    return found, errors


def _read(file: TextFile) -> Found:
    if file.error:
        raise NotALockError(f"it {file.error}")
    reader = next(reader for pattern, reader in (*_LOCKS, *_MANIFESTS) if pattern.search(file.path))
    return reader(file.path, file.text)


def _not_locked(path: str, found: Found, pinned: set[tuple[str, str]]) -> Iterable[Finding]:
    for ecosystem, name in found.declared:
        if package_of(ecosystem, name).key not in pinned:
            yield Finding(f"{name} is declared and no lock file pins it", Location(path), rule="not-locked")
