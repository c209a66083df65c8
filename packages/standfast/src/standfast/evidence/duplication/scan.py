"""Measure duplicated code: ``python -m standfast.evidence.duplication.scan``, with ``{"paths": [...]}`` on stdin."""

import json
import sys
from pathlib import Path
from typing import Any

from standfast.evidence.duplication.clones import find_clones
from standfast.evidence.duplication.tokens import tokens_of
from standfast.evidence.source.syntax import MAX_BYTES

LARGEST = 200


def scan(paths: list[str]) -> dict[str, Any]:
    """Return the clones in *paths*, largest first, and how many lines of code repeat others."""
    numbers: dict[str, int] = {}
    read: list[str] = []
    files: list[tuple[list[int], list[int]]] = []
    errors: list[dict[str, str]] = []
    for path in paths:
        text = _text(path, errors)
        if text is not None:
            read.append(path)
            files.append(tokens_of(text, path, numbers))
    marked: dict[int, set[int]] = {}
    clones: list[dict[str, Any]] = []
    for (first, start), (second, begin), length in find_clones(files):
        lines = files[second][1]
        on = set(lines[begin : begin + length])
        marked.setdefault(second, set()).update(on)
        clones.append(
            {
                "first": read[first],
                "first_line": files[first][1][start],
                "second": read[second],
                "second_line": lines[begin],
                "lines": len(on),
                "tokens": length,
            }
        )
    clones.sort(key=lambda clone: (-clone["tokens"], clone["second"], clone["second_line"]))
    return {
        "files": len(paths),
        "errors": errors,
        "code_lines": sum(len(set(lines)) for _, lines in files),
        "duplicated_lines": sum(len(lines) for lines in marked.values()),
        "clones": len(clones),
        "largest": clones[:LARGEST],
    }


def _text(path: str, errors: list[dict[str, str]]) -> str | None:
    try:
        target = Path(path)
        if target.is_symlink() or not target.is_file():
            raise OSError("is not a regular file")
        if target.stat().st_size > MAX_BYTES:
            raise OSError(f"has more than {MAX_BYTES:,} bytes")
        return target.read_bytes().decode()
    except (OSError, ValueError) as error:
        errors.append({"path": path, "reason": str(error)})
        return None


if __name__ == "__main__":
    json.dump(scan(json.load(sys.stdin)["paths"]), sys.stdout, separators=(",", ":"))
