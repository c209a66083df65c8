"""Cut a connection over which no answer comes: a server that hangs does not say so.

Time limits of the server end what the server does too slowly, and the keep-alives of the network end a connection to a
machine that is gone. A server whose machine is there, and that has stopped to do anything, is known by its silence.
"""

import contextlib
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator

LIMIT_S = 70.0
"""More than any statement may take on the server, so that an answer that comes late comes from there."""
_LOOKING_S = 0.5


class Watch:
    """Looks after what is asked over one connection at a time; a thread of its own does, once anything is asked."""

    def __init__(self, limit_s: float = LIMIT_S) -> None:
        self.limit_s, self.late = limit_s, False
        self._until: float | None = None
        self._cut: Callable[[], None] = lambda: None
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    @contextlib.contextmanager
    def waiting(self) -> Iterator[None]:
        """Give the body so much time; what it waits for then ends with an error, and `late` says why."""
        if self._until is not None:  # within a body that is being watched
            yield
            return
        self.late, self._until = False, time.monotonic() + self.limit_s
        if self._thread is None:
            self._thread = threading.Thread(target=self._look, name="ledger-watch", daemon=True)
            self._thread.start()
        try:
            yield
        finally:
            self._until = None

    def guard(self, descriptor: Callable[[], int]) -> None:
        """Cut from now on the connection with that *descriptor*."""
        self._cut = lambda: cut(descriptor())

    def close(self) -> None:
        """Look no longer."""
        self._ended.set()

    def _look(self) -> None:
        while not self._ended.wait(min(_LOOKING_S, self.limit_s / 2)):
            until = self._until
            if until is not None and time.monotonic() > until:
                self.late = True
                self._cut()


def cut(descriptor: int) -> None:
    """End the connection of that *descriptor* for both sides; whoever waits for it gets an error."""
    with contextlib.suppress(OSError), socket.socket(fileno=os.dup(descriptor)) as connection:
        connection.shutdown(socket.SHUT_RDWR)
