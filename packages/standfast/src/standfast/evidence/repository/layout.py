"""Which file is what, by its path alone."""

import posixpath
import re
from collections.abc import Iterable

LANGUAGES: dict[str, str] = {
    ".py": "Python", ".pyi": "Python", ".js": "JavaScript", ".mjs": "JavaScript", ".cjs": "JavaScript",
    ".jsx": "JavaScript", ".ts": "TypeScript", ".tsx": "TypeScript", ".mts": "TypeScript", ".java": "Java",
    ".kt": "Kotlin", ".scala": "Scala", ".go": "Go", ".rs": "Rust", ".cs": "C#", ".fs": "F#", ".vb": "Visual Basic",
    ".rb": "Ruby", ".php": "PHP", ".c": "C", ".h": "C", ".cc": "C++", ".cpp": "C++", ".hpp": "C++", ".swift": "Swift",
    ".ex": "Elixir", ".exs": "Elixir", ".erl": "Erlang", ".sh": "Shell", ".bash": "Shell", ".sql": "SQL",
    ".tf": "Terraform", ".r": "R", ".jl": "Julia", ".dart": "Dart", ".lua": "Lua", ".pl": "Perl",
}  # fmt: skip

LOCKS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("pyproject.toml", "Python", ("uv.lock", "poetry.lock", "pdm.lock", "pylock.toml")),
    ("setup.cfg", "Python", ("uv.lock", "poetry.lock", "pdm.lock", "pylock.toml")),
    ("setup.py", "Python", ("uv.lock", "poetry.lock", "pdm.lock", "pylock.toml")),
    ("Pipfile", "Python", ("Pipfile.lock",)),
    ("package.json", "JavaScript", ("package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml",
                                    "bun.lock", "bun.lockb")),
    ("Cargo.toml", "Rust", ("Cargo.lock",)),
    ("go.mod", "Go", ("go.sum",)),
    ("Gemfile", "Ruby", ("Gemfile.lock",)),
    ("composer.json", "PHP", ("composer.lock",)),
    ("build.gradle", "Java", ("gradle.lockfile",)),
    ("build.gradle.kts", "Java", ("gradle.lockfile",)),
    ("mix.exs", "Elixir", ("mix.lock",)),
    ("pubspec.yaml", "Dart", ("pubspec.lock",)),
)  # fmt: skip
"""Manifest name, ecosystem, and the names of the files that lock it."""

MANIFESTS = frozenset(name for name, _, _ in LOCKS)

TEST_LEVELS: dict[str, tuple[str, ...]] = {
    "unit": ("unit", "unittests", "unit_tests"),
    "integration": ("integration", "integration_tests", "it"),
    "e2e": ("e2e", "end_to_end", "end-to-end", "acceptance", "system"),
}

_PIPELINES = re.compile(
    r"(?:^|/)(?:\.github/workflows/[^/]+\.ya?ml|\.gitlab-ci\.yml|azure-pipelines\.ya?ml|Jenkinsfile|"
    r"\.circleci/config\.yml|\.buildkite/[^/]+\.ya?ml|bitbucket-pipelines\.yml|\.drone\.yml|\.travis\.yml|"
    r"\.woodpecker(?:\.ya?ml|/[^/]+\.ya?ml)|\.ci/[^/]+|cloudbuild\.ya?ml)\Z"
)
_REQUIREMENTS = re.compile(r"(?:^|/)(?:requirements[^/]*|requirements/[^/]+)\.txt\Z")
_REQUIREMENTS_SOURCE = re.compile(r"(?:^|/)(?:requirements[^/]*|requirements/[^/]+)\.in\Z")
_API = re.compile(r"(?:^|/)(?:openapi|swagger)[^/]*\.(?:json|ya?ml)\Z", re.IGNORECASE)
_ALERTS = re.compile(r"(?:^|/)[^/]*(?:alert|rules)[^/]*\.ya?ml\Z", re.IGNORECASE)
_RUNBOOK = re.compile(r"(?:^|/)(?:runbooks?|playbooks?)/[^/]+\.(?:md|markdown|rst|adoc)\Z", re.IGNORECASE)
_DECISION = re.compile(
    r"(?:^|/)(?:adrs?|decisions|decision-records?)/[^/]*\d[^/]*\.(?:md|markdown|rst|adoc)\Z", re.IGNORECASE
)
_IMAGE = re.compile(r"(?:^|/)(?:Dockerfile|Containerfile)(?:\.[^/]*)?\Z")
_INFRASTRUCTURE = re.compile(r"\.tf\Z|(?:^|/)(?:Chart\.yaml|kustomization\.ya?ml)\Z")
_LOAD_TEST = re.compile(
    r"(?:^|/)(?:locustfile[^/]*\.py|artillery[^/]*\.ya?ml|[^/]+\.jmx|[^/]+\.k6\.[jt]s|[^/]*Simulation\.(?:scala|kt|java))\Z|"
    r"(?:^|/)(?:k6|gatling|locust|load|loadtests?|load[-_]tests?|performance|perf|stress)/(?:[^/]+/)*"
    r"[^/]+\.(?:py|js|ts|scala|kt|java|jmx|lua|ya?ml|go)\Z"
)
_COPIED = re.compile(r"(?:^|/)(?:node_modules|vendor|third_party|site-packages)/")
_NOT_OURS = re.compile(
    r"(?:^|/)(?:node_modules|vendor|third_party|site-packages|tests?|__tests__|fixtures|samples|testdata)/"
)


def is_ours(path: str) -> bool:
    """Return whether *path* is the project's own, neither a copy of somebody else's nor an input of its tests."""
    return _NOT_OURS.search(path) is None


def own_paths(paths: Iterable[str]) -> tuple[str, ...]:
    """Return those of *paths* that are the project's own, and not those of a project of its own inside it.

    A folder that holds a ``standfast.toml`` is a project; its documents are not those of the one around it.
    """
    given = tuple(paths)
    inner = tuple(posixpath.dirname(path) + "/" for path in given if path.endswith("/standfast.toml"))
    return tuple(path for path in given if is_ours(path) and not path.startswith(inner))


def language_of(path: str) -> str | None:
    """Return the programming language of the file, or None where it is not a program."""
    return LANGUAGES.get(posixpath.splitext(path)[1].casefold())


def top_file(paths: Iterable[str], *stems: str) -> str:
    """Return the file nearest to the top whose name starts with one of *stems*, in any case; empty where none is."""
    places = ("", ".github", ".gitlab", "docs")
    found = [
        path
        for path in paths
        if posixpath.dirname(path) in places and posixpath.basename(path).casefold().split(".")[0] in stems
    ]
    return min(found, key=lambda path: (places.index(posixpath.dirname(path)), path), default="")


def pipelines(paths: Iterable[str]) -> tuple[str, ...]:
    """Return the files that define continuous integration."""
    return tuple(path for path in paths if _PIPELINES.search(path))


def requirement_files(paths: Iterable[str]) -> tuple[str, ...]:
    """Return the files of pip requirements."""
    return tuple(path for path in paths if _REQUIREMENTS.search(path))


def is_requirements_source(path: str) -> bool:
    """Return whether *path* is a source that a file of pip requirements is resolved from."""
    return _REQUIREMENTS_SOURCE.search(path) is not None


def is_manifest(path: str) -> bool:
    """Return whether *path* can declare dependencies, by its name."""
    return posixpath.basename(path) in MANIFESTS


def api_descriptions(paths: Iterable[str]) -> tuple[str, ...]:
    """Return the files whose name says that they describe an API."""
    return tuple(path for path in own_paths(paths) if _API.search(path))


def alert_rule_files(paths: Iterable[str]) -> tuple[str, ...]:
    """Return the files whose name says that they hold alert rules."""
    return tuple(path for path in own_paths(paths) if _ALERTS.search(path))


def image_files(paths: Iterable[str]) -> tuple[str, ...]:
    """Return the files that container images are built from."""
    return tuple(path for path in own_paths(paths) if _IMAGE.search(path))


def infrastructure_files(paths: Iterable[str]) -> tuple[str, ...]:
    """Return the files that describe infrastructure by their names."""
    return tuple(path for path in own_paths(paths) if _INFRASTRUCTURE.search(path))


def load_tests(paths: Iterable[str]) -> tuple[str, ...]:
    """Return the files that put load on the service, by their names; below ``tests/`` too."""
    return tuple(path for path in paths if _LOAD_TEST.search(path) and not _COPIED.search(path))


def runbooks(paths: Iterable[str]) -> tuple[str, ...]:
    """Return the runbooks."""
    return tuple(path for path in own_paths(paths) if _RUNBOOK.search(path))


def decisions(paths: Iterable[str]) -> tuple[str, ...]:
    """Return the numbered decision records."""
    return tuple(path for path in own_paths(paths) if _DECISION.search(path))


def test_level(path: str) -> str | None:
    """Return the level of the test file at *path* by the name of a folder above it, or None."""
    folders = {part.casefold() for part in path.split("/")[:-1]}
    return next((level for level, names in TEST_LEVELS.items() if folders & set(names)), None)
