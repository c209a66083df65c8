"""Collect evidence of some kinds from the command line, without judging it."""

from pathlib import Path

from standfast.app.collecting.collect import Collected, Work, collect
from standfast.app.collecting.progress import progress_for
from standfast.app.modules.evidence_modules import collectors, kinds
from standfast.app.repository.subject import WorkingCopy
from standfast.app.storage.store import Store
from standfast.app.written.settings import FILE_NAME, read_settings
from standfast.model import UsageError


def collect_again(copy: WorkingCopy, store: Store, named: tuple[str, ...]) -> Collected:
    """Return the evidence of the *named* kinds, or of all that can be collected, made now.

    Raises:
        UsageError: A name is no kind of evidence.
        ConfigurationError: There are no settings, or they cannot be taken.
    """
    unknown = sorted(set(named) - set(kinds()))
    if unknown:
        raise UsageError("evidence-kind", f"there is no kind {unknown[0]!r}", hint="`standfast evidence kinds`")
    settings, _ = read_settings(Path(copy.root) / FILE_NAME)
    wanted = named or tuple({kind for found in collectors() for kind in found.module.TOOL.kinds})
    work = Work(copy=copy, profile=settings.profile, tables=settings.collect)
    return collect(work, wanted, store, progress=progress_for(), refresh=True)
