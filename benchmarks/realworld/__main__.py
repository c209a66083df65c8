"""Gate published projects and compare with their tools run by hand: ``python -m benchmarks.realworld [NAME]...``."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path

from benchmarks import home
from benchmarks.realworld.by_hand import TOOLS, ByHand, counted
from benchmarks.realworld.compared import Compared, Row, exit_code, unsteady
from benchmarks.realworld.facts import Stated, stated
from benchmarks.realworld.projects import HOME, Project, listed, prepare, tools_environment

OURS: dict[str, dict[str, str]] = {
    "ruff": {"findings": "items lint"},
    "ruff_format": {"would change": "formatting.unformatted"},
    "black": {"would change": "formatting.unformatted"},
    "mypy": {"errors": "type_findings.errors"},
    "bandit": {"findings": "items code_findings"},
    "pytest": {
        "passed": "test_results.passed",
        "failed": "test_results.failed",
        "errors": "test_results.errors",
        "skipped": "test_results.skipped",
        "lines": "coverage.lines",
        "lines covered": "coverage.lines_covered",
        "branches": "coverage.branches",
        "branches covered": "coverage.branches_covered",
    },
    "detect_secrets": {"secrets": "items secrets"},
    "cyclonedx_py": {"packages": "sbom.total"},
    "zizmor": {"findings": "pipeline_findings.open"},
    "eslint": {"errors": "lint.errors", "warnings": "lint.warnings"},
    "lizard": {"functions": "complexity.functions"},
    "pip_audit": {"vulnerabilities": "items vulnerabilities", "skipped": "vulnerabilities.left out"},
    "pyright": {"errors": "type_findings.errors"},
    "repository_scan": {"files": "repository.file_count", "lines": "repository.line_count"},
    "suppressing_comments": {"type ignores": "suppressions.type_ignores"},
}
"""Which of our facts answers which count."""


MORE_RUNS = 5
"""How often a tool is run by hand again where its count differs, to see whether it differs from itself as well."""

SLACK_S = 10.0
"""What a gate may take beyond all of its tools one after another: starting, deciding, writing reports."""


def main() -> int:
    """Gate the projects that are named, all of them without a name, and print the table."""
    parser = argparse.ArgumentParser(prog="realworld")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(listed())}")
    projects = listed()
    chosen = [projects[name] for name in parser.parse_args().names or projects]
    ours = home.installed()
    compared = []
    for project in chosen:
        print(f"{project.name} {project.version}", file=sys.stderr)
        prepare(project)
        compared.append(_compare(project, ours.standfast))
        _print(compared[-1])
        (HOME / f"{project.name}.compared.json").write_text(json.dumps(asdict(compared[-1]), indent=2))
    print("", *(said for one in compared for said in one.unexplained()), sep="\n")
    return exit_code(compared)


def _compare(project: Project, standfast: str) -> Compared:
    root = project.folder
    settings = root / "standfast.toml"
    if not settings.exists():
        _run(standfast, "init", "--root", str(root), "--name", project.name)
        settings.write_text(settings.read_text() + project.settings)
        home.commit_all(root, "Add the settings of Standfast")
    shutil.rmtree(root / ".standfast", ignore_errors=True)
    code, gate_s = _run(standfast, "gate", "--root", str(root), "--output", f"json={HOME / project.name}.json")
    again, again_s = _run(standfast, "gate", "--root", str(root))
    result = Compared(project.name, project.version, code, gate_s, again_s)
    if code not in (0, 1, 3) or again != code:
        result.failures.append(f"{project.name}: the gate ended with {code}, then with {again}")
    verdict = json.loads((HOME / f"{project.name}.json").read_text())
    result.failures += [
        f"{project.name}: {one['control']}: {one['reasons'][0]}"
        for one in verdict["results"]
        if one["outcome"] == "error"
    ]
    result.outcomes = dict(Counter(one["outcome"] for one in verdict["results"]))
    found = stated(root)
    result.lines = int(found["repository_scan"].facts["repository.line_count"])
    result.tools_s = sum(one.seconds for one in found.values())
    if gate_s > result.tools_s + SLACK_S:
        result.failures.append(f"{project.name}: the gate took {gate_s:.0f} s, its tools {result.tools_s:.0f} s in all")
    reasons = {(one.tool, one.what): one.reason for one in project.explained}
    for name in TOOLS:
        if name in found:
            _compare_tool(result, name, found[name], root, reasons)
    return result


def _compare_tool(
    result: Compared, name: str, ours: Stated, root: Path, reasons: Mapping[tuple[str, str], str]
) -> None:
    def by_hand() -> ByHand:
        return counted(name, root, HOME / "tools", ours.command)

    theirs = by_hand()
    rows = [
        Row(name, what, _fact(ours, OURS[name][what]), count, reasons.get((name, what), ""))
        for what, count in theirs.counts.items()
        if what in OURS[name]
    ]
    result.rows += _run_again(rows, by_hand)
    if theirs.seconds > result.slowest[1]:
        result.slowest = (name, theirs.seconds)


def _run_again(rows: list[Row], by_hand: Callable[[], ByHand]) -> list[Row]:
    """Return *rows*; where one differs for no known reason, the tool is run by hand again to see if it is steady."""
    runs: list[ByHand] = []
    for _ in range(MORE_RUNS):
        if all(row.is_equal or row.reason for row in rows):
            break
        runs.append(by_hand())
        rows = [
            row
            if row.is_equal or row.reason
            else replace(row, reason=unsteady(row.ours, [row.by_hand, *(run.counts[row.what] for run in runs)]))
            for row in rows
        ]
    return rows


def _fact(ours: Stated, name: str) -> object:
    kind = name.removeprefix("items ")
    return ours.items.get(kind) if name.startswith("items ") else ours.facts.get(name)


def _run(*argv: str) -> tuple[int, float]:
    started = time.perf_counter()
    environment = {**os.environ, **tools_environment()}
    done = subprocess.run(argv, env=environment, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1, 3):
        print(done.stderr[-2000:], file=sys.stderr)
    return done.returncode, time.perf_counter() - started


def _print(one: Compared) -> None:
    name, seconds = one.slowest
    print(
        f"\n{one.name} {one.version}, {one.lines} lines: gate exit {one.exit_code} in {one.gate_s:.1f} s, "
        f"again in {one.again_s:.1f} s; its tools one after another {one.tools_s:.1f} s; "
        f"slowest tool by hand: {name} {seconds:.1f} s"
    )
    for row in one.rows:
        mark = "" if row.is_equal else f"   differs: {row.reason}" if row.reason else "   DIFFERENT"
        print(f"  {row.tool:<22}{row.what:<18}{row.ours!s:>9}{row.by_hand:>9}{mark}")
    sys.stdout.flush()


sys.exit(main())
