"""The commands about evidence say what they took, show it, and end with the right code."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import COMMAND, standfast
from fake_tools import report, repository, write

from standfast.app.storage.store import Store


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with a coverage report beside it."""
    folder = repository(tmp_path / "project")
    (tmp_path / "coverage.json").write_bytes(report(10, 9))
    return folder


def test_import_says_what_it_recognised(root: Path) -> None:
    """The format, the kind and the facts are printed; the store then lists the same."""
    taken = standfast("import", "../coverage.json", cwd=root)
    listed = standfast("evidence", "list", cwd=root)

    assert (taken.code, taken.err) == (0, "")
    assert "coverage.json: " in taken.out
    assert "lines_covered 9" in taken.out
    assert listed.out.strip() in taken.out


def test_import_and_list_as_json(root: Path) -> None:
    """Machines get path, format, subject, digest, facts and problems."""
    (row,) = json.loads(standfast("import", "--json", "../coverage.json", cwd=root).out)
    (listed,) = json.loads(standfast("evidence", "list", "--format", "json", cwd=root).out)

    assert row["format"].startswith("coverage/")
    assert row["facts"]["coverage.lines_covered"] == 9
    assert row["problems"] == []
    assert listed["digest"] == row["digest"]


def test_report_within_the_project_is_taken_with_a_hint(root: Path) -> None:
    """A report that is part of the content says so; it is the content with the report in it."""
    (root / "coverage.json").write_bytes(report(10, 9))

    taken = standfast("import", "coverage.json", cwd=root)

    assert taken.code == 0
    assert "hint: coverage.json is itself part of the content" in taken.err


def test_old_report_is_shown_as_proving_nothing(root: Path) -> None:
    """The problem stands below the statement, in every list."""
    os.utime(root.parent / "coverage.json", (1_700_000_000, 1_700_000_000))
    standfast("import", "../coverage.json", cwd=root)

    assert "    proves nothing: the report is older than " in standfast("evidence", "list", cwd=root).out


REFUSALS = {
    "unknown": (["import", "../notes.txt"], 3, "report-unknown"),
    "missing": (["import", "../absent.xml"], 3, "report-missing"),
    "no such kind": (["import", "--kind", "x", "../coverage.json"], 2, "import-kind"),
    "no such commit": (["import", "--commit", "x", "../coverage.json"], 2, "revision-unknown"),
    "nothing named": (["import"], 2, "Missing argument"),
    "no such statement": (["evidence", "show", "nonsense"], 2, "evidence-unknown"),
    "no such option": (["evidence", "list", "--nonsense"], 2, "No such option"),
}


@pytest.mark.parametrize(("arguments", "code", "words"), REFUSALS.values(), ids=REFUSALS)
def test_refusal_has_its_exit_code(root: Path, arguments: list[str], code: int, words: str) -> None:
    """Usage is 2, evidence that cannot be taken is 3; the error names itself on stderr and nothing is printed."""
    (root.parent / "notes.txt").write_text("nothing known\n")

    ran = standfast(*arguments, cwd=root)

    assert (ran.code, ran.out) == (code, "")
    assert words in ran.err


def test_statement_is_shown_by_digest_or_kind(root: Path) -> None:
    """Both names lead to the same full account, and the raw bytes can be had."""
    (row,) = json.loads(standfast("import", "--json", "../coverage.json", cwd=root).out)

    by_kind = standfast("evidence", "show", "coverage", cwd=root)
    by_digest = standfast("evidence", "show", row["digest"][:19], cwd=root)
    as_json = json.loads(standfast("evidence", "show", "coverage", "--format", "json", cwd=root).out)
    name = as_json["predicate"]["raw"][0]["name"]
    raw = standfast("evidence", "show", "coverage", "--raw", name, cwd=root)

    assert by_kind.out == by_digest.out
    assert row["digest"] in by_kind.out
    assert as_json["_type"] == "https://in-toto.io/Statement/v1"
    assert raw.out.encode() == report(10, 9)
    assert standfast("evidence", "show", "coverage", "--raw", "other", cwd=root).code == 2


def test_evidence_about_other_content_is_listed_when_asked(root: Path) -> None:
    """After a change nothing is left for this content, and all of it is still there."""
    standfast("import", "../coverage.json", cwd=root)
    write(root, {"src/app.py": "x = 2\n"})

    listed = standfast("evidence", "list", cwd=root)

    assert (listed.code, listed.out) == (0, "")
    assert "hint: `standfast gate` collects it" in listed.err
    assert "lines_covered 9" in standfast("evidence", "list", "--all", cwd=root).out


def test_verification_ends_with_3_where_something_changed(root: Path) -> None:
    """A whole store gives 0; one changed byte gives 3 and its name."""
    standfast("import", "../coverage.json", cwd=root)
    whole = standfast("evidence", "verify", cwd=root)
    digest, path = next(Store(root).objects())
    path.write_bytes(b"{}")

    damaged = standfast("evidence", "verify", cwd=root)

    assert (whole.code, whole.out) == (0, "whole: 2 objects, 1 statements\n")
    assert damaged.code == 3
    assert digest in damaged.err


def test_pruning_keeps_this_content(root: Path) -> None:
    """What is about the present content stays, however old."""
    standfast("import", "../coverage.json", cwd=root)

    pruned = standfast("evidence", "prune", "--older-than", "0", cwd=root)

    assert pruned.out.startswith("removed 0 objects")
    assert "lines_covered 9" in standfast("evidence", "list", cwd=root).out


def test_refreshing_runs_the_collectors_of_a_kind_again(root: Path) -> None:
    """Evidence of that kind is made anew; what could not be made is named and ends with 3."""
    write(root, {"standfast.toml": "[project]\nname = 'shop'\n"})

    made = standfast("evidence", "refresh", "repository", cwd=root)
    missing = standfast("evidence", "refresh", "alert_rules", cwd=root)
    nonsense = standfast("evidence", "refresh", "nonsense", cwd=root)

    assert (made.code, made.out.split()[0]) == (0, "repository")
    assert "collecting: " in made.err
    assert missing.code == 3
    assert "alert_rules: " in missing.err
    assert nonsense.code == 2


def test_kinds_list_formats_and_the_commands_that_write_them(root: Path) -> None:
    """The catalogue needs no project and names what to run for each stack."""
    printed = standfast("evidence", "kinds", cwd=root.parent).out
    rows = {row["kind"]: row for row in json.loads(standfast("evidence", "kinds", "--format", "json", cwd=root).out)}

    assert "coverage: Coverage of lines and branches" in printed
    assert "imported from " in printed
    assert rows["coverage"]["facts"]["coverage.line_ratio"] == "ratio"
    assert rows["coverage"]["collected_by"] == ["jest", "pytest", "vitest"]


def test_fault_of_ours_is_undecided_and_not_a_failed_gate(tmp_path: Path) -> None:
    """An error that nobody raised on purpose ends with 3: the code 1 is kept for a gate that failed."""
    gone = tmp_path / "gone"
    gone.mkdir()

    done = subprocess.run(
        ["bash", "-c", f"cd {gone} && rmdir {gone} && {sys.executable} -c '{COMMAND}' evidence list"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 3
    assert "[internal-fault]" in done.stderr
    assert "hint: nothing was decided" in done.stderr
