"""Facts about how the commits of a change are read from git."""

import os
import subprocess
from pathlib import Path

import pytest

from standfast.evidence.changed_lines.collectors import git_diff
from standfast.evidence.changed_lines.schema import ChangedLines
from standfast.evidence.changes.collectors import git_log
from standfast.evidence.changes.log import FIELDS, read_changes
from standfast.evidence.changes.schema import Changes
from standfast.evidence.contract import Inapplicable, Plan, Project, ToolRun
from standfast.evidence.reviews.schema import Level, Reviews
from standfast.evidence.tool_configuration.collectors import against_base
from standfast.model import EvidenceError, Profile, Subject

AUTHOR = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@x", "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@x"}
QUIET = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "PATH": os.environ["PATH"]}
MESSAGE = """Add the second half

Change-Session: S-4
Reviewed-by: Bea <bea@x>
Co-authored-by: Cy <cy@x>
"""
SIGNED = """tree {tree}
parent {parent}
author A <a@x> 1795496176 +0100
committer A <a@x> 1795496176 +0000
gpgsig -----BEGIN PGP SIGNATURE-----
 x
 -----END PGP SIGNATURE-----

Sign it
"""


def git(folder: Path, *arguments: str, stdin: str = "") -> str:
    """Return what git says."""
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env={**QUIET, **AUTHOR},
        input=stdin,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.fixture
def history(tmp_path: Path) -> tuple[Path, str, str]:
    """A repository with a mailmap, a base, a commit with trailers and a signed one; gives its path, base and head."""
    git(tmp_path, "init", "-q")
    (tmp_path / ".mailmap").write_text("Ana Ruiz <ana@corp> A <a@x>\n")
    (tmp_path / "readme.md").write_text("one\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "base")
    base = git(tmp_path, "rev-parse", "HEAD")
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "grüße\tb.py").write_text("a\nb\n")
    (tmp_path / "test_b.py").write_text("c\n")
    (tmp_path / "x.bin").write_bytes(b"\0\1")
    git(tmp_path, "mv", "readme.md", "README.md")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qF", "-", stdin=MESSAGE)
    tree, parent = git(tmp_path, "rev-parse", "HEAD^{tree}", "HEAD").split()
    head = git(tmp_path, "hash-object", "-t", "commit", "-w", "--stdin", stdin=SIGNED.format(tree=tree, parent=parent))
    git(tmp_path, "update-ref", "HEAD", head)
    return tmp_path, base, head


def project(root: Path, base: str | None, head: str | None) -> Project:
    """Return the project at *root*."""
    return Project(
        root=str(root),
        files=(),
        profile=Profile(),
        subject=Subject(repository="r", tree="t", commit=head),
        python=None,
        tools={},
        settings={},
        scratch="",
        base=base,
    )


def execute(plan: Plan, root: Path) -> ToolRun:
    """Return what the commands of *plan* print in *root*; one that runs before and fails leaves its name out."""

    def run(argv: tuple[str, ...], *, check: bool) -> subprocess.CompletedProcess[bytes]:
        environment = {**QUIET, **plan.environment}
        return subprocess.run(list(argv), cwd=root, env=environment, capture_output=True, check=check)

    before = {name: run(argv, check=False) for name, argv in plan.before.items()}
    return ToolRun(
        plan=plan,
        version="2",
        exit_status=0,
        stdout=run(plan.argv, check=True).stdout,
        stderr=b"",
        outputs={name: done.stdout for name, done in before.items() if done.returncode == 0},
        duration_s=0.1,
    )


def test_the_commits_of_a_real_repository_are_read(history: tuple[Path, str, str]) -> None:
    """Authors under each name, co-authors, trailers, files of any name and signatures come out of git."""
    root, base, head = history
    about = project(root, base, head)
    plan = git_log.plan(about)
    assert isinstance(plan, Plan)

    changes, reviews = (reading.body for reading in git_log.interpret(execute(plan, root), about))

    assert isinstance(changes, Changes)
    signed, second = changes.commits
    assert (signed.signed, second.signed, changes.signed_count) == (True, False, 1)
    assert [str(author) for author in changes.authors] == ["Ana Ruiz", "A", "Cy"]
    assert second.values("change-session") == ("S-4",)
    assert (second.subject, signed.parents) == ("Add the second half", (second.id,))
    assert changes.sources == ("src/grüße\tb.py",)
    assert changes.tests == ("test_b.py",)
    assert set(changes.documents) == {"README.md", "readme.md"}
    assert {file.path: file.added for file in second.files}["x.bin"] is None
    assert changes.examination.shortfalls() == ()
    assert isinstance(reviews, Reviews)
    assert (reviews.level, [str(item.by) for item in reviews.independent_approvals()]) == (Level.TRAILER, ["Bea"])


def test_project_in_a_folder_is_compared_with_its_own_files(tmp_path: Path) -> None:
    """In a repository of many projects each has its own settings, and paths are told from its own folder."""
    git(tmp_path, "init", "-q")
    for folder in (tmp_path, tmp_path / "svc"):
        folder.mkdir(exist_ok=True)
        (folder / "ruff.toml").write_text('[lint]\nselect = ["E", "S"]\n' if folder == tmp_path else "")
        (folder / "a.py").write_text("x = 1\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "base")
    base = git(tmp_path, "rev-parse", "HEAD")
    (tmp_path / "svc" / "a.py").write_text("x = 1\ny = 2\n")
    (tmp_path / "other.py").write_text("z = 3\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "change")
    about = project(tmp_path / "svc", base, git(tmp_path, "rev-parse", "HEAD"))
    read = {}
    for collector in (git_log, git_diff, against_base):
        plan = collector.plan(about)
        assert isinstance(plan, Plan)
        for reading in collector.interpret(execute(plan, Path(about.root)), about):
            read[reading.body.KIND] = reading.body

    changes, lines, configuration = read["changes"], read["changed_lines"], read["tool_configuration"]
    assert isinstance(changes, Changes)
    assert isinstance(lines, ChangedLines)
    assert changes.sources == ("a.py",)
    assert [file.path for file in lines.files] == ["a.py"]
    assert configuration.items.total == 0


def test_without_a_base_there_is_no_change() -> None:
    """A project whose base is not known, or that is not in git, has no change to read."""
    assert isinstance(git_log.plan(project(Path(), None, "a" * 40)), Inapplicable)
    assert isinstance(git_log.plan(project(Path(), "b" * 40, None)), Inapplicable)


def record(*, head: str = "a" * 40, email: str = "a@x", files: str = "\0\n1\t0\tsrc/a.py\0") -> bytes:
    """Return the log of one commit."""
    author = ("A", email, "A", email, "2026-01-01T00:00:00+01:00")
    fields = (head, "", *author, "A", "a@x", "2026-01-01T00:00:00Z", "", "subject")
    assert len(fields) == len(FIELDS)
    return ("\x1e" + "\x1f".join(fields) + "\x1f" + files).encode()


def changes(log: bytes, raw: bytes | None = b"", *, shallow: bool = False) -> Changes:
    """Return the change that the log tells."""
    return read_changes(log, raw, base="b" * 40, head="a" * 40, shallow=shallow)


def test_every_spelling_of_an_author_counts() -> None:
    """One name with two addresses is written down twice: who approves may go by either."""
    log = record() + record(head="c" * 40, email="other@y")

    assert [author.email for author in changes(log).authors] == ["a@x", "other@y"]


def test_an_empty_range_examines_nothing() -> None:
    """No commits is not a change without faults: nothing was examined."""
    assert changes(b"").examination.shortfalls() == ("no commits were examined",)


def test_a_history_that_is_cut_off_proves_nothing() -> None:
    """A shallow clone and a missing raw log are said, so that nothing passes on them."""
    assert changes(record(), shallow=True).examination.errors == 1
    assert changes(record(), None).examination.errors == 1


BROKEN = {
    "noise before it": b"hello" + record(),
    "a field too many": record().replace(b"subject", b"sub\x1fject"),
    "a time that is none": record().replace(b"2026-01-01T00:00:00Z", b"yesterday"),
    "lines that are no number": record(files="\0\nx\t0\tsrc/a.py\0"),
    "a file without a path": record(files="\0\n1\t0\0"),
}


@pytest.mark.parametrize("log", BROKEN.values(), ids=BROKEN.keys())
def test_a_log_in_another_form_is_refused(log: bytes) -> None:
    """What does not look like the log that was asked for is an error, not a smaller change."""
    with pytest.raises(EvidenceError):
        changes(log)
