"""Show on stderr what the collectors are doing: a live table on a terminal, plain lines elsewhere."""

import sys
from typing import TYPE_CHECKING, Protocol, TextIO

from standfast.report.parts.text import clean

if TYPE_CHECKING:
    from rich.live import Live
    from rich.table import Table


class Progress(Protocol):
    """What is told while collecting. Calls may come from several threads, one at a time."""

    def began(self, running: tuple[str, ...], reused: int) -> None:
        """Tools *running* will run; what *reused* others said still holds."""
        ...

    def started(self, tool: str) -> None:
        """One of them has started."""
        ...

    def finished(self, tool: str, seconds: float, failure: str) -> None:
        """It has ended, with the reason why it is no evidence, or ``""``."""
        ...

    def waiting(self, owner: str) -> None:
        """Another command holds the store."""
        ...

    def ended(self) -> None:
        """Nothing more will be told."""
        ...


class Silent:
    """Shows nothing."""

    def began(self, running: tuple[str, ...], reused: int) -> None:
        """Show nothing."""

    def started(self, tool: str) -> None:
        """Show nothing."""

    def finished(self, tool: str, seconds: float, failure: str) -> None:
        """Show nothing."""

    def waiting(self, owner: str) -> None:
        """Show nothing."""

    def ended(self) -> None:
        """Show nothing."""


class PlainLines:
    """One line per event, for logs."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def began(self, running: tuple[str, ...], reused: int) -> None:
        """Say what will run."""
        if running:
            kept = f" ({reused} unchanged)" if reused else ""
            self._say(f"collecting: {', '.join(running)}{kept}")

    def started(self, tool: str) -> None:
        """Say that *tool* has started."""
        self._say(f"  {tool}: started")

    def finished(self, tool: str, seconds: float, failure: str) -> None:
        """Say how *tool* ended."""
        self._say(f"  {tool}: {failure or 'done'} after {seconds:.1f} s")

    def waiting(self, owner: str) -> None:
        """Say who holds the store."""
        self._say(f"waiting for {owner}, which is collecting here")

    def ended(self) -> None:
        """Say nothing."""

    def _say(self, line: str) -> None:
        self._stream.write(f"{clean(line)}\n")
        self._stream.flush()


class LiveTable:
    """A table that follows the tools, for terminals; it is taken away at the end."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._rows: dict[str, tuple[str, str]] = {}
        self._live: Live | None = None

    def began(self, running: tuple[str, ...], reused: int) -> None:
        """Show the table."""
        if not running:
            return
        from rich.console import Console
        from rich.live import Live

        self._rows = dict.fromkeys(running, ("waits", ""))
        console = Console(file=self._stream)
        self._live = Live(self._table(), console=console, transient=True, refresh_per_second=8)
        self._live.start()

    def started(self, tool: str) -> None:
        """Mark *tool* as running."""
        self._set(tool, "runs", "")

    def finished(self, tool: str, seconds: float, failure: str) -> None:
        """Mark *tool* as done or failed."""
        self._set(tool, failure or "done", f"{seconds:.1f} s")

    def waiting(self, owner: str) -> None:
        """Say who holds the store."""
        self._stream.write(f"waiting for {clean(owner)}, which is collecting here\n")

    def ended(self) -> None:
        """Take the table away."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def _set(self, tool: str, state: str, time: str) -> None:
        self._rows[tool] = (state, time)
        if self._live is not None:
            self._live.update(self._table())

    def _table(self) -> "Table":
        from rich.table import Table
        from rich.text import Text

        table = Table.grid(padding=(0, 2))
        styles = {"waits": "dim", "runs": "bold cyan", "done": "green"}
        for tool, (state, time) in self._rows.items():
            table.add_row(Text(tool), Text(clean(state)[:60], style=styles.get(state, "red")), Text(time, style="dim"))
        return table


def progress_for(stream: TextIO | None = None) -> Progress:
    """Return the progress display that suits *stream* (stderr by default)."""
    chosen = sys.stderr if stream is None else stream
    return LiveTable(chosen) if chosen.isatty() else PlainLines(chosen)
