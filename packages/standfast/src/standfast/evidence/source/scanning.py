"""Run scanners over the files named on stdin and print what they found as JSON.

stdin: ``{"paths": [...], "python": "/path/of/another/interpreter" or null}``.
stdout: ``{"python": "3.11", "files": 12, "errors": [{"path", "reason"}], "found": {kind: [...]}}`` with one entry per
file that was examined. A file that cannot be read or parsed is an error for every scanner; one that makes a scanner
fail is an error for that scanner, and is named too.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from standfast.evidence.source.syntax import MAX_BYTES, Source

Examine = Callable[[Source], dict[str, Any]]
_ROOT = Path(__file__).resolve().parents[3]
_SELF = "STANDFAST_SCANNING_AGAIN"


def main(scanners: Mapping[str, Examine]) -> None:
    """Scan what stdin asks for."""
    asked = json.load(sys.stdin)
    result = scan(scanners, asked["paths"])
    other = asked.get("python")
    if other and _SELF not in os.environ:
        result = _again(result, other)
    json.dump(result, sys.stdout, separators=(",", ":"))


def scan(scanners: Mapping[str, Examine], paths: list[str]) -> dict[str, Any]:
    """Return what *scanners* find in *paths*."""
    errors: list[dict[str, str]] = []
    found: dict[str, list[dict[str, Any]]] = {kind: [] for kind in scanners}
    for path in paths:
        source = _parsed(path, errors)
        if source is None:
            continue
        for kind, examine in scanners.items():
            try:
                found[kind].append(examine(source))
            except Exception as error:  # noqa: BLE001  # a fault of ours in one file is an error of the scan, not its end
                errors.append({"path": path, "reason": f"{kind}: {type(error).__name__}: {error}"})
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    return {"python": version, "files": len(paths), "errors": errors, "found": found}


def _parsed(path: str, errors: list[dict[str, str]]) -> Source | None:
    try:
        target = Path(path)
        if target.is_symlink() or not target.is_file():
            raise OSError("is not a regular file")
        if target.stat().st_size > MAX_BYTES:
            raise OSError(f"has more than {MAX_BYTES:,} bytes")
        return Source(path, target.read_bytes())
    except SyntaxError as error:
        python = f"{sys.version_info[0]}.{sys.version_info[1]}"
        errors.append({"path": path, "reason": f"line {error.lineno} is not Python {python}", "syntax": "yes"})
    except (OSError, ValueError, RecursionError, MemoryError) as error:
        errors.append({"path": path, "reason": str(error) or type(error).__name__})
    return None


def _again(first: dict[str, Any], python: str) -> dict[str, Any]:
    """Return *first* with the files that our own interpreter cannot parse scanned by *python*."""
    again = [error["path"] for error in first["errors"] if error.get("syntax")]
    if not again:
        return first
    module = sys.modules["__main__"].__spec__
    ended = subprocess.run(
        [python, "-m", module.name if module else ""],
        input=json.dumps({"paths": again}).encode(),
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(_ROOT), _SELF: "1"},
        check=False,
    )
    try:
        second = json.loads(ended.stdout)
    except ValueError:
        return first
    kept = [error for error in first["errors"] if error["path"] not in again]
    found = {kind: [*rows, *second["found"].get(kind, [])] for kind, rows in first["found"].items()}
    return {**first, "errors": [*kept, *second["errors"]], "found": found}
