"""The two reports that mypy writes beside its findings: which modules it checked, and how many expressions are Any."""

from collections.abc import Iterable

LINES, EXPRESSIONS = "linecount.txt", "any-exprs.txt"


def modules_checked(report: bytes) -> frozenset[str]:
    """Return the modules that the line count report lists."""
    rows = (line.split() for line in report.decode("utf-8", "replace").splitlines())
    return frozenset(row[4] for row in rows if len(row) == 5 and row[4] != "total")


def any_expressions(report: bytes) -> tuple[int, int] | None:
    """Return (expressions of type Any, all expressions); None where the report has no row."""
    rows = [line.split() for line in report.decode("utf-8", "replace").splitlines()]
    counted = [
        (int(row[1]), int(row[2]))
        for row in rows
        if len(row) == 4 and row[0] != "Total" and all(part.isascii() and part.isdigit() for part in row[1:3])
    ]
    return (sum(anys for anys, _ in counted), sum(total for _, total in counted)) if counted else None


def files_among(modules: frozenset[str], paths: Iterable[str]) -> frozenset[str]:
    """Return those of *paths* that *modules* name; each module names one file, that with the longest common name.

    Of a module and a stub beside it, mypy reads the stub alone.
    """
    pairs = sorted(
        ((name, path) for path in paths for name in _names(path) if name in modules),
        key=lambda pair: (-pair[0].count("."), not pair[1].endswith(".pyi"), len(pair[1]), pair),
    )
    taken: dict[str, str] = {}
    named: set[str] = set()
    for name, path in pairs:
        if name not in taken and path not in named:
            taken[name] = path
            named.add(path)
    return frozenset(named)


def _names(path: str) -> list[str]:
    parts = path.rpartition(".")[0].split("/")
    if parts[-1] == "__init__":
        parts.pop()
    return [".".join(parts[start:]) for start in range(len(parts))]
