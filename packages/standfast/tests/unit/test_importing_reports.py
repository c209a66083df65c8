"""A report is recognised by its content, read whole, bound to what it is about, and kept byte for byte."""

import gzip
import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fake_tools import body_of, git, report, repository, write

from standfast.app.collecting.collect import stored
from standfast.app.collecting.importing import Imported, Wish, import_reports
from standfast.app.collecting.report_file import read_report_file
from standfast.app.modules.evidence_modules import FoundImporter
from standfast.app.repository.subject import working_subject
from standfast.app.storage.store import Store
from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.sniff import MAX_REPORT_BYTES
from standfast.model import ConfigurationError, EvidenceError, Statement, UsageError


class FakeImporter:
    """An importer of the real shape for texts that begin with its mark; the text's second word is a revision."""

    def __init__(self, mark: str, *, produced_at: datetime | None = None, problems: tuple[str, ...] = ()) -> None:
        self.FORMAT = Format(name=f"{mark}-text", title=f"{mark} text")
        self._mark, self._produced_at, self._problems = mark, produced_at, problems

    def recognise(self, head: Head) -> bool:
        """Return whether the text begins with the mark."""
        return head.shape == "text" and head.start.startswith(self._mark)

    def read(self, data: bytes) -> Reading:
        """Return coverage of one line."""
        words = data.decode().split()
        return Reading(
            body=body_of(1, 1),
            tool="marker",
            version="2",
            produced_at=self._produced_at,
            revision=words[1] if len(words) > 1 else None,
            problems=self._problems,
        )


def known(*importers: FakeImporter) -> tuple[FoundImporter, ...]:
    """Return *importers* as discovery would."""
    return tuple(FoundImporter("coverage", one.FORMAT.name, one) for one in importers)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository whose files are an hour old."""
    folder = repository(tmp_path / "project")
    hour_ago = (datetime.now(UTC) - timedelta(hours=1)).timestamp()  # noqa: TID251  # files get the system's time too
    for name in (".gitignore", "src/app.py"):
        os.utime(folder / name, (hour_ago, hour_ago))
    return folder


def take(
    root: Path, *paths: Path, wish: Wish | None = None, importers: tuple[FoundImporter, ...] | None = None
) -> tuple[Imported, ...]:
    """Import *paths* into the store of *root*."""
    return import_reports(paths, working_subject(root), Store(root), wish=wish, known=importers)


def marked(folder: Path, text: str, name: str = "report.txt") -> Path:
    """Write a report for the fake importer."""
    path = folder / name
    path.write_text(text)
    return path


def one(imported: tuple[Imported, ...]) -> Statement:
    """Return the one statement that was imported."""
    (statement,) = imported[0].statements
    return statement


def test_report_is_recognised_by_its_content(root: Path, tmp_path: Path) -> None:
    """The name of the file says nothing; what it holds does."""
    path = tmp_path / "anything.bin"
    path.write_bytes(report(10, 9))

    (imported,) = take(root, path)

    assert imported.importer == "coverage/coverage-py-json" or imported.importer.startswith("coverage/")
    statement = one((imported,))
    assert statement.body.facts()["coverage.lines_covered"].value == 9
    assert statement.producer.exit_status is None
    assert statement.subject == working_subject(root).subject
    assert Store(root).get(statement.raw[0].digest) == report(10, 9)
    assert statement.problems == ()


def test_imported_evidence_counts_for_this_content_only(root: Path, tmp_path: Path) -> None:
    """What was imported is found again without collecting, until the content changes."""
    path = tmp_path / "coverage.json"
    path.write_bytes(report(10, 9))
    statement = one(take(root, path))
    subject = working_subject(root).subject
    write(root, {"src/app.py": "x = 2\n"})

    assert stored(Store(root), subject, ["coverage"]).statements == (statement,)
    assert stored(Store(root), working_subject(root).subject, ["coverage"]).statements == ()


def test_importing_a_file_again_replaces_what_it_said(root: Path, tmp_path: Path) -> None:
    """The same file twice is one source; another file is another."""
    path = tmp_path / "coverage.json"
    for covered in (1, 9):
        path.write_bytes(report(10, covered))
        take(root, path)
    (tmp_path / "other.json").write_bytes(report(10, 5))
    take(root, tmp_path / "other.json")

    statements = stored(Store(root), working_subject(root).subject, ["coverage"]).statements

    assert sorted(statement.body.facts()["coverage.lines_covered"].value for statement in statements) == [5, 9]


def test_no_importer_knows_it(root: Path, tmp_path: Path) -> None:
    """An unknown report is refused with what was seen in it."""
    with pytest.raises(EvidenceError, match=r"JSON \(object\) with the keys a, b") as caught:
        take(root, marked(tmp_path, '{"a": 1, "b": 2}'))

    assert caught.value.code == "report-unknown"


def test_two_importers_know_it(root: Path, tmp_path: Path) -> None:
    """An ambiguous report is refused until the person says which it is."""
    both = known(FakeImporter("one"), FakeImporter("one two"))
    path = marked(tmp_path, "one two")

    with pytest.raises(EvidenceError, match=r"coverage \(one-text\), coverage \(one two-text\)") as caught:
        take(root, path, importers=both)
    assert caught.value.code == "report-ambiguous"

    assert one(take(root, path, importers=both, wish=Wish(format="one-text"))).producer.tool == "marker"


@pytest.mark.parametrize("wish", [Wish(kind="nonsense"), Wish(format="nonsense")])
def test_wish_for_what_does_not_exist_is_a_usage_error(root: Path, tmp_path: Path, wish: Wish) -> None:
    """A misspelt kind or format lists what there is."""
    with pytest.raises(UsageError) as caught:
        take(root, marked(tmp_path, "one"), wish=wish)

    assert caught.value.exit_code == 2
    assert "coverage" in caught.value.hint


def test_named_format_must_still_be_recognised(root: Path, tmp_path: Path) -> None:
    """Naming a format does not force other bytes through its reader."""
    with pytest.raises(EvidenceError, match="no importer knows"):
        take(root, marked(tmp_path, "two"), importers=known(FakeImporter("one")), wish=Wish(format="one-text"))


REFUSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda path: None, "report-missing"),
    "empty": (lambda path: path.write_bytes(b""), "report-empty"),
    "white": (lambda path: path.write_bytes(b" \n"), "report-empty"),
    "folder": (lambda path: path.mkdir(), "report-folder"),
    "pipe": (os.mkfifo, "report-not-a-file"),
    "device": (lambda path: path.symlink_to("/dev/zero"), "report-link"),
    "link outside": (lambda path: path.symlink_to("/etc/passwd"), "report-link"),
    "500 MB": (lambda path: sparse(path, 500_000_000), "report-too-large"),
    "compressed": (lambda path: path.write_bytes(gzip.compress(b"0" * 10_000_000)), "report-compressed"),
    "not UTF-8": (lambda path: path.write_bytes(b"\xff\xfe<\x00"), "report-encoding"),
    "truncated JSON": (lambda path: path.write_bytes(report(10, 9)[:-40]), "report-unknown"),
    "truncated XML": (
        lambda path: path.write_bytes(b'<testsuites><testsuite tests="1"><testcase name="a"/>'),
        "report-malformed-xml",
    ),
    "a key twice": (lambda path: path.write_bytes(b'{"totals": 1, "files": {}, "totals": 2}'), "report-repeated-key"),
    "nested JSON": (lambda path: path.write_bytes(b"[" * 200_000), "report-unknown"),
    "entities": (
        lambda path: path.write_bytes(b'<!DOCTYPE a [<!ENTITY b "bb">]><testsuites>&b;</testsuites>'),
        "report-entity",
    ),
}


def sparse(path: Path, size: int) -> None:
    """Make a file that says it is large."""
    with path.open("wb") as stream:
        stream.truncate(size)


@pytest.mark.parametrize(("make", "code"), REFUSED.values(), ids=REFUSED)
def test_report_that_cannot_be_taken_is_refused_and_nothing_is_stored(
    root: Path, tmp_path: Path, make: Callable[[Path], object], code: str
) -> None:
    """Each such file has its own error, at once, and the store stays empty."""
    path = tmp_path / "report"
    make(path)

    with pytest.raises(EvidenceError) as caught:
        take(root, path)

    assert caught.value.code == code
    assert caught.value.exit_code == 3
    assert str(path) in caught.value.message
    assert Store(root).trees() == ()


def test_link_within_the_project_is_followed(root: Path) -> None:
    """A link to the newest of several reports is usual and harmless."""
    (root / "latest").symlink_to(marked(root, "one"))

    assert one(take(root, root / "latest", importers=known(FakeImporter("one")))).producer.tool == "marker"


def test_folder_in_the_project_that_leads_out_is_not_followed(root: Path, tmp_path: Path) -> None:
    """A link counts wherever it stands in the path; a report that is named outside is meant."""
    named = marked(tmp_path, "one")
    (root / "out").symlink_to(tmp_path)

    with pytest.raises(EvidenceError, match="leads out of"):
        take(root, root / "out" / named.name, importers=known(FakeImporter("one")))

    assert take(root, root / ".." / named.name, importers=known(FakeImporter("one")))


def test_link_to_itself_is_refused(root: Path) -> None:
    """A link that leads nowhere but to itself cannot be read."""
    (root / "loop").symlink_to("loop")

    with pytest.raises(EvidenceError, match="loop cannot be read"):
        take(root, root / "loop", importers=known(FakeImporter("one")))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b'{"version": "2.1.0", "runs": [', "truncated"),
        (b'{"total": NaN}', "invalid character"),
        (b"[" * 200_000, "nests too deep"),
    ],
)
def test_broken_json_is_told_from_an_unknown_format(root: Path, tmp_path: Path, text: bytes, said: str) -> None:
    """Whoever sent half a report hears that it is half, and where it breaks off."""
    path = tmp_path / "report"
    path.write_bytes(text)

    with pytest.raises(EvidenceError, match=said) as caught:
        take(root, path)

    assert "truncated" in caught.value.hint


def test_report_may_have_any_name(root: Path, tmp_path: Path) -> None:
    """A name that is not UTF-8 is kept in an escaped form."""
    path = tmp_path / os.fsdecode(b"caf\xe9.txt")
    path.write_bytes(b"one")

    assert one(take(root, path, importers=known(FakeImporter("one")))).raw[0].name.endswith("caf\\xe9.txt")


def test_all_reports_are_taken_or_none(root: Path, tmp_path: Path) -> None:
    """One bad report in a list stops all, and every bad one is named."""
    good, bad, worse = (marked(tmp_path, text, text) for text in ("one", "bad", "worse"))

    with pytest.raises(EvidenceError) as caught:
        take(root, good, bad, worse, importers=known(FakeImporter("one")))

    assert [problem.where for problem in caught.value.problems] == [str(bad), str(worse)]
    assert Store(root).trees() == ()


def test_report_that_is_still_being_written_is_refused(tmp_path: Path) -> None:
    """A file that grows while it is read is not read half."""
    path = tmp_path / "growing"
    path.write_bytes(b"x" * 40_000_000)
    stop = threading.Event()

    def grow() -> None:
        with path.open("ab", buffering=0) as stream:
            while not stop.is_set():
                stream.write(b"x")

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        with pytest.raises(EvidenceError) as caught:
            read_many_times(path)
    finally:
        stop.set()
        writer.join()

    assert caught.value.code == "report-moving"


def read_many_times(path: Path) -> None:
    """Read a file again and again."""
    for _ in range(100):
        read_report_file(path, path.parent)


def test_fault_of_an_importer_is_an_error_of_ours(root: Path, tmp_path: Path) -> None:
    """An exception in a reader becomes an evidence error, never a trace."""

    class Faulty(FakeImporter):
        def read(self, data: bytes) -> Reading:
            raise RecursionError("deep")

    with pytest.raises(EvidenceError, match="RecursionError: deep") as caught:
        take(root, marked(tmp_path, "one"), importers=known(Faulty("one")))

    assert caught.value.code == "importer-failed"


def test_report_older_than_its_inputs_is_kept_with_the_problem(root: Path, tmp_path: Path) -> None:
    """Evidence from before the last change of a source proves nothing about it."""
    path = marked(tmp_path, "one")
    os.utime(path, (1_700_000_000, 1_700_000_000))

    statement = one(take(root, path, importers=known(FakeImporter("one"))))

    (problem,) = statement.problems
    assert problem.startswith("the report is older than ")
    assert problem.endswith("which changed after it was made")


def test_time_in_the_report_counts_more_than_the_time_of_the_file(root: Path, tmp_path: Path) -> None:
    """A report that was copied later is as old as it says."""
    early = datetime(2024, 5, 1, tzinfo=UTC)
    path = marked(tmp_path, "one")

    statement = one(take(root, path, importers=known(FakeImporter("one", produced_at=early))))

    assert statement.produced_at == early
    assert "older than" in statement.problems[0]


def test_settings_and_the_report_itself_are_no_inputs(root: Path) -> None:
    """Editing the settings, or writing the report into the project, does not make the report old."""
    path = marked(root, "one")
    hour_later = path.stat().st_mtime + 3600
    write(root, {"standfast.toml": "[project]\nname = 'x'\n"})
    os.utime(root / "standfast.toml", (hour_later, hour_later))

    (imported,) = take(root, path, importers=known(FakeImporter("one")))

    assert imported.statements[0].problems == ()
    assert imported.notices == (
        "report.txt is itself part of the content that it is about; ignore it in git or write it elsewhere",
    )


def test_report_of_this_commit_may_be_older_than_the_checkout(root: Path, tmp_path: Path) -> None:
    """In a fresh checkout every file is new; a report that names the commit is held to the commit's time."""
    commit = git(root, "rev-parse", "HEAD")
    for path in (root / "src/app.py", root / ".gitignore"):
        later = path.stat().st_mtime + 7200
        os.utime(path, (later, later))

    statement = one(take(root, marked(tmp_path, f"one {commit[:12]}"), importers=known(FakeImporter("one"))))

    assert statement.problems == ()


@pytest.mark.parametrize("named", ["0123456789abcdef", "abc"])
def test_report_of_another_revision_is_kept_with_the_problem(root: Path, tmp_path: Path, named: str) -> None:
    """A report that names another commit, or too little of one, cannot pass for this one."""
    statement = one(take(root, marked(tmp_path, f"one {named}"), importers=known(FakeImporter("one"))))

    assert statement.problems[0].startswith(f"the report names revision {named[:12]}, this is about ")


def test_report_of_the_commit_says_nothing_about_changes_on_top(root: Path, tmp_path: Path) -> None:
    """With uncommitted changes a report about the commit is about something else."""
    write(root, {"src/app.py": "x = 7\n"})
    path = marked(tmp_path, f"one {git(root, 'rev-parse', 'HEAD')}")

    statement = one(take(root, path, importers=known(FakeImporter("one"))))

    assert "has changes on top of it" in statement.problems[0]


def test_report_can_be_bound_to_a_commit(root: Path, tmp_path: Path) -> None:
    """Naming the commit binds the evidence to that commit's content, whatever the working copy holds."""
    tree = git(root, "rev-parse", "HEAD^{tree}")
    write(root, {"src/app.py": "x = 8\n"})

    statement = one(take(root, marked(tmp_path, "one"), wish=Wish(commit="HEAD"), importers=known(FakeImporter("one"))))

    assert statement.subject.tree == tree
    assert not statement.subject.dirty
    assert statement.problems == ()


def test_report_older_than_the_commit_it_is_bound_to_has_a_problem(root: Path, tmp_path: Path) -> None:
    """A report from before the commit is not a report of it."""
    path = marked(tmp_path, "one")
    os.utime(path, (1_700_000_000, 1_700_000_000))

    statement = one(take(root, path, wish=Wish(commit="HEAD"), importers=known(FakeImporter("one"))))

    assert statement.problems[0].startswith("the report is older than commit")


def test_commit_that_does_not_exist_is_a_usage_error(root: Path, tmp_path: Path) -> None:
    """A misspelt commit binds nothing."""
    with pytest.raises(ConfigurationError, match="names no commit"):
        take(root, marked(tmp_path, "one"), wish=Wish(commit="nonsense"), importers=known(FakeImporter("one")))


def test_tool_can_be_named_and_problems_of_the_report_stay(root: Path, tmp_path: Path) -> None:
    """The person may say which tool wrote the report; what the report says against itself is kept."""
    importers = known(FakeImporter("one", problems=("the run was interrupted",)))

    statement = one(take(root, marked(tmp_path, "one"), wish=Wish(tool="nose"), importers=importers))

    assert statement.producer.tool == "nose"
    assert statement.problems == ("the run was interrupted",)


def test_report_from_the_future_says_so_by_its_time(root: Path, tmp_path: Path) -> None:
    """A file of tomorrow is not younger than now."""
    path = marked(tmp_path, "one")
    os.utime(path, (4_000_000_000, 4_000_000_000))
    now = datetime(2026, 3, 1, tzinfo=UTC)

    (imported,) = import_reports(
        [path], working_subject(root), Store(root), now=lambda: now, known=known(FakeImporter("one"))
    )

    assert imported.statements[0].produced_at == now


def test_bound_of_a_report_is_far_above_real_ones() -> None:
    """The largest real report measured was under 100 MB."""
    assert MAX_REPORT_BYTES > 100_000_000
