"""Run the same tests several times in different orders, and state whether they agree."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec

from standfast import __version__
from standfast.app import clock
from standfast.app.collecting.collector_settings import PYTHON, named_environment
from standfast.app.collecting.importing import import_reports
from standfast.app.repository.project import installed_in
from standfast.app.repository.subject import working_subject
from standfast.app.storage.durable import own_folder, write_durably
from standfast.app.storage.store import Store
from standfast.app.tdd.running import bounds_of, run_tests_in
from standfast.app.written.settings import FILE_NAME, read_settings
from standfast.evidence.stability.importers.native import Differing, Document, stability_of
from standfast.evidence.stability.schema import Stability
from standfast.evidence.tdd_cycles.runs import Run
from standfast.model import EvidenceError

TOOL = "standfast-tests"

Tell = Callable[[int, int], None]


class Repeated(msgspec.Struct, frozen=True):
    """What the runs agreed on, and the report that says so."""

    stability: Stability
    report: bytes


def repeat(root: Path, runs: int, targets: tuple[str, ...], tell: Tell = lambda number, total: None) -> Repeated:
    """Run the tests of the project at *root* several times, each in another order, and keep what came of it.

    The first run is in the order of the project. *targets* are files or folders of tests; without any, it is all.

    Raises:
        ConfigurationError: The project has no settings, or they cannot be taken.
        EvidenceError: It has no Python environment, some run was cut short, or none executes a test.
    """
    settings, _ = read_settings(root / FILE_NAME)
    own = settings.project
    copy = working_subject(root, base=own.base, service=own.service, environment=own.environment)
    installed = installed_in(root, named=named_environment(settings.collect.get(PYTHON, {})))
    found: list[Run] = []
    with tempfile.TemporaryDirectory(prefix="standfast-tests-") as folder:
        for number in range(runs):
            tell(number + 1, runs)
            scratch = Path(folder) / str(number)
            order = (f"--order={number}",)
            run = run_tests_in(root, scratch, installed, bounds_of(settings.tdd), arguments=order, targets=targets)
            if run.problem:
                raise EvidenceError("run-failed", f"run {number + 1} of {runs} proves nothing: {run.problem}")
            found.append(run)
    after = working_subject(root, base=own.base, service=own.service, environment=own.environment)
    if after.subject.tree != copy.subject.tree:
        raise EvidenceError("subject-changed", "files of the project changed while its tests ran", hint="run it again")
    document = compared(tuple(found), clock.now().isoformat(), copy.subject.commit)
    report = msgspec.json.format(msgspec.json.encode(document), indent=2)
    path = own_folder(Store(root).folder / "tdd") / "stability.json"
    write_durably(path, report)
    import_reports((path,), copy, Store(root))
    return Repeated(stability_of(document), report)


def compared(runs: tuple[Run, ...], at: str, commit: str | None) -> Document:
    """Return what *runs*, each in another order, agree on.

    Raises:
        EvidenceError: None of them executes a test.
    """
    ends = [_ends(run) for run in runs]
    names = sorted({name for one in ends for name in one})
    outcomes = {name: tuple(one.get(name, "") for one in ends) for name in names}
    executed = sum(1 for found in outcomes.values() if not {"", "skipped", "broken"} & set(found))
    if not executed:
        broken = next((f": {one.id}: {one.kind}: {one.message}" for run in runs for one in run.broken), "")
        raise EvidenceError("no-tests", f"no test was executed in every run{broken}", hint="run pytest by hand")
    return Document(
        tool=TOOL,
        version=__version__,
        produced_at=at,
        commit=commit,
        standfast_stability=1,
        run_count=len(runs),
        orders=len(runs),
        tests=executed,
        differing=tuple(Differing(name, found) for name, found in outcomes.items() if len(set(found)) > 1),
    )


def _ends(run: Run) -> dict[str, str]:
    return {**{test.id: test.outcome for test in run.tests}, **{one.id: "broken" for one in run.broken}}
