"""Reports about the little project, as its tools would write them."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

SOURCE = "src/little/__init__.py"
LOOKED_AT = {"artifacts": [{"location": {"uri": SOURCE}}]}
"""The part of a SARIF run that says what was looked at."""


def moment(**ago: float) -> str:
    """Return the time that lies so long ago, as reports write it."""
    now = datetime.now(UTC)  # noqa: TID251  # the command that is tested asks the system's clock as well
    return (now - timedelta(**ago)).strftime("%Y-%m-%dT%H:%M:%SZ")


def sarif(results: Iterable[Mapping[str, Any]] | None = (), *, tool: str = "scan", **run: Any) -> str:
    """Return a SARIF log with one run; without *results* the run has no such list."""
    found = {} if results is None else {"results": list(results)}
    return log({"tool": {"driver": {"name": tool, "version": "1"}}, **LOOKED_AT, **run, **found})


def log(*runs: Mapping[str, Any]) -> str:
    """Return a SARIF log of *runs*."""
    return json.dumps({"version": "2.1.0", "runs": runs})


def weakness(number: int = 1, **more: Any) -> dict[str, Any]:
    """Return a SARIF result of level error."""
    place = {"physicalLocation": {"artifactLocation": {"uri": SOURCE}, "region": {"startLine": number}}}
    return {
        "ruleId": f"R{number}",
        "level": "error",
        "message": {"text": f"weakness {number}"},
        "locations": [place],
        **more,
    }


def junit(cases: str = '<testcase classname="c" name="t"/>', **declared: Any) -> str:
    """Return a JUnit report of one suite with what it declares of itself."""
    attributes = "".join(f' {name}="{value}"' for name, value in declared.items())
    return f'<testsuites><testsuite name="s"{attributes}>{cases}</testsuite></testsuites>'


def cobertura(*, covered: int = 10, lines: int = 10, declared: str = "") -> str:
    """Return a Cobertura report of one file; *declared* are attributes of its root in place of the true totals."""
    hit = "".join(f'<line number="{line}" hits="{int(line <= covered)}"/>' for line in range(1, lines + 1))
    totals = declared or f'lines-valid="{lines}" lines-covered="{covered}" line-rate="{covered / lines}"'
    return (
        f'<coverage version="7" {totals}><packages><package name="p"><classes><class name="c" filename="{SOURCE}">'
        f"<lines>{hit}</lines></class></classes></package></packages></coverage>"
    )


def coverage_py(*, lines: tuple[int, int], branches: tuple[int, int], percent: float = 95.0) -> str:
    """Return a coverage.py report; each pair is (covered, all); *percent* is what it says in total."""
    (hit, every), (taken, possible) = lines, branches
    totals = {
        "covered_lines": hit,
        "num_statements": every,
        "missing_lines": every - hit,
        "covered_branches": taken,
        "num_branches": possible,
        "missing_branches": possible - taken,
        "percent_covered": percent,
    }
    file = {
        "executed_lines": list(range(1, hit + 1)),
        "missing_lines": list(range(hit + 1, every + 1)),
        "executed_branches": [[line, line + 1] for line in range(1, taken + 1)],
        "missing_branches": [[line, line + 1] for line in range(taken + 1, possible + 1)],
        "summary": totals,
    }
    meta = {"version": "7.10", "branch_coverage": True}
    return json.dumps({"meta": meta, "files": {SOURCE: file}, "totals": totals})


def pip_audit(*dependencies: Mapping[str, Any]) -> str:
    """Return a pip-audit report."""
    return json.dumps({"dependencies": dependencies, "fixes": []})


def audited(name: str = "a", *vulnerabilities: str) -> dict[str, Any]:
    """Return a package that pip-audit looked up, with the ids of what it found."""
    return {"name": name, "version": "1", "vulns": [{"id": one, "fix_versions": []} for one in vulnerabilities]}


def passed_over(name: str) -> dict[str, str]:
    """Return a package that pip-audit did not look up."""
    return {"name": name, "skip_reason": "Dependency not found on PyPI and could not be audited"}


def openvex(vulnerability: str, **statement: Any) -> str:
    """Return an OpenVEX document that says `not_affected` of one vulnerability of package ``a``."""
    said = {
        "vulnerability": {"name": vulnerability},
        "products": [{"@id": "pkg:pypi/a@1"}],
        "status": "not_affected",
        **statement,
    }
    head = {"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://example.org/vex/1", "version": 1}
    return json.dumps({**head, "author": "Ben Okafor", "timestamp": moment(days=3), "statements": [said]})


def bandit(*, parsed: int, broken: int = 0) -> str:
    """Return a Bandit report without findings over so many files that it could and could not parse."""
    failed = [f"src/broken_{number}.py" for number in range(broken)]
    files = [*(f"src/good_{number}.py" for number in range(parsed)), *failed]
    return json.dumps(
        {
            "errors": [{"filename": name, "reason": "syntax error while parsing AST from file"} for name in failed],
            "generated_at": moment(),
            "metrics": {"_totals": {}, **{name: {"nosec": 0, "skipped_tests": 0} for name in files}},
            "results": [],
        }
    )


def mutmut(**counts: int) -> str:
    """Return mutmut's statistics; what is not given is 0."""
    names = ("killed", "survived", "total", "no_tests", "skipped", "suspicious", "timeout", "segfault")
    return json.dumps({**dict.fromkeys(names, 0), "check_was_interrupted_by_user": 0, **counts})
