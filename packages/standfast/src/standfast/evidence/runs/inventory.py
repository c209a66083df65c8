"""Which files a tool has to look at, so that "nothing found" can be told from "not looked".

The inventory is what is tracked, less what the settings name: ``[collect.<tool>] exclude`` is a list of globs. What is
left out there is a decision of the project, written where everybody sees it.
"""

from collections.abc import Iterable
from fnmatch import fnmatchcase

from standfast.evidence.contract import Project
from standfast.evidence.wording.places import is_test

PYTHON = (".py", ".pyi")
JAVASCRIPT = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".vue", ".svelte")
TYPESCRIPT = (".ts", ".mts", ".cts", ".tsx")

_SUPPORTING = frozenset({"doc", "docs", "example", "examples", "benchmark", "benchmarks", "node_modules"})
_BUILD_FILES = frozenset({"setup.py", "noxfile.py", "conftest.py", "tasks.py", "fabfile.py", "dodo.py"})


def inventory(project: Project, *suffixes: str) -> tuple[str, ...]:
    """Return the tracked files with one of *suffixes*, less those that the settings of the tool exclude."""
    given = project.settings.get("exclude", ())
    globs = [glob for glob in given if isinstance(glob, str)] if isinstance(given, list | tuple) else []
    return tuple(path for path in project.paths(*suffixes) if not any(matches(path, glob) for glob in globs))


def python_inputs(project: Project, *names: str) -> tuple[str, ...]:
    """Return the tracked files that a tool for Python depends on: the sources, and files of those *names* anywhere."""
    return tuple(
        file.path for file in project.files if file.path.endswith(PYTHON) or file.path.rpartition("/")[2] in names
    )


def matches(path: str, glob: str) -> bool:
    """Return whether *glob* names *path* or a folder above it; ``*`` crosses folders."""
    plain = glob.rstrip("/")
    return fnmatchcase(path, plain) or fnmatchcase(path, f"{plain}/*")


def product(paths: Iterable[str]) -> tuple[str, ...]:
    """Return those of *paths* that are the product: neither tests nor documentation, examples, benchmarks, build."""
    return tuple(path for path in paths if is_product(path))


def is_product(path: str) -> bool:
    """Return whether *path* belongs to what is delivered or run in operation."""
    *folders, name = path.split("/")
    if not folders and name in _BUILD_FILES:
        return False
    return not is_test(path) and _SUPPORTING.isdisjoint(folders)
