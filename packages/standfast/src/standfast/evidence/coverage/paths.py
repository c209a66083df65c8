"""Join the paths of coverage reports with those of the repository, and with each other."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

Lines = Mapping[str, frozenset[int] | None]
"""The lines that can run, by path; None where nobody knows which."""


def joined(sources: tuple[str, ...], name: str) -> str:
    """Return the path of file *name* below the report's only source directory; with several it stands alone."""
    name = name.replace("\\", "/")
    if len(sources) != 1 or name.startswith("/") or name[1:2] == ":":
        return name
    source = sources[0].replace("\\", "/").rstrip("/")
    return name if source in ("", ".") else f"{source}/{name}"


def tracked_by_reported(reported: Iterable[str], tracked: Iterable[str]) -> Mapping[str, str]:
    """Return, for each reported path that is one tracked file, that file.

    A report may name a file by another root: absolute, by package, below a source directory. The file is the
    one whose path ends the reported one, or is ended by it; where that fits several equally well, none is.
    """
    by_name: dict[str, list[str]] = {}
    for path in tracked:
        by_name.setdefault(path.rpartition("/")[2], []).append(path)
    found: dict[str, str] = {}
    for path in reported:
        match = _best(path, by_name.get(path.rpartition("/")[2], []))
        if match is not None:
            found[path] = match
    return found


def _best(path: str, candidates: list[str]) -> str | None:
    if path in candidates:
        return path
    fitting = [found for found in candidates if path.endswith("/" + found) or found.endswith("/" + path)]
    if not fitting:
        return None
    # The longest tracked path that ends an absolute one wins; two that a short name ends are a guess.
    inside = [found for found in fitting if path.endswith("/" + found)]
    if inside:
        return max(inside, key=len)
    return fitting[0] if len(fitting) == 1 else None


def named_as_before(files: Lines, before: Lines) -> Mapping[str, str]:
    """Return the paths of *files* as *before* spells them, where it names the same files from another folder.

    It does where no path is in both, and one folder more or less makes paths of one those of the other. Since
    two files may have one name, only those of which the same lines can run show which folder it is.
    """
    if not files.keys().isdisjoint(before):
        return {}
    folders = Counter(_folders(files, before))
    if not folders:
        return {}
    more, less = max(folders, key=lambda folder: (folders[folder], folder))
    spelled = {path: more + path.removeprefix(less) for path in files if path.startswith(less)}
    return {path: name for path, name in spelled.items() if name in before}


def _folders(files: Lines, before: Lines) -> Iterator[tuple[str, str]]:
    """Yield, for each path that may be one of *before*, the folder to put before it and the one to take away."""
    by_name: dict[str, list[str]] = {}
    for path in before:
        by_name.setdefault(path.rpartition("/")[2], []).append(path)
    for path, lines in files.items():
        for known in by_name.get(path.rpartition("/")[2], ()) if lines else ():
            if lines == before[known] and known.endswith("/" + path):
                yield known.removesuffix(path), ""
            elif lines == before[known] and path.endswith("/" + known):
                yield "", path.removesuffix(known)
