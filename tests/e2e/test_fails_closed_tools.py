"""Tools that crash, hang, lie or shout, and runs that are killed, interrupted or started twice."""

import json
import os
import random
import signal
import subprocess
import time
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from subprocess import Popen

import pytest
from background import background, wait_for
from fake_tools import install
from little_hostile import neutral
from little_project import FILES, STANDFAST, Project, clean_environment, committed, copied
from little_reports import cobertura

LINT = "no-lint-error-is-open"
IGNORING = {**FILES, ".gitignore": ".standfast/\nreports/\n.venv/\n"}
ANSWERS = """
if "--version" in sys.argv: sys.exit(print("ruff 0.17.6"))
if "--show-files" in sys.argv:
    sys.exit(print(os.getcwd() + "/src/little/__init__.py\\n" + os.getcwd() + "/tests/unit/test_add.py"))
if "--show-settings" in sys.argv: sys.exit(print("linter.rules.enabled = [\\n\\tF (F),\\n]"))
"""
"""What Ruff answers beside its report."""

ROW = {
    "code": "F401",
    "message": "unused import",
    "filename": "src/little/__init__.py",
    "location": {"row": 1, "column": 1},
    "end_location": {"row": 1, "column": 2},
    "fix": None,
    "noqa_row": 1,
    "url": None,
    "cell": None,
}


@pytest.fixture(scope="module")
def with_tools(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The little repository with a place for tools of its own."""
    return committed(tmp_path_factory.mktemp("tools") / "little", IGNORING)


@pytest.fixture
def project(with_tools: Project, tmp_path: Path) -> Project:
    """A fresh copy of it."""
    return copied(with_tools, tmp_path / "little")


def ruff(project: Project, body: str, settings: str = "") -> None:
    """Let the project's own Ruff do *body*."""
    install(project.folder, "ruff", ANSWERS + body)
    if settings:
        project.settings(f"\n[collect.ruff]\n{settings}\n")
        project.commit()


BROKEN = {
    "half a report": ("print('[{\"code\"')", "", "error", "Input data was truncated"),
    "half a report, then a signal": (
        "print('[', flush=True); os.kill(os.getpid(), 9)",
        "",
        "error",
        "killed by signal 9",
    ),
    "no report and status 0": ("", "", "error", "is not a Ruff report"),
    "no report and status 1": ("sys.exit(1)", "", "error", "is not a Ruff report"),
    "a status that means a crash": (
        "print('[]'); sys.exit(2)",
        "",
        "error",
        "exited with status 2, expected 0 (clean)",
    ),
    "a status that says findings, and none": ("print('[]'); sys.exit(1)", "", "unknown", "lists nothing"),
    "longer than its time": ("time.sleep(60)", "timeout_s = 0.5", "error", "killed after 0.5 s"),
    "more than its memory": ("x = bytearray(900_000_000)", "memory_mb = 100", "error", "memory"),
    "output without end": ("while True: print('x' * 1_000_000)", "", "error", "printed more than 67,108,864 bytes"),
    "switched off": ("print('[]')", "enabled = false", "unknown", "switches it off"),
}


@pytest.mark.parametrize(("body", "settings", "status", "why"), BROKEN.values(), ids=BROKEN)
def test_tool_that_breaks_is_no_evidence(body: str, settings: str, status: str, why: str, project: Project) -> None:
    """Whatever a tool leaves when it crashes, hangs or is cut off, nothing passes on it, and the reason is told."""
    ruff(project, body, settings)

    judged = project.judge(LINT, options=())

    assert (judged.code, judged.status(LINT)) == (3, status)
    assert why in judged.why(LINT)


def test_findings_count_whatever_the_status(project: Project) -> None:
    """A tool that reports a finding and ends with 0 has found it all the same."""
    ruff(project, f"print({json.dumps([ROW])!r})")

    assert project.judge(LINT, options=()).code == 1


def test_clean_report_passes(project: Project) -> None:
    """The fake tool is believed when it behaves."""
    ruff(project, "print('[]')")

    assert project.judge(LINT, options=()).code == 0


def test_old_answer_of_a_tool_that_breaks_now_does_not_stand(project: Project) -> None:
    """After a clean run, a crash with changed sources is a crash; what was said before was about other content."""
    ruff(project, "print('[]')")
    assert project.judge(LINT, options=()).code == 0
    ruff(project, "sys.exit(7)")
    project.commit({"src/little/more.py": "x = 1\n"})

    assert project.judge(LINT, options=()).code == 3
    assert project.judge(LINT).code == 3


HOSTILE = (
    "\x1b]0;owned\x07\x1b[2J<script>alert(1)</script> ](javascript:x) ![i](http://x)|`\n"
    "::error::x\r\u202e<img src=x onerror=y>"
)
FORMS = ("terminal", "markdown", "html", "github", "step-summary", "junit", "sarif", "gitlab", "json")


def test_hostile_text_of_a_tool_is_shown_as_text(project: Project) -> None:
    """Escape codes, markup and commands to a forge in a finding stay text in every report and on the terminal."""
    row = {**ROW, "message": HOSTILE, "code": HOSTILE, "url": "javascript:x"}
    ruff(project, f"print({json.dumps([row])!r}); sys.exit(1)")
    assert project.judge(LINT, options=()).code == 1

    for form in FORMS:
        shown = project.run("gate", LINT, "--no-collect", "--format", form)
        assert shown.code == 1
        assert form in ("json", "sarif", "gitlab") or neutral(form, shown.out), (form, shown.out)
        assert "\x1b" not in shown.said
    for words in (("explain", LINT), ("evidence", "list"), ("evidence", "show", "lint")):
        assert neutral("terminal", project.run(*words).out)


def test_hostile_last_words_are_shown_as_text(project: Project) -> None:
    """What a tool cries before it dies goes to the log as one line of text."""
    ruff(project, f"sys.stderr.write({HOSTILE!r}); sys.exit(7)")

    ran = project.run("gate", LINT)

    assert ran.code == 3
    assert neutral("terminal", ran.err)
    assert not [line for line in ran.err.splitlines() if line.startswith("::error")]


LINGERING = """
import subprocess
mark = os.path.join(os.getcwd(), "reports", "lingering")
os.makedirs(os.path.dirname(mark), exist_ok=True)
subprocess.Popen([sys.executable, "-c", "import os, time\\nif os.fork() == 0: os.setsid()\\ntime.sleep(120)", mark])
open(mark, "w").close()
time.sleep({seconds})
print("[]")
"""


def lingering(project: Project) -> list[str]:
    """Return the command lines of the processes that the project's Ruff started and that still live."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            line = (entry / "cmdline").read_bytes() if entry.name.isdigit() else b""
        except OSError:
            continue
        if f"{project.folder}/".encode() in line and b"standfast" not in line.split(b"\0")[1:2]:
            found.append(line.decode())
    return [line for line in found if "lingering" in line or ".venv/bin/ruff" in line]


def started(project: Project, *words: str) -> "AbstractContextManager[Popen[bytes]]":
    """Start the gate in the background, in a session of its own."""
    argv = [*STANDFAST, "gate", LINT, *words]
    return background(argv, cwd=project.folder, env=clean_environment(), start_new_session=True)


def test_nothing_of_a_tool_outlives_its_time(project: Project) -> None:
    """Children that left the session and the parent are gone as well when the time is over."""
    ruff(project, LINGERING.format(seconds=60), "timeout_s = 1")

    assert project.judge(LINT, options=()).code == 3
    assert lingering(project) == []


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_interrupted_run_leaves_no_process_and_a_whole_store(sent: signal.Signals, project: Project) -> None:
    """However the command is ended while a tool runs, the tool is gone, and the next run is complete."""
    ruff(project, LINGERING.format(seconds=60))
    with started(project) as process:
        wait_for((project.folder / "reports/lingering").exists)
        process.send_signal(sent)
        _, err = process.communicate(timeout=50)

    wait_for(lambda: lingering(project) == [])
    assert process.returncode in (3, -sent)
    assert b"Traceback" not in err
    assert project.run("evidence", "verify").code == 0
    ruff(project, "print('[]')")
    assert project.judge(LINT, options=()).code == 0


def test_run_that_is_killed_at_any_moment_is_followed_by_a_clean_one(project: Project) -> None:
    """After SIGKILL at random moments the store is whole each time, and a last run answers as if nothing had been."""
    ruff(project, "time.sleep(0.1); print('[]')")
    moments = random.Random(7)  # noqa: S311  # moments, not secrets
    for _ in range(8):
        with started(project):
            time.sleep(moments.uniform(0.05, 0.9))
        assert project.run("evidence", "verify").code == 0

    judged = project.judge(LINT, options=())

    assert (judged.code, judged.status(LINT)) == (0, "pass")


def test_two_runs_at_once_agree(project: Project) -> None:
    """The second run in one repository waits for the first, and both say the same."""
    ruff(project, "time.sleep(0.5); print('[]')")
    with ExitStack() as stack:
        runs = [stack.enter_context(started(project, "--format", "json")) for _ in range(3)]
        answers = [run.communicate(timeout=60) for run in runs]

    assert [run.returncode for run in runs] == [0, 0, 0]
    verdicts = [json.loads(out) for out, _ in answers]
    assert (
        len({json.dumps([verdict["results"][0]["status"], verdict["inputs"]["evidence"]]) for verdict in verdicts}) == 1
    )
    assert project.run("evidence", "verify").code == 0


def test_import_while_a_run_collects_is_not_lost(project: Project) -> None:
    """A report that is taken while tools run is there afterwards."""
    ruff(project, "time.sleep(1); print('[]')")
    with started(project) as process:
        assert project.take({"coverage.xml": cobertura()}).code == 0
        process.communicate(timeout=60)

    assert project.judge(LINT, "line-coverage-meets-limit").code == 0


def test_answer_is_lost_with_its_reader_and_not_called_a_pass(project: Project) -> None:
    """Where nobody reads the answer any more, the exit code is not 0."""
    ruff(project, "print('[]')")
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [*STANDFAST, "gate", LINT, "--format", "html"],
        cwd=project.folder,
        env=clean_environment(),
        stdout=writer,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writer)

    assert done.returncode == 3
    assert b"Traceback" not in done.stderr
