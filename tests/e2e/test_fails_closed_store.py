"""The evidence store under attack, on a full disk, in a hostile environment: nothing passes, nothing is harmed."""

import hashlib
import json
import os
import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from little_project import STANDFAST, Project, Ran, clean_environment
from little_reports import cobertura, sarif, weakness

LINES = "line-coverage-meets-limit"
WEAKNESS = "no-severe-weakness-is-open"
CLEAN = "working-tree-is-clean"


def objects(project: Project, word: bytes) -> Path:
    """Return the one object that holds *word*."""
    (found,) = (
        path
        for path in (project.folder / ".standfast/objects").rglob("*")
        if path.is_file() and not path.is_symlink() and word in path.read_bytes()
    )
    return found


def statement(project: Project) -> Path:
    """Return the file of the one statement."""
    return objects(project, b"in-toto.io/Statement")


def raw(project: Project) -> Path:
    """Return the file of the one report."""
    return objects(project, b"<coverage")


def slot(project: Project) -> Path:
    """Return the file that says which statements are about the content."""
    (found,) = (project.folder / ".standfast/subjects").rglob("*.json")
    return found


def edited(project: Project) -> None:
    """Change a figure within the statement."""
    path = statement(project)
    path.write_bytes(path.read_bytes().replace(b'"lines_covered":10', b'"lines_covered":11'))


def emptied(project: Project) -> None:
    """Leave nothing of the statement."""
    statement(project).write_bytes(b"")


def replaced(project: Project, put: Callable[[Path], object]) -> None:
    """Put something else in the place of the statement."""
    path = statement(project)
    path.unlink()
    put(path)


DAMAGE: dict[str, tuple[Callable[[Project], object], str]] = {
    "an edited statement": (edited, "are not what they were"),
    "an emptied statement": (emptied, "are not what they were"),
    "a deleted statement": (lambda project: statement(project).unlink(), "is not in the store"),
    "a deleted report": (lambda project: raw(project).unlink(), "was read from is not in the store"),
    "a link for a statement": (
        lambda project: replaced(project, lambda path: path.symlink_to("/etc/passwd")),
        "cannot be read",
    ),
    "a pipe for a statement": (lambda project: replaced(project, os.mkfifo), "is not a regular file"),
    "a folder for a statement": (lambda project: replaced(project, Path.mkdir), "is not a regular file"),
}


@pytest.mark.parametrize(("damage", "why"), DAMAGE.values(), ids=DAMAGE)
def test_stored_evidence_that_is_not_what_it_was_is_an_error(
    damage: Callable[[Project], object], why: str, little: Project
) -> None:
    """Nothing passes on it, `evidence verify` names it, and taking the report again mends it."""
    little.take({"coverage.xml": cobertura()})
    damage(little)

    judged = little.judge(LINES)
    verified = little.run("evidence", "verify")

    assert (judged.code, judged.status(LINES)) == (3, "error")
    assert why in judged.why(LINES)
    assert (verified.code, "[store-damaged]" in verified.err) == (3, True)
    if "folder" not in why and not statement_is_blocked(little):
        assert little.run("import", "reports/coverage.xml").code == 0
        assert little.judge(LINES).code == 0
        assert little.run("evidence", "verify").code == 0


def statement_is_blocked(project: Project) -> bool:
    """Return whether a folder stands where the statement stood."""
    return any(
        path.is_dir() and len(path.name) > 2 for path in (project.folder / ".standfast/objects/sha256").rglob("*")
    )


def test_broken_slot_is_an_error(little: Project) -> None:
    """Where it cannot be told which evidence there is, nothing is decided."""
    little.take({"coverage.xml": cobertura()})
    slot(little).write_text('{"source":')

    judged = little.judge(LINES)

    assert (judged.code, "[slot-malformed]" in judged.err) == (3, True)
    assert little.run("import", "reports/coverage.xml").code == 0
    assert little.judge(LINES).code == 0


def test_slot_that_is_copied_to_another_content_proves_nothing_there(little: Project) -> None:
    """The statement itself says what it is about; where it is filed does not matter."""
    little.take({"coverage.xml": cobertura()})
    little.commit({"new.txt": "x\n"})
    here = little.git("rev-parse", "HEAD^{tree}")
    shutil.copytree(slot(little).parents[1], little.folder / ".standfast/subjects" / here)

    judged = little.judge(LINES)

    assert judged.code == 3
    assert "describes content" in judged.why(LINES)


def test_statement_that_contradicts_its_own_facts_is_refused(little: Project) -> None:
    """A statement forged with a digest of its own still has to say the same thing twice."""
    little.take({"coverage.xml": cobertura(covered=5)})
    old = statement(little)
    forged = old.read_bytes().replace(b'"lines_covered":5}', b'"lines_covered":10}')
    digest = hashlib.sha256(forged).hexdigest()
    new = old.parents[1] / digest[:2] / digest[2:]
    new.parent.mkdir(exist_ok=True)
    new.write_bytes(forged)
    slot(little).write_text(slot(little).read_text().replace(old.parent.name + old.name, digest))

    judged = little.judge(LINES)

    assert (judged.code, judged.status(LINES)) == (3, "error")
    assert "facts of the statement are not those of its body" in judged.why(LINES)


def test_verdict_that_was_edited_does_not_replay(little: Project) -> None:
    """A verdict is recomputed from its inputs, and what was changed in it is named."""
    little.take({"coverage.xml": cobertura(covered=5)})
    ran = little.run("gate", LINES, "--no-collect", "--format", "json")
    little.write({"reports/verdict.json": ran.out, "reports/forged.json": ran.out.replace('"fail"', '"pass"')})

    assert little.run("replay", "reports/verdict.json").code == 0
    forged = little.run("replay", "reports/forged.json")

    assert (forged.code, "different:" in forged.out) == (1, True)


PLACES: dict[str, tuple[Callable[[Path], object], str]] = {
    "a link": (lambda path: path.symlink_to(path.parents[1] / "elsewhere"), "store-"),
    "a file": (lambda path: path.write_text("x"), "store-"),
    "a pipe": (os.mkfifo, "store-link"),
}


@pytest.mark.parametrize(("put", "code"), PLACES.values(), ids=PLACES)
def test_store_that_is_no_folder_is_refused(put: Callable[[Path], object], code: str, little: Project) -> None:
    """Evidence is written into a folder of our own, never through a link to somewhere else."""
    elsewhere = little.folder.parent / "elsewhere"
    elsewhere.mkdir()
    put(little.folder / ".standfast")

    taken = little.take({"coverage.xml": cobertura()})
    judged = little.judge(LINES)

    assert (taken.code != 0, f"[{code}" in taken.err) == (True, True), taken.err
    assert (judged.code != 0, f"[{code}" in judged.err) == (True, True)
    assert list(elsewhere.iterdir()) == []


def test_folder_of_the_store_that_is_a_link_is_refused(little: Project) -> None:
    """The same holds for each folder within."""
    little.take({"coverage.xml": cobertura()})
    kept = little.folder / ".standfast/objects"
    kept.rename(little.folder.parent / "kept")
    kept.symlink_to(little.folder.parent / "kept")

    taken = little.take({"other.xml": cobertura(covered=9)})

    assert (taken.code, "[store-link]" in taken.err) == (3, True)


@contextmanager
def mounted(folder: Path, *options: str) -> Iterator[bool]:
    """Mount a file system in memory on *folder* while the body runs; tell whether the system lets us."""
    words = ["mount", "-t", "tmpfs", *options, "tmpfs", str(folder)]
    done = subprocess.run(words, capture_output=True, check=False) if shutil.which("mount") else None
    held = done is not None and done.returncode == 0
    try:
        yield held
    finally:
        if held:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


def short_of_space(project: Project, *words: str, room: int) -> Ran:
    """Run ``standfast`` so that no file of it may grow beyond *room* bytes.

    It compiles no modules meanwhile: Python would leave them cut short in the environment of the tests.
    """
    done = subprocess.run(
        [*STANDFAST, *words],
        cwd=project.folder,
        env={**clean_environment(), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),  # no threads here
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


LARGE = sarif(weakness(number) for number in range(1, 3_000))


def test_file_that_may_not_grow_harms_nothing(little: Project) -> None:
    """Where a report cannot be stored whole it is not stored at all; what was there before still stands."""
    little.take({"coverage.xml": cobertura()})
    little.write({"reports/large.sarif": LARGE})

    taken = short_of_space(little, "import", "reports/large.sarif", room=60_000)

    assert (taken.code, "[store-unwritable]" in taken.err, "Traceback" in taken.err) == (3, True, False), taken.err
    assert little.judge(LINES).code == 0
    assert little.judge(WEAKNESS).code == 3
    assert little.run("evidence", "verify").code == 0
    assert not list((little.folder / ".standfast").rglob(".new-*"))


def test_report_that_may_not_grow_leaves_the_old_one(little: Project) -> None:
    """A report file is written whole or stays what it was, and the exit code is not that of the verdict."""
    little.take({"coverage.xml": cobertura()})
    little.write({"reports/verdict.html": "old"})

    ran = short_of_space(little, "gate", LINES, "--no-collect", "--output", "reports/verdict.html", room=15_000)

    assert ran.code in (2, 3), ran.err
    assert "Traceback" not in ran.err
    assert (little.folder / "reports/verdict.html").read_text() == "old"
    assert little.judge(LINES).code == 0


def test_full_disk_harms_nothing(little: Project) -> None:
    """On a disk of 400 kB that is full what was stored still counts; what does not fit is refused, and said so.

    Without the right to mount such a disk the bound on files, above, stands for it.
    """
    store, reports = little.folder / ".standfast", little.folder / "reports"
    for folder in (store, reports):
        folder.mkdir()
    (little.folder.parent / "large.sarif").write_text(LARGE)
    with mounted(store, "-o", "size=400k,mode=0700") as held, mounted(reports, "-o", "size=4k"):
        assert little.take({"coverage.xml": cobertura()}).code == 0
        taken = little.run("import", "../large.sarif")
        written = little.run("gate", LINES, "--no-collect", "--output=reports/verdict.html")
        verified = little.run("evidence", "verify")

        assert (taken.code, "the disk is full" in taken.err) == ((3, True) if held else (0, False)), taken.err
        assert (written.code, "[report-unwritable]" in written.err) == ((2, True) if held else (0, False)), written.err
        assert (reports / "verdict.html").exists() is not held
        assert verified.code == 0


def test_full_disk_decides_nothing(little: Project) -> None:
    """A verdict that cannot be recorded is none."""
    little.take({"coverage.xml": cobertura()})

    ran = short_of_space(little, "gate", LINES, "--no-collect", room=2_000)

    assert (ran.code, "[store-unwritable]" in ran.err, ran.out) == (3, True, "")


def test_disk_that_is_read_only_is_told(little: Project) -> None:
    """A store that cannot be written is named with its reason; nothing is decided without being recorded."""
    store = little.folder / ".standfast"
    store.mkdir()
    store.chmod(0o500)
    with mounted(store, "-o", "ro") as held:
        closed = held or os.getuid() != 0
        taken = little.take({"coverage.xml": cobertura()})
        judged = little.judge(LINES)

        assert (taken.code, "[store-unwritable]" in taken.err) == ((3, True) if closed else (0, False)), taken.err
        assert judged.code == (3 if closed else 0)
    store.chmod(0o700)


OUTPUTS = {
    "a folder": ("reports", "report-"),
    "below a file": ("README.md/x.json", "report-unwritable"),
    "of no format": ("reports/x.nonsense", "report-format"),
}


@pytest.mark.parametrize(("path", "code"), OUTPUTS.values(), ids=OUTPUTS)
def test_report_that_cannot_be_written_is_an_error(path: str, code: str, little: Project) -> None:
    """A green verdict whose report is lost does not end with 0."""
    little.take({"coverage.xml": cobertura()})

    ran = little.run("gate", LINES, "--no-collect", "--output", path if "." in path else f"json={path}")

    assert (ran.code, f"[{code}" in ran.err) == (2, True), ran


def evil(folder: Path) -> str:
    """Return a folder of modules that end the program with 0 when they are imported."""
    folder.mkdir()
    for name in ("click", "msgspec", "tomllib", "fcntl", "hashlib_", "rich", "cel", "standfast_kit"):
        (folder / f"{name}.py").write_text("raise SystemExit(0)\n")
    return str(folder)


TRAP = "touch trapped"
ENVIRONMENTS = {
    "PYTHONPATH with modules of our names": lambda little: {"PYTHONPATH": evil(little.folder.parent / "evil")},
    "GIT_DIR and its like": lambda little: {
        "GIT_DIR": "/nowhere",
        "GIT_WORK_TREE": "/nowhere",
        "GIT_INDEX_FILE": "/nowhere",
        "GIT_OBJECT_DIRECTORY": "/nowhere",
        "GIT_NAMESPACE": "x",
    },
    "programs for git to call": lambda little: {
        "PAGER": TRAP,
        "GIT_PAGER": TRAP,
        "GIT_EDITOR": TRAP,
        "GIT_EXTERNAL_DIFF": TRAP,
        "GIT_ASKPASS": TRAP,
        "GIT_SSH_COMMAND": TRAP,
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.fsmonitor",
        "GIT_CONFIG_VALUE_0": TRAP,
    },
    "git that traces": lambda little: {"GIT_TRACE": "1", "GIT_TRACE2_EVENT": "1"},
    "folders that are not there": lambda little: {
        "HOME": "/nowhere",
        "TMPDIR": "/nowhere",
        "XDG_CONFIG_HOME": "/nowhere",
        "XDG_CACHE_HOME": "/nowhere",
    },
    "an odd terminal": lambda little: {"TERM": "\x1b[31m", "COLUMNS": "-1", "LINES": "x"},
    "no width": lambda little: {"COLUMNS": "0"},
    "an odd language": lambda little: {
        "LC_ALL": "C",
        "LANG": "tr_TR.UTF-8",
        "PYTHONUTF8": "0",
        "PYTHONIOENCODING": "ascii",
    },
    "another time zone": lambda little: {"TZ": "Asia/Kathmandu"},
    "an odd Python": lambda little: {"PYTHONOPTIMIZE": "2", "PYTHONHASHSEED": "7", "PYTHONWARNINGS": "error"},
}


@pytest.mark.parametrize("environment", ENVIRONMENTS.values(), ids=ENVIRONMENTS)
def test_environment_changes_no_answer(environment: Callable[[Project], dict[str, str]], little: Project) -> None:
    """The same repository and evidence give the same answer under every environment, and nothing in it is run."""
    given = environment(little)
    little.write({"reports/coverage.xml": cobertura()})
    assert little.run("import", "reports/coverage.xml", **given).code == 0

    judged = little.judge(LINES, CLEAN, **given)
    read = little.judge("readme-lets-a-newcomer-start", options=(), **given)

    assert (judged.code, judged.statuses) == (0, {LINES: "pass", CLEAN: "pass"})
    assert (read.code, read.statuses) == (1, {"readme-lets-a-newcomer-start": "fail"})
    assert not list(little.folder.rglob("trapped"))


def test_repository_that_names_programs_runs_none(little: Project) -> None:
    """A pager, a monitor, a hook, a difference tool that the repository's own configuration names are not started."""
    for name in ("core.pager", "core.fsmonitor", "diff.external", "core.editor", "credential.helper"):
        little.git("config", name, TRAP)
    hooks = little.folder / ".git/hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("post-index-change", "pre-commit", "post-checkout"):
        (hooks / name).write_text(f"#!/bin/sh\n{TRAP}\n")
        (hooks / name).chmod(0o755)

    judged = little.judge(CLEAN, options=("--base", "HEAD"))

    assert judged.code == 0
    assert not list(little.folder.rglob("trapped"))


def test_git_that_is_not_installed_is_named(little: Project) -> None:
    """A repository is never judged as a plain folder because git is missing."""
    judged = little.judge(LINES, PATH="")

    assert (judged.code, "[git-missing]" in judged.err) == (2, True)


def test_record_of_a_verdict_is_stored_before_it_is_told(little: Project) -> None:
    """The verdict that is printed is in the store, byte for byte."""
    little.take({"coverage.xml": cobertura()})

    printed = little.run("gate", LINES, "--no-collect", "--format", "json").out.rstrip("\n")

    digest = hashlib.sha256(printed.encode()).hexdigest()
    assert (little.folder / ".standfast/objects/sha256" / digest[:2] / digest[2:]).read_text() == printed
    assert json.loads(printed)["exit_code"] == 0
