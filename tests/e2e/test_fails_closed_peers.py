"""Thirteen cases in which some other system says "pass" without proof: what ours says.

Each was met in a system that people use: an exit code that wraps at 256, a run that failed and so found nothing, a
threshold on a metric that was never recorded. The third is the other way round: accepted suppressions must be honoured.
"""

import json

import pytest
from little_cases import Case, hold
from little_project import Project
from little_reports import cobertura, junit, log, sarif, weakness

WEAKNESS = "no-severe-weakness-is-open"
JUSTIFIED = "suppressed-weaknesses-are-justified"
VULNERABLE = "no-critical-vulnerabilities"
OWN = """
[[control]]
id = "mine"
title = "Mine"
clauses = ["tdd.coverage_requirements.line_coverage"]
why = "To be sure."
remediation = "Do it."
"""
LINES_ONLY = {"coverage.xml": cobertura()}
NEVER_RECORDED = 'thresholds = [{ fact = "coverage.branch_ratio", op = "lt", bound = 5, unit = "ratio" }]\n'


def notified(kind: str, text: str) -> str:
    """Return a SARIF log whose run found nothing and reports an error of its own."""
    told = [{"level": "error", "message": {"text": text}}]
    return sarif(invocations=[{"executionSuccessful": True, kind: told}])


def expression(text: str) -> str:
    """Return a control of the project's own with a CEL expression."""
    return OWN + f'requires = ["coverage.branch_ratio"]\nexpression = "{text}"\n'


CASES = {
    "1: 256 errors, whose count is 0 as an exit code": Case(
        reports={"a.sarif": sarif(weakness(number) for number in range(1, 257))},
        answers={WEAKNESS: "fail"},
        said={WEAKNESS: "code_findings.severe is 256, must be at most 0"},
    ),
    "2: a run that failed and found nothing": Case(
        reports={"a.sarif": sarif(invocations=[{"executionSuccessful": False}])},
        answers={WEAKNESS: "unknown"},
        said={WEAKNESS: "the run says that it failed"},
    ),
    "2: a log without any run": Case(
        reports={"a.sarif": log()},
        answers={WEAKNESS: "unknown"},
        said={WEAKNESS: "the log holds no run: nothing was analysed"},
    ),
    "3: accepted suppressions are honoured": Case(
        reports={
            "a.sarif": sarif(
                weakness(number, suppressions=[{"kind": "external", "justification": "A key for tests."}])
                for number in range(1, 6)
            )
        },
        answers={WEAKNESS: "pass", JUSTIFIED: "pass"},
    ),
    "3: but not without a justification": Case(
        reports={"a.sarif": sarif([weakness(suppressions=[{"kind": "external"}])])},
        answers={WEAKNESS: "pass", JUSTIFIED: "fail"},
        said={JUSTIFIED: "suppressed without a justification"},
    ),
    "3: nor while they are under review": Case(
        reports={
            "a.sarif": sarif(
                [weakness(suppressions=[{"kind": "external", "status": "underReview", "justification": "Later."}])]
            )
        },
        answers={WEAKNESS: "fail"},
    ),
    "4: a catastrophic error of execution": Case(
        reports={"a.sarif": notified("toolExecutionNotifications", "Catastrophic execution error")},
        answers={WEAKNESS: "unknown"},
        said={WEAKNESS: "Catastrophic execution error"},
    ),
    "4: an error of configuration": Case(
        reports={"a.sarif": notified("toolConfigurationNotifications", "no rules")},
        answers={WEAKNESS: "unknown"},
        said={WEAKNESS: "no rules"},
    ),
    "4: no list of results": Case(
        reports={"a.sarif": sarif(None)},
        answers={WEAKNESS: "unknown"},
        said={WEAKNESS: "no list of results"},
    ),
    "5: a threshold on a metric that was never recorded": Case(
        settings=OWN + NEVER_RECORDED,
        reports=LINES_ONLY,
        answers={"mine": "unknown"},
        said={"mine": "the evidence does not state coverage.branch_ratio"},
    ),
    "5: a load test in a form that nobody reads": Case(
        reports={
            "k6.json": json.dumps({"metrics": {"http_req_duration": {"thresholds": {"p(95)<200": {"ok": True}}}}})
        },
        refused="no importer knows this report",
        answers={"every-test-passes": "unknown"},
    ),
    "7: a rule over input that is empty": Case(
        settings=expression("coverage.branch_ratio >= 0.0"),
        answers={"mine": "unknown"},
        said={"mine": "no evidence of kind coverage"},
    ),
    "7: text that is compared with a number": Case(
        settings=OWN + 'requires = ["coverage.line_ratio"]\nexpression = "\'85\' >= 80"\n',
        reports=LINES_ONLY,
        answers={"mine": "unknown"},
        said={"mine": "cannot be evaluated"},
    ),
    "8: what is missing is not less than five": Case(
        settings=expression("coverage.branch_ratio < 5.0 || true"),
        reports=LINES_ONLY,
        answers={"mine": "unknown"},
        said={"mine": "the evidence does not state coverage.branch_ratio"},
    ),
    "9: failures that only the suite's attributes tell": Case(
        reports={"junit.xml": junit("", tests=6, failures=1)},
        answers={"every-test-passes": "fail", "test-reports-agree-with-their-cases": "fail"},
        said={"test-reports-agree-with-their-cases": "declares failures=1, its cases make 0"},
    ),
    "10: a rule that is skipped, for its input is bad": Case(
        reports={"a.sarif": sarif()[:-40]},
        refused="truncated",
        answers={WEAKNESS: "unknown"},
        said={WEAKNESS: "no evidence of kind code_findings"},
    ),
    "11: a criterion that is relative to a history that is not there": Case(
        reports=LINES_ONLY,
        answers={"tool-configuration-is-not-weakened": "unknown"},
        said={"tool-configuration-is-not-weakened": "no evidence of kind tool_configuration"},
    ),
    "12: a report without its list of matches": Case(
        reports={"grype.json": json.dumps({"descriptor": {"name": "grype"}, "source": {}, "distro": {}})},
        refused="no importer knows this report",
        answers={VULNERABLE: "unknown"},
    ),
    "12: a list of matches that does not say what was matched": Case(
        reports={
            "grype.json": json.dumps({"matches": [], "descriptor": {"name": "grype"}, "source": {}, "distro": {}})
        },
        answers={VULNERABLE: "unknown"},
        said={VULNERABLE: "does not say how many packages were examined"},
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_passed_elsewhere_without_proof_does_not_pass_here(case: Case, little: Project) -> None:
    """Each of the cases gives a failed or undecided gate with its reason; accepted suppressions give a pass."""
    hold(case, little)


NOTHING_ASSERTED = {
    "10: a function that this version lacks": OWN
    + 'requires = ["coverage.line_ratio"]\nexpression = "newest(coverage.line_ratio) || true"\n',
    "11: no criterion at all": OWN,
    "13: an empty list of criteria": OWN + "thresholds = []\n",
    "13: an expression that looks at nothing": OWN + 'expression = "true"\n',
}


@pytest.mark.parametrize("settings", NOTHING_ASSERTED.values(), ids=NOTHING_ASSERTED)
def test_control_without_assertion_is_refused(settings: str, little: Project) -> None:
    """A control that asserts nothing would pass whatever happens, so the settings that declare it are refused."""
    little.settings(settings)

    judged = little.judge("mine")

    assert (judged.code, "[own-control]" in judged.err) == (2, True)


def test_gate_of_which_no_control_applies_is_undecided(little: Project) -> None:
    """6: with every flag of the profile false, no control of the gate applies, and that is no pass."""
    judged = little.judge("performance_slas")

    assert set(judged.statuses.values()) == {"notapplicable"}
    assert (judged.code, judged.verdict["status"]) == (3, "unknown")
