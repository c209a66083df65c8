"""Controls that a project writes in its settings."""

from typing import Any

import mini
import msgspec
import pytest

from standfast.evidence.coverage.schema import Coverage
from standfast.gates.conditions import condition
from standfast.gates.own import OwnControl
from standfast.model import ConfigurationError, ControlSpec, Fact, Outcome, Status, Unit, Verdict


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


class InWords(Coverage, frozen=True):
    """Coverage whose ratio is told in words."""

    def facts(self) -> dict[str, Fact]:
        """Return the ratio as text."""
        return {"coverage.line_ratio": Fact("coverage.line_ratio", "nearly all", Unit.RATIO)}


def test_text_is_no_number() -> None:
    """A threshold on a fact that is text is an error, and not a comparison of words."""
    worded = InWords(**msgspec.structs.asdict(mini.coverage()))

    (judged,) = verdict(mini.statement(worded), thresholds=[THRESHOLD]).results

    assert judged.outcome is Outcome.ERROR
    assert judged.reasons == ("the probe failed: TypeError: coverage.line_ratio is text, expected a number",)


@pytest.mark.parametrize(
    ("expression", "covered", "status"),
    [
        ("coverage.lines_covered >= 90 && coverage.lines == 100", 90, Status.PASS),
        ("coverage.lines_covered >= 90 && coverage.lines == 100", 89, Status.FAIL),
        ("coverage.lines_covered", 89, Status.UNKNOWN),
        ("coverage.lines_covered > 'a'", 89, Status.UNKNOWN),
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


LINES = "coverage.lines_covered"
CONDITIONS: dict[str, tuple[str, Status]] = {
    "a division by nothing beside what is true": (f"true || {LINES} / 0 > 1", Status.UNKNOWN),
    "the other way round": (f"{LINES} / 0 > 1 || true", Status.UNKNOWN),
    "a text beside what is true": (f"{LINES} >= 90 || {LINES} > 'a'", Status.UNKNOWN),
    "a number where a condition must be": (f"{LINES} >= 90 || {LINES}", Status.UNKNOWN),
    "an error beside what is false": (f"false && {LINES} / 0 > 1", Status.UNKNOWN),
    "an error deep in parentheses": (f"(true || ({LINES} > 1 && !({LINES} / 0 > 1)))", Status.UNKNOWN),
    "the negation of a number": (f"!({LINES})", Status.UNKNOWN),
    "a chosen error": (f"{LINES} == 90 ? {LINES} / 0 > 1 : true", Status.UNKNOWN),
    "an error in the question": (f"({LINES} / 0 > 1 || true) ? true : true", Status.UNKNOWN),
    "a choice that guards": (f"{LINES} == 90 ? true : {LINES} / 0 > 1", Status.PASS),
    "a choice in a choice": (f"{LINES} < 90 ? false : {LINES} == 90 ? true : {LINES} / 0 > 1", Status.PASS),
    "a choice within what is chosen": (f"{LINES} > 1 ? ({LINES} == 90 ? true : false) : false", Status.PASS),
    "a choice that is false": (f"{LINES} == 91 ? true : false", Status.FAIL),
    "either": (f"{LINES} >= 91 || {LINES} == 90", Status.PASS),
    "neither": (f"{LINES} >= 91 || {LINES} == 89", Status.FAIL),
    "and before or": (f"true || false && {LINES} > 90", Status.PASS),
    "not twice": (f"!!({LINES} == 90)", Status.PASS),
    "not in a row of conditions": (f"!({LINES} > 90 || {LINES} < 90) && true", Status.PASS),
    "words of logic in a text": (f"'a || b ? c : !(' == \"a || b ? c : !(\" && {LINES} == 90", Status.PASS),
    "an empty text": (f"'' == '' && {LINES} == 90", Status.PASS),
    "a list": (f"{LINES} in [89, 90]", Status.PASS),
}


@pytest.mark.parametrize(("expression", "status"), CONDITIONS.values(), ids=CONDITIONS)
def test_every_condition_of_an_expression_is_evaluated(expression: str, status: Status) -> None:
    """An error in one condition is unknown, whatever the others say; only `? :` leaves one unread."""
    given = {"expression": expression, "requires": [LINES]}

    assert verdict(mini.statement(mini.coverage(90)), **given).status is status


@pytest.mark.parametrize("expression", ["a > 1 ? true", "a ? b ? c : d : e", "((a > 1)", "(a > 1"])
def test_expression_that_is_cut_is_refused(expression: str) -> None:
    """What is no whole expression is a configuration error, whoever reads it first."""
    with pytest.raises(ConfigurationError):
        condition(expression)


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
    "undeclared": ({"expression": "lint.errors == coverage.lines", "requires": ["coverage.lines"]}, "reads lint"),
    "undeclared fact": ({"expression": "true || coverage.nothing > 1", "requires": ["coverage.lines"]}, "nothing"),
    "undeclared by index": ({"expression": "coverage['lines'] > 1", "requires": ["coverage.lines"]}, "reads coverage,"),
    "undeclared by has": ({"expression": "!has(coverage.x)", "requires": ["coverage.lines"]}, "reads coverage.x"),
    "no such function": ({"expression": "newest(1) || true", "requires": ["coverage.lines"]}, "newest"),
    "logic in a call": (
        {"expression": "string(coverage.lines > 1 || true) == 'true'", "requires": ["coverage.lines"]},
        "logic inside",
    ),
    "logic in a comparison": (
        {"expression": "(true || coverage.lines > 1) == true", "requires": ["coverage.lines"]},
        "logic inside",
    ),
    "a comment": ({"expression": "coverage.lines > 1 // || true", "requires": ["coverage.lines"]}, "comment"),
    "a raw text": ({"expression": "r'a' == 'a' && coverage.lines > 1", "requires": ["coverage.lines"]}, "quotes"),
    "three quotes": ({"expression": "'''a''' == 'a' && coverage.lines > 1", "requires": ["coverage.lines"]}, "quotes"),
    "nothing declared": ({"expression": "true"}, "declares no facts"),
    "too long": ({"expression": "true" + " && true" * 300, "requires": ["coverage.lines"]}, "2000"),
}


@pytest.mark.parametrize(("fields", "why"), WRONG.values(), ids=WRONG)
def test_wrong_declaration_is_a_configuration_error(fields: dict[str, Any], why: str) -> None:
    """A control that cannot mean anything is refused with what was found."""
    with pytest.raises(ConfigurationError, match=why):
        verdict(mini.statement(mini.coverage()), **fields)


ALWAYS = ControlSpec(
    title="T",
    clauses=("gates.secret_free",),
    why="w",
    remediation="r",
    expression="coverage.lines >= 0",
    requires=("coverage.lines",),
)
IDS = {
    "a control of the standard": ("tested", "is taken"),
    "a gate": ("secret-free", "is taken"),
    "a phase": ("code", "is taken"),
    "an id that looks like another": ("te\u0455ted", "is no id"),
    "a hyphen that is none": ("my\u2010own", "is no id"),
    "control characters": ("\x1b[2J", "is no id"),
    "the name of a gate as it is written": ("secret_free", "is no id"),
    "nothing": ("", "is no id"),
}


@pytest.mark.parametrize(("own_id", "why"), IDS.values(), ids=IDS)
def test_own_control_never_stands_in_for_another(own_id: str, why: str) -> None:
    """A control of the project's own has a name that nothing else has, nor seems to have."""
    with pytest.raises(ConfigurationError, match=why):
        mini.verdict(*mini.GREEN, own=(OwnControl(id=own_id, spec=ALWAYS),))


def test_own_controls_have_different_names() -> None:
    """Of two controls with one id, neither is dropped in silence."""
    with pytest.raises(ConfigurationError, match="is taken"):
        mini.verdict(*mini.GREEN, own=(OwnControl(id="mine", spec=ALWAYS), OwnControl(id="mine", spec=ALWAYS)))


def test_own_control_serves_a_clause() -> None:
    """A control whose clause is misspelt would never be asked, so it is refused."""
    astray = msgspec.structs.replace(ALWAYS, clauses=("gates.secret_fre",))

    with pytest.raises(ConfigurationError, match="serves no clause of mini"):
        mini.verdict(*mini.GREEN, own=(OwnControl(id="mine", spec=astray),))
