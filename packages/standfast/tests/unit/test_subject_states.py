"""The subject of a working copy is its content, whatever state git is in."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from fake_tools import git, repository, write

from standfast.app.repository.git import refusal
from standfast.app.repository.subject import subject_of_commit, working_subject
from standfast.model import ConfigurationError


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with one commit."""
    return repository(tmp_path / "project", {"README.md": "hello\n"})


def paths(root: Path) -> list[str]:
    """Return the paths of the working copy."""
    return [file.path for file in working_subject(root).files]


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Return content and time of every file below *folder*; of git's objects the content only."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path): (path.read_bytes(), 0 if "objects" in path.parts else path.stat().st_mtime_ns) for path in files}


def test_clean_copy_is_its_commit(root: Path) -> None:
    """Without changes the tree is that of the commit, and every file carries its blob id."""
    copy = working_subject(root)

    assert copy.subject.commit == git(root, "rev-parse", "HEAD")
    assert copy.subject.tree == git(root, "rev-parse", "HEAD^{tree}")
    assert not copy.subject.dirty
    blobs = {file.path: (file.blob, file.size) for file in copy.files}
    assert blobs["README.md"] == (git(root, "rev-parse", "HEAD:README.md"), 6)


def test_nothing_is_written_to_the_repository(root: Path) -> None:
    """Naming the content leaves index, objects and working files as they were."""
    write(root, {"src/app.py": "x = 22\n", "new.py": "y = 1\n"})
    before = snapshot(root)

    working_subject(root, base="HEAD")

    assert snapshot(root) == before


def test_tree_is_the_one_that_a_commit_of_everything_would_have(root: Path) -> None:
    """Changed, new, deleted and executable files are all part of the content."""
    write(root, {"src/app.py": "x = 2\n", "new/one.py": "", "tool.sh": "#!/bin/sh\n"})
    (root / "README.md").unlink()
    (root / "tool.sh").chmod(0o755)
    (root / "link").symlink_to("/etc/passwd")
    subject = working_subject(root).subject
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "All")

    assert subject.dirty
    assert subject.tree == git(root, "rev-parse", "HEAD^{tree}")
    assert "link" in paths(root)


def test_change_in_the_same_moment_and_of_the_same_size_is_seen(root: Path) -> None:
    """A file that changes right after the commit, and keeps its size and time, is still another content."""
    status = (root / "src/app.py").stat()
    git(root, "add", "--all")
    write(root, {"src/app.py": "x = 9\n"})
    os.utime(root / "src/app.py", ns=(status.st_atime_ns, status.st_mtime_ns))
    os.utime(root / ".git/index", ns=(status.st_atime_ns, status.st_mtime_ns))

    assert working_subject(root).subject.dirty


def test_ignored_files_and_caches_are_no_content(root: Path) -> None:
    """What git ignores and what tools leave behind does not make a copy dirty."""
    write(root, {".standfast/x": "", ".venv/y": "", "src/__pycache__/app.pyc": "", ".mypy_cache/z": ""})

    assert not working_subject(root).subject.dirty


@pytest.mark.parametrize("mark", ["--assume-unchanged", "--skip-worktree"])
def test_marks_in_the_index_hide_nothing(root: Path, mark: str) -> None:
    """A change to a file that git was told to look away from is seen."""
    git(root, "update-index", mark, "src/app.py")
    write(root, {"src/app.py": "x = 'hidden'\n"})

    assert working_subject(root).subject.dirty


def test_sparse_copy_is_not_the_commit(root: Path) -> None:
    """Files that are not there were not looked at."""
    git(root, "sparse-checkout", "set", "--no-cone", "/src/")

    copy = working_subject(root)

    assert copy.subject.dirty
    assert "README.md" not in [file.path for file in copy.files]


def test_folder_within_a_repository_has_its_own_tree(root: Path) -> None:
    """A project below the top is named by its own content; changes elsewhere do not make it dirty."""
    write(root, {"README.md": "changed\n"})

    copy = working_subject(root / "src")

    assert copy.subject.tree == git(root, "rev-parse", "HEAD:src")
    assert not copy.subject.dirty
    assert [file.path for file in copy.files] == ["app.py"]


def test_branch_without_commit_has_content_and_no_commit(tmp_path: Path) -> None:
    """Before the first commit there is something to look at already."""
    git(tmp_path, "init", "--quiet")
    write(tmp_path, {"a.py": ""})

    subject = working_subject(tmp_path).subject

    assert subject.commit is None
    assert subject.dirty


def test_detached_head_is_a_commit_like_any_other(root: Path) -> None:
    """No branch is needed."""
    git(root, "checkout", "--quiet", "--detach")

    assert working_subject(root).subject.commit == git(root, "rev-parse", "HEAD")


def test_worktree_and_separate_git_folder_work(root: Path) -> None:
    """A linked working tree is named by its own index."""
    git(root, "worktree", "add", "--quiet", "../other", "-b", "other")

    assert working_subject(root.parent / "other").subject.tree == git(root, "rev-parse", "HEAD^{tree}")


def test_base_is_where_the_branch_left(root: Path) -> None:
    """The commit to compare with is the merge base, not the tip that moved on."""
    left = git(root, "rev-parse", "HEAD")
    git(root, "checkout", "--quiet", "-b", "feature")
    git(root, "commit", "--quiet", "--allow-empty", "--message", "Mine")
    git(root, "checkout", "--quiet", "main")
    git(root, "commit", "--quiet", "--allow-empty", "--message", "Theirs")
    git(root, "checkout", "--quiet", "feature")

    assert working_subject(root, base="main").base == left


def test_service_and_environment_are_part_of_the_subject(root: Path) -> None:
    """The settings name what is deployed where."""
    subject = working_subject(root, service="payments", environment="production").subject

    assert (subject.service, subject.environment) == ("payments", "production")


@pytest.mark.parametrize(
    ("remote", "name"),
    [
        ("https://ana:secret@example.org/shop/payments.git", "https://example.org/shop/payments.git"),
        ("git@example.org:shop/payments.git", "example.org:shop/payments.git"),
        ("ssh://git@example.org:22/shop.git", "ssh://example.org:22/shop.git"),
        ("", "project"),
    ],
)
def test_repository_is_named_without_user_and_password(root: Path, remote: str, name: str) -> None:
    """A password in the remote's address never reaches a statement."""
    if remote:
        git(root, "remote", "add", "origin", remote)

    assert working_subject(root).subject.repository == name


def test_subject_of_a_commit_is_its_tree(root: Path) -> None:
    """A report made elsewhere for a commit is about that commit's content, not the working copy's."""
    write(root, {"src/app.py": "dirty\n"})

    subject, _ = subject_of_commit(root, "main")

    assert subject.tree == git(root, "rev-parse", "HEAD^{tree}")
    assert not subject.dirty


def test_plain_folder_is_named_by_a_digest_over_its_files(tmp_path: Path) -> None:
    """Without git the content has a digest, files have git's blob ids, and there is no commit."""
    write(tmp_path, {"a.py": "x = 1\n", "node_modules/b.js": "", ".venv/c": ""})
    (tmp_path / "out").symlink_to("/")
    (tmp_path / "queue").unlink(missing_ok=True)
    os.mkfifo(tmp_path / "queue")

    copy = working_subject(tmp_path)
    write(tmp_path, {"a.py": "x = 2\n"})

    assert copy.subject.tree.startswith("sha256:")
    assert copy.subject.commit is None
    assert [file.path for file in copy.files] == ["a.py", "out"]
    assert copy.files[0].blob == "7d4290a117a4ddcc11daae7ea675841033830c8f"
    assert working_subject(tmp_path).subject.tree != copy.subject.tree


def empty(folder: Path) -> Path:
    """Make an empty repository."""
    git(folder, "init", "--quiet")
    return folder


def bare(folder: Path) -> Path:
    """Make a bare repository."""
    git(folder, "init", "--quiet", "--bare", "b.git")
    return folder / "b.git"


def broken(folder: Path) -> Path:
    """Make a repository that git cannot read."""
    repository(folder)
    (folder / ".git/HEAD").write_text("nonsense")
    return folder


def broken_index(folder: Path) -> Path:
    """Make a repository whose index is cut short."""
    repository(folder)
    (folder / ".git/index").write_bytes(b"DIRC")
    return folder


def tracked_store(folder: Path) -> Path:
    """Make a repository that tracks the evidence store."""
    repository(folder)
    write(folder, {".standfast/README": "x"})
    git(folder, "add", "--force", ".standfast")
    return folder


def nested(folder: Path) -> Path:
    """Make a repository with an untracked one in it that has changes."""
    repository(folder)
    repository(folder / "vendor")
    write(folder, {"vendor/src/app.py": "changed\n"})
    return folder


def nested_empty(folder: Path) -> Path:
    """Make a repository with one in it that has no commit."""
    repository(folder)
    (folder / "vendor").mkdir()
    git(folder / "vendor", "init", "--quiet")
    return folder


def named_in_latin_1(folder: Path) -> Path:
    """Make a repository with a file whose name is no text."""
    repository(folder)
    (folder / os.fsdecode(b"caf\xe9.py")).write_text("x = 1\n")
    return folder


def missing(folder: Path) -> Path:
    """Name a folder that is not there."""
    return folder / "nowhere"


STATES = {
    "missing": (missing, "root-missing"),
    "a name that is no text": (named_in_latin_1, "subject-name"),
    "empty": (empty, "subject-empty"),
    "bare": (bare, "git-bare"),
    "broken": (broken, "git-refused"),
    "broken index": (broken_index, "git-refused"),
    "tracked store": (tracked_store, "store-tracked"),
    "changed repository within": (nested, "submodule-changed"),
    "repository within without commit": (nested_empty, "git-refused"),
}


@pytest.mark.parametrize(("make", "code"), STATES.values(), ids=STATES)
def test_state_that_cannot_be_named_is_an_error(tmp_path: Path, make: Callable[[Path], Path], code: str) -> None:
    """Nothing is guessed: each such state has its own error."""
    folder = make(tmp_path)

    with pytest.raises(ConfigurationError) as caught:
        working_subject(folder)

    assert caught.value.code == code
    assert caught.value.exit_code == 2


def test_unchanged_repository_within_is_named_by_its_commit(tmp_path: Path) -> None:
    """A nested repository without changes is part of the tree and its files are not listed."""
    root = repository(tmp_path / "outer")
    repository(root / "vendor")

    assert "vendor" not in " ".join(paths(root))
    assert working_subject(root).subject.dirty


BASES = {
    "unknown": ("nonsense", "revision-unknown"),
    "option": ("--all", "revision-unknown"),
    "unrelated": ("unrelated", "base-unrelated"),
}


@pytest.mark.parametrize(("base", "code"), BASES.values(), ids=BASES)
def test_base_that_says_nothing_is_an_error(root: Path, base: str, code: str) -> None:
    """A base that does not exist, looks like an option or has no common commit is refused."""
    git(root, "checkout", "--quiet", "--orphan", "unrelated")
    git(root, "commit", "--quiet", "--allow-empty", "--message", "Other")
    git(root, "checkout", "--quiet", "main")

    with pytest.raises(ConfigurationError) as caught:
        working_subject(root, base=base)

    assert caught.value.code == code


def given_away(folder: Path) -> bool:
    """Give *folder* to another user, so that git itself refuses; only root can, and not in every container."""
    try:
        os.chown(folder, 12345, 12345)
    except OSError:
        return False
    return True


def test_repository_of_another_user_is_not_trusted(root: Path) -> None:
    """Git's own refusal is passed on with the command that lifts it."""
    said = b"fatal: detected dubious ownership in repository at '/x'"
    error = refusal(root, "rev-parse", said)
    if given_away(root):
        with pytest.raises(ConfigurationError) as caught:
            working_subject(root)
        error = caught.value

    assert error.code == "git-ownership"
    assert error.hint == f"if you trust it: git config --global --add safe.directory {root}"


def test_commit_means_its_own_tree(root: Path) -> None:
    """An object put in the place of a commit does not make another content look clean."""
    honest = git(root, "rev-parse", "HEAD")
    write(root, {"src/app.py": "x = 'other'\n"})
    git(root, "commit", "--quiet", "--all", "--message", "Other")
    other = git(root, "rev-parse", "HEAD")
    git(root, "reset", "--quiet", "--soft", honest)
    git(root, "replace", honest, other)

    assert working_subject(root).subject.dirty


def test_filters_and_hooks_of_the_repository_do_not_run(root: Path) -> None:
    """A monitor or hook that the repository's configuration names is not started."""
    mark = root.parent / "ran"
    script = root.parent / "monitor"
    script.write_text(f"#!/bin/sh\ntouch {mark}\n")
    script.chmod(0o755)
    git(root, "config", "core.fsmonitor", str(script))
    (root / ".git/hooks/post-index-change").write_text(f"#!/bin/sh\ntouch {mark}\n")
    (root / ".git/hooks/post-index-change").chmod(0o755)
    write(root, {"src/app.py": "x = 5\n"})

    working_subject(root)

    assert not mark.exists()
