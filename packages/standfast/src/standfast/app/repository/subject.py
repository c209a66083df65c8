"""Name the state of a working copy: its commit, the id of its content, and its files."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import msgspec

from standfast.app.repository.git import Git, Place, place_of
from standfast.app.repository.plain_folder import read_plain_folder
from standfast.evidence.contract import TrackedFile
from standfast.model import ConfigurationError, Subject

STORE_FOLDER = ".standfast"
MAX_NEW_BYTES = 2 * 1024**3
"""At most so many bytes of changed and untracked files are hashed; more is a mistake in ``.gitignore``."""

CACHES = ("__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis", STORE_FOLDER)
"""Untracked folders of these names are what tools leave behind, never content."""

_REPOSITORY = "160000"


class WorkingCopy(msgspec.Struct, frozen=True, kw_only=True):
    """One state of one folder: what it is called, which files it holds, and what it is compared with.

    ``base`` is the commit where this line of work left the one it will be merged into, if it was asked for.
    """

    root: str
    subject: Subject
    files: tuple[TrackedFile, ...]
    base: str | None = None


def working_subject(
    root: Path, *, base: str | None = None, service: str | None = None, environment: str | None = None
) -> WorkingCopy:
    """Return the state of the working copy at *root*, which may be a folder within a repository.

    Nothing is written to the repository. Ignored files, ``.standfast/`` and what tools leave behind (`CACHES`) are not
    part of it. What a submodule or a nested repository holds is named by its commit and not listed.

    Raises:
        ConfigurationError: There is no content to name, or it cannot be named without guessing.
    """
    root = root.resolve()
    if not root.is_dir():
        raise ConfigurationError("root-missing", f"{root} is not a folder")
    place = place_of(root)
    copy = _plain(root, base) if place is None else _tracked(place, base)
    if not copy.files:
        raise ConfigurationError("subject-empty", f"{root} holds no file to look at", hint="is everything ignored?")
    _refuse_names_that_are_no_text(copy.files)
    named = msgspec.structs.replace(copy.subject, service=service, environment=environment)
    return msgspec.structs.replace(copy, subject=named)


def _refuse_names_that_are_no_text(files: tuple[TrackedFile, ...]) -> None:
    # Findings, reports and digests are text: a file that cannot be named in them would be left out in silence.
    for file in files:
        if not file.path.isascii() and any("\ud800" <= letter <= "\udfff" for letter in file.path):
            named = os.fsencode(file.path).decode("utf-8", "backslashreplace")
            raise ConfigurationError(
                "subject-name",
                f"the name of {named} is not UTF-8, so no finding can name it",
                hint="rename the file (`git mv`), or ignore it",
            )


def newest_change(copy: WorkingCopy, *, without: frozenset[str] = frozenset()) -> tuple[float, str]:
    """Return when a file of *copy* last changed (epoch seconds) and which, leaving out the paths in *without*."""
    newest = (0.0, "")
    base = f"{copy.root}/"
    for file in copy.files:
        if file.path not in without:
            try:
                newest = max(newest, (os.lstat(base + file.path).st_mtime, file.path))
            except OSError:
                continue
    return newest


def subject_of_commit(root: Path, revision: str) -> tuple[Subject, int]:
    """Return the subject that *revision* of the repository at *root* is, and when it was committed (epoch seconds).

    Raises:
        ConfigurationError: There is no repository, or it has no such commit.
    """
    root = root.resolve()
    place = place_of(root)
    if place is None:
        raise ConfigurationError("not-a-repository", f"{root} is not in a git repository, so it has no {revision}")
    commit = commit_named(place.git, revision)
    tree = place.git.line("rev-parse", "--verify", "--quiet", f"{commit}:{place.prefix.rstrip('/')}")
    if tree is None:
        raise ConfigurationError("subject-empty", f"commit {commit:.12} does not hold {place.prefix}")
    remote, _ = _configured(place.git)
    return Subject(repository=repository_name(root, remote), tree=tree, commit=commit), committed_at(root, commit)


def committed_at(root: Path, commit: str) -> int:
    """Return when *commit* of the repository around *root* was made, in seconds since the epoch."""
    return int(Git(root).line("show", "--no-patch", "--format=%ct", commit) or "0")


def commit_named(git: Git, revision: str) -> str:
    """Return the full id of the commit that *revision* names.

    Raises:
        ConfigurationError: It names none.
    """
    commit = git.line("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if commit is None:
        raise ConfigurationError(
            "revision-unknown", f"{revision!r} names no commit here", hint="fetch it, or look at `git log`"
        )
    return commit


def _plain(root: Path, base: str | None) -> WorkingCopy:
    if base is not None:
        raise ConfigurationError("base-without-git", f"--base needs a git repository; {root} is in none")
    content = read_plain_folder(root)
    return WorkingCopy(
        root=str(root),
        subject=Subject(repository=root.name, tree=content.tree),
        files=content.files,
    )


def _tracked(place: Place, base: str | None) -> WorkingCopy:
    root, git = place.root, place.git
    heads = git.ask("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    commit = os.fsdecode(heads).strip() if heads else None
    head = git.line("rev-parse", "--verify", "--quiet", f"HEAD:{place.prefix.rstrip('/')}") if commit else None
    remote, excludes = _configured(git)
    with tempfile.TemporaryDirectory(prefix="standfast-index-") as scratch:
        tree, entries = _write_tree(place, Path(scratch), excludes)
    _refuse_changed_repositories(root, [path for mode, _, path in entries if mode == _REPOSITORY])
    return WorkingCopy(
        root=str(root),
        subject=Subject(repository=repository_name(root, remote), tree=tree, commit=commit, dirty=head != tree),
        files=tuple(_sized(root, entries)),
        base=_merge_base(git, base, commit),
    )


def _write_tree(place: Place, scratch: Path, excludes: Path) -> tuple[str, list[tuple[str, str, str]]]:
    """Return the tree id of the content below the place and its (mode, blob, path) entries.

    Index and new objects go to *scratch*; the repository's own objects are only read (git may touch their times).
    """
    (scratch / "objects").mkdir()
    if place.index.is_file():
        # With its time: git distrusts entries that are as young as the index, and would trust them in a younger copy.
        shutil.copy2(place.index, scratch / "index")
    ignored = excludes.read_bytes() if excludes.is_file() else b""
    (scratch / "excludes").write_bytes(ignored + b"\n" + b"".join(b"%s/\n" % name.encode() for name in CACHES))
    aside = place.git.aside(
        f"core.excludesFile={scratch / 'excludes'}",
        GIT_INDEX_FILE=str(scratch / "index"),
        GIT_OBJECT_DIRECTORY=str(scratch / "objects"),
        GIT_ALTERNATE_OBJECT_DIRECTORIES=str(place.objects),
    )
    _see_everything(place.root, aside)
    aside.must("add", "--all", "--sparse", "--", ".")
    entries = list(_entries(aside.must("ls-files", "--stage", "-z")))
    _refuse_tracked_store(place.root, entries)
    if not entries:
        return "", []
    within = [f"--prefix={place.prefix}"] if place.prefix else []
    return os.fsdecode(aside.must("write-tree", *within).strip()), entries


def _configured(git: Git) -> tuple[str, Path]:
    """Return the address of the remote, if any, and the user's own list of ignored files."""
    printed = git.ask("config", "--type=path", "-z", "--get-regexp", r"^(core\.excludesfile|remote\.origin\.url)$")
    pairs = (entry.partition("\n") for entry in os.fsdecode(printed or b"").split("\0"))
    values = {name: value for name, _, value in pairs}
    default = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "git" / "ignore"
    return values.get("remote.origin.url", ""), Path(values.get("core.excludesfile") or default)


def _see_everything(root: Path, aside: Git) -> None:
    """Clear the marks by which an index hides changes (assume-unchanged, skip-worktree), and bound what is new."""
    listed = aside.must("ls-files", "-v", "-z", "--cached", "--modified", "--others", "--exclude-standard").split(b"\0")
    hidden = b"\0".join(entry[2:] for entry in listed if entry[:1].islower() or entry[:1] == b"S")
    if hidden:
        aside.must("update-index", "--no-assume-unchanged", "-z", "--stdin", stdin=hidden + b"\0")
        aside.must("update-index", "--no-skip-worktree", "-z", "--stdin", stdin=hidden + b"\0")
    sizes = [(_size(root / os.fsdecode(entry[2:])), entry[2:]) for entry in listed if entry[:1] in (b"C", b"?")]
    total = sum(size for size, _ in sizes)
    if total > MAX_NEW_BYTES:
        raise ConfigurationError(
            "subject-too-large",
            f"changed and untracked files hold {total:,} bytes, at most {MAX_NEW_BYTES:,} are read; "
            f"the largest is {os.fsdecode(max(sizes)[1])}",
            hint="commit it or add it to .gitignore",
        )


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0


def _entries(listed: bytes) -> Iterator[tuple[str, str, str]]:
    for entry in listed.split(b"\0"):
        if entry:
            facts, _, path = entry.partition(b"\t")
            mode, blob, _ = facts.decode().split(" ")
            yield mode, blob, os.fsdecode(path)


def _refuse_tracked_store(root: Path, entries: list[tuple[str, str, str]]) -> None:
    if any(path.split("/", 1)[0] == STORE_FOLDER for _, _, path in entries):
        raise ConfigurationError(
            "store-tracked",
            f"{STORE_FOLDER}/ in {root} is tracked by git, so storing evidence would change what it is about",
            hint=f"git rm -r --cached {STORE_FOLDER} && echo '{STORE_FOLDER}/' >> .gitignore",
        )


def _refuse_changed_repositories(root: Path, paths: list[str]) -> None:
    for path in paths:
        folder = root / path
        if not (folder / ".git").exists():
            continue
        if Git(folder).must("status", "--porcelain", "--ignore-submodules=none").strip():
            raise ConfigurationError(
                "submodule-changed",
                f"the repository within, {path}, has changes that no commit names",
                hint=f"commit them in {path}, or add it to .gitignore where it does not belong here",
            )


def _sized(root: Path, entries: list[tuple[str, str, str]]) -> Iterator[TrackedFile]:
    base = f"{root}/"
    for mode, blob, path in entries:
        if mode == _REPOSITORY:
            continue
        try:
            yield TrackedFile(path, blob, os.lstat(base + path).st_size)
        except OSError as error:
            raise ConfigurationError(
                "subject-moving", f"{path} vanished while the working copy was read: {error.strerror}"
            ) from error


def _merge_base(git: Git, base: str | None, commit: str | None) -> str | None:
    if base is None:
        return None
    wanted = commit_named(git, base)
    if commit is None:
        raise ConfigurationError("base-without-commit", "--base needs a commit; this branch has none yet")
    found = git.line("merge-base", wanted, commit)
    if not found:
        shallow = git.line("rev-parse", "--is-shallow-repository") == "true"
        raise ConfigurationError(
            "base-unrelated",
            f"{base} and HEAD have no common commit here",
            hint="the clone is shallow: git fetch --unshallow" if shallow else "name a branch that this one left",
        )
    return found


def repository_name(root: Path, remote: str) -> str:
    """Return the remote's address without user and password, or the folder's name."""
    parts = urlsplit(remote)
    if parts.scheme and parts.hostname:
        host = parts.hostname + (f":{parts.port}" if parts.port else "")
        return urlunsplit((parts.scheme, host, parts.path, "", ""))
    return remote.rpartition("@")[2] or root.name
