"""The terminal report says first what closes a gate, and why."""

import io

import pytest
from rich.console import Console
from verdict_samples import assemble, gate_clause, large, open_gates, realistic, result

from standfast.model import ControlResult, Finding, Measurement, Op, Status, Unit
from standfast.report import explain, terminal

VERDICT = realistic()
TEXT = terminal.render(VERDICT).decode()
ROWS = TEXT.splitlines()
NOTHING = "no evidence of kind x"


def entry(control: str) -> list[str]:
    """Return the rows that tell about one control in full."""
    start = next(number for number, row in enumerate(ROWS) if row.split()[1:2] == [control])
    end = next(number for number in range(start + 1, len(ROWS)) if not ROWS[number].startswith(" " * 11))
    return ROWS[start:end]


def of(*results: ControlResult, asked: tuple[str, ...] = ()) -> list[str]:
    """Return the report about *results*, of which those *asked* for were named on the command line."""
    return terminal.render(assemble(list(results), selection=asked)).decode().splitlines()


def test_last_line_is_the_verdict_with_its_exit_code() -> None:
    """The last line is the verdict with its exit code; the one before counts the controls."""
    assert ROWS[-2:] == [
        "controls   4 fail, 1 error, 5 unknown, 1 warn, 1 waived, 23 pass, 2 not applicable",
        "verdict    error, exit 3: 7 of 10 gates closed",
    ]


def test_gates_that_fail_come_before_undecided_and_open_ones() -> None:
    """Gates are listed fail, error, unknown, warn, waived, pass."""
    gates = {gate.gate for gate in VERDICT.gates}
    order = [row.split()[0] for row in ROWS if len(row.split()) > 1 and row.split()[1] in gates and row[0] != " "]

    assert order == ["fail"] * 3 + ["error"] * 2 + ["unknown"] * 2 + ["warn", "waived", "pass"]


@pytest.mark.parametrize(
    "row",
    [
        "  fail     line-coverage-meets-limit  coverage.line_ratio is 87.14 %, must be at least 90 %",
        "           evidence  coverage by coverage.py 7.10.6, 3 min old, sha256:c3a3091b9d32",
        "           waiver    W-2026-004 refused: expired on 2026-03-01",
        "           to green  raise coverage.line_ratio from 87.14 % to at least 90 %",
        "           closes    tdd_compliance, code_completion_gates",
    ],
)
def test_failing_control_shows_reason_evidence_waiver_and_way_out(row: str) -> None:
    """A failing control tells the value and its bound, the evidence, the refused waiver and what it closes."""
    assert row in entry("line-coverage-meets-limit")


def test_failing_clause_is_quoted() -> None:
    """The clause whose limit was broken is quoted with its id."""
    text = " ".join(" ".join(entry("line-coverage-meets-limit")).split())

    assert 'clause tdd.coverage_requirements.line_coverage: "At least 90 % of lines run under test."' in text


def test_passing_controls_are_only_counted() -> None:
    """No control that passes is named."""
    passing = [item.control for item in VERDICT.results if item.status is Status.PASS]

    assert [name for name in passing if name in TEXT] == []


def test_clause_of_neighbours_is_quoted_once() -> None:
    """The second of two neighbours with one clause refers to the first instead of repeating the sentence."""
    finding = (Finding("broken"),)
    rows = of(*(result(name, Status.FAIL, ("code_quality",), findings=finding) for name in ("one", "two")))

    assert "           clause    mandatory_quality_gates.code_quality, as above" in rows
    assert sum("No linting error" in row for row in rows) == 1


def test_controls_that_wait_for_one_step_are_said_once() -> None:
    """Four controls without the same evidence share one entry that names them all."""
    start = ROWS.index("undecided  5 controls, by what they wait for")

    assert ROWS[start + 1 : start + 3] == [
        "  4 controls  standfast load run",
        "    load-test-reaches-capacity, p50-under-limit, p95-under-limit, p99-under-limit",
    ]


def test_obstacle_is_told_with_the_command_that_removes_it() -> None:
    """Evidence that does not count is told with its reason and the command that makes it anew."""
    text = " ".join(" ".join(ROWS).split())

    assert (
        "no-known-vulnerability evidence from pip-audit describes commit 77f0c1a2b3d4, not 3f2a9c1d5e6b;"
        " get it with standfast gate security_standards"
    ) in text


def test_equal_obstacles_of_several_tools_are_one() -> None:
    """What two tools and a probe say in the same words is one step."""
    reasons = ("git: no base commit is known", "tool-configuration: no base commit is known", "no base commit is known")
    rows = of(
        *(
            result(f"one-{number}", Status.UNKNOWN, ("code_quality",), reasons=(reason,))
            for number, reason in enumerate(reasons)
        )
    )

    assert "  3 controls  no base commit is known" in rows


def test_flags_that_the_profile_lacks_are_one_step() -> None:
    """Controls that wait for different flags of the profile wait for one step, which names the flags."""
    rows = of(
        *(
            result(
                f"needs-{flag}",
                Status.UNKNOWN,
                ("code_quality",),
                reasons=(f"the profile does not say whether `{flag}` is true; add it to standfast.toml",),
            )
            for flag in ("database", "card_data")
        )
    )

    assert "  2 controls  write into [profile] of standfast.toml whether there is card_data, database" in rows


def test_doubt_of_a_control_goes_before_what_tools_said() -> None:
    """Where a control says itself what it lacks, what the tools said is only counted."""
    reasons = ("there is no requirement to approve", "standfast-documents: no documents were examined")
    rows = of(result("approved", Status.UNKNOWN, ("code_quality",), reasons=reasons))

    assert "  approved  there is no requirement to approve (and 1 more reason)" in rows


def test_what_a_later_version_brings_is_one_step_and_the_last() -> None:
    """Commands that this version does not have are listed together, after everything that can be done now."""
    later = [
        result(
            name,
            Status.UNKNOWN,
            ("performance_slas",),
            reasons=(NOTHING,),
            smallest_change=(f"produce the evidence: standfast {command} (comes with a later version)",),
        )
        for name, command in (("a-one", "load run"), ("a-two", "load run"), ("a-three", "probe limits"))
    ]
    now = result("b-now", Status.UNKNOWN, ("performance_slas",), reasons=("no base",))
    rows = of(*later, now)
    start = rows.index("undecided  4 controls, by what they wait for")

    assert rows[start + 1 : start + 4] == [
        "  b-now  no base",
        "  3 controls  what a later version brings: standfast load run, standfast probe limits",
        "    a-one, a-three, a-two",
    ]


def test_hint_leaves_out_what_only_a_later_version_has() -> None:
    """The step that a hint names can be taken with this version, however many wait for another one."""
    text = "produce the evidence: standfast probe URL (comes with a later version); until then standfast import x.json"
    many = [
        result(f"many-{n}", Status.UNKNOWN, ("code_quality",), reasons=(NOTHING,), smallest_change=(text,))
        for n in range(9)
    ]
    rows = of(*many, result("one", Status.UNKNOWN, ("code_quality",), reasons=("no base",)))

    assert "hint: 1 control waits for this: no base" in rows


def test_names_that_do_not_fit_are_counted() -> None:
    """Of many controls that wait for one step as many are named as fit in a line."""
    many = [
        result(f"control-number-{n:02}", Status.UNKNOWN, ("code_quality",), reasons=("no base",)) for n in range(40)
    ]
    row = next(row for row in of(*many) if row.startswith("    control-number-00"))

    assert row.endswith("control-number-03 and 36 more")


def test_every_gate_has_one_row() -> None:
    """Each gate stands in one row with what its controls came to."""
    assert "error    security_standards        1 fail, 1 error, 1 unknown, 3 pass, 1 not applicable" in ROWS
    assert sum(row.split()[1:2] == ["code_quality"] for row in ROWS if not row.startswith(" ")) == 1


def test_control_that_serves_no_gate_is_told_and_closes_none() -> None:
    """What is about the time after the gates has a row of its own, which says that it closes none."""
    rows = of(
        result("late", Status.UNKNOWN, (), clauses=(gate_clause("documentation"),), reasons=(NOTHING,)),
        result("only-one", Status.PASS, ("code_quality",)),
    )

    row = next(row for row in rows if row.startswith("unknown  no gate"))
    assert row.endswith("1 unknown; about what comes after the gates, and closes none")


def test_control_asked_for_by_name_is_told_whatever_came_of_it() -> None:
    """Controls that are named on the command line are told in full, also where they pass or are undecided."""
    good = result(
        "good",
        Status.PASS,
        ("code_quality",),
        measurements=(Measurement("docstrings.ratio", 0.98, Op.GE, 0.95, Unit.RATIO),),
    )
    waiting = result(
        "waiting",
        Status.UNKNOWN,
        ("code_quality",),
        reasons=("no evidence of kind lint",),
        smallest_change=("produce the evidence: standfast gate code_quality",),
    )
    rows = of(good, waiting, asked=("good", "waiting"))

    assert "  pass     good  docstrings.ratio is 98 %, must be at least 95 %" in rows
    assert "  unknown  waiting  no evidence of kind lint" in rows
    assert "           to green  produce the evidence: standfast gate code_quality" in rows
    assert not any(row.startswith("undecided") for row in rows)


def test_run_over_a_part_leaves_out_remarks_on_the_whole_standard() -> None:
    """Loose ends of the standard are told by a run over all of it, not by one over a part."""
    part = terminal.render(assemble([result("good", Status.PASS, ("code_quality",))], selection=("good",))).decode()

    assert "unbound    2 clauses" in TEXT
    assert "unbound" not in part


def test_reason_is_not_repeated_as_the_way_to_green() -> None:
    """Where evidence does not count, the way to green is the command that makes it anew, not the reason once more."""
    reason = "DeepScan: the run says that it failed"
    rows = of(
        result(
            "clean",
            Status.UNKNOWN,
            ("code_quality",),
            reasons=(reason,),
            smallest_change=(f"let the evidence decide: {reason}",),
            evidence_from="standfast gate code_quality",
        ),
        asked=("clean",),
    )

    assert "           to green  produce the evidence: standfast gate code_quality" in rows
    assert sum(reason in row for row in rows) == 1


def test_hint_names_the_step_that_decides_most() -> None:
    """A hint is the step that decides the most controls, and another one how to see all about one control."""
    undecided = [item for item in VERDICT.results if item.status is not Status.FAIL]
    rows = terminal.render(assemble(undecided)).decode().splitlines()

    assert "hint: 4 controls wait for this: standfast load run" in rows
    assert "hint: `standfast explain CONTROL` tells all about one control" in rows


def test_findings_are_counted_exactly_and_the_first_are_listed() -> None:
    """Three of 317 findings are listed with file and line; the rest is counted."""
    rows = entry("no-linting-errors")

    assert rows[0] == "  fail     no-linting-errors  317 findings"
    assert sum(row.strip().startswith("- src/") for row in rows) == 3
    assert "           - and 314 more" in rows


def test_gate_without_a_control_that_applies_is_explained() -> None:
    """A gate that is unknown because nothing applies says so."""
    verdict = assemble([result("only-one", Status.PASS, ("code_quality",))])
    rows = terminal.render(verdict).decode().splitlines()

    assert "unknown  documentation             no control applies; without proof a gate is unknown" in rows


def test_hints_stand_on_their_own_lines() -> None:
    """The next step is a line that begins with ``hint:``."""
    hints = [row for row in ROWS if row.startswith("hint: ")]

    assert hints[0] == "hint: fix it or renew it"
    assert hints[2].startswith("hint: start with no-linting-errors: Run `ruff check --fix`")


def test_open_verdict_ends_with_exit_code_0() -> None:
    """A verdict whose gates all open says so in its last line, without a hint."""
    rows = terminal.render(open_gates()).decode().splitlines()

    assert rows[-1] == "verdict    warn, exit 0: 0 of 10 gates closed"
    assert not any(row.startswith("hint: start") for row in rows)


@pytest.mark.parametrize(("asked", "kept"), [(20, 80), (80, 80), (100, 100), (400, 120)])
def test_lines_keep_to_the_width(asked: int, kept: int) -> None:
    """Lines are at most as wide as asked, between 80 and 120 columns."""
    rows = terminal.render(VERDICT, width=asked).decode().splitlines()

    assert max(len(row) for row in rows) <= kept


def test_styled_report_has_the_same_words() -> None:
    """What a styled terminal shows is the plain report with colours."""
    shown_on = io.StringIO()
    console = Console(file=shown_on, width=100, force_terminal=True, color_system="truecolor")
    terminal.render_rich(VERDICT, console)
    plainly = io.StringIO()
    plain = Console(file=plainly, width=100, color_system=None)
    terminal.render_rich(VERDICT, plain)

    assert [row.rstrip() for row in plainly.getvalue().splitlines()] == ROWS
    assert "\x1b[1;31mfail" in shown_on.getvalue()


def test_escape_sequences_of_a_finding_reach_no_terminal() -> None:
    """A control character of a tool's message is shown as its escape, never sent."""
    hostile = "\x1b]0;owned\x07 \x1b[2J[red]x[/red]\u202egnp.exe"
    verdict = assemble([result("hostile", Status.FAIL, ("code_quality",), findings=(Finding(hostile),))])
    shown_on = io.StringIO()
    console = Console(file=shown_on, width=100, color_system=None)
    terminal.render_rich(verdict, console)

    for text in (terminal.render(verdict).decode(), shown_on.getvalue()):
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert r"\x1b]0;owned\x07 \x1b[2J[red]x[/red]\u202egnp.exe" in text


def test_report_of_many_findings_stays_short() -> None:
    """A report about 25,000 findings is no longer than one about a few."""
    assert len(terminal.render(large(25_000)).splitlines()) < 150


def test_explanation_has_every_part() -> None:
    """An explanation tells clause and line, findings, digest, tool, waivers, way out, why, effort and mappings."""
    found = next(item for item in VERDICT.results if item.control == "no-linting-errors")
    text = " ".join(explain.render(found, VERDICT).decode().split())

    for part in (
        "fail no-linting-errors The linter reports no error 317 findings",
        "clause mandatory_quality_gates.code_quality (production.toml:63)",
        '"No linting error, complete type checking, and an approved review by a peer."',
        "src/payments/ledger/postings.py:17:5: S608: SQL built by string concatenation",
        "and 312 more",
        "code_findings by ruff 0.13.1, 41 s old",
        "sha256:acadbba99747a5451261c15ae4f389a22e9273135dc696de72c8ceae660cf2b0",
        "W-2026-012 refused: was approved by an author of the change (ana@example.com)",
        "waived: scripts/seed.py:3:1: T201: `print` found",
        "to green resolve 316 findings",
        "how to fix Run `ruff check --fix`",
        "effort low",
        "why Linting errors are the cheapest defects",
        "mapped to CWE: CWE-89, CWE-563",
    ):
        assert part in text, part


def test_explanation_shows_the_limit_and_the_value() -> None:
    """A broken limit is shown as the standard has it and as it was measured."""
    found = next(item for item in VERDICT.results if item.control == "line-coverage-meets-limit")
    text = " ".join(explain.render(found, VERDICT).decode().split())

    assert "limit coverage.line_ratio at least 90 %" in text
    assert "measured coverage.line_ratio is 87.14 %, must be at least 90 % <- not met" in text


def test_explanation_names_missing_evidence_and_what_produces_it() -> None:
    """Evidence that is not there is named by its kind, with the command that produces it."""
    found = next(item for item in VERDICT.results if item.control == "p95-under-limit")
    text = explain.render(found, VERDICT).decode()

    assert "evidence    no load_test; get it with: standfast load run" in text


def test_explanation_lists_twenty_findings_of_many() -> None:
    """Twenty findings are listed, each with the fingerprint by which it can be waived; the count is exact."""
    verdict = large(25_000)
    text = explain.render(verdict.results[0], verdict).decode()

    assert text.count("fingerprint ") == 20
    assert "findings    5,000 findings" in text
    assert "and 4,980 more" in text


def test_styled_explanation_has_the_same_words() -> None:
    """What a styled terminal shows of one control is the plain explanation."""
    shown_on = io.StringIO()
    console = Console(file=shown_on, width=100, color_system=None)
    explain.render_rich(VERDICT.results[0], VERDICT, console)
    shown = "\n".join(row.rstrip() for row in shown_on.getvalue().splitlines())

    assert shown + "\n" == explain.render(VERDICT.results[0], VERDICT).decode()
