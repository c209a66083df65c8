"""What evidence is about, and when it was made: another commit, changed files, an old report, a clock set back."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from little_project import FILES, SETTINGS, Project, committed
from little_reports import cobertura, junit, moment, sarif

LINES = "line-coverage-meets-limit"
TESTS = "every-test-passes"
COMMIT = "evidence-is-about-this-commit"
CLEAN = "working-tree-is-clean"
README = "readme-lets-a-newcomer-start"
GOOD = {"coverage.xml": cobertura()}


def test_evidence_about_this_commit_counts(little: Project) -> None:
    """The same content and the same commit: the report counts."""
    little.take(GOOD)

    judged = little.judge(LINES, COMMIT, CLEAN)

    assert (judged.code, set(judged.statuses.values())) == (0, {"pass"})


def test_evidence_about_other_content_does_not_count(little: Project) -> None:
    """After another commit there is no evidence any more."""
    little.take(GOOD)
    little.commit({"new.txt": "x\n"})

    judged = little.judge(LINES, COMMIT)

    assert judged.code == 3
    assert judged.why(LINES) == "no evidence of kind coverage"


def test_evidence_about_another_commit_of_the_same_content_does_not_count(little: Project) -> None:
    """A commit without changes is another commit: somebody may have said something else about it."""
    little.take(GOOD)
    little.commit()

    judged = little.judge(LINES)

    assert judged.code == 3
    assert "describes commit" in judged.why(LINES)


def test_evidence_may_be_about_another_commit_and_then_counts_there_only(little: Project) -> None:
    """`--commit` files a report where it belongs; the commit that is judged has none."""
    first = little.git("rev-parse", "HEAD")
    little.commit({"new.txt": "x\n"})
    assert little.take(GOOD, "--commit", first).code == 0

    assert little.judge(LINES).code == 3
    little.git("checkout", "--quiet", first)
    assert little.judge(LINES).code == 0


@pytest.mark.parametrize("revision", ["HEAD~5", "no-such-branch", "-x", "--help", "HEAD:README.md", ""])
def test_commit_that_is_none_is_refused(revision: str, little: Project) -> None:
    """Words that name no commit are never options of git."""
    taken = little.take(GOOD, f"--commit={revision}")

    assert (taken.code, "[revision-unknown]" in taken.err) == (2, True)


def test_changed_files_are_another_content(little: Project) -> None:
    """With uncommitted changes the tree is dirty, and what was said before is about something else."""
    little.take(GOOD)
    little.write({"src/little/__init__.py": "x = 1\n"})

    judged = little.judge(LINES, CLEAN)

    assert judged.code == 1
    assert (judged.status(LINES), judged.status(CLEAN)) == ("unknown", "fail")


def test_report_older_than_its_sources_proves_nothing(little: Project) -> None:
    """A report that was written before the newest file changed says nothing about that file."""
    little.write({"reports/coverage.xml": cobertura(), "src/little/__init__.py": "x = 1\n"})
    day_ago = time.time() - 86_400  # noqa: TID251  # files get the system's time too
    os.utime(little.folder / "reports/coverage.xml", (day_ago, day_ago))

    taken = little.run("import", "reports/coverage.xml")

    assert "proves nothing: the report is older than src/little/__init__.py" in taken.out
    judged = little.judge(LINES)
    assert (judged.code, judged.status(LINES)) == (3, "unknown")


def test_old_report_still_fails_what_it_found(little: Project) -> None:
    """What cannot prove anything good can still prove something bad."""
    little.take({"junit.xml": junit('<testcase name="t"><failure message="x"/></testcase>', timestamp=moment(days=9))})

    judged = little.judge(TESTS)

    assert judged.code == 1
    assert "older than" in judged.why(TESTS)


def test_report_that_names_another_revision_proves_nothing(little: Project) -> None:
    """The report itself says which commit it is about, and that is believed."""
    provenance = [{"repositoryUri": "https://example.org/little", "revisionId": "f" * 40}]
    little.take({"a.sarif": sarif(versionControlProvenance=provenance)})

    judged = little.judge("no-severe-weakness-is-open")

    assert judged.code == 3
    assert "names revision ffffffffffff" in judged.why("no-severe-weakness-is-open")


def test_report_from_the_future_does_not_count(little: Project) -> None:
    """Where the clock was set back, what was made later is not yet there."""
    little.take({"junit.xml": junit(timestamp="2999-01-01T00:00:00Z")})

    judged = little.judge(TESTS)

    assert judged.code == 3
    assert "after the decision" in judged.why(TESTS)


def test_file_from_the_future_is_of_now(little: Project) -> None:
    """A file's own time that lies ahead is the fault of a clock, and does not make the report younger than now."""
    little.write({"reports/coverage.xml": cobertura()})
    ahead = time.time() + 86_400  # noqa: TID251  # as above
    os.utime(little.folder / "reports/coverage.xml", (ahead, ahead))
    little.run("import", "reports/coverage.xml")

    assert little.judge(LINES).code == 0


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--no-collect", "--at", "2020-01-01"), 3, ""),
        (("--at", "2020-01-01"), 3, ""),
        (("--at", "2999-01-01"), 2, "at-future"),
        (("--no-collect", "--at", "tomorrow"), 2, "is no time"),
        (("--no-collect", "--at", "9999-12-31T23:59:59-12:00"), 2, "years 1970 to 2999"),
        (("--no-collect", "--at", "0001-01-01T00:00:00+14:00"), 2, "years 1970 to 2999"),
    ],
)
def test_moment_decides_what_was_known(options: tuple[str, ...], code: int, said: str, little: Project) -> None:
    """As of a past moment today's evidence is not there; a future one needs stored evidence; others are refused."""
    little.take(GOOD)

    judged = little.judge(LINES, README, options=options)

    assert judged.code == code
    assert said in judged.err


def no_git(folder: Path) -> Project:
    """Make a plain folder."""
    project = Project(folder)
    project.write(FILES)
    return project


def unborn(folder: Path) -> Project:
    """Make a repository without a commit."""
    project = no_git(folder)
    project.git("init", "--quiet", "--template=")
    return project


def detached(folder: Path) -> Project:
    """Make a repository whose HEAD is on no branch."""
    project = committed(folder)
    project.git("checkout", "--quiet", "--detach")
    return project


def shallow(folder: Path) -> Project:
    """Make a clone that has the newest commit only."""
    origin = committed(folder.with_name("origin"))
    origin.commit({"new.txt": "x\n"})
    origin.git("clone", "--quiet", "--depth=1", f"file://{origin.folder}", str(folder))
    return Project(folder)


def worktree(folder: Path) -> Project:
    """Make a second working tree of a repository."""
    origin = committed(folder.with_name("origin"))
    origin.git("worktree", "add", "--quiet", str(folder))
    return Project(folder)


def submodule(folder: Path) -> Project:
    """Make a repository that holds another one."""
    inner = committed(folder.with_name("inner"), {"a.py": "x = 1\n"})
    project = committed(folder)
    project.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner.folder), "vendor/inner")
    project.commit()
    return project


def below_the_top(folder: Path) -> Project:
    """Make a project in a folder of a repository."""
    top = committed(folder)
    top.commit({f"svc/{name}": content for name, content in FILES.items()})
    return Project(folder / "svc")


STATES: dict[str, tuple[Callable[[Path], Project], str, str]] = {
    "no git at all": (no_git, "unknown", "unknown"),
    "no commit yet": (unborn, "unknown", "unknown"),
    "a detached HEAD": (detached, "pass", "pass"),
    "a shallow clone": (shallow, "pass", "pass"),
    "a second working tree": (worktree, "pass", "pass"),
    "a submodule": (submodule, "pass", "pass"),
    "a folder of a repository": (below_the_top, "pass", "pass"),
}


@pytest.mark.parametrize(("make", "commit", "clean"), STATES.values(), ids=STATES)
def test_state_of_the_repository_is_named(
    make: Callable[[Path], Project], commit: str, clean: str, tmp_path: Path
) -> None:
    """In each state evidence is bound to the content; without a commit nobody can say what changed."""
    project = make(tmp_path / "project")
    assert project.take(GOOD).code == 0

    judged = project.judge(LINES, COMMIT, CLEAN)

    assert judged.statuses == {LINES: "pass", COMMIT: commit, CLEAN: clean}
    assert judged.code == (0 if commit == "pass" else 3)


def changed_submodule(folder: Path) -> Project:
    """Make a repository that holds another one with changes that no commit names."""
    project = submodule(folder)
    project.write({"vendor/inner/a.py": "x = 2\n"})
    return project


def empty(folder: Path) -> Project:
    """Make a repository without a file."""
    project = Project(folder)
    folder.mkdir()
    project.git("init", "--quiet", "--template=")
    return project


def everything_ignored(folder: Path) -> Project:
    """Make a repository that ignores all."""
    project = unborn(folder)
    project.write({".gitignore": "*\n"})
    return project


def without_objects(folder: Path) -> Project:
    """Make a repository whose objects are gone."""
    project = committed(folder)
    shutil.rmtree(folder / ".git/objects")
    return project


def broken_index(folder: Path) -> Project:
    """Make a repository whose index is cut short."""
    project = committed(folder)
    (folder / ".git/index").write_bytes(b"DIRC")
    return project


def led_astray(folder: Path) -> Project:
    """Make a folder whose repository is said to be elsewhere, where it is not."""
    project = no_git(folder)
    project.write({".git": "gitdir: /nowhere\n"})
    return project


def tracked_store(folder: Path) -> Project:
    """Make a repository that tracks the evidence store."""
    project = committed(folder)
    project.write({".standfast/README": "x\n"})
    project.git("add", "--force", ".standfast")
    return project


def named_in_latin_1(folder: Path) -> Project:
    """Make a repository with a file whose name is no text."""
    project = committed(folder)
    (folder / os.fsdecode(b"caf\xe9.py")).write_text("x = 1\n")
    return project


WRONG: dict[str, tuple[Callable[[Path], Project], str]] = {
    "a changed submodule": (changed_submodule, "submodule-changed"),
    "an empty repository": (empty, "settings-missing"),
    "everything is ignored": (everything_ignored, "subject-empty"),
    "objects are gone": (without_objects, "git-refused"),
    "the index is cut short": (broken_index, "git-refused"),
    "the repository is elsewhere": (led_astray, "git-refused"),
    "the store is tracked": (tracked_store, "store-tracked"),
    "a name that is no text": (named_in_latin_1, "subject-name"),
}


@pytest.mark.parametrize(("make", "code"), WRONG.values(), ids=WRONG)
def test_state_that_cannot_be_named_is_an_error(make: Callable[[Path], Project], code: str, tmp_path: Path) -> None:
    """Nothing is guessed: the error says what stands in the way, and nothing is decided."""
    judged = make(tmp_path / "project").judge(LINES)

    assert (judged.code, f"[{code}]" in judged.err) == (2, True), judged.err
    assert judged.verdict == {}


@pytest.mark.parametrize(
    ("make", "base", "code"),
    [
        (no_git, "HEAD", "base-without-git"),
        (unborn, "main", "revision-unknown"),
        (shallow, "HEAD~1", "revision-unknown"),
        (detached, "--output=/tmp/x", "revision-unknown"),
    ],
)
def test_base_that_is_none_is_an_error(make: Callable[[Path], Project], base: str, code: str, tmp_path: Path) -> None:
    """What cannot be compared with is never silently left out of the comparison."""
    judged = make(tmp_path / "project").judge(LINES, options=("--no-collect", f"--base={base}"))

    assert (judged.code, f"[{code}]" in judged.err) == (2, True), judged.err


HOSTILE_NAMES = [
    "new\nline.py",
    "-rf.py",
    "--help",
    "sp ace.py",
    "caf\u00e9.py",
    "$(touch owned).py",
    "`touch owned`.py",
]
HOSTILE_NAMES += [
    "a;touch owned;.py",
    "'quo\"tes.py",
    "\u202egnp.py",
    "\x1b[2J.py",
    "back\\slash.py",
    "*.py",
    "[x].toml",
]
SCANS = ("no-card-number-is-in-a-file", "errors-are-not-swallowed", "document-links-lead-somewhere", README)


def test_names_of_files_are_never_words_of_a_command(tmp_path: Path) -> None:
    """Files of every name are examined, none of them becomes an option, a command or a second line of the answer."""
    swallowing = "def f():\n    try:\n        return 1\n    except Exception:\n        pass\n"
    project = committed(tmp_path / "project", {**FILES, **dict.fromkeys(HOSTILE_NAMES, swallowing)})

    judged = project.judge(*SCANS, options=())
    shown = project.run("gate", "--no-collect", *SCANS)

    assert judged.status("errors-are-not-swallowed") == "fail"
    assert judged.status("no-card-number-is-in-a-file") == "pass"
    assert not list(project.folder.glob("owned"))
    assert ("\x1b" in shown.out, "\u202e" in shown.out, shown.code) == (False, False, judged.code)


def test_what_is_no_source_file_stops_no_scan(tmp_path: Path) -> None:
    """Pipes, links that lead out, nowhere or to themselves, bytes that are no text: each is passed by or named."""
    project = committed(tmp_path / "project")
    os.mkfifo(project.folder / "pipe.py")
    for name, target in (("loop.py", "loop.py"), ("out.py", "/etc/passwd"), ("nowhere.py", "x"), ("up", "..")):
        (project.folder / name).symlink_to(target)
    project.commit({"src/nul.py": b"x = 1\0\n", "src/latin.py": b"# \xe9\n", "src/deep.py": "x = " + "(" * 5000 + "\n"})

    judged = project.judge(*SCANS, options=())

    assert judged.status("no-card-number-is-in-a-file") == "unknown"
    assert judged.status("errors-are-not-swallowed") == "unknown"
    assert "is not a regular file" in judged.why("errors-are-not-swallowed")
    assert judged.code != 0


def test_file_that_may_not_be_read_is_never_clean(tmp_path: Path) -> None:
    """Where a source may not be read nothing passes on it: it is an error, or named as not examined."""
    project = committed(tmp_path / "project")
    project.commit({"src/secret.py": "x = 1\n"})
    (project.folder / "src/secret.py").chmod(0)
    allowed = os.access(project.folder / "src/secret.py", os.R_OK)  # whoever runs the tests as root may read all

    judged = project.judge("errors-are-not-swallowed", options=())

    assert (judged.code == 0) is allowed


ENDLESS = {
    "brackets": "[" * 60_000,
    "numbers": "x = [" + "1, " * 300_000 + "]\n",
    "rows": "x = 1\n" * 100_000,
    "a sum": "x = " + "+".join("1" * 50_000) + "\n",
}


@pytest.mark.parametrize("text", ENDLESS.values(), ids=ENDLESS)
def test_endless_source_takes_bounded_time(text: str, tmp_path: Path) -> None:
    """Generated data in a source file is examined, or named as not examined, within a minute."""
    project = committed(tmp_path / "project", {**FILES, "src/data.py": text})

    judged = project.judge("little-code-is-duplicated", "errors-are-not-swallowed", options=())

    assert set(judged.statuses.values()) <= {"pass", "fail", "unknown", "warn"}


def test_file_that_changes_while_tools_run_makes_evidence_void(little: Project) -> None:
    """A report about content that was not the same throughout is about nothing."""
    little.write({".venv/pyvenv.cfg": "version = 3.11\n", ".gitignore": ".standfast/\nreports/\n.venv/\n"})
    ruff = little.folder / ".venv/bin/ruff"
    little.write({".venv/bin/ruff": "#!/bin/sh\necho changed >> README.md\necho '[]'\n"})
    ruff.chmod(0o755)
    (ruff.parent / "python").symlink_to("/bin/sh")

    judged = little.judge("no-lint-error-is-open", options=())

    assert judged.code == 3
    assert "changed while it was examined (README.md)" in judged.why("no-lint-error-is-open")


def test_settings_of_another_project_above_are_not_taken_by_chance(tmp_path: Path) -> None:
    """The nearest settings upwards decide, and the answer says which folder it judged."""
    outer = committed(tmp_path / "outer")
    inner = outer.folder / "inner"
    inner.mkdir()
    (inner / "standfast.toml").write_text(SETTINGS.replace("little", "inner"))
    (inner / "a.py").write_text("x = 1\n")
    subprocess.run(["git", "init", "--quiet", "--template=", str(inner)], check=True)

    judged = Project(inner).judge(LINES)

    assert judged.verdict["subject"]["repository"] == "inner"
