"""One sequencer for many threads: entries that arrive together are committed together.

Group commit: while one batch is written, the next one gathers. An entry that arrives alone is written at once; where
others are on their way it waits for them, two milliseconds at the most.
"""

import queue
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from typing import Self

from standfast.ledger.stores.contract import Entry, EntryLateError
from standfast.ledger.writer import Appended, Writer
from standfast.model import LedgerError

LINGER_S = 0.002
MOST = 1_000
WAITING = 10_000
PATIENCE_S = 30.0

_Waiting = tuple[Entry, Future[Appended]]


class Sequencer:
    """Writes what many threads submit, in the order in which it came.

    Every future is answered: with the place of its entry once that is durable and published, or with the error.
    """

    def __init__(self, writer: Writer, *, waiting: int = WAITING) -> None:
        """Start the thread that *writer* belongs to from now on."""
        self._queue: queue.Queue[_Waiting | None] = queue.Queue(maxsize=waiting)
        self._door = threading.Lock()  # nobody enters the queue behind its end
        self._closed = False
        self._writer = writer
        self._thread = threading.Thread(target=self._run, name="ledger-sequencer", daemon=True)
        self._thread.start()

    def submit(self, entry: Entry, *, patience_s: float = PATIENCE_S) -> Future[Appended]:
        """Return the future place of *entry*.

        Raises:
            LedgerError: So many entries are waiting that this one could not join them in *patience_s* seconds, or the
                sequencer is closed.
        """
        future: Future[Appended] = Future()
        deadline = time.monotonic() + patience_s
        if not self._door.acquire(timeout=patience_s):
            raise self._overloaded(patience_s)
        try:
            if self._closed:
                raise LedgerError("ledger-closed", "the sequencer is closed; nothing was appended")
            self._queue.put((entry, future), timeout=max(0.0, deadline - time.monotonic()))
        except queue.Full as error:
            raise self._overloaded(patience_s) from error
        finally:
            self._door.release()
        return future

    def close(self) -> None:
        """Write what is waiting, then stop."""
        with self._door:
            if not self._closed:
                self._queue.put(None)
            self._closed = True
        self._thread.join()

    def __enter__(self) -> Self:
        """Use the sequencer for a while."""
        return self

    def __exit__(self, *exception: object) -> None:
        """Close it."""
        self.close()

    def _run(self) -> None:
        open_for_more = True
        while open_for_more:
            batch, open_for_more = self._gather()
            waiting = [(entry, future) for entry, future in batch if future.set_running_or_notify_cancel()]
            self._write(waiting)

    def _gather(self) -> tuple[list[_Waiting], bool]:
        """Return the next batch, and whether another may follow."""
        first = self._queue.get()
        if first is None:
            return [], False
        batch = [first]
        # One that comes alone is not kept waiting; behind a second one there may be more.
        deadline = time.monotonic() + (0.0 if self._queue.empty() else LINGER_S)
        while len(batch) < MOST:
            try:
                following = self._queue.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                break
            if following is None:
                return batch, False
            batch.append(following)
        return batch, True

    def _write(self, waiting: Sequence[_Waiting]) -> None:
        """Append what can be appended, and answer every future."""
        while waiting:
            try:
                places = self._writer.append([entry for entry, _future in waiting])
            except EntryLateError as error:
                for place in error.places:
                    waiting[place][1].set_exception(error)
                waiting = [pair for place, pair in enumerate(waiting) if place not in error.places]
                continue
            except BaseException as error:  # noqa: BLE001  # whoever waits must be told, whatever it is
                for _entry, future in waiting:
                    future.set_exception(error)
                return
            for (_entry, future), appended in zip(waiting, places, strict=True):
                future.set_result(appended)
            return

    def _overloaded(self, patience_s: float) -> LedgerError:
        return LedgerError(
            "ledger-overloaded",
            f"{self._queue.maxsize:,} entries have been waiting for {patience_s:g} s",
            hint="nothing was appended; submit again later, or less",
        )
