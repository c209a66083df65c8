"""Collecting runs what must run, reuses what still holds, and never turns a broken run into evidence."""

import os
import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fake_tools import FakeCollector, body_of, covering, found, git, install, repository, write

from standfast.app.collecting.collect import Collected, Work, collect, stored
from standfast.app.repository.subject import working_subject
from standfast.app.storage.store import Store
from standfast.evidence.contract import Inapplicable, Plan, Project, Reading, ToolRun
from standfast.gates.judge import admit
from standfast.model import ConfigurationError, Digest, EvidenceError, Profile

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Recorder:
    """A progress display that keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, ...]] = []

    def began(self, running: tuple[str, ...], reused: int) -> None:
        """Keep it."""
        self.told.append(("began", *running, str(reused)))

    def started(self, tool: str) -> None:
        """Keep it."""
        self.told.append(("started", tool))

    def finished(self, tool: str, seconds: float, failure: str) -> None:
        """Keep it."""
        self.told.append(("finished", tool, failure))

    def waiting(self, owner: str) -> None:
        """Keep it."""
        self.told.append(("waiting", owner))

    def ended(self) -> None:
        """Keep it."""
        self.told.append(("ended",))


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a tool in its environment; the tool counts its runs in HOME."""
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    folder = repository(tmp_path / "project")
    install(folder, "cover", covering(10, 9))
    return folder


def gather(
    root: Path,
    *collectors: FakeCollector,
    now: datetime = NOW,
    tables: Mapping[str, Mapping[str, object]] | None = None,
    kinds: Iterable[str] = ("coverage",),
    refresh: bool = False,
    progress: Recorder | None = None,
) -> Collected:
    """Collect with *collectors* at *now*."""
    work = Work(copy=working_subject(root), profile=Profile(), tables=tables or {})
    one = found(*(collectors or (FakeCollector(),)))
    return collect(work, kinds, Store(root), now=lambda: now, found=one, refresh=refresh, progress=progress)


def runs(root: Path) -> int:
    """Return how often the counting tools ran."""
    file = root.parent / "home" / "runs"
    return len(file.read_text().splitlines()) if file.exists() else 0


def test_statement_names_subject_tool_and_raw_bytes(root: Path) -> None:
    """A collected statement says what it is about, what made it, and keeps the raw output by digest."""
    collected = gather(root)

    (statement,) = collected.statements
    assert statement.subject == working_subject(root).subject
    assert statement.subject.commit == git(root, "rev-parse", "HEAD")
    assert statement.subject.tree == git(root, "rev-parse", "HEAD^{tree}")
    assert (statement.producer.tool, statement.producer.exit_status) == ("cover", 0)
    assert statement.producer.command == ("cover",)
    assert statement.produced_at == NOW
    assert Store(root).get(statement.raw[0].digest) == b'{"lines": 10, "covered": 9}\n'
    assert statement.body == body_of(10, 9)
    assert collected.failures == ()


def test_nothing_changed_nothing_runs(root: Path) -> None:
    """A second collection gives the same statements, and no tool runs and nothing is read again."""
    collector = FakeCollector()
    first = gather(root, collector)
    progress = Recorder()

    second = gather(root, collector, now=NOW + timedelta(days=3), progress=progress)

    assert second == first
    assert (runs(root), collector.interpreted) == (1, 1)
    assert progress.told == [("began", "1"), ("ended",)]


class Mute(FakeCollector):
    """A collector whose tool runs and has nothing to say."""

    def interpret(self, run: ToolRun, project: Project) -> tuple[Reading, ...]:
        """Return no reading."""
        super().interpret(run, project)
        return ()


def test_tool_that_had_nothing_to_say_does_not_run_again(root: Path) -> None:
    """A run without a reading is remembered like any other."""
    first = gather(root, Mute())

    second = gather(root, Mute())

    assert second == first
    assert second.statements == ()
    assert runs(root) == 1


def test_name_of_the_scratch_folder_is_no_reason_to_run_again(root: Path) -> None:
    """The folder for a tool's files has another name in each run, in arguments, variables and input alike."""

    def plan(project: Project) -> Plan:
        out = f"{project.scratch}/out"
        return Plan(argv=("cover", "--out", out), environment={"OUT": out}, stdin=out.encode())

    gather(root, FakeCollector(make_plan=plan))
    (statement,) = gather(root, FakeCollector(make_plan=plan)).statements

    assert runs(root) == 1
    assert statement.producer.command == ("cover", "--out", "{scratch}/out")


CHANGES = {
    "source": lambda root: write(root, {"src/app.py": "x = 2\n"}),
    "new file": lambda root: write(root, {"src/new.py": "x = 2\n"}),
    "deleted file": lambda root: (root / "src/app.py").unlink(),
    "configuration": lambda root: write(root, {"pyproject.toml": "[tool.cover]\n"}),
    "tool": lambda root: install(root, "cover", covering(10, 9) + "\n# next version\n"),
    "package in the environment": lambda root: (root / ".venv/lib/python3.11/site-packages/a-1.dist-info").mkdir(
        parents=True
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_a_run_depends_on_makes_it_run_again(root: Path, change: Callable[[Path], object]) -> None:
    """Source, configuration, tool and environment are part of a run's key."""
    gather(root)
    change(root)

    gather(root)

    assert runs(root) == 2


def test_change_elsewhere_does_not_run_a_tool_that_does_not_read_it(root: Path) -> None:
    """A tool whose inputs are named runs again for these only; its evidence is about the new content all the same."""
    write(root, {"README.md": "one\n"})
    collector = FakeCollector(plan=Plan(argv=("cover",), inputs=("src/app.py",)))
    gather(root, collector)
    write(root, {"README.md": "two\n"})

    collected = gather(root, collector)

    assert runs(root) == 1
    (statement,) = collected.statements
    assert statement.subject == working_subject(root).subject


def test_new_commit_of_the_same_content_names_the_new_commit(root: Path) -> None:
    """Evidence is bound to the commit although nothing had to run for it."""
    gather(root)
    git(root, "commit", "--quiet", "--allow-empty", "--message", "Nothing")

    collected = gather(root)

    assert collected.statements[0].subject.commit == git(root, "rev-parse", "HEAD")
    assert runs(root) == 1


def test_reading_history_depends_on_the_commit(root: Path) -> None:
    """A collector of git's history runs again for another commit of the same content."""
    body = FakeCollector("git", plan=Plan(argv=("git", "log", '--format=tformat:{"lines": 1, "covered": 1}', "-1")))
    first = gather(root, body)
    git(root, "commit", "--quiet", "--allow-empty", "--message", "Nothing")
    second = gather(root, body, now=NOW + timedelta(hours=1))

    assert first.failures == ()
    assert (first.statements[0].produced_at, second.statements[0].produced_at) == (NOW, NOW + timedelta(hours=1))


def test_refresh_runs_everything(root: Path) -> None:
    """Refreshing ignores what is stored."""
    gather(root)
    gather(root, refresh=True)

    assert runs(root) == 2


def test_what_the_network_said_is_asked_again_after_a_day(root: Path) -> None:
    """The world changes although the project does not."""
    online = FakeCollector(network=True)
    gather(root, online)
    gather(root, online, now=NOW + timedelta(hours=23))
    assert runs(root) == 1

    gather(root, online, now=NOW + timedelta(hours=25))

    assert runs(root) == 2


def test_clock_set_back_does_not_leave_evidence_from_the_future(root: Path) -> None:
    """What was collected while the clock was wrong is collected again, for it could never count."""
    gather(root, now=NOW + timedelta(days=1))

    (statement,) = gather(root, now=NOW).statements

    assert statement.produced_at == NOW


def test_crash_keeps_the_reason_and_removes_the_older_answer(root: Path) -> None:
    """A tool that breaks now gives a failure, and what it said before about this content is not taken instead."""
    gather(root)
    install(root, "cover", "sys.stderr.write('boom\\n'); sys.exit(3)")

    collected = gather(root)

    (failure,) = collected.failures
    assert (failure.kind, failure.tool, failure.crashed) == ("coverage", "cover", True)
    assert "status 3" in failure.reason
    assert "boom" in failure.reason
    assert collected.statements == ()
    assert stored(Store(root), working_subject(root).subject, ["coverage"]).statements == ()


BROKEN_OUTPUT = {
    "half a file": "print('{\"lines\": 10, \"cov', end='')",
    "no text": r"sys.stdout.buffer.write(b'\xff\xfe\x00')",
    "nothing": "pass",
    "deeply nested": "print('[' * 100000)",
}


@pytest.mark.parametrize("body", BROKEN_OUTPUT.values(), ids=BROKEN_OUTPUT)
def test_output_that_cannot_be_taken_is_a_crash(root: Path, body: str) -> None:
    """An exit status of 0 is no evidence where the output is broken."""
    install(root, "cover", body)

    collected = gather(root)

    assert collected.statements == ()
    assert collected.failures[0].crashed


def test_fault_of_one_collector_does_not_hide_another(root: Path) -> None:
    """An exception in a plan or a reader is that collector's failure alone."""

    class Faulty(FakeCollector):
        def interpret(self, run: ToolRun, project: Project) -> tuple[Reading, ...]:
            raise ZeroDivisionError("reader")

    def broken(project: Project) -> Plan:
        raise KeyError("plan")

    install(root, "faulty", covering(1, 1))
    collected = gather(root, Faulty("faulty"), FakeCollector("planless", make_plan=broken), FakeCollector())

    assert [statement.producer.tool for statement in collected.statements] == ["cover"]
    assert {failure.tool for failure in collected.failures} == {"faulty", "planless"}
    assert all(failure.crashed for failure in collected.failures)


def test_tool_that_is_not_installed_could_not_run(root: Path) -> None:
    """A missing tool is not a crash, and the next step is given."""
    (failure,) = gather(root, FakeCollector("absent-tool")).failures

    assert not failure.crashed
    assert failure.hint == "install absent-tool, or import its report"


def test_inapplicable_collector_is_heard_only_where_nobody_else_speaks(root: Path) -> None:
    """That there is no JavaScript matters only where no other tool gave evidence of that kind."""
    idle = FakeCollector("eslint", make_plan=lambda _: Inapplicable("there is no package.json"))

    assert gather(root, idle, FakeCollector()).failures == ()
    (failure,) = gather(root, idle).failures
    assert (failure.reason, failure.crashed) == ("there is no package.json", False)


def test_two_tools_with_different_answers_both_count(root: Path) -> None:
    """Nobody picks the better of two reports."""
    install(root, "other", covering(10, 1))

    collected = gather(root, FakeCollector(), FakeCollector("other"))

    assert sorted(statement.body.facts()["coverage.lines_covered"].value for statement in collected.statements) == [
        1,
        9,
    ]


def test_tool_runs_after_the_one_whose_output_it_needs(root: Path) -> None:
    """The raw output of the first is in the scratch folder of the second, which runs again when it changes."""
    reader = "import os; print(open(os.path.join(os.environ['TMPDIR'], '../after/cover/stdout')).read())"
    install(root, "second", reader)
    second = FakeCollector("second", plan=Plan(argv=("second",), after=("cover",)))

    collected = gather(root, second, FakeCollector())

    assert [statement.body for statement in collected.statements] == [body_of(10, 9), body_of(10, 9)]
    assert gather(root, second, FakeCollector()) == collected


def test_need_that_failed_is_named(root: Path) -> None:
    """A tool does not run on the missing output of another."""
    install(root, "cover", "sys.exit(9)")
    second = FakeCollector("second", plan=Plan(argv=("second",), after=("cover",)))

    failures = gather(root, second, FakeCollector()).failures

    assert {failure.tool: failure.crashed for failure in failures} == {"cover": True, "second": False}


def test_working_copy_that_changes_meanwhile_gives_evidence_that_cannot_pass(root: Path) -> None:
    """Nobody knows which content the tool saw, so its evidence carries a problem and is not reused."""
    install(root, "cover", "open('src/app.py', 'a').write('y = 1\\n')\n" + covering(10, 10))

    (statement,) = gather(root).statements

    assert statement.problems == ("the working copy changed while it was examined (src/app.py); collect again",)
    gather(root)
    assert runs(root) == 2


def test_evidence_of_a_dirty_tree_is_refused_for_the_commit(root: Path) -> None:
    """What was seen with uncommitted changes does not count once they are gone."""
    clean = working_subject(root).subject
    write(root, {"src/app.py": "x = 3\n"})

    statements = gather(root).statements

    assert statements[0].subject.dirty
    admitted = admit(statements, subject=clean, profile=Profile(), now=NOW)
    assert admitted.by_kind == {}


def test_stored_evidence_is_returned_without_running(root: Path) -> None:
    """Deciding without collecting uses what is stored about exactly this content."""
    collected = gather(root)
    write(root, {"src/app.py": "x = 4\n"})

    assert stored(Store(root), collected.statements[0].subject, ["coverage"]).statements == collected.statements
    assert stored(Store(root), working_subject(root).subject, ["coverage"]).statements == ()


def test_stored_statement_that_was_changed_is_an_error_of_its_kind(root: Path) -> None:
    """A flipped bit in the store is noticed; collecting again mends it."""
    collected = gather(root)
    digest = collected.statements[0].digest
    path = root / ".standfast/objects/sha256" / digest[7:9] / digest[9:]
    path.write_bytes(path.read_bytes().replace(b'"lines":10', b'"lines":99'))

    (failure,) = stored(Store(root), collected.statements[0].subject, ["coverage"]).failures

    assert failure.crashed
    assert "not what they were" in failure.reason
    assert gather(root).statements[0].body == body_of(10, 9)


def test_settings_change_bounds_and_switch_tools_off(root: Path) -> None:
    """The tables of the settings reach the runner."""
    install(root, "cover", "time.sleep(30)")

    (slow,) = gather(root, tables={"cover": {"timeout_s": 0.3}}).failures
    switched_off = gather(root, tables={"cover": {"enabled": False}})

    (off,), (notice,) = switched_off.failures, switched_off.notices
    assert notice.message == "standfast.toml switches off cover"
    assert slow.reason == "it was killed after 0.3 s"
    assert off.reason == "[collect.cover] in standfast.toml switches it off"


@pytest.mark.parametrize(
    ("table", "code"),
    [
        ({"covr": {}}, "collect-unknown-tool"),
        ({"cover": {"timeout_s": "long"}}, "collect-options"),
        ({"cover": {"memory_mb": 0}}, "collect-options"),
        ({"cover": {"memory_mb": 10**15}}, "collect-options"),
        ({"cover": {"timeout_s": float("nan")}}, "collect-options"),
        ({"cover": {"timeout_s": float("inf")}}, "collect-options"),
        ({"cover": {"timeout": 5}}, "collect-options"),
        ({"cover": {"exclude": "*"}}, "collect-options"),
        ({"cover": {"args": ["-x"]}}, "collect-options"),
        ({"python": {"enviroment": ".venv"}}, "collect-options"),
        ({"python": {"environment": 3}}, "collect-options"),
        ({"python": {"environment": "nowhere"}}, "environment-missing"),
    ],
)
def test_settings_that_mean_nothing_are_errors(root: Path, table: dict[str, dict[str, object]], code: str) -> None:
    """A misspelt tool or a value of another type is never ignored."""
    with pytest.raises(ConfigurationError) as caught:
        gather(root, tables=table)

    assert caught.value.code == code


@pytest.mark.parametrize(("status", "doubted"), [(0, False), (1, True)])
def test_status_that_says_findings_needs_findings(root: Path, status: int, doubted: bool) -> None:
    """A tool that ends with "findings" and lists none has been cut off, or looked elsewhere."""
    install(root, "cover", covering(10, 9) + f"\nsys.exit({status})")

    (statement,) = gather(root, FakeCollector(exits={0: "clean", 1: "findings"})).statements

    assert any("lists nothing" in problem for problem in statement.problems) is doubted


def test_raw_bytes_that_are_gone_are_collected_again(root: Path) -> None:
    """What a former run says counts only while what it left can be read again."""
    (statement,) = gather(root).statements
    store = Store(root)
    next(path for digest, path in store.objects() if digest == statement.raw[0].digest).unlink()

    (again,) = gather(root).statements

    assert runs(root) == 2
    assert store.backed(again.digest).digest == again.digest


def test_variables_are_let_through_by_name_and_are_part_of_the_key(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test suite that needs a database address can have it; another address runs it again."""
    install(root, "cover", "assert os.environ['DATABASE_URL']\n" + covering(10, 9))
    tables = {"cover": {"pass_environment": ["DATABASE_URL"]}}
    for address in ("one", "one", "two"):
        monkeypatch.setenv("DATABASE_URL", address)
        gather(root, tables=tables)

    assert runs(root) == 2


def test_kind_that_a_collector_does_not_declare_is_its_fault(root: Path) -> None:
    """A reading of another kind than the declared ones is not smuggled in."""
    collector = FakeCollector(kinds=("lint",))

    (failure,) = gather(root, collector, kinds=("lint", "coverage")).failures

    assert failure.reason == "it gave evidence of a kind it does not declare: coverage"


def test_full_disk_ends_the_collection_and_harms_nothing(root: Path) -> None:
    """Evidence that cannot be stored is an error, and what was stored before still verifies."""

    class Full(Store):
        full = False

        def put(self, data: bytes) -> Digest:
            if self.full:
                raise EvidenceError("store-unwritable", "the disk is full")
            return super().put(data)

    store = Full(root)
    work = Work(copy=working_subject(root))
    before = collect(work, ["coverage"], store, now=lambda: NOW, found=found(FakeCollector()))
    write(root, {"src/app.py": "x = 5\n"})
    store.full = True

    with pytest.raises(EvidenceError, match="disk is full"):
        collect(Work(copy=working_subject(root)), ["coverage"], store, now=lambda: NOW, found=found(FakeCollector()))

    assert stored(store, work.copy.subject, ["coverage"]).statements == before.statements


def test_second_command_waits_for_the_first_and_reuses_its_work(root: Path) -> None:
    """Two collections at the same time run each tool once and agree."""
    install(root, "cover", "time.sleep(0.7)\n" + covering(10, 9))
    progress = Recorder()
    results: list[Collected] = []
    first = threading.Thread(target=lambda: results.append(gather(root)))
    first.start()
    while not (root / ".standfast/lock").exists() or not (root / ".standfast/lock").read_text():
        pass

    results.append(gather(root, progress=progress))
    first.join()

    assert results[0] == results[1]
    assert runs(root) == 1
    assert progress.told[0] == ("waiting", f"process {os.getpid()}")


def test_failures_and_progress_are_told_in_order(root: Path) -> None:
    """The display hears of every tool that runs, and of its end."""
    install(root, "cover", "sys.exit(5)")
    progress = Recorder()

    gather(root, progress=progress)

    assert [event[0] for event in progress.told] == ["began", "started", "finished", "ended"]
    assert progress.told[2][2].startswith("it exited with status 5")
