"""Progress goes to people on terminals as a table, and to logs as plain lines."""

import io

import pytest

from standfast.app.collecting.progress import LiveTable, PlainLines, Progress, Silent, progress_for


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def tell(progress: Progress) -> None:
    """Tell *progress* of one collection."""
    progress.waiting("process 7")
    progress.began(("ruff", "pytest"), 3)
    progress.started("ruff")
    progress.finished("ruff", 1.25, "")
    progress.started("pytest")
    progress.finished("pytest", 2.0, "it was killed after 2 s")
    progress.ended()


def test_log_gets_one_line_per_event() -> None:
    """Every event is a line without colour or cursor movement."""
    stream = io.StringIO()

    tell(progress_for(stream))

    assert stream.getvalue() == (
        "waiting for process 7, which is collecting here\n"
        "collecting: ruff, pytest (3 unchanged)\n"
        "  ruff: started\n"
        "  ruff: done after 1.2 s\n"
        "  pytest: started\n"
        "  pytest: it was killed after 2 s after 2.0 s\n"
    )


def test_terminal_gets_a_table_that_is_taken_away() -> None:
    """The table names every tool and its state, and leaves no line behind."""
    stream = Terminal()

    tell(progress_for(stream))

    assert "pytest" in stream.getvalue()
    assert "waiting for process 7" in stream.getvalue()
    assert stream.getvalue().endswith("\x1b[2K")


@pytest.mark.parametrize("progress", [LiveTable(Terminal()), PlainLines(io.StringIO()), Silent()])
def test_nothing_to_run_shows_nothing(progress: LiveTable | PlainLines | Silent) -> None:
    """Where everything is unchanged there is nothing to follow."""
    progress.began((), 9)
    progress.ended()

    stream = getattr(progress, "_stream", io.StringIO())
    assert stream.getvalue() == ""
