"""Replay the commits of a range, and state what each was found to be."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from standfast import __version__
from standfast.app import clock
from standfast.app.collecting.collector_settings import PYTHON, named_environment
from standfast.app.collecting.importing import import_reports
from standfast.app.repository.git import place_of
from standfast.app.repository.project import installed_in
from standfast.app.repository.subject import WorkingCopy, working_subject
from standfast.app.storage.durable import own_folder, write_durably
from standfast.app.storage.store import Store
from standfast.app.tdd.history import History
from standfast.app.tdd.laboratory import ProjectLaboratory
from standfast.app.tdd.running import bounds_of
from standfast.app.written.settings import FILE_NAME, read_settings
from standfast.evidence.tdd_cycles.changes import Change
from standfast.evidence.tdd_cycles.importers.native import Document, cycles_of
from standfast.evidence.tdd_cycles.replayed import replay
from standfast.evidence.tdd_cycles.schema import TddCycles
from standfast.model import ConfigurationError

Tell = Callable[[int, int, Change], None]

TOOL = "standfast-tdd"
DEFAULT_COMMITS = 10


class Replayed(msgspec.Struct, frozen=True):
    """What a replay found, the report that says so, and how many runs of tests it took."""

    cycles: TddCycles
    report: bytes
    runs: int
    recalled: int


def replay_range(root: Path, span: str | None, *, base: str | None = None, tell: Tell | None = None) -> Replayed:
    """Replay the commits of *span* in the project at *root*, and keep what was found as evidence about its content.

    Neither the working copy nor its repository is changed. Without a span, it is the commits since the base, or the
    last ten. *tell* hears of each commit before it is looked at: its number, how many there are, and what it is.

    Raises:
        ConfigurationError: The project has no settings or is in no repository, or the span is none.
        EvidenceError: It has no Python environment, or the evidence cannot be kept.
    """
    settings, _ = read_settings(root / FILE_NAME)
    own = settings.project
    copy = working_subject(root, base=base or own.base, service=own.service, environment=own.environment)
    place = place_of(root)
    if place is None:
        raise ConfigurationError("git-none", f"{root} is in no git repository, so it has no history", hint="git init")
    installed = installed_in(root, named=named_environment(settings.collect.get(PYTHON, {})))
    store = Store(root)
    with tempfile.TemporaryDirectory(prefix="standfast-tdd-") as folder:
        history = History(place, Path(folder))
        commits = history.commits(span or _since(copy, history))
        laboratory = ProjectLaboratory(history, installed, place, Path(folder), store, bounds_of(settings.tdd))
        found = replay(_told(history, commits, tell), laboratory)
    document = Document(
        tool=TOOL,
        version=__version__,
        produced_at=clock.now().isoformat(),
        commit=copy.subject.commit,
        standfast_tdd_cycles=1,
        commits=found,
    )
    report = msgspec.json.format(msgspec.json.encode(document), indent=2)
    path = own_folder(store.folder / "tdd") / "replay.json"
    write_durably(path, report)
    import_reports((path,), copy, store)
    return Replayed(cycles_of(document), report, laboratory.runs, laboratory.recalled)


def _told(history: History, commits: tuple[str, ...], tell: Tell | None) -> Iterator[Change]:
    for number, commit in enumerate(commits, 1):
        change = history.change(commit)
        if tell is not None:
            tell(number, len(commits), change)
        yield change


def _since(copy: WorkingCopy, history: History) -> str:
    if copy.base is not None and copy.base != copy.subject.commit:
        return f"{copy.base}..HEAD"
    last = history.git.line("rev-parse", "--verify", "--quiet", f"HEAD~{DEFAULT_COMMITS}")
    return f"HEAD~{DEFAULT_COMMITS}..HEAD" if last else "HEAD"
