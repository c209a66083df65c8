"""Reports that say nothing and look like good news: a scanner that looked at nothing, a total that hides a part.

Every one was seen to come with exit code 0, or with a sentence such as "no known vulnerabilities found".
"""

import json

import pytest
from little_cases import Case, hold
from little_project import Project
from little_reports import (
    audited,
    bandit,
    cobertura,
    coverage_py,
    junit,
    moment,
    mutmut,
    openvex,
    passed_over,
    pip_audit,
    sarif,
    weakness,
)

WEAKNESS = "no-severe-weakness-is-open"
LOOKED = "analysis-looks-at-every-source-file"
EXAMINED = "everything-was-examined"
VULNERABLE = "no-critical-vulnerabilities"
EXCUSED = "vex-statements-are-justified"
TYPES = "no-type-error-is-open"
STRICT = "type-checking-is-strict"
ALL_TYPES = "types-of-every-source-file-are-checked"
TESTS = "every-test-passes"
MUTANTS = "tests-notice-planted-defects"
LINES = "line-coverage-meets-limit"
BRANCHES = "branch-coverage-meets-limit"
REACHED = "dynamic-scan-reached-every-operation"
SECRETS = "no-secret-is-in-the-tree"
LINT = "no-lint-error-is-open"

NOT_CALLED = {"justification": "vulnerable_code_not_in_execute_path"}
REFUSED_BY_REGISTRY = {
    "message": "405 Method Not Allowed",
    "method": "POST",
    "uri": "https://registry.example.org/-/npm/v1/security/advisories/bulk",
    "statusCode": 405,
    "error": {"summary": "", "detail": ""},
}
EMPTY_TREE = {
    "auditReportVersion": 2,
    "vulnerabilities": {},
    "metadata": {"vulnerabilities": {}, "dependencies": {"total": 0}},
}
NO_RESOURCE = {
    "passed": 0,
    "failed": 0,
    "skipped": 0,
    "parsing_errors": 0,
    "resource_count": 0,
    "checkov_version": "3.3.30",
}
UNRATED = [weakness(level="none", properties={"security-severity": "not a number"})]


def scan_of(reached: int, operations: int) -> str:
    """Return a statement about a dynamic scan that reached so many operations."""
    return json.dumps(
        {
            "standfast_dast": 1,
            "tool": "probe",
            "produced_at": moment(),
            "operations": operations,
            "reached": reached,
            "requests": 420,
            "authenticated": False,
            "items": [],
        }
    )


CASES = {
    "a vulnerability scan that skipped every package": Case(
        reports={"audit.json": pip_audit(*map(passed_over, "abc"))},
        answers={VULNERABLE: "unknown"},
        said={VULNERABLE: "3 packages were skipped (a: Dependency not found on PyPI"},
    ),
    "a vulnerability scan that skipped one package": Case(
        reports={"audit.json": pip_audit(audited("a"), passed_over("b"))},
        answers={VULNERABLE: "unknown"},
        said={VULNERABLE: "1 packages were skipped"},
    ),
    "a vulnerability scan of no package": Case(
        reports={"audit.json": pip_audit()},
        answers={VULNERABLE: "unknown"},
        said={VULNERABLE: "no packages were examined"},
    ),
    "a scan of some packages is proof about them": Case(
        reports={"audit.json": pip_audit(audited("a"))}, answers={VULNERABLE: "pass"}
    ),
    "a severity that nobody knows is critical until triaged": Case(
        reports={"audit.json": pip_audit(audited("a", "CVE-2026-1"))},
        answers={VULNERABLE: "fail"},
        said={VULNERABLE: "CVE-2026-1 (unknown) in a 1"},
    ),
    "a justified statement opens it": Case(
        reports={
            "audit.json": pip_audit(audited("a", "CVE-2026-1")),
            "vex.json": openvex("CVE-2026-1", **NOT_CALLED),
        },
        answers={VULNERABLE: "pass", EXCUSED: "pass"},
    ),
    "a statement without justification does not": Case(
        reports={"audit.json": pip_audit(audited("a", "CVE-2026-1")), "vex.json": openvex("CVE-2026-1")},
        answers={VULNERABLE: "fail", EXCUSED: "fail"},
        said={VULNERABLE: "it gives no justification"},
    ),
    "nor does one about another vulnerability": Case(
        reports={
            "audit.json": pip_audit(audited("a", "CVE-2026-1")),
            "vex.json": openvex("CVE-2026-2", **NOT_CALLED),
        },
        answers={VULNERABLE: "fail"},
    ),
    "nor one about another version": Case(
        reports={
            "audit.json": pip_audit(audited("a", "CVE-2026-1")),
            "vex.json": openvex("CVE-2026-1", **NOT_CALLED, products=[{"@id": "pkg:pypi/a@2"}]),
        },
        answers={VULNERABLE: "fail"},
    ),
    "a registry that refused the audit": Case(
        reports={"npm.json": json.dumps(REFUSED_BY_REGISTRY)},
        refused="405 Method Not Allowed",
        answers={VULNERABLE: "unknown"},
    ),
    "an audit of a tree without packages": Case(
        reports={"npm.json": json.dumps(EMPTY_TREE)}, answers={VULNERABLE: "unknown"}
    ),
    "an analyser that could not parse a third of the files": Case(
        reports={"bandit.json": bandit(parsed=20, broken=10)},
        answers={WEAKNESS: "unknown", LOOKED: "fail", EXAMINED: "fail"},
        said={LOOKED: "bandit could not analyse 10 files: src/broken_0.py", EXAMINED: "10 errors while examining"},
    ),
    "an analyser in an empty folder": Case(
        reports={"bandit.json": bandit(parsed=0)},
        answers={WEAKNESS: "unknown", EXAMINED: "fail"},
        said={WEAKNESS: "no files were examined"},
    ),
    "an analyser that does not say what it looked at": Case(
        reports={"a.sarif": sarif(artifacts=None)},
        answers={WEAKNESS: "unknown"},
        said={WEAKNESS: "does not say how many files were examined"},
    ),
    "a finding that nobody rated": Case(
        reports={"a.sarif": sarif(UNRATED)}, answers={WEAKNESS: "fail"}, said={WEAKNESS: "weakness 1"}
    ),
    "a secret scanner that prints an empty list": Case(
        reports={"gitleaks.json": "[]"},
        refused="no importer knows this report",
        answers={SECRETS: "unknown"},
    ),
    "a secret scanner's sentence": Case(
        reports={"gitleaks.txt": "INF no leaks found\n"},
        refused="no importer knows this report",
        answers={SECRETS: "unknown"},
    ),
    "a linter's sentence": Case(
        reports={"ruff.txt": "All checks passed!\n"},
        refused="no importer knows this report",
        answers={LINT: "unknown"},
    ),
    "an infrastructure scanner that found no resource": Case(
        reports={"checkov.json": json.dumps(NO_RESOURCE)},
        answers={EXAMINED: "fail"},
        said={EXAMINED: "examined"},
    ),
    "no type error, by whatever strictness": Case(
        reports={"mypy.txt": "Success: no issues found in 1 source file\n"},
        answers={TYPES: "pass", STRICT: "unknown", ALL_TYPES: "unknown"},
        said={STRICT: "does not say how strictly it looked", ALL_TYPES: "does not say how many of the source files"},
    ),
    "no type error in no file": Case(
        reports={"mypy.txt": "Success: no issues found in 0 source files\n"},
        answers={TYPES: "unknown"},
        said={TYPES: "no files were examined"},
    ),
    "no type error, for checking stopped": Case(
        reports={"mypy.txt": "src/a.py:1: note: x\nFound 1 error in 1 file (errors prevented further checking)\n"},
        answers={TYPES: "fail"},
    ),
    "one percentage that mixes lines and branches": Case(
        reports={"coverage.json": coverage_py(lines=(96, 100), branches=(3, 10), percent=90.0)},
        answers={LINES: "pass", BRANCHES: "fail"},
        said={BRANCHES: "coverage.branch_ratio is 30 %, must be at least 85 %"},
    ),
    "lines without branches": Case(
        reports={"coverage.xml": cobertura()},
        answers={LINES: "pass", BRANCHES: "unknown"},
    ),
    "coverage of nothing": Case(
        reports={
            "coverage.xml": cobertura(lines=0, covered=0, declared='lines-valid="0" lines-covered="0" line-rate="1"')
        },
        answers={LINES: "fail"},
        said={LINES: "no "},
    ),
    "a suite of no test": Case(
        reports={"junit.xml": junit("", tests=0, failures=0)},
        answers={TESTS: "fail", "suite-is-not-empty": "fail"},
    ),
    "a suite that skipped every test": Case(
        reports={"junit.xml": junit('<testcase classname="c" name="t"><skipped/></testcase>', tests=1, skipped=1)},
        answers={TESTS: "fail", "tests-are-left-out-only-with-reason": "fail"},
    ),
    "no mutant of none": Case(
        reports={"mutmut.json": mutmut()},
        answers={MUTANTS: "fail"},
        said={MUTANTS: "no mutant could be tried"},
    ),
    "mutants that were planned and never tried": Case(
        reports={"mutmut.json": mutmut(total=413)},
        answers={MUTANTS: "fail"},
        said={MUTANTS: "mutation.score is 0 %"},
    ),
    "a dynamic scan that reached half of the operations": Case(
        flags=("service", "api"),
        reports={"dast.json": scan_of(8, 14)},
        answers={REACHED: "fail"},
        said={REACHED: "dast.reached is 8, must be at least 14"},
    ),
    "a dynamic scan of no operation": Case(
        flags=("service", "api"),
        reports={"dast.json": scan_of(0, 0)},
        answers={REACHED: "unknown"},
        said={REACHED: "no scan says which operations it reached"},
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_report_that_proves_nothing_opens_nothing(case: Case, little: Project) -> None:
    """What was not looked at is not clean, and what is not counted does not count as met."""
    hold(case, little)
