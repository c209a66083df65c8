"""Error handling found in the syntax tree, and changed lines found in a diff."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from standfast.evidence.changed_lines.collectors import git_diff
from standfast.evidence.changed_lines.diff import parse_diff
from standfast.evidence.code_paths import scan
from standfast.evidence.code_paths.collectors import scan as collector
from standfast.evidence.contract import Inapplicable, Plan, Project, ToolRun, TrackedFile
from standfast.model import EvidenceError, Profile, Subject

SOURCE = '''"""Text."""
import os

def read(path):
    try:
        return os.stat(path)
    except FileNotFoundError:
        log(
            path,
        )
        if path:
            return None
    except* OSError as error:
        raise RuntimeError from error
    finally:
        done()
'''


def test_lines_of_except_bodies_and_raises_are_found() -> None:
    """Each statement of an except body counts by its first line, and so does each raise."""
    source = SOURCE.replace("except*", "except")

    assert scan.handling_lines(ast.parse(source)) == {8, 11, 12, 14}


def test_docstrings_are_no_statements() -> None:
    """A file with nothing but text has nothing that could run."""
    assert scan.describe(b'"""Only text."""\n') == {"statements": 0, "handling": []}


def project(root: Path, *paths: str, base: str | None = None) -> Project:
    """Return a project at *root* that tracks *paths*."""
    return Project(
        root=str(root),
        files=tuple(TrackedFile(path, "0", 1) for path in paths),
        profile=Profile(),
        subject=Subject(repository="r", tree="1" * 40, commit="2" * 40),
        python=None,
        tools={},
        settings={},
        scratch=str(root),
        base=base,
    )


def run(plan: Plan, root: Path) -> ToolRun:
    """Run *plan* as the runner would, for tools that need nothing else."""
    done = subprocess.run(plan.argv, cwd=root, input=plan.stdin, capture_output=True, check=False)
    return ToolRun(
        plan=plan,
        version="1",
        exit_status=done.returncode,
        stdout=done.stdout,
        stderr=done.stderr,
        outputs={},
        duration_s=0.1,
    )


def test_scanner_reads_the_files_of_the_product(tmp_path: Path) -> None:
    """The scanner describes each file it is given and reports those that it cannot parse."""
    (tmp_path / "a.py").write_text("try:\n    x = 1\nexcept ValueError:\n    x = 2\n")
    (tmp_path / "broken.py").write_text("def (\n")
    (tmp_path / "test_a.py").write_text("raise SystemExit\n")
    place = project(tmp_path, "a.py", "broken.py", "test_a.py")

    plan = collector.plan(place)
    assert isinstance(plan, Plan)
    (reading,) = collector.interpret(run(plan, tmp_path), place)

    assert [(file.path, file.handling) for file in reading.body.files] == [("a.py", "4")]  # type: ignore[attr-defined]  # the body is CodePaths
    assert reading.body.examination.shortfalls()[-1].startswith(
        "1 errors while examining files (broken.py: SyntaxError"
    )


def test_scanner_has_nothing_to_do_without_python(tmp_path: Path) -> None:
    """A project without Python code of its own gets no empty evidence."""
    assert isinstance(collector.plan(project(tmp_path, "main.go", "tests/test_a.py")), Inapplicable)


def test_scanner_output_is_checked(tmp_path: Path) -> None:
    """Output that is cut short is refused."""
    place = project(tmp_path, "a.py")
    plan = collector.plan(place)
    assert isinstance(plan, Plan)
    cut = ToolRun(plan=plan, version="1", exit_status=0, stdout=b'{"files": [', stderr=b"", outputs={}, duration_s=0.1)

    with pytest.raises(EvidenceError):
        collector.interpret(cut, place)


DIFF = b"""diff --git a/src/a.py b/src/a.py
index 1..2 100644
--- a/src/a.py
+++ b/src/a.py
@@ -1 +1,2 @@ def f():
-old
+new
+++ b/not/a/header.py
@@ -9,2 +9,0 @@
-gone
---- a/not/a/header.py
diff --git a/tests/test_a.py b/tests/test_b.py
similarity index 90%
rename from tests/test_a.py
rename to tests/test_b.py
--- a/tests/test_a.py
+++ b/tests/test_b.py
@@ -3,2 +3 @@
-def test_one():
-async def test_two(x):
+def test_one_renamed():
\\ No newline at end of file
diff --git a/old.py b/old.py
deleted file mode 100644
--- a/old.py
+++ /dev/null
@@ -1 +0,0 @@
-x
diff --git a/logo.png b/logo.png
Binary files a/logo.png and b/logo.png differ
diff --git "a/caf\\303\\251.py" "b/caf\\303\\251.py"
new file mode 100644
--- /dev/null
+++ "b/caf\\303\\251.py"
@@ -0,0 +1 @@
+x
"""


def test_diff_gives_the_new_lines_of_each_file() -> None:
    """New lines are numbered as in the new state; lines that look like headers are lines."""
    found = {file.path: file.lines for file in parse_diff(DIFF)}

    assert found == {"src/a.py": [1, 2], "tests/test_b.py": [3], "old.py": [], "café.py": [1]}


def test_diff_tells_which_tests_are_gone() -> None:
    """The names of tests whose first line was removed or added are told."""
    (tests,) = (file for file in parse_diff(DIFF) if file.path == "tests/test_b.py")

    assert (tests.removed_tests, tests.added_tests) == (["test_one", "test_two"], ["test_one_renamed"])


def test_diff_that_is_cut_is_refused() -> None:
    """A hunk with fewer lines than it announces is refused."""
    with pytest.raises(EvidenceError, match="within a hunk"):
        parse_diff(DIFF[: DIFF.index(b"+++ b/not")])


def test_moved_test_is_not_removed() -> None:
    """A test that is gone from one file and new in another is still there."""
    moved = (
        b"diff --git a/tests/test_a.py b/tests/test_a.py\n--- a/tests/test_a.py\n+++ b/tests/test_a.py\n"
        b"@@ -1 +0,0 @@\n-def test_one():\n"
        b"diff --git a/tests/test_b.py b/tests/test_b.py\n--- a/tests/test_b.py\n+++ b/tests/test_b.py\n"
        b"@@ -0,0 +1 @@\n+def test_one():\n"
    )
    plan = Plan(argv=("git",))
    ran = ToolRun(plan=plan, version="2", exit_status=0, stdout=moved, stderr=b"", outputs={}, duration_s=0.1)

    (reading,) = git_diff.interpret(ran, project(Path("/nowhere"), base="3" * 40))

    assert reading.body.removed_tests.total == 0  # type: ignore[attr-defined]  # the body is ChangedLines


def test_difference_needs_a_base(tmp_path: Path) -> None:
    """Without a base commit there is nothing to compare with, and the reason says what to do."""
    refused = git_diff.plan(project(tmp_path, "a.py"))

    assert isinstance(refused, Inapplicable)
    assert "--base" in refused.reason


def test_scanner_runs_alone(tmp_path: Path) -> None:
    """The scanner is one file that needs nothing of ours, so that the project's interpreter can run it."""
    (tmp_path / "a.py").write_text("raise ValueError\n")

    done = subprocess.run(
        [sys.executable, "-I", "-S", str(scan.__file__)],
        cwd=tmp_path,
        input=b"a.py\nmissing.py\n",
        capture_output=True,
        check=True,
    )

    told = json.loads(done.stdout)
    assert told["files"] == [{"path": "a.py", "statements": 1, "handling": [1]}]
    assert told["errors"][0]["path"] == "missing.py"
