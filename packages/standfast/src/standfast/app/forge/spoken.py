"""What a forge and a session say, beside what was collected; a forge is brought in only where one is named."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Protocol

from standfast.app.collecting.collect import Collected
from standfast.app.ledger.recorded import with_session
from standfast.app.repository.subject import WorkingCopy
from standfast.app.written.settings import Settings


class Asking(Protocol):
    """Whether tools are run, and whether the decision is recorded."""

    @property
    def collecting(self) -> bool:
        """Whether tools are run."""
        ...

    @property
    def recording(self) -> bool:
        """Whether the decision is recorded."""
        ...


def with_spoken(
    collected: Collected,
    settings: Settings,
    copy: WorkingCopy,
    kinds: Collection[str],
    request: Asking,
    *,
    now: Callable[[], datetime],
) -> Collected:
    """Return *collected* with what the forge and the open session say: the forge is asked by who decides or collects.

    Raises:
        LedgerError: The ledger does not verify, or cannot be written.
        EvidenceError: What was said cannot be stored.
    """
    if settings.forge is not None:
        from standfast.app.forge.reviewed import with_forge

        asking = request.collecting or request.recording
        collected = with_forge(collected, settings, copy, kinds, now=now, asking=asking)
    return with_session(collected, copy, kinds, now=now, recording=request.recording)
