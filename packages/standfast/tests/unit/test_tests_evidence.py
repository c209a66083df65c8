"""What is kept of test reports: places, properties, levels, reasons, conflicts."""

from importlib.resources import files

import msgspec
import pytest

from standfast.evidence.test_results.importers import jest, junit
from standfast.evidence.test_results.levels import is_at
from standfast.evidence.test_results.schema import CaseGroup, CaseOutcome, TestResults
from standfast.model import EvidenceError, Location


def junit_of(xml: str) -> TestResults:
    """Return what the JUnit importer makes of *xml*."""
    body = junit.read(xml.encode()).body
    assert isinstance(body, TestResults)
    return body


def pytest_sample() -> TestResults:
    """Return what is read from the report of pytest."""
    return junit_of(files("standfast.evidence.test_results").joinpath("samples", "pytest.xml").read_text())


def test_failure_names_the_line_that_raised() -> None:
    """A failure of pytest points to the line of the assertion, not to the head of the test."""
    failure = pytest_sample().items.listed[0]

    assert failure.location == Location("tests/unit/test_money.py", 23)
    assert failure.message == "tests.unit.test_money::test_rejects_negative: assert -1 >= 0"


def test_properties_stay_with_their_test() -> None:
    """A recorded property is kept with the test and its outcome, so that requirements can be traced."""
    (found,) = pytest_sample().properties

    assert (found.name, found.value, found.outcome) == ("req", "PAY-1", CaseOutcome.PASSED)


def test_skips_keep_their_reasons() -> None:
    """A skip carries its reason; a reason that says nothing counts as none."""
    reasons = [skip.suppressed for skip in pytest_sample().skips.listed]

    assert reasons == ["", "only on Windows", "PAY-77 is open"]


def test_cases_are_counted_per_file() -> None:
    """Cases are grouped by file, each with what ran, failed and was skipped."""
    groups = {group.file: (group.run, group.failed, group.errors, group.skipped) for group in pytest_sample().groups}

    assert groups == {"tests/unit/test_money.py": (3, 1, 0, 3), "tests/integration/test_store.py": (2, 0, 1, 0)}


def test_attributes_and_cases_disagree_and_the_worse_counts() -> None:
    """Failures that only the attributes count are failures; cases that only the attributes count did not run."""
    body = junit_of('<testsuite name="a" tests="9" failures="2"><testcase name="x"/></testsuite>')

    assert (body.executed, body.failed, body.passed) == (1, 2, 0)
    assert len(body.disagreements) == 2


@pytest.mark.parametrize("total", ["NaN", "-5", "9" * 400, "1e3", "many"])
def test_declared_total_that_is_no_count_is_a_contradiction(total: str) -> None:
    """What stands where a count belongs is said, and the cases alone count."""
    body = junit_of(f'<testsuite name="a" tests="{total}" failures="{total}"><testcase name="x"/></testsuite>')

    assert (body.executed, body.failed, len(body.disagreements)) == (1, 0, 2)


def test_outer_suite_may_count_its_own_cases_only() -> None:
    """A suite's totals may be those of its direct cases or of all below it; neither contradicts the cases."""
    inner = '<testsuite name="b" tests="1"><testcase name="y"/></testsuite>'
    for total in (1, 2):
        body = junit_of(f'<testsuite name="a" tests="{total}"><testcase name="x"/>{inner}</testsuite>')

        assert (body.executed, body.disagreements) == (2, ())


def test_case_that_is_listed_twice_may_be_counted_once() -> None:
    """A case that failed and broke in its clean-up is listed twice and counted once; that is no contradiction."""
    twice = '<testcase classname="a" name="x"><failure/></testcase><testcase classname="a" name="x"><error/></testcase>'
    body = junit_of(f'<testsuite name="a" tests="1" failures="1" errors="1">{twice}</testsuite>')

    assert (body.failed, body.errors, body.disagreements) == (1, 1, ())


def test_suite_that_cannot_be_set_up_is_an_error() -> None:
    """An error beside the cases of a suite counts, although no case carries it."""
    body = junit_of('<testsuite name="a"><error message="no database"/><testcase name="x"/></testsuite>')

    assert (body.errors, body.items.listed[0].message) == (1, "a: no database")


@pytest.mark.parametrize(
    "xml",
    [
        "<testsuites><testsuite><testcase name='a'>",
        "<testsuites></testsuites><testsuites></testsuites>",
        "<testsuite><testcase name='a'><testcase name='b'/></testcase></testsuite>",
        "<!DOCTYPE a [<!ENTITY b 'c'>]><testsuite><testcase name='&b;'/></testsuite>",
    ],
)
def test_broken_report_is_refused(xml: str) -> None:
    """A report that is cut, doubled, nested wrongly or hostile is refused."""
    with pytest.raises(EvidenceError):
        junit.read(xml.encode())


def test_jest_file_that_cannot_run_is_an_error() -> None:
    """A test file with a syntax error has no results, and is an error all the same."""
    body = jest.read(files("standfast.evidence.test_results").joinpath("samples", "jest.json").read_bytes()).body

    assert "/builds/shop/src/pay.test.js: SyntaxError: Unexpected token" in [item.message for item in body.items.listed]


@pytest.mark.parametrize(
    ("level", "group", "expected"),
    [
        ("unit", CaseGroup(name="tests.unit.test_a", run=1), True),
        ("unit", CaseGroup(name="x", run=1, file="packages/a/tests/unit/test_a.py"), True),
        ("unit", CaseGroup(name="tests.test_unity", run=1), False),
        ("integration", CaseGroup(name="com.acme.PaymentIT", run=1), True),
        ("integration", CaseGroup(name="com.acme.AUDITED", run=1), False),
        ("integration", CaseGroup(name="com.acme.integration.Payment", run=1), True),
        ("e2e", CaseGroup(name="cart", run=1, file="src/cart.e2e.spec.ts"), True),
        ("e2e", CaseGroup(name="acme.test/pay/e2e", run=1), True),
        ("e2e", CaseGroup(name="tests.unit.test_a", run=1), False),
    ],
)
def test_levels_are_told_by_convention(level: str, group: CaseGroup, expected: bool) -> None:
    """Folders, class endings and file names tell the level of a test."""
    assert is_at(level, group, {}) is expected


def test_profile_overrides_the_convention() -> None:
    """Where the profile names the place of a level, that place alone counts."""
    own = {"unit": ("spec/fast/**",)}

    assert is_at("unit", CaseGroup(name="a", run=1, file="spec/fast/deep/test_a.py"), own)
    assert not is_at("unit", CaseGroup(name="a", run=1, file="tests/unit/test_a.py"), own)


def test_same_group_with_other_failures_is_a_conflict() -> None:
    """Two reports of the same cases with other failures contradict each other; two suites do not."""
    green = junit_of('<testsuite name="a"><testcase classname="c" name="x"/></testsuite>')
    red = junit_of('<testsuite name="a"><testcase classname="c" name="x"><failure/></testcase></testsuite>')
    other = junit_of('<testsuite name="a"><testcase classname="d" name="x"/></testsuite>')

    assert green.conflicts_with(red) == ("c: 0 of 1 cases failed in one report, 1 in another",)
    assert green.conflicts_with(other) == ()


def test_body_survives_storage() -> None:
    """What is read can be stored and comes back equal."""
    body = pytest_sample()

    assert msgspec.json.decode(msgspec.json.encode(body), type=TestResults) == body
