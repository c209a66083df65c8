"""The whole flow, and the only place where its stages meet."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec

from standfast.app.collecting.collect import Work, collect, confirmed, stored
from standfast.app.collecting.progress import Progress
from standfast.app.context import asked_about, authors_in, context_of, read_written
from standfast.app.deciding import settled
from standfast.app.forge.spoken import with_spoken
from standfast.app.ledger.recorded import Recorded
from standfast.app.modules.discovery import all_controls
from standfast.app.repository.project import find_root
from standfast.app.storage.store import Store
from standfast.app.written.base_policy import as_of_base
from standfast.app.written.standards import load_standard
from standfast.gates.bind import Control
from standfast.gates.decide import Context, prepare
from standfast.model import Digest, Statement, Verdict


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: which gates of which project, by which standard, as of when; are tools run, is it recorded?"""

    root: Path | None = None
    standard: str | None = None
    selection: tuple[str, ...] = ()
    at: datetime | None = None
    base: str | None = None
    artifact: str | None = None
    collecting: bool = True
    recording: bool = False


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict, where its record is stored, and what it was decided from."""

    verdict: Verdict
    digest: Digest
    context: Context
    controls: tuple[Control, ...]
    statements: tuple[Statement, ...]
    entry: Recorded | None = None


def run(request: Request, *, clock: Callable[[], datetime], progress: Progress) -> Report:
    """Decide *request* and store the decision with all its inputs before anyone sees it.

    Raises:
        StandfastError: Settings, standard, waivers or the working copy cannot be taken, or nothing can be stored.
    """
    root = (request.root or find_root(Path.cwd())).resolve()
    written, controls = read_written(root), all_controls()
    table, own = written.settings.standard, written.settings.project
    copy = asked_about(root, own, base=request.base, artifact=request.artifact)
    moment = request.at or clock()
    standard = load_standard(request.standard or table.use, table.modules, table.override, base=root, now=moment)
    context = context_of(as_of_base(written, copy), standard, copy.subject, selection=request.selection, now=moment)
    prepared = prepare(context, controls)
    store, needs = Store(root), prepared.needs(request.selection)
    work = confirmed(Work(copy=copy, profile=context.profile, tables=written.settings.collect))
    if request.collecting:
        collected = collect(work, needs, store, progress=progress, now=clock)
    else:
        collected = stored(store, copy.subject, needs)
    collected = with_spoken(collected, written.settings, copy, needs, request, now=clock)
    context = msgspec.structs.replace(
        context,
        failures=collected.failures,
        notices=collected.notices,
        authors=authors_in(collected.statements, copy.subject),
        decided_at=request.at or clock(),
    )
    end = settled(context, prepared, collected.statements, store, place=(root, own.name), recording=request.recording)
    told, where, seen = end.context, end.entry, collected.statements
    return Report(verdict=end.verdict, digest=end.digest, context=told, controls=controls, statements=seen, entry=where)
