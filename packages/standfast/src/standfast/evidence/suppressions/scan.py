"""Find every suppression: ``python -m standfast.evidence.suppressions.scan``.

stdin: ``{"paths": [...], "base": "<commit>" or null}``. With a base, the files that changed since are read there too,
by ``git``.
"""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from standfast.evidence.source.syntax import MAX_BYTES
from standfast.evidence.suppressions.find import SUFFIXES, suppressions_in

Key = tuple[str, ...]


def main() -> None:
    """Scan what stdin asks for."""
    asked = json.load(sys.stdin)
    json.dump(scan(asked["paths"], asked.get("base")), sys.stdout, separators=(",", ":"))


def scan(paths: list[str], base: str | None) -> dict[str, Any]:
    """Return the suppressions in *paths*, and how many there were in *base*."""
    errors: list[dict[str, str]] = []
    found = {path: _in_file(path, errors) for path in paths}
    base_total = None
    if base is not None:
        changed = _changed(base)
        base_total = None if changed is None else _compare(found, base, changed, errors)
    rows = [{"path": path, **row} for path, here in found.items() for row in here]
    return {"files": len(paths), "errors": errors, "found": rows, "base_total": base_total}


def _in_file(path: str, errors: list[dict[str, str]]) -> list[dict[str, Any]]:
    try:
        target = Path(path)
        if target.is_symlink() or not target.is_file():
            raise OSError("is not a regular file")
        if target.stat().st_size > MAX_BYTES:
            raise OSError(f"has more than {MAX_BYTES:,} bytes")
        return suppressions_in(target.read_bytes(), path)
    except (OSError, ValueError, SyntaxError, RecursionError) as error:
        errors.append({"path": path, "reason": str(error) or type(error).__name__})
        return []


def _changed(base: str) -> dict[str, str] | None:
    """Return, by path now, the path in *base* of each file that differs; None where git cannot say."""
    listed = _git("diff", "--name-status", "--no-renames", "-z", base, "--")
    if listed is None:
        return None
    words = listed.decode("utf-8", "surrogateescape").split("\0")
    return {path: status for status, path in zip(words[::2], words[1::2], strict=False)}


def _compare(
    found: dict[str, list[dict[str, Any]]], base: str, changed: dict[str, str], errors: list[dict[str, str]]
) -> int | None:
    """Mark what was added since *base* and return how many there were."""
    before = 0
    for path, status in changed.items():
        if not path.endswith(SUFFIXES):
            continue
        old = [] if status == "A" else _in_base(base, path, errors)
        before += len(old) - len(found.get(path, ()))
        known = Counter(_key(row) for row in old)
        for row in found.get(path, ()):
            key = _key(row)
            row["added"] = known[key] == 0
            known[key] -= known[key] > 0
    return before + sum(len(rows) for rows in found.values())


def _in_base(base: str, path: str, errors: list[dict[str, str]]) -> list[dict[str, Any]]:
    data = _git("show", f"{base}:{path}")
    try:
        return suppressions_in(data, path) if data is not None else []
    except (ValueError, SyntaxError, RecursionError) as error:
        errors.append({"path": f"{path} in {base:.12}", "reason": str(error)})
        return []


def _key(row: dict[str, Any]) -> Key:
    return (row["tool"], *sorted(row["rules"]))


def _git(*words: str) -> bytes | None:
    ended = subprocess.run(["git", *words], capture_output=True, check=False)
    return ended.stdout if ended.returncode == 0 else None


if __name__ == "__main__":
    main()
