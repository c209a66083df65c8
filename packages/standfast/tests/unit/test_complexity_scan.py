"""The McCabe number and the size of functions, as our own scan counts them."""

import json
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from standfast.evidence.complexity.scan import examine
from standfast.evidence.source.syntax import Source

NUMBERS = [
    ("pass", 1),
    ("if a: pass", 2),
    ("if a: pass\nelif b: pass\nelse: pass", 3),
    ("for x in y: pass", 2),
    ("for x in y: pass\nelse: pass", 3),
    ("while a: pass", 2),
    ("return a and b and c", 3),
    ("return a if b else c", 2),
    ("assert a", 2),
    ("try: pass\nexcept A: pass\nexcept B: pass\nelse: pass\nfinally: pass", 4),
    ("return [x for x in y if x if not x]", 4),
    ("match a:\n    case 1: pass\n    case _: pass", 2),
    ("match a:\n    case 1: pass\n    case 2: pass", 3),
    ("with a: pass", 1),
    ("def inner():\n    if a: pass\nreturn inner", 1),
]


@pytest.mark.parametrize(("body", "number"), NUMBERS)
def test_number_counts_each_branch_once(body: str, number: int) -> None:
    """A function's number is one and its branches; those of a function inside it are its own."""
    source = Source("a.py", ("def f():\n" + textwrap.indent(body, "    ")).encode())

    found = {row["name"]: row["complexity"] for row in examine(source)["functions"]}

    assert found["f"] == number


def test_docstring_does_not_lengthen_a_function() -> None:
    """The lines of a function are its signature and body, its docstring left out."""
    source = Source(
        "a.py",
        b'class C:\n  def f(\n    self,\n  ):\n    """One.\n\n    Two.\n    """\n    return 1\n',
    )

    (row,) = examine(source)["functions"]

    assert (row["name"], row["line"], row["lines"]) == ("C.f", 2, 4)


def test_file_too_new_for_our_interpreter_is_given_to_the_projects(tmp_path: Path) -> None:
    """What our own Python cannot parse is scanned again by the project's, and what neither can stays an error."""
    (tmp_path / "a.py").write_text("def f(): pass\n")
    (tmp_path / "b.py").write_text("def f(:\n")
    stand_in = tmp_path / "python"
    stand_in.write_text(f'#!/bin/sh\necho "def g(): pass" > b.py\nexec {sys.executable} "$@"\n')
    stand_in.chmod(0o755)

    ended = subprocess.run(
        [sys.executable, "-m", "standfast.evidence.complexity.scan"],
        input=json.dumps({"paths": ["a.py", "b.py", "c.py"], "python": str(stand_in)}),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )

    printed = json.loads(ended.stdout)
    names = [row["name"] for module in printed["found"]["complexity"] for row in module["functions"]]
    assert names == ["f", "g"]
    assert [error["path"] for error in printed["errors"]] == ["c.py"]
