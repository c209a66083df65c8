"""Join the paths of coverage reports with those of the repository."""

from collections.abc import Iterable, Mapping


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
