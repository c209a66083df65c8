"""Read what the lock files of Rust, Go, Java, .NET, PHP and Ruby pin."""

import re
from collections.abc import Iterator

from standfast.evidence.locked_packages.readers.found import Found, locked, table_in, tables_in, text_in
from standfast.evidence.locked_packages.readers.json_table import json_table
from standfast.evidence.locked_packages.readers.python import toml
from standfast.evidence.locked_packages.schema import LockedPackage

_GO_SUM = re.compile(r"(?P<name>\S+) (?P<version>v[^\s/]+) h1:\S+")
_GRADLE = re.compile(r"(?P<name>[^:#\s]+:[^:\s]+):(?P<version>[^=\s]+)=(?P<configurations>.*)")
_GEM = re.compile(r"    (?P<name>[A-Za-z0-9_.-]+) \((?P<version>[^)]+)\)")


def cargo_lock(path: str, text: str) -> Found:
    """Return what ``Cargo.lock`` pins; crates of the workspace itself have no source and are left out."""
    return Found(
        tuple(
            locked("cargo", text_in(one, "name"), text_in(one, "version"), path, hashed=bool(one.get("checksum")))
            for one in tables_in(toml(text), "package")
            if text_in(one, "source")
        )
    )


def go_sum(path: str, text: str) -> Found:
    """Return the modules whose content ``go.sum`` fixes."""
    matches = (_GO_SUM.match(line) for line in text.splitlines())
    return Found(
        tuple(locked("golang", match["name"], match["version"], path, hashed=True) for match in matches if match)
    )


def gradle_lockfile(path: str, text: str) -> Found:
    """Return what ``gradle.lockfile`` pins; it holds no hashes."""
    return Found(tuple(_gradle(path, text)))


def _gradle(path: str, text: str) -> Iterator[LockedPackage]:
    for line in text.splitlines():
        match = _GRADLE.match(line)
        if match:
            configurations = match["configurations"].split(",")
            dev = all("test" in one.lower() for one in configurations)
            yield locked("maven", match["name"], match["version"], path, hashed=False, dev=dev)


def nuget_lock(path: str, text: str) -> Found:
    """Return what ``packages.lock.json`` pins."""
    frameworks = table_in(json_table(text), "dependencies")
    return Found(
        tuple(
            locked("nuget", name, text_in(one, "resolved"), path, hashed=bool(one.get("contentHash")))
            for framework in frameworks
            for name, one in table_in(frameworks, framework).items()
            if isinstance(one, dict) and text_in(one, "type") != "Project"
        )
    )


def composer_lock(path: str, text: str) -> Found:
    """Return what ``composer.lock`` pins."""
    document = json_table(text)
    return Found(
        tuple(
            locked("composer", text_in(one, "name"), text_in(one, "version"), path, hashed=_fixed(one), dev=dev)
            for key, dev in (("packages", False), ("packages-dev", True))
            for one in tables_in(document, key)
        )
    )


def _fixed(one: object) -> bool:
    if not isinstance(one, dict):
        return False
    return bool(table_in(one, "dist").get("shasum") or table_in(one, "dist").get("reference"))


def gemfile_lock(path: str, text: str) -> Found:
    """Return what ``Gemfile.lock`` pins; the checksums that newer ones hold count as hashes."""
    hashed = "\nCHECKSUMS\n" in text
    matches = (_GEM.match(line) for line in text.partition("\nPLATFORMS")[0].splitlines())
    return Found(
        tuple(locked("gem", match["name"], match["version"], path, hashed=hashed) for match in matches if match)
    )
