"""Detect what a project is made of, from the names of its files and what its manifests say."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import PurePosixPath

import msgspec

from standfast.app.repository.manifests import dependencies_in, is_manifest

Read = Callable[[str], str]
"""Returns the text of a file of the project, ``""`` where it is none."""

_LANGUAGES = {
    "Python": ("pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", "Pipfile"),
    "JavaScript": ("package.json",),
    "Java": ("pom.xml", "build.gradle", "build.gradle.kts"),
    "Go": ("go.mod",),
    "Rust": ("Cargo.toml",),
    ".NET": (".csproj", ".fsproj", ".vbproj", ".sln"),
}
_MANAGERS = {
    "uv": ("uv.lock",),
    "poetry": ("poetry.lock",),
    "pipenv": ("Pipfile.lock",),
    "pdm": ("pdm.lock",),
    "pip": ("requirements.txt", "requirements.in"),
    "npm": ("package-lock.json", "npm-shrinkwrap.json"),
    "yarn": ("yarn.lock",),
    "pnpm": ("pnpm-lock.yaml",),
    "maven": ("pom.xml",),
    "gradle": ("build.gradle", "build.gradle.kts"),
    "go": ("go.mod",),
    "cargo": ("Cargo.toml",),
    "nuget": (".csproj",),
}
_LEVELS = {
    "unit": re.compile(r"(?:^|/)tests?/(?:.*/)?unit/"),
    "integration": re.compile(r"(?:^|/)(?:tests?/(?:.*/)?(?:integration|functional)|src/it|integration[-_]tests?)/"),
    "e2e": re.compile(r"(?:^|/)(?:tests?/(?:.*/)?(?:e2e|end[-_]to[-_]end|acceptance)|e2e|cypress|playwright)/"),
}
_TESTS = re.compile(r"(?:^|/)(?:tests?|__tests__|spec)/|(?:^|/)test_[^/]*\.py$|\.(?:test|spec)\.[jt]sx?$|_test\.go$")
_OPENAPI = re.compile(r"(?:^|/)(?:openapi|swagger)[^/]*\.(?:json|ya?ml)$", re.IGNORECASE)
_IMAGE = re.compile(r"(?:^|/)(?:Dockerfile|Containerfile)(?:\.[^/]*)?$")
_INFRASTRUCTURE = re.compile(
    r"\.tf$|(?:^|/)(?:Chart\.yaml|kustomization\.ya?ml|k8s/|kubernetes/|cloudformation/|ansible/)"
)
_NOT_OURS = re.compile(r"(?:^|/)(?:vendor|third_party|examples?|fixtures|docs?)/")
_CODE = re.compile(r"\.(?:py|[cm]?[jt]sx?|java|kt|go|rs|cs|vue|svelte)$")
_MARKUP = re.compile(r"\.(?:jsx|tsx|vue|svelte)$|(?:^|/)templates/.*\.(?:html|jinja2?)$")
_MONEY = re.compile(
    r"(?:^|[_-])(?:payments?|refunds?|ledger|billing|invoices?|checkout|auth|login|money|transfers?)[_.-]",
    re.IGNORECASE,
)
_CALLED = re.compile(r"(?:^|[\s({,])\"?name\"?\s*[:=]\s*[\"']([\w.@/-]+)[\"']", re.MULTILINE)
MAX_CODE_FILES = 20_000


class Found(msgspec.Struct, frozen=True):
    """One thing that was found, and the file or package that shows it."""

    what: str
    where: str


class Stack(msgspec.Struct, frozen=True, kw_only=True):
    """What the project is made of. Every list names its evidence; an empty one means that no sign was found.

    ``tests`` is a glob for the folder of the first test; empty where there is none.
    """

    languages: tuple[Found, ...] = ()
    managers: tuple[Found, ...] = ()
    web: tuple[Found, ...] = ()
    pages: tuple[Found, ...] = ()
    databases: tuple[Found, ...] = ()
    clients: tuple[Found, ...] = ()
    authentication: tuple[Found, ...] = ()
    payments: tuple[Found, ...] = ()
    images: tuple[Found, ...] = ()
    infrastructure: tuple[Found, ...] = ()
    descriptions: tuple[Found, ...] = ()
    personal: tuple[Found, ...] = ()
    cards: tuple[Found, ...] = ()
    books: tuple[Found, ...] = ()
    packages: tuple[Found, ...] = ()
    critical: tuple[Found, ...] = ()
    levels: Mapping[str, str] = {}
    tests: str = ""
    unreadable: tuple[str, ...] = ()


def detect(paths: Iterable[str], read: Read) -> Stack:
    """Return what the project with these *paths* is made of; *read* is called for its manifests and its code."""
    own = tuple(path for path in paths if not _NOT_OURS.search(path))
    code = [path for path in own if _CODE.search(path) and not _TESTS.search(path)][:MAX_CODE_FILES]
    texts = {path: read(path) for path in own if is_manifest(path)}
    needed, unreadable = _dependencies(texts)
    itself = _names_of_its_own(own, texts)
    used = {name: path for name, path in needed.items() if name not in itself}
    packages, traces = _words()
    seen = _traces(code, read, traces)
    return Stack(
        languages=_by_name(own, _LANGUAGES),
        managers=_by_name(own, _MANAGERS),
        web=(*_used(used, packages["web"]), *seen["web"]),
        pages=(*_used(used, packages["pages"]), *_first(code, _MARKUP, "page templates"), *seen["pages"]),
        databases=(*_used(used, packages["databases"]), *seen["databases"]),
        clients=(*_used(used, packages["clients"]), *seen["clients"]),
        authentication=(*_used(used, packages["authentication"]), *seen["authentication"]),
        payments=_used(used, packages["payments"]),
        images=_first(own, _IMAGE, "image"),
        infrastructure=_first(own, _INFRASTRUCTURE, "infrastructure"),
        descriptions=_first(own, _OPENAPI, "API description"),
        personal=seen["personal"],
        cards=seen["cards"],
        books=seen["books"],
        packages=_packages(texts, own),
        critical=tuple(Found("critical", path) for path in code if _MONEY.search(PurePosixPath(path).name))[:8],
        levels={level: where for level, pattern in _LEVELS.items() if (where := _folder(own, pattern))},
        tests=next((_folder_of(path) for path in sorted(own) if _TESTS.search(path)), ""),
        unreadable=unreadable,
    )


@cache
def _words() -> tuple[Mapping[str, frozenset[str]], Mapping[str, re.Pattern[str]]]:
    plain = tomllib.loads(files("standfast.app.repository").joinpath("stack_words.toml").read_text(encoding="utf-8"))
    packages = {what: frozenset(names) for what, names in plain["packages"].items()}
    return packages, {what: re.compile(pattern) for what, pattern in plain["traces"].items()}


def _dependencies(texts: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the manifest of each dependency by its name, and the manifests that cannot be read."""
    used: dict[str, str] = {}
    unreadable = []
    for path, text in texts.items():
        names = dependencies_in(path, text)
        if names is None:
            unreadable.append(path)
        for name in names or ():
            used.setdefault(name, path)
    return used, tuple(unreadable)


def _names_of_its_own(own: Iterable[str], texts: Mapping[str, str]) -> frozenset[str]:
    """Return the lower-case names of what the project itself is: a web framework is no service that uses one."""
    described = ("pyproject.toml", "setup.py", "package.json", "Cargo.toml")
    told = (name for path, text in texts.items() if path.endswith(described) for name in _CALLED.findall(text))
    packages = (path.split("/")[-2] for path in own if path.endswith("/__init__.py") and path.count("/") < 3)
    return frozenset(name.lower() for name in (*told, *packages))


def _traces(code: list[str], read: Read, traces: Mapping[str, re.Pattern[str]]) -> dict[str, tuple[Found, ...]]:
    """Return the first place in the code that shows each thing."""
    seen: dict[str, tuple[Found, ...]] = dict.fromkeys(traces, ())
    for path in code:
        left = [what for what, found in seen.items() if not found]
        if not left:
            break
        text = read(path)
        for what in left:
            match = traces[what].search(text)
            if match:
                seen[what] = (Found(f"`{match[0].strip()}`", f"{path}:{text.count(chr(10), 0, match.start()) + 1}"),)
    return seen


def _by_name(paths: tuple[str, ...], names: Mapping[str, tuple[str, ...]]) -> tuple[Found, ...]:
    found = []
    for what, marks in names.items():
        ends = tuple(mark for mark in marks if mark.startswith("."))
        matching = [path for path in paths if PurePosixPath(path).name in marks or (ends and path.endswith(ends))]
        if matching:
            found.append(Found(what, min(matching, key=lambda path: (path.count("/"), path))))
    return tuple(found)


def _used(used: Mapping[str, str], names: frozenset[str]) -> tuple[Found, ...]:
    return tuple(Found(name, used[name]) for name in sorted(names & used.keys()))


def _first(paths: Iterable[str], pattern: re.Pattern[str], what: str) -> tuple[Found, ...]:
    matching = sorted((path for path in paths if pattern.search(path)), key=lambda path: (path.count("/"), path))
    return (Found(what, matching[0]),) if matching else ()


def _folder(paths: Iterable[str], pattern: re.Pattern[str]) -> str:
    for path in sorted(paths):
        match = pattern.search(path)
        if match:
            return path[: match.end()]
    return ""


def _folder_of(path: str) -> str:
    folder, _, name = path.rpartition("/")
    return f"{folder.split('/')[0]}/*" if folder else f"*{PurePosixPath(name).suffix}"


def _packages(texts: Mapping[str, str], own: tuple[str, ...]) -> tuple[Found, ...]:
    """Return the manifests that describe something to be published as a library."""
    marks = {"pyproject.toml": r"\[build-system\]", "setup.py": r"setup\(", "Cargo.toml": r"\[lib\]"}
    named = (path for path, text in texts.items() if re.search(marks.get(PurePosixPath(path).name, r"\Z(?!\Z)"), text))
    crates = (f"{path.removesuffix('src/lib.rs')}Cargo.toml" for path in own if path.endswith("src/lib.rs"))
    modules = (path for path, text in texts.items() if path.endswith("package.json") and _is_published(text))
    return tuple(Found("package", path) for path in dict.fromkeys((*named, *crates, *modules)))


def _is_published(package_json: str) -> bool:
    private = re.search(r'"private"\s*:\s*true', package_json) is not None
    return not private and re.search(r'"(?:main|exports|module|bin|types)"\s*:', package_json) is not None
