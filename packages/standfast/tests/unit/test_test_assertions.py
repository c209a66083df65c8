"""Which tests assert something, by our own scan."""

import json
from pathlib import Path

import pytest

from standfast.evidence.contract import Inapplicable, Plan, Project, ToolRun, TrackedFile
from standfast.evidence.source.scanning import scan
from standfast.evidence.source.syntax import Source
from standfast.evidence.test_assertions.collectors import python_tests
from standfast.evidence.test_assertions.judge import FunctionRow, asserting_names
from standfast.evidence.test_assertions.scan import examine
from standfast.model import EvidenceError, Profile, Subject

BODIES: dict[str, tuple[str, bool]] = {
    "an assertion": ("    assert f() == 1", True),
    "an assertion in a loop": ("    for x in y:\n        assert x", True),
    "an expected error": ("    with pytest.raises(ValueError):\n        f()", True),
    "a method of unittest": ("    self.assertEqual(f(), 1)", True),
    "a mock": ("    m.assert_called_once()", True),
    "an expectation": ("    expect(page).to_have_title('x')", True),
    "a command that must succeed": ("    subprocess.run(['x'], check=True)", True),
    "a command that may fail": ("    subprocess.run(['x'], check=False)", False),
    "a status that must be good": ("    client.get('/').raise_for_status()", True),
    "nothing": ("    f()", False),
    "what is always true": ("    f()\n    assert True", False),
    "a text that is always true": ("    f()\n    assert 'x'", False),
    "a tuple that is always true": ("    assert (f() == 1, 'why')", False),
    "a word that only starts so": ("    checkout()\n    failover()\n    assertive()", False),
}


@pytest.mark.parametrize(("body", "asserts"), BODIES.values(), ids=BODIES)
def test_what_can_fail_a_test(body: str, asserts: bool) -> None:  # data
    """An assertion that can fail counts, and so does a call that is named like one."""
    (row,) = examine(Source("tests/test_a.py", f"def test_a():\n{body}\n".encode()))["functions"]

    assert (row["test"], row["asserts"]) == (True, asserts)


TESTS: dict[str, tuple[str, list[str]]] = {
    "functions": ("def test_a(): ...\nasync def test_b(): ...\ndef helper(): ...", ["test_a", "test_b"]),
    "methods": ("class TestA:\n  def test_a(self): ...\nclass A(unittest.TestCase):\n  def test_b(self): ...",
                ["TestA.test_a", "A.test_b"]),
    "no test class": ("class Client:\n  def test_connection(self): ...", []),
    "a fixture": ("@pytest.fixture\ndef test_client(): ...", []),
    "inside a function": ("def test_a():\n  def test_b(): ...", ["test_a"]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "tests"), TESTS.values(), ids=TESTS)
def test_what_is_a_test(text: str, tests: list[str]) -> None:
    """A test is what pytest or unittest would run."""
    rows = examine(Source("tests/test_a.py", text.encode()))["functions"]

    assert [row["title"] for row in rows if row["test"]] == tests


def row(name: str, *uses: str, asserts: bool = False, test: bool = False) -> FunctionRow:
    """Return a function that uses others."""
    return FunctionRow("a.py", 1, name, name, test=test, asserts=asserts, empty=False, uses=uses)


def test_assertion_may_be_a_few_calls_away() -> None:
    """A helper asserts where one that it calls does, however far; a test lends its assertions to nobody."""
    rows = [row("near", "far"), row("far", "farther"), row("farther", asserts=True), row("round", "round")]

    assert asserting_names([*rows, row("test_a", asserts=True, test=True), row("uses", "test_a")]) == {
        "near",
        "far",
        "farther",
    }


def project(*paths: str) -> Project:
    """Return a project with those tracked files."""
    return Project(
        root="/p",
        files=tuple(TrackedFile(path, "0" * 40, 10) for path in paths),
        profile=Profile(),
        subject=Subject(repository="pay", tree="t"),
        python=None,
        tools={},
        settings={},
        scratch="/scratch",
    )


def test_collector_joins_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that calls a helper of another file, or takes a fixture that asserts, asserts."""
    monkeypatch.chdir(tmp_path)
    for name, text in {
        "conftest.py": "@fixture\ndef settled():\n    yield 1\n    assert done()\n",
        "tests/support.py": "def agrees(x):\n    assert x\n",
        "tests/test_a.py": "def test_a(settled): ...\ndef test_b():\n    agrees(1)\ndef test_c():\n    f()\n",
    }.items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(text)
    about = project("src/a.py", "conftest.py", "tests/support.py", "tests/test_a.py")
    plan = python_tests.plan(about)
    assert isinstance(plan, Plan)
    paths = json.loads(plan.stdin)["paths"]
    printed = json.dumps(scan({"test_assertions": examine}, paths)).encode()
    run = ToolRun(plan=plan, version="", exit_status=0, stdout=printed, stderr=b"", outputs={}, duration_s=0)

    (reading,) = python_tests.interpret(run, about)

    assert [item.message for item in reading.body.items.listed] == ["test_c asserts nothing"]
    assert reading.body.facts()["test_assertions.tests"].value == 3
    assert reading.body.examination.shortfalls() == ()


def test_collector_without_tests_or_output_says_so() -> None:
    """Without a test there is nothing to read; output that was cut off is an error."""
    about = project("tests/test_a.py")
    plan = python_tests.plan(about)
    assert isinstance(plan, Plan)
    run = ToolRun(plan=plan, version="", exit_status=0, stdout=b'{"files"', stderr=b"", outputs={}, duration_s=0)

    assert isinstance(python_tests.plan(project("src/a.py")), Inapplicable)
    with pytest.raises(EvidenceError):
        python_tests.interpret(run, about)
