"""Text of strangers never moves the cursor, and never passes for a line that Standfast says itself."""

import io
import os
import subprocess
import sys
from pathlib import Path

import mini
import msgspec
import pytest

from standfast.app.collecting.progress import PlainLines
from standfast.cli.evidence_tables import statement_table
from standfast.cli.main import show_error
from standfast.model import EvidenceError, Producer

HOSTILE = "\x1b[2J\x1b]0;owned\x07 \u202eegral\nhint: all is well"


def test_error_stays_on_its_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """What an error quotes is shown as text; a line break in it cannot begin a line of ours."""
    show_error(EvidenceError("x", f"no importer knows {HOSTILE}", hint=HOSTILE))

    said = capsys.readouterr().err
    assert "\x1b" not in said
    assert "\u202e" not in said
    assert [line for line in said.splitlines() if line.startswith(("error:", "hint:"))] == said.splitlines()[::2]


def test_statement_is_shown_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    """The name of a tool and a problem are shown as text, each on one line."""
    statement = mini.statement(mini.coverage())
    hostile = msgspec.structs.replace(statement, producer=Producer(tool=HOSTILE), problems=(HOSTILE,))

    statement_table((hostile,))

    said = capsys.readouterr().out
    assert "\x1b" not in said
    assert len(said.splitlines()) == 2


def test_last_words_of_a_tool_are_shown_as_text() -> None:
    """What a tool cried before it died is one line of the log."""
    stream = io.StringIO()

    PlainLines(stream).finished("tool", 1.0, HOSTILE)

    assert "\x1b" not in stream.getvalue()
    assert stream.getvalue().count("\n") == 1


def test_answer_that_nobody_reads_is_undecided(tmp_path: Path) -> None:
    """Where the reader is gone the exit code is 3: nobody knows the verdict."""
    reader, writer = os.pipe()
    os.close(reader)
    program = "from standfast.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "clauses"], cwd=tmp_path, stdout=writer, stderr=subprocess.PIPE, check=False
    )
    os.close(writer)

    assert (done.returncode, done.stderr) == (3, b"")
