"""GitHub annotations: escaped, capped as GitHub caps them, with the rest said."""

import pytest
from verdict_samples import assemble, large, open_gates, realistic, result

from standfast.model import Finding, Location, Status
from standfast.report import github

ROWS = github.render(realistic()).decode().splitlines()


def test_annotation_stands_at_the_line_with_its_control_and_command() -> None:
    """An annotation has file, line, column, the control with its status, the message, and the command for more."""
    assert (
        "::error file=src/payments/api/refunds.py,line=41,col=5,title=no-linting-errors (fail)::"
        "F841: local variable `reply` is assigned to but never used%0Astandfast explain no-linting-errors"
    ) in ROWS


def test_each_control_is_annotated_before_any_gets_a_second_one() -> None:
    """Nine places go to nine controls; the noisy control does not crowd out the others."""
    titles = [row.split("title=")[1].split("::")[0] for row in ROWS if row.startswith("::error")]

    assert len(set(titles[:9])) == 9


def test_at_most_ten_of_a_type_and_the_last_counts_the_rest() -> None:
    """GitHub shows ten errors of a step; the tenth says how many are not shown."""
    errors = [row for row in ROWS if row.startswith("::error")]

    assert len(errors) == 10
    assert errors[-1] == (
        "::error title=standfast::318 more errors not annotated: a step shows 10 of a type; "
        "the step summary and the report have all"
    )


def test_count_of_many_is_exact() -> None:
    """Of 25,000 findings 24,991 are counted in the last annotation."""
    last = github.render(large(25_000)).decode().splitlines()[-1]

    assert last.startswith("::error title=standfast::24,991 more errors not annotated")


@pytest.mark.parametrize(("status", "command"), [(Status.WARN, "warning"), (Status.WAIVED, "notice")])
def test_what_does_not_close_a_gate_is_no_error(status: Status, command: str) -> None:
    """Warned controls are warnings, waived ones notices."""
    item = result("c", status, ("code_quality",), findings=(Finding("m"),))
    rows = [row for row in github.render(assemble([item])).decode().splitlines() if "title=c " in row]

    assert [row.split()[0] for row in rows] == [f"::{command}"]


def test_open_verdict_has_no_error() -> None:
    """Where every gate opens there is no error annotation."""
    assert b"::error" not in github.render(open_gates())


def test_gate_closed_for_want_of_controls_is_an_error() -> None:
    """A gate to which nothing applies is annotated."""
    rows = github.render(assemble([result("one", Status.PASS, ("code_quality",))])).decode().splitlines()

    assert "::error title=gate documentation::no control of gate documentation applies; " in rows[3]


def test_text_of_a_tool_cannot_start_a_command() -> None:
    """Line breaks, percent signs, colons and commas are escaped, so no second command begins."""
    finding = Finding("a%0A::set-env\r\n::error::b", Location("a,b:c\n::x.py", 3))
    item = result("c", Status.FAIL, ("code_quality",), findings=(finding,))
    rows = [row for row in github.render(assemble([item])).decode().splitlines() if "title=c " in row]

    assert rows == [
        "::error file=a%2Cb%3Ac %3A%3Ax.py,line=3,title=c (fail)::a%250A::set-env ::error::b%0Astandfast explain c"
    ]
