"""Read the names of dependencies out of the manifests of several ecosystems; anything unreadable says so."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from standfast.evidence.formats.toml import toml_of

_REQUIREMENTS = re.compile(r"(?:^|/)requirements[^/]*\.(?:txt|in)$|(?:^|/)requirements/[^/]+\.(?:txt|in)$")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_ASKED_FOR = re.compile(r"-r |\(pyproject\.toml|\(setup\.|\.in\b")
_JAVA = re.compile(r"<artifactId>([^<]+)</artifactId>|['\"][\w.-]+:([\w.-]+)(?::[^'\"]*)?['\"]")
_GO = re.compile(r"^[^\S\n]*+(?:require\s++)?([\w.-]+\.[a-z]+/\S++)\s++v", re.MULTILINE)
_DOTNET = re.compile(r'(?:PackageReference\s+Include|Project\s+Sdk)="([^"]+)"', re.IGNORECASE)


def is_manifest(path: str) -> bool:
    """Return whether *path* is a file that names dependencies."""
    name = PurePosixPath(path).name
    known = ("pyproject.toml", "setup.py", "Pipfile", "package.json", "pom.xml", "go.mod", "Cargo.toml")
    ends = (".csproj", ".fsproj", "build.gradle", "build.gradle.kts")
    return name in known or name.endswith(ends) or bool(_REQUIREMENTS.search(path))


def dependencies_in(path: str, text: str) -> frozenset[str] | None:
    """Return the lower-case names that the manifest *path* with *text* depends on, or None where it cannot be read."""
    name = PurePosixPath(path).name
    try:
        if name in ("pyproject.toml", "Pipfile", "Cargo.toml"):
            found = _toml_names(toml_of(text))
        elif name == "package.json":
            found = _package_json(json.loads(text))
        elif name == "setup.py":
            found = iter(re.findall(r"['\"]([A-Za-z0-9][\w.-]*)\s*(?:[<>=~!\[;][^'\"]*)?['\"]", text))
        elif _REQUIREMENTS.search(path):
            found = _requirement_lines(text)
        elif name == "go.mod":
            found = iter(_GO.findall(text))
        elif name.endswith((".csproj", ".fsproj")):
            found = iter(_DOTNET.findall(text))
        else:
            found = (left or right for left, right in _JAVA.findall(text))
        return frozenset(dependency.lower() for dependency in found)
    except (tomllib.TOMLDecodeError, ValueError, RecursionError, AttributeError, TypeError):
        return None


def _toml_names(plain: dict[str, Any]) -> Iterator[str]:
    project = plain.get("project", {})
    lists = [project.get("dependencies", []), *project.get("optional-dependencies", {}).values()]
    for requirement in (entry for entries in lists for entry in entries):
        yield from _requirement_name(requirement)
    tables = [plain, plain.get("tool", {}).get("poetry", {}), *plain.get("target", {}).values()]
    for table in tables:
        for key in ("dependencies", "dev-dependencies", "packages", "workspace"):
            entries = table.get(key, {})
            if isinstance(entries, dict):
                yield from entries


def _package_json(plain: dict[str, Any]) -> Iterator[str]:
    for key in ("dependencies", "devDependencies", "peerDependencies"):
        yield from plain.get(key, {})


def _requirement_lines(text: str) -> Iterator[str]:
    """Yield what the file asks for; of a compiled one, not what others brought along (``# via sphinx`` below it)."""
    asked, said = "", ""
    for line in (*text.splitlines(), "end"):
        stripped = line.strip()
        if stripped.startswith("#"):
            said += stripped
        elif stripped and not stripped.startswith("-"):
            if "# via" not in said or _ASKED_FOR.search(said):
                yield from _requirement_name(asked)
            asked, said = stripped, ""


def _requirement_name(requirement: str) -> Iterator[str]:
    match = _NAME.match(requirement)
    if match:
        yield match[0].replace("_", "-")
