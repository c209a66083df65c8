"""What a commit did to a Python file, by its syntax tree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.evidence.tdd_cycles.changes import Change, Chosen, FileChange, is_code
from standfast.evidence.tdd_cycles.python_changes import (
    added_public_names,
    added_words,
    behaves_alike,
    changed_tests,
    parsed,
)

TABLE = """
CASES = [1]

def helper(x):
    return x

def test_a():
    assert helper(CASES)

def test_b():
    pass
"""
CLASS = (
    "class TestA:\n    size = 1\n\n    def test_x(self):\n        assert self\n\n    def test_y(self):\n        pass\n"
)

CHANGED = {
    "nothing": (TABLE, TABLE, set()),
    "layout": (TABLE, TABLE.replace("\n\n", "\n\n# a word\n\n"), set()),
    "new": (TABLE, f"{TABLE}\n\ndef test_c():\n    pass\n", {"test_c"}),
    "its own code": (TABLE, TABLE.replace("    pass", "    assert 1"), {"test_b"}),
    "its cases": (TABLE, TABLE.replace("[1]", "[1, 2]"), {"test_a"}),
    "its helper": (TABLE, TABLE.replace("return x", "return not x"), {"test_a"}),
    "gone": (TABLE, TABLE.partition("def test_b")[0], set()),
    "new file": ("", TABLE, {"test_a", "test_b"}),
    "a method": (CLASS, CLASS.replace("        pass", "        assert 1"), {"TestA::test_y"}),
    "the class": (CLASS, CLASS.replace("size = 1", "size = 2"), {"TestA::test_x", "TestA::test_y"}),
    "an import": (f"import os\n{TABLE}", f"import sys as helper\n{TABLE}", {"test_a"}),
    "a fixture by its name": (
        "def n(): return 1\ndef test_n(n): ...",
        "def n(): return 2\ndef test_n(n): ...",
        {"test_n"},
    ),
    "asynchronous": ("", "async def test_z():\n    pass\n", {"test_z"}),
    "no test": ("", "test = 1\ntest_value = 2\n", set()),
}


@pytest.mark.parametrize(("before", "after", "expected"), CHANGED.values(), ids=list(CHANGED))
def test_tests_that_are_other_than_before(before: str, after: str, expected: set[str]) -> None:
    """A test is other where its code is, or anything in its file that it uses."""
    assert set(changed_tests(before.encode(), after.encode()) or ()) == expected


def test_nobody_can_tell_of_what_is_no_python() -> None:
    """A file that cannot be parsed is not taken for one without changes."""
    assert changed_tests(b"def (", TABLE.encode()) is None
    assert changed_tests(TABLE.encode(), b"def (") is None
    assert not behaves_alike(b"def (", b"def (:")
    assert behaves_alike(b"def (", b"def (")
    assert added_words(b"def (", b"x") == frozenset()
    assert added_public_names(b"def (", b"x") == ()


ALIKE = [
    ("x = 1", "x  =  1  # one", True),
    ('def f():\n    """A."""\n    return 1', "def f():\n    return 1", True),
    ('class A:\n    """A."""', 'class A:\n    """B."""', True),
    ("def f():\n    return 1", "def f():\n    return 2", False),
    ("def f(x): ...", "def f(x: int): ...", False),
    ("x = 'a'", "x = 'b'", False),
]


@pytest.mark.parametrize(("before", "after", "alike"), ALIKE)
def test_comments_layout_and_docstrings_do_not_run(before: str, after: str, *, alike: bool) -> None:
    """Everything else may: annotations are read by many libraries."""
    assert behaves_alike(before.encode(), after.encode()) is alike


def test_words_are_names_and_short_strings() -> None:
    """What an error could name is among them; prose is not."""
    words = added_words(b"def f(a): return a", f"def f(a, b=1): return g(k=a.m)['key']; '{'x' * 200}'".encode())

    assert words == {"b", "g", "k", "m", "key"}


def test_public_names_are_what_others_may_call() -> None:
    """A leading underscore anywhere on the way makes a name private."""
    after = (
        b"def f(): ...\ndef _g(): ...\nclass A:\n  def m(self): ...\n  def _n(self): ...\nclass _B:\n  def m(self): ..."
    )

    assert added_public_names(b"def f(): ...", after) == ("A", "A::m")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("src/shop/money.py", True),
        ("shop/schema.sql", True),
        ("docs/conf.py", False),
        ("src/shop/README.md", False),
        (".github/workflows/ci.yml", False),
        ("pyproject.toml", False),
        ("tests/test_a.py", False),
        ("examples/shop/a.py", False),
    ],
)
def test_code_is_what_runs_in_operation(path: str, *, expected: bool) -> None:
    """Prose, settings at the top, examples and tests are not code of the product."""
    assert is_code(path) is expected


def test_chosen_tests_are_known_by_file_and_name() -> None:
    """A parametrised case belongs to its function, a class to its file; a file stands for all that is in it."""
    chosen = Chosen({"tests/test_a.py": frozenset({"test_a", "TestB::test_c"}), "tests/test_d.py": None})

    inside = [
        "tests/test_a.py::test_a[1-x]",
        "tests/test_a.py::TestB::test_c",
        "tests/test_a.py",
        "tests/test_d.py::any",
    ]
    outside = ["tests/test_a.py::test_b", "tests/test_e.py::test_a", "tests/test_a.py::TestB::test_d"]
    assert all(test in chosen for test in inside)
    assert not any(test in chosen for test in outside)
    assert "anything" in Chosen({}, everything=True)
    assert Chosen({}, everything=True).targets is None


def test_cases_in_files_may_mean_any_test() -> None:
    """Who changes a file that tests read, and no test, changes what some test does."""
    data = FileChange(path="tests/cases/a.json", before=b"1", after=b"2")
    change = Change(commit="c", subject="s", before="b", after="a", mixed="m", files=(data,))

    assert change.tests.everything
    assert change.touches_tests


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing that a file may hold makes the reading fail."""
    source = text.encode("utf-8", "surrogatepass")
    if parsed(source) is None:
        assert changed_tests(b"", source) is None
    else:
        assert changed_tests(source, source) == frozenset()
        assert behaves_alike(source, source)
