"""Plan what each collector will do in one working copy."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from standfast.app.collecting.collector_settings import Options, options_for
from standfast.app.collecting.run_record import RunRecord
from standfast.app.collecting.runner import Failed
from standfast.app.collecting.work import Work
from standfast.app.modules.evidence_modules import FoundCollector
from standfast.app.repository.project import Installed
from standfast.app.repository.subject import WorkingCopy
from standfast.app.storage.durable import read_bounded
from standfast.evidence.contract import (
    CONFIGURATION_FILES,
    Inapplicable,
    Plan,
    Project,
    Reading,
    ToolRun,
    readings,
)
from standfast.model import EvidenceError, StandfastError, Statement

_CONFIGURATION_BYTES = 1_000_000
_FOUND_SOMETHING = ("findings", "vulnerabilities found")


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """A collector with its plan in this project."""

    found: FoundCollector
    project: Project
    plan: Plan
    options: Options


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one collector.

    ``reused`` statements were stored before; ``fresh`` readings are yet to be. ``off`` says that the settings switch
    it off.
    """

    reused: tuple[Statement, ...] = ()
    fresh: tuple[Reading, ...] = ()
    record: RunRecord | None = None
    failed: Failed | None = None
    inapplicable: str = ""
    off: bool = False
    key: str = ""
    reading_key: str = ""
    ran: bool = False


def prepared(found: FoundCollector, work: Work, installed: Installed, scratch: Path) -> Prepared | Outcome:
    """Return the collector with its plan, or why it has none; a fault of its own never reaches the others.

    Raises:
        ConfigurationError: Its ``[collect.<tool>]`` table cannot be taken.
    """
    tool = found.module.TOOL
    options, own = options_for(tool.name, work.tables.get(tool.name, {}), tool.options)
    if not options.enabled:
        return Outcome(inapplicable=f"[collect.{tool.name}] in standfast.toml switches it off", off=True)
    project = Project(
        root=work.copy.root,
        files=work.copy.files,
        profile=work.profile,
        subject=work.copy.subject,
        python=installed.python,
        tools=installed.tools,
        settings=own,
        scratch=str(scratch / found.name),
        base=work.copy.base,
        configuration=dict(_configuration(work.copy)),
    )
    try:
        plan = found.module.plan(project)
    except StandfastError as error:
        return Outcome(failed=Failed(reason=error.message, hint=error.hint))
    except Exception as error:  # noqa: BLE001  # one collector's fault must not hide another's evidence
        return Outcome(failed=Failed(reason=f"its plan failed: {type(error).__name__}: {error}"))
    if isinstance(plan, Inapplicable):
        return Outcome(inapplicable=plan.reason)
    return Prepared(found=found, project=project, plan=options.bounding(plan), options=options)


def _configuration(copy: WorkingCopy) -> Iterator[tuple[str, bytes]]:
    """Yield the tracked configuration files at the root; one that cannot be read is as good as none."""
    tracked = {file.path for file in copy.files}
    for name in CONFIGURATION_FILES:
        if name in tracked:
            try:
                yield name, read_bounded(Path(copy.root) / name, _CONFIGURATION_BYTES)
            except (FileNotFoundError, EvidenceError):
                continue


def interpreted(found: FoundCollector, run: ToolRun, project: Project) -> tuple[Reading, ...] | Failed:
    """Return what the collector reads in *run*; a fault of the reader is a failure too, never silence."""
    try:
        read = readings(found.module.interpret(run, project))
    except StandfastError as error:
        return Failed(reason=f"its output cannot be taken: {error.message}", hint=error.hint)
    except Exception as error:  # noqa: BLE001  # one collector's fault must not hide another's evidence
        return Failed(reason=f"reading its output failed: {type(error).__name__}: {error}")
    strange = sorted({reading.body.KIND for reading in read} - set(found.module.TOOL.kinds))
    if strange:
        return Failed(reason=f"it gave evidence of a kind it does not declare: {', '.join(strange)}")
    meaning = found.module.TOOL.exits.get(run.exit_status, "") if run.exit_status is not None else ""
    if meaning in _FOUND_SOMETHING and not any(reading.body.items.total for reading in read):
        said = f"it ended with exit status {run.exit_status} ({meaning}) and lists nothing"
        return tuple(msgspec.structs.replace(reading, problems=(*reading.problems, said)) for reading in read)
    return read
