"""Print what the last comparisons found as Markdown: ``python -m benchmarks.realworld.table``."""

import json
from collections.abc import Iterator
from typing import Any

from benchmarks.realworld.projects import HOME, listed

Comparison = dict[str, Any]


def main() -> None:
    """Print the table of projects, and that of counts."""
    files = [HOME / f"{name}.compared.json" for name in listed()]
    compared: list[Comparison] = [json.loads(path.read_text()) for path in files if path.is_file()]
    print(*_projects(compared), "", *_counts(compared), sep="\n")


def _projects(compared: list[Comparison]) -> Iterator[str]:
    yield "| project | lines | fail / unknown / pass | gate | again | all tools, one after another | slowest by hand |"
    yield "|---|---:|---:|---:|---:|---:|---|"
    for one in compared:
        ended = " / ".join(str(one["outcomes"].get(word, 0)) for word in ("fail", "unknown", "pass"))
        name, seconds = one["slowest"]
        yield (
            f"| {one['name']} {one['version']} | {one['lines']:,} | {ended} | {one['gate_s']:.0f} s "
            f"| {one['again_s']:.1f} s | {one['tools_s']:.0f} s | {name} {seconds:.0f} s |"
        )


def _counts(compared: list[Comparison]) -> Iterator[str]:
    yield f"| tool | count | {' | '.join(one['name'] for one in compared)} |"
    yield f"|---|---|{'---:|' * len(compared)}"
    found = [{(row["tool"], row["what"]): row for row in one["rows"]} for one in compared]
    for tool, what in dict.fromkeys(key for rows in found for key in rows):
        cells = (_cell(rows.get((tool, what))) for rows in found)
        yield f"| {tool.replace('_', '-')} | {what} | {' | '.join(cells)} |"


def _cell(row: Comparison | None) -> str:
    if row is None:
        return ""
    return f"{row['ours']}" if row["ours"] == row["by_hand"] else f"{row['ours']} ≠ {row['by_hand']}"


if __name__ == "__main__":
    main()
