"""Controls that a project writes in its settings."""

from typing import Any

import mini
import msgspec
import pytest

from standfast.gates.own import OwnControl
from standfast.model import ConfigurationError, Status, Verdict


def verdict(*statements: Any, **fields: Any) -> Verdict:
    """Return the verdict of one control of the project's own."""
    plain = {"title": "T", "clauses": ["gates.secret_free"], "why": "w", "remediation": "r", **fields}
    own = msgspec.convert({"id": "mine", "spec": plain}, OwnControl)
    return mini.verdict(*statements, own=(own,), given=(), selection=("mine",))


THRESHOLD = {"fact": "coverage.line_ratio", "op": "ge", "bound": 80, "unit": "percent"}
FROM_STANDARD = {
    "fact": "coverage.line_ratio",
    "limit": {"clause": "gates.tested", "fact": "coverage.line_ratio", "unit": "ratio"},
}


@pytest.mark.parametrize(
    ("threshold", "covered", "status"),
    [
        (THRESHOLD, 80, Status.PASS),
        (THRESHOLD, 79, Status.FAIL),
        (FROM_STANDARD, 90, Status.PASS),
        (FROM_STANDARD, 89, Status.FAIL),
        ({**THRESHOLD, "fact": "coverage.branch_ratio"}, 99, Status.UNKNOWN),
        ({**THRESHOLD, "unit": "ms"}, 99, Status.UNKNOWN),
    ],
)
def test_threshold_decides_at_its_bound(threshold: dict[str, Any], covered: int, status: Status) -> None:
    """A typed threshold holds at its bound; a fact that is absent or of another dimension is unknown."""
    assert verdict(mini.statement(mini.coverage(covered)), thresholds=[threshold]).status is status


@pytest.mark.parametrize(
    ("expression", "covered", "status"),
    [
        ("coverage.lines_covered >= 90 && coverage.lines == 100", 90, Status.PASS),
        ("coverage.lines_covered >= 90 && coverage.lines == 100", 89, Status.FAIL),
        ("coverage.lines_covered", 89, Status.UNKNOWN),
        ("coverage.lines_covered > 'a'", 89, Status.UNKNOWN),
        ("coverage.lines_missing > 1", 89, Status.UNKNOWN),
        ("coverage.lines / 0 > 1", 89, Status.UNKNOWN),
    ],
)
def test_expression_decides_and_any_error_is_unknown(expression: str, covered: int, status: Status) -> None:
    """A CEL expression passes only on true; a non-boolean or an error is unknown."""
    requires = ["coverage.lines_covered", "coverage.lines"]

    assert verdict(mini.statement(mini.coverage(covered)), expression=expression, requires=requires).status is status


def test_absent_fact_is_unknown_even_where_the_expression_would_absorb_it() -> None:
    """`absent || true` is true in CEL; a declared fact that is absent is unknown all the same."""
    given = {"expression": "coverage.branch_ratio > 0.5 || true", "requires": ["coverage.branch_ratio"]}

    assert verdict(mini.statement(mini.coverage()), **given).status is Status.UNKNOWN


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "neither form": ({}, "either thresholds or an expression"),
    "both forms": ({"thresholds": [THRESHOLD], "expression": "true"}, "not both"),
    "no such kind": ({"thresholds": [{**THRESHOLD, "fact": "nonsense.x"}]}, "not an evidence kind"),
    "hostile kind": ({"thresholds": [{**THRESHOLD, "fact": "../x.y"}]}, "not an evidence kind"),
    "no such fact": ({"thresholds": [{**THRESHOLD, "fact": "coverage.x"}]}, "publishes no fact"),
    "no bound": ({"thresholds": [{"fact": "coverage.lines", "op": "ge"}]}, "op, bound and unit"),
    "no such limit": (
        {"thresholds": [{"fact": "coverage.lines", "limit": {"clause": "x", "fact": "y", "unit": "count"}}]},
        "has no limit",
    ),
    "syntax": ({"expression": "coverage.lines >", "requires": ["coverage.lines"]}, "parse"),
    "comprehension": ({"expression": "[1].all(x, x > coverage.lines)", "requires": ["coverage.lines"]}, "comprehen"),
    "undeclared": ({"expression": "tests.failed == coverage.lines", "requires": ["coverage.lines"]}, "reads tests"),
    "nothing declared": ({"expression": "true"}, "declares no facts"),
    "too long": ({"expression": "true" + " && true" * 300, "requires": ["coverage.lines"]}, "2000"),
}


@pytest.mark.parametrize(("fields", "why"), WRONG.values(), ids=WRONG)
def test_wrong_declaration_is_a_configuration_error(fields: dict[str, Any], why: str) -> None:
    """A control that cannot mean anything is refused with what was found."""
    with pytest.raises(ConfigurationError, match=why):
        verdict(mini.statement(mini.coverage()), **fields)
